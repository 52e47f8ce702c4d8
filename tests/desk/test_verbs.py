"""An order's own verbs at the desk: confirm, promise, hold, release, readdress, pay, archive."""

from datetime import UTC, datetime

import pytest
import time_machine

CJ = "622344515213"
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def verbs(rows):
    return [e.verb for e in rows("SELECT verb FROM event ORDER BY id")]


def test_confirm_moves_a_new_order_on(desk, make_order, answered, rows, broken, htmx):
    make_order("A1")
    page = answered(desk.submit(desk.open("/orders/A1"), "/orders/A1/confirm", htmx=htmx), desk)
    assert "Confirmed" in page.text(".toast")
    assert rows("SELECT stage FROM orders")[0].stage == "preparing"
    assert broken() == {}


def test_where_a_channel_takes_a_day_for_it_one_is_promised_before_confirming(desk, make_order, rows, broken, htmx):
    make_order("A1", channel="qoo10")
    no = desk.submit(desk.open("/orders/A1"), "/orders/A1/confirm", htmx=htmx, status=409)
    assert "Promise a day first" in no.text(".said")
    many = desk.follow(desk.post("/orders/confirm", {"id": ["A1"]}, status=303)).text(".toast")
    assert "their channel takes a day for it: A1" in many
    assert rows("SELECT stage FROM orders")[0].stage == "new"
    desk.fill("/orders/A1/promise", day="2026-11-30")
    desk.submit(desk.open("/orders/A1"), "/orders/A1/confirm", htmx=htmx)
    assert rows("SELECT stage FROM orders")[0].stage == "preparing"
    assert broken() == {}


def test_a_day_that_the_channel_names_is_enough_to_confirm(desk, make_order, rows):
    make_order("A1", channel="qoo10", ship_due_at=datetime(2026, 11, 20, tzinfo=UTC))
    desk.submit(desk.open("/orders/A1"), "/orders/A1/confirm")
    assert rows("SELECT stage FROM orders")[0].stage == "preparing"


def test_a_promise_is_made_once(at_desk, make_order, answered, rows, broken, htmx):
    bob = at_desk("Bob")
    make_order("A1")
    old = bob.open("/orders/A1/promise", htmx=htmx)
    page = answered(bob.submit(old, "/orders/A1/promise", htmx=htmx, day="2026-11-30"), bob)
    assert "promised" in page.text(".toast")
    assert str(rows("SELECT promised_on FROM orders")[0].promised_on) == "2026-11-30"
    assert rows("SELECT letter FROM notice")[0].letter == "order_promise"
    assert "/orders/A1/promise" not in [a.get("href") for a in bob.open("/orders/A1").all("a")]
    no = bob.post("/orders/A1/promise", {"day": "2026-12-01", "action_id": "x"}, htmx=htmx, status=409)
    assert "promised already: 2026-11-30" in no.text(".said")
    assert broken() == {}


@pytest.mark.parametrize("day", ["2026-11-22", "2027-11-22", "", "tomorrow", "0000-00-00"])
def test_a_day_that_cannot_be_promised_is_refused_at_its_field(desk, make_order, rows, day, htmx):
    make_order("A1")
    page = desk.open("/orders/A1/promise", htmx=htmx)
    no = desk.submit(page, "/orders/A1/promise", htmx=htmx, day=day, status=422)
    assert no.find("#day-A1").get("aria-invalid") == "true"
    assert no.text("#day-A1-error")
    assert rows("SELECT promised_on FROM orders")[0].promised_on is None


def test_a_packer_may_not_change_an_address(at_desk, make_order, rows, htmx):
    carol = at_desk("Carol")
    make_order("A1")
    assert "/orders/A1/readdress" not in [a.get("href") for a in carol.open("/orders/A1").all("a")]
    carol.post("/orders/A1/readdress", {"receiver_name": "x", "address": "y"}, htmx=htmx, status=403)
    assert verbs(rows) == ["place"]


def test_a_packer_promises_the_day_that_a_confirmation_needs(at_desk, make_order, rows, htmx):
    carol = at_desk("Carol")
    make_order("Q1", channel="qoo10")
    carol.fill("/orders/Q1/promise", htmx=htmx, day="2026-11-30")
    carol.submit(carol.open("/orders/Q1"), "/orders/Q1/confirm", htmx=htmx)
    assert verbs(rows) == ["place", "promise", "confirm"]


@pytest.mark.parametrize("verb", ["pay", "expire"])
def test_a_packer_may_not_touch_payment(at_desk, make_order, rows, verb, htmx):
    carol = at_desk("Carol")
    make_order("A1", state="unpaid")
    carol.post(f"/orders/A1/{verb}", {}, htmx=htmx, status=403)
    assert verbs(rows) == ["place"]
    assert f"/orders/A1/{verb}" not in [f.get("action") for f in carol.open("/orders/A1").all("form")]


def test_pay_starts_the_clock(at_desk, make_order, answered, rows, broken, htmx):
    bob = at_desk("Bob")
    make_order("A1", state="unpaid")
    page = answered(bob.submit(bob.open("/orders/A1"), "/orders/A1/pay", htmx=htmx), bob)
    assert "paid" in page.text(".toast")
    (order,) = rows("SELECT stage, ship_due_at FROM orders")
    assert order.stage == "new"
    assert order.ship_due_at
    assert broken() == {}


def test_pay_twice_is_refused(at_desk, make_order, rows, htmx):
    bob = at_desk("Bob")
    make_order("A1", state="unpaid")
    bob.post("/orders/A1/pay", {"action_id": "1"})
    no = bob.post("/orders/A1/pay", {"action_id": "2"}, htmx=htmx, status=409)
    assert no.text(".said")
    assert verbs(rows).count("pay") == 1


