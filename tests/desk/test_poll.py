"""The poll: nothing when nothing happened; what is new; and what is open on somebody's screen stays."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

CJ = "622344515213"
NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def poll(desk, page, *open_, status=200):
    """Asks as the page's own section does, with its opened rows."""
    url = page.find("#queue").get("hx-get")
    return desk.open("&".join([url, *(f"open={code}" for code in open_)]), htmx=True, status=status)


def codes(page):
    return [e.get("id").removeprefix("order-") for e in page.all(".row")]


def test_nothing_happened_answers_nothing(desk, make_order, htmx):
    make_order("A1")
    page = desk.open("/orders", htmx=htmx)
    assert poll(desk, page, status=204).response.data == b""


def test_the_clock_alone_draws_it_anew_every_five_minutes(desk, make_order, noon):
    make_order("A1", ship_due_at=NOON + timedelta(minutes=2))
    page = desk.open("/orders")
    noon.shift(299)
    poll(desk, page, status=204)
    noon.shift(1)
    assert "late" in poll(desk, page).text("#order-A1")


def test_a_new_order_appears_and_is_announced(desk, make_order):
    make_order("A1")
    page = desk.open("/orders")
    make_order("A2")
    answer = poll(desk, page)
    assert set(codes(answer)) == {"A1", "A2"}
    assert answer.headers["HX-Trigger"] == "new-orders"
    assert "HX-Trigger" not in poll(desk, answer, status=204).headers


def test_a_colleagues_change_is_no_new_order(at_desk, make_order):
    alice, carol = at_desk("Alice"), at_desk("Carol")
    make_order("A1")
    page = alice.open("/orders")
    carol.fill("/orders/A1/hold", reason="so")
    answer = poll(alice, page)
    assert "On hold" in answer.text("#order-A1")
    assert "HX-Trigger" not in answer.headers


def test_an_open_row_is_answered_with_an_empty_slot_to_keep(desk, make_order):
    make_order("A1")
    make_order("A2")
    page = desk.open("/orders")
    make_order("A3")
    answer = poll(desk, page, "A1")
    slot = answer.find("#panel-A1")
    assert slot.get("hx-morph-skip") is not None
    assert len(slot) == 0
    assert "open" in answer.find("#order-A1").get("class").split()
    assert "open" not in answer.find("#order-A2").get("class").split()


def test_a_shipped_order_leaves_the_queue(at_desk, make_order, send):
    alice, carol = at_desk("Alice"), at_desk("Carol")
    make_order("A1")
    make_order("A2")
    page = alice.open("/orders")
    send(carol, "A1", number=CJ)
    assert codes(poll(alice, page)) == ["A2"]


def test_an_open_row_that_moved_on_stays_on_the_screen(at_desk, make_order, send):
    alice, carol = at_desk("Alice"), at_desk("Carol")
    make_order("A1")
    make_order("A2")
    page = alice.open("/orders")
    send(carol, "A1", number=CJ)
    answer = poll(alice, page, "A1", "A2")
    assert codes(answer) == ["A1", "A2"]
    assert "moved on since" in answer.text(".group")
    assert answer.all("#panel-A1")


def test_the_poll_keeps_filters_and_search(desk, make_order):
    make_order("A1", message="m")
    for other, path in (("B1", "/orders?tab=new&memo=1"), ("B2", "/orders?q=A1")):
        page = desk.open(path)
        make_order(other)
        assert codes(poll(desk, page)) == ["A1"]


def test_open_rows_that_do_not_exist_are_left_out(desk, make_order):
    make_order("A1")
    page = desk.open("/orders")
    make_order("A2")
    assert set(codes(poll(desk, page, "nothing", "<script>", *["A1"] * 30))) == {"A1", "A2"}


def test_somebody_signed_out_meanwhile_is_sent_to_the_door(desk, make_order):
    page = desk.open("/orders")
    url = page.find("#queue").get("hx-get")
    desk.post("/sign-out", {})
    answer = desk.open(url, htmx=True, status=401)
    assert answer.headers["HX-Redirect"].startswith("/sign-in")
