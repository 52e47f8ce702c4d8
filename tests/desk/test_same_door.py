"""The ship form offers orders for the same door: one parcel, one number, each order its own; and one undo for all."""

import pytest

from sellerweb.shop.incoming import LineIn

CJ = "622344515213"


@pytest.fixture
def pair(make_order):
    make_order("A1", quantity=2)
    make_order("A2", channel="shopify", lines=[LineIn("L1", "펜", 3, "new"), LineIn("L2", "노트", 1, "new")])


def offered(page):
    return [e.get("value") for e in page.all("input") if e.get("name") == "along"]


def parcels(rows):
    found = rows(
        "SELECT o.code, s.state, s.number FROM shipment s JOIN orders o ON o.id = s.order_id ORDER BY o.code, s.id"
    )
    return [(x.code, x.state, x.number) for x in found]


def test_the_form_names_what_goes_to_the_same_door(desk, pair, htmx):
    page = desk.open("/orders/A1/ship", htmx=htmx)
    assert offered(page) == ["A2:1"]
    said = page.text("#panel-A1")
    assert "These go to the same door" in said
    assert "Shopify A2" in said
    assert "4 pcs · 펜 and 1 more" in said
    assert page.find("#along-A2-A1").get("checked") is None


def test_another_door_is_not_named(desk, make_order, htmx):
    make_order("A1")
    make_order("A2", address="서울특별시 강남구 테헤란로 152, 13층")
    page = desk.open("/orders/A1/ship", htmx=htmx)
    assert offered(page) == []
    assert "same door" not in page.text("#panel-A1")


def test_what_is_not_ticked_stays(desk, pair, send, rows, htmx):
    send(desk, number=CJ, htmx=htmx)
    assert parcels(rows) == [("A1", "shipped", CJ)]


def test_what_is_ticked_goes_along(desk, pair, send, answered, rows, broken, htmx):
    page = answered(send(desk, number=CJ, htmx=htmx, along="A2:1"), desk)
    assert "Shipped: A1, A2" in page.text(".toast")
    assert parcels(rows) == [("A1", "shipped", CJ), ("A2", "shipped", CJ)]
    assert {x.stage for x in rows("SELECT stage FROM orders")} == {"shipped"}
    assert broken() == {}


def test_the_queue_asks_at_once_for_the_other_rows(desk, pair, make_order, send):
    assert "poll" in send(desk, number=CJ, htmx=True, along="A2:1").headers["HX-Trigger"]
    make_order("B1")
    assert "HX-Trigger" not in send(desk, "B1", number="585562040256", htmx=True).headers


def test_a_saved_number_is_saved_for_all(desk, pair, send, answered, rows, htmx):
    page = answered(send(desk, verb="label", number=CJ, htmx=htmx, along="A2:1"), desk)
    assert "waits for the driver: A1, A2" in page.text(".toast")
    assert parcels(rows) == [("A1", "labelled", CJ), ("A2", "labelled", CJ)]


def test_a_double_tap_sends_once(desk, pair, send, rows, htmx):
    page = desk.open("/orders/A1/ship", htmx=htmx)
    for _tap in range(2):
        assert send(desk, page=page, number=CJ, htmx=htmx, along="A2:1").status == (200 if htmx else 303)
    assert len(parcels(rows)) == 2


def test_undo_takes_all_back(desk, pair, send, answered, rows, broken, htmx):
    page = answered(send(desk, number=CJ, htmx=htmx, along="A2:1"), desk)
    page = answered(desk.submit(page, "/orders/A1/unship", htmx=htmx), desk)
    assert "as it was" in page.text(".toast")
    assert parcels(rows) == [("A1", "voided", CJ), ("A2", "voided", CJ)]
    assert {x.stage for x in rows("SELECT stage FROM orders")} == {"new"}
    assert broken() == {}


def test_undo_is_refused_where_one_has_moved_on(desk, pair, send, answered, rows, htmx):
    page = answered(send(desk, number=CJ, htmx=htmx, along="A2:1"), desk)
    desk.submit(desk.open("/orders/A2"), "/orders/A2/scan")
    page = desk.submit(page, "/orders/A1/unship", htmx=htmx, status=409)
    assert "A2 lies in the same parcel" in page.text(".said")
    assert [state for _code, state, _number in parcels(rows)] == ["shipped", "in_transit"]


def test_one_that_has_changed_since_sends_nothing_and_keeps_what_was_typed(desk, pair, send, rows, htmx):
    page = desk.open("/orders/A1/ship", htmx=htmx)
    desk.fill("/orders/A2/hold", reason="색상 확인")
    desk.submit(desk.open("/orders/A2"), "/orders/A2/release")
    page = send(desk, page=page, number=CJ, htmx=htmx, status=422, along="A2:1")
    said = page.text("#panel-A1")
    assert "Order A2 cannot go along, so nothing was sent: This order has changed" in said
    assert page.find("#number-A1").get("value") == CJ
    assert offered(page) == ["A2:3"]
    assert parcels(rows) == []
    send(desk, page=page, htmx=htmx, along="A2:3")
    assert len(parcels(rows)) == 2


def test_the_sentence_stands_there_when_nobody_is_left_to_offer(desk, pair, send, htmx):
    page = desk.open("/orders/A1/ship", htmx=htmx)
    desk.fill("/orders/A2/hold", reason="색상 확인")
    page = send(desk, page=page, number=CJ, htmx=htmx, status=422, along="A2:1")
    assert offered(page) == []
    assert "A2 cannot go along" in page.text("#panel-A1")


@pytest.mark.parametrize("said", ["A9:1", "A2", "A2:x", ":", "A2:" + "9" * 40, "A3:1", "\0:1"])
def test_what_was_never_offered_does_not_go_along(desk, pair, make_order, rows, send, said, htmx):
    make_order("A3", phone="010-9999-9999")
    page = send(desk, number=CJ, htmx=htmx, status=422, along=said)
    assert "nothing was sent" in page.text("#panel-A1").lower()
    assert parcels(rows) == []


def test_a_wrong_number_keeps_what_was_ticked(desk, pair, send, htmx):
    page = send(desk, number="622344515214", htmx=htmx, status=422, along="A2:1")
    assert page.find("#along-A2-A1").get("checked") is not None


def test_a_packer_puts_them_into_one_parcel(at_desk, pair, send, rows):
    send(at_desk("Carol"), number=CJ, along="A2:1")
    assert len(parcels(rows)) == 2