def test_archive_takes_it_out_of_the_queue_and_back(at_desk, make_order, rows, broken, htmx):
    bob = at_desk("Bob")
    make_order("A1", state="cancelled")
    assert bob.open("/orders?tab=cancelled").all("#order-A1")
    bob.submit(bob.open("/orders/A1"), "/orders/A1/archive", htmx=htmx)
    assert not bob.open("/orders?tab=cancelled").all("#order-A1")
    bob.submit(bob.open("/orders/A1"), "/orders/A1/unarchive", htmx=htmx)
    assert bob.open("/orders?tab=cancelled").all("#order-A1")
    at_desk("Carol").post("/orders/A1/archive", {}, htmx=htmx, status=403)
    assert broken() == {}


def test_an_open_order_is_not_archived(at_desk, make_order, htmx):
    bob = at_desk("Bob")
    make_order("A1")
    assert bob.post("/orders/A1/archive", {}, htmx=htmx, status=409).text(".said")


def test_a_held_order_waits_until_it_is_released(desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1")
    old = desk.open("/orders/A1/ship", htmx=htmx)
    desk.fill("/orders/A1/hold", reason="asks for blue")
    assert "On hold" in desk.open("/orders").text("#order-A1")
    assert "/orders/A1/ship" not in [a.get("href") for a in desk.open("/orders").all("a")]
    no = send(desk, page=old, number=CJ, htmx=htmx, status=409)
    assert "Put on hold" in no.text(".said")
    page = answered(desk.submit(desk.open("/orders/A1"), "/orders/A1/release", htmx=htmx), desk)
    assert "Released" in page.text(".toast")
    send(desk, number=CJ, htmx=htmx)
    assert rows("SELECT stage FROM orders")[0].stage == "shipped"
    assert broken() == {}


@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "x" * 401])
def test_a_hold_without_a_reason_is_refused_at_its_field(desk, make_order, rows, reason, htmx):
    make_order("A1")
    page = desk.open("/orders/A1/hold", htmx=htmx)
    no = desk.submit(page, "/orders/A1/hold", htmx=htmx, reason=reason, status=422)
    assert no.text("#reason-A1-error")
    assert rows("SELECT held_at FROM orders")[0].held_at is None


def test_a_new_address_is_kept_and_its_form_starts_empty(at_desk, make_order, answered, rows, broken, htmx):
    bob = at_desk("Bob")
    make_order("A1")
    page = bob.open("/orders/A1/readdress", htmx=htmx)
    assert page.find("#receiver_name-A1").get("value") == ""
    assert page.text("#address-A1") == ""
    values = {"receiver_name": "이수민", "phone": "010-9", "postcode": "04524", "address": "서울특별시 중구 세종대로 1"}
    done = answered(bob.submit(page, "/orders/A1/readdress", htmx=htmx, **values), bob)
    assert "Print the slip again" in done.text(".toast")
    assert "이*민" in done.text("#order-A1")
    assert "세종대로" not in done.html
    (order,) = rows("SELECT receiver_name, address, address_version, town FROM orders")
    assert (order.receiver_name, order.address, order.address_version) == ("이수민", values["address"], 2)
    assert order.town == "서울 중구"
    assert broken() == {}


def test_an_address_without_a_name_is_refused_and_nothing_typed_is_lost(desk, make_order, htmx):
    make_order("A1")
    page = desk.open("/orders/A1/readdress", htmx=htmx)
    no = desk.submit(page, "/orders/A1/readdress", htmx=htmx, address="서울 중구 1\n2층", phone="02-1", status=422)
    assert no.text("#receiver_name-A1-error")
    assert "서울 중구 1" in "".join(no.find("#address-A1").itertext())
    assert no.find("#phone-A1").get("value") == "02-1"


def test_an_address_is_not_changed_under_a_label(desk, make_order, send, htmx):
    make_order("A1", quantity=2)
    send(desk, verb="label", number=CJ, **{"pieces-0-quantity": "1"})
    values = {"receiver_name": "x", "address": "y", "action_id": "1"}
    no = desk.post("/orders/A1/readdress", values, htmx=htmx, status=409)
    assert "Take the label off first" in no.text(".said")


def test_many_are_confirmed_and_those_that_moved_on_are_named(desk, make_order, rows, broken):
    for code, state in (("A1", "new"), ("A2", "confirmed"), ("A3", "new"), ("A4", "unpaid")):
        make_order(code, state=state)
    page = desk.post("/orders/confirm", {"id": ["A1", "A2", "A3", "A4", "nothing"]}, status=303)
    said = desk.follow(page).text(".toast")
    assert "2 orders confirmed" in said
    assert "A2, A4, nothing" in said
    assert [o.stage for o in rows("SELECT stage FROM orders ORDER BY code")] == ["preparing"] * 3 + ["awaiting_payment"]
    assert broken() == {}


def test_confirming_none_says_so(desk):
    assert "Tick the orders first" in desk.follow(desk.post("/orders/confirm", {}, status=303)).text(".toast")


@pytest.mark.parametrize("verb", ["confirm", "release", "pay", "expire", "archive", "unarchive", "hold", "promise"])
def test_a_broken_action_id_never_breaks_the_page(desk, make_order, rows, verb, htmx):
    make_order("A1")
    desk.post(f"/orders/A1/{verb}", {"action_id": "x" * 65, "reason": "x", "day": "2026-11-30"}, htmx=htmx, status=422)
    assert verbs(rows) == ["place"]
