"""The owner deletes a test order: what goes is named, its number is typed. Nobody else finds the way there."""

import pytest

from sellerweb.desk.deleting import WORDS
from sellerweb.shop import deleting

PAGE = "/orders/T1/delete"


@pytest.fixture
def test_order(make_order, change):
    make_order("A1")
    make_order("T1")
    change("UPDATE orders SET is_test = true WHERE code = 'T1'")


def links(page):
    return [a.get("href") for a in page.all("a")]


def codes(rows):
    return [o.code for o in rows("SELECT code FROM orders ORDER BY code")]


def test_the_way_there_is_on_a_test_orders_page_and_on_no_other(desk, at_desk, test_order, htmx):
    assert PAGE in links(desk.open("/orders/T1"))
    assert "/orders/A1/delete" not in links(desk.open("/orders/A1"))
    for name in ("Bob", "Carol"):
        person = at_desk(name)
        assert PAGE not in links(person.open("/orders/T1"))
        person.open(PAGE, status=403)
        person.post(PAGE, {"order_no": "T1"}, htmx=htmx, status=403)


def test_what_goes_is_named_first(desk, test_order):
    page = desk.open(PAGE)
    said = page.text("main")
    assert "cannot be undone" in said
    assert page.text(".kv") == "Lines1Entries in the history1"
    assert page.find("#order_no").get("value") == ""


def test_the_order_is_deleted_and_the_others_stay(desk, test_order, rows, broken, htmx):
    answer = desk.submit(desk.open(PAGE), PAGE, order_no=" T1 ", htmx=htmx, status=303)
    assert "Test order T1 was deleted" in desk.follow(answer).text(".toast")
    assert codes(rows) == ["A1"]
    assert broken() == {}
    desk.open(PAGE, status=404)


@pytest.mark.parametrize("typed", ["", "t1", "T2", "A1", "x" * 200])
def test_another_number_is_refused_at_its_field(desk, test_order, rows, typed, htmx):
    no = desk.submit(desk.open(PAGE), PAGE, order_no=typed, htmx=htmx, status=422)
    assert "not the number of this order" in no.text("#order_no-error")
    assert codes(rows) == ["A1", "T1"]


def test_the_same_form_twice_says_the_same(desk, test_order, rows):
    page = desk.open(PAGE)
    for _again in range(2):
        answer = desk.submit(page, PAGE, order_no="T1", status=303)
        assert "was deleted" in desk.follow(answer).text(".toast")
    assert codes(rows) == ["A1"]


def test_a_real_order_stays(desk, test_order, rows, htmx):
    no = desk.open("/orders/A1/delete", status=409, htmx=htmx)
    assert "real orders stay" in no.text(".said")
    no = desk.post("/orders/A1/delete", {"order_no": "A1", "action_id": "1"}, htmx=htmx, status=409)
    assert "real orders stay" in no.text(".said")
    assert codes(rows) == ["A1", "T1"]


def test_what_was_drawn_too_early_deletes_nothing(desk, test_order, rows):
    page = desk.open(PAGE)
    desk.submit(desk.open("/orders/T1"), "/orders/T1/confirm")
    assert "has changed since" in desk.submit(page, PAGE, order_no="T1", status=409).text(".said")
    assert codes(rows) == ["A1", "T1"]


def test_there_is_nothing_to_delete(desk):
    desk.open("/orders/nothing/delete", status=404)
    desk.post("/orders/nothing/delete", {"order_no": "nothing"}, status=404)


def test_every_table_that_loses_rows_has_a_word_or_is_a_part_of_one():
    parts = {
        "orders",
        "order_key",
        "order_text",
        "customer_key",
        "shipment_line",
        "claim_line",
        "thread_event",
        "stock_move",
    }
    assert {table.name for table in deleting.ROWS} == set(WORDS) | parts
