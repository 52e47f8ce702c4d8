"""Taking back: what the last form did to a parcel, for half a minute, by the toast's own button."""

from datetime import UTC, datetime

import pytest
import time_machine

from sellerweb.shop.incoming import LineIn

CJ = "622344515213"
NOW = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def facts(rows):
    lines = rows("SELECT ordered, cancelled, packed, shipped FROM order_line ORDER BY id")
    return [vars(x) for x in lines], rows("SELECT stage FROM orders")[0].stage


def undo(desk, page, htmx):
    return desk.submit(page, "/orders/A1/unship", htmx=htmx)


def test_undo_restores_everything(clock, desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1", lines=[LineIn("L1", "노트", 3, "new"), LineIn("L2", "펜", 2, "new")])
    before = facts(rows)
    shipped = answered(send(desk, number=CJ, htmx=htmx, **{"pieces-0-quantity": "1"}), desk)
    assert shipped.find(".toast").get("data-seconds") == "30"
    clock.shift(29)
    page = undo(desk, shipped, htmx)
    assert "as it was" in answered(page, desk).text(".toast")
    assert facts(rows) == before
    assert [s.state for s in rows("SELECT state FROM shipment")] == ["voided"]
    assert [n.state for n in rows("SELECT state FROM notice")] == ["suppressed"]
    assert desk.open("/orders/A1/ship").find("#q-1").get("value") == "3"
    assert broken() == {}


def test_undo_of_a_saved_number_opens_the_pieces_again(clock, desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1", quantity=2)
    before = facts(rows)
    saved = answered(send(desk, verb="label", number=CJ, htmx=htmx), desk)
    undo(desk, saved, htmx)
    assert facts(rows) == before
    assert broken() == {}


def test_undo_of_a_hand_over_leaves_the_label_on(clock, desk, make_order, send, answered, rows, htmx):
    make_order("A1")
    send(desk, verb="label", number=CJ)
    left = answered(desk.submit(desk.open("/orders/A1"), "/orders/A1/handover", htmx=htmx), desk)
    undo(desk, left, htmx)
    assert [(s.state, s.number) for s in rows("SELECT state, number FROM shipment")] == [("labelled", CJ)]


def test_the_number_is_free_again_after_undo(clock, desk, make_order, send, answered, rows, htmx):
    make_order("A1")
    undo(desk, answered(send(desk, number=CJ, htmx=htmx), desk), htmx)
    send(desk, number=CJ, htmx=htmx)
    assert [s.state for s in rows("SELECT state FROM shipment ORDER BY id")] == ["voided", "shipped"]


def test_undo_after_the_time_is_refused(clock, desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1")
    shipped = answered(send(desk, number=CJ, htmx=htmx), desk)
    clock.shift(31)
    page = undo(desk, shipped, htmx)
    assert page.status == 409
    assert "too late" in page.text(".said")
    assert rows("SELECT state FROM shipment")[0].state == "shipped"
    assert rows("SELECT state FROM notice")[0].state == "waiting"
    assert broken() == {}


def test_undo_in_the_last_second_is_taken(clock, desk, make_order, send, answered, rows, htmx):
    make_order("A1")
    shipped = answered(send(desk, number=CJ, htmx=htmx), desk)
    clock.shift(30)
    undo(desk, shipped, htmx)
    assert rows("SELECT state FROM shipment")[0].state == "voided"


def test_undo_twice_is_undo_once(clock, desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1")
    shipped = answered(send(desk, number=CJ, htmx=htmx), desk)
    undo(desk, shipped, htmx)
    events = rows("SELECT count(*) AS n FROM event")
    undo(desk, shipped, htmx)
    assert rows("SELECT count(*) AS n FROM event") == events
    assert broken() == {}


def test_undo_after_the_carrier_has_it_is_refused(clock, desk, make_order, send, answered, rows, htmx):
    make_order("A1")
    shipped = answered(send(desk, number=CJ, htmx=htmx), desk)
    desk.submit(desk.open("/orders/A1"), "/orders/A1/scan")
    page = undo(desk, shipped, htmx)
    assert page.status == 409
    assert page.text(".said")
    assert rows("SELECT state FROM shipment")[0].state == "in_transit"


def test_undo_after_the_letter_has_gone_is_refused(clock, desk, make_order, send, answered, rows, change, htmx):
    make_order("A1")
    shipped = answered(send(desk, number=CJ, htmx=htmx), desk)
    change("UPDATE notice SET state = 'sent'")
    page = undo(desk, shipped, htmx)
    assert page.status == 409
    assert "has been told" in page.text(".said")


def test_a_toast_gives_the_row_back_out_of_band(clock, desk, make_order, send):
    make_order("A1")
    page = undo(desk, send(desk, number=CJ, htmx=True), htmx=True)
    assert page.find("#order-A1").get("hx-swap-oob") == "true"


@pytest.mark.parametrize("shipment", ["2", "0", "-1", "x", "", "9" * 40, "１"])
def test_a_foreign_parcel_is_not_taken_back(desk, make_order, send, rows, shipment, htmx):
    make_order("A1")
    make_order("A2")
    send(desk, "A1", number=CJ)
    send(desk, "A2", number="585562040256")
    desk.post("/orders/A1/unship", {"shipment": shipment, "action_id": "x1"}, htmx=htmx, status=404)
    assert [s.state for s in rows("SELECT state FROM shipment")] == ["shipped", "shipped"]


def test_a_label_is_taken_off_on_the_orders_page(desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1", quantity=2)
    send(desk, verb="label", number=CJ)
    page = answered(desk.submit(desk.open("/orders/A1"), "/orders/A1/unpack", htmx=htmx), desk)
    assert "open again" in page.text(".toast")
    assert rows("SELECT state FROM shipment")[0].state == "voided"
    assert broken() == {}


def test_a_parcel_goes_all_its_way(desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1", quantity=2)
    send(desk, number=CJ)
    for verb, state in (("scan", "in_transit"), ("deliver", "delivered")):
        desk.submit(desk.open("/orders/A1"), f"/orders/A1/{verb}", htmx=htmx)
        assert rows("SELECT state FROM shipment")[0].state == state
    assert rows("SELECT stage FROM orders")[0].stage == "delivered"
    assert broken() == {}
