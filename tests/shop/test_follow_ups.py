"""The letter after delivery: off until the shop says when, once an order, and never where something went wrong."""

from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY, OWNER, Shop
from sqlalchemy import event
from wishes import ask_back, delivered, pieces, send

from sellerweb.shop import cancels, follow_ups, messages, outbox, policies, returns
from sellerweb.shop.db import read, reader
from sellerweb.shop.incoming import LineIn

MAIL = {"buyer_email": "kim@example.kr"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def on(shop):
    """The letter is switched on, five days after delivery."""
    policies.change(OWNER, "manual", "follow_up_days", 5, policies.in_force(read(), "manual").seen)
    return shop


def after(clock, **span):
    clock.move_to(MONDAY + timedelta(**span))


def written(shop: Shop, code: str = "A1") -> list:
    return [name for name, _state in shop.notices(code) if name == "order_follow_up"]


def test_it_is_off_until_the_shop_says_after_how_many_days(shop, clock):
    delivered(shop, **MAIL)
    after(clock, days=6)
    assert follow_ups.send() == 0
    assert written(shop) == []


@pytest.mark.both
def test_it_is_owed_once_when_its_day_has_come(on, clock):
    delivered(on, **MAIL)
    after(clock, days=5, seconds=-1)
    assert follow_ups.send() == 0
    after(clock, days=5)
    assert (follow_ups.send(), follow_ups.send()) == (1, 0)
    after(clock, days=6)
    assert follow_ups.send() == 0
    assert written(on) == ["order_follow_up"]


def test_what_arrived_long_before_it_was_switched_on_stays_quiet(on, clock):
    delivered(on, **MAIL)
    after(clock, days=8, seconds=1)
    assert follow_ups.send() == 0


def test_it_waits_for_the_last_parcel(on, clock):
    on.place(**MAIL)
    send(on, 2, arrives=True)
    after(clock, days=4)
    send(on, 1, arrives=True)
    after(clock, days=6)
    assert follow_ups.send() == 0
    after(clock, days=9)
    assert follow_ups.send() == 1


def a_return(shop):
    ask_back(shop, 1)


def a_return_that_was_withdrawn(shop):
    shop.do(returns.withdraw, "A1", ask_back(shop, 1))


def a_question(shop):
    shop.do(messages.ask, "A1", "어떻게 쓰나요?")


@pytest.mark.parametrize("trouble", [a_return, a_return_that_was_withdrawn, a_question])
def test_who_had_trouble_is_not_asked_whether_all_is_well(on, clock, trouble):
    delivered(on, **MAIL)
    trouble(on)
    after(clock, days=5)
    assert follow_ups.send() == 0


def test_who_was_answered_is_asked(on, clock):
    delivered(on, **MAIL)
    a_question(on)
    on.do(messages.answer, "A1", "이렇게요.")
    after(clock, days=5)
    assert follow_ups.send() == 1


def test_an_order_of_which_a_part_was_cancelled_is_left_alone(on, clock):
    on.place("A1", LineIn("1", "노트", 2, "new", total=6000), LineIn("2", "펜", 1, "new", total=1000), **MAIL)
    on.do(cancels.cancel, "A1", pieces(on, 1, line=1), "sold_out", restock=False, by=OWNER)
    send(on, 2, arrives=True)
    assert on.order().stage == "delivered"
    after(clock, days=5)
    assert follow_ups.send() == 0


def test_a_marketplaces_customers_and_test_orders_are_left_alone(on, clock):
    on.place("S1", channel="smartstore", **MAIL)
    on.place("T1", **MAIL)
    on.sql("UPDATE orders SET is_test = true WHERE order_no = 'T1'")
    for code in ("S1", "T1"):
        send(on, 3, code, arrives=True)
    after(clock, days=5)
    assert follow_ups.send() == 0


def test_one_that_waits_does_not_leave_after_a_claim(on, clock, monkeypatch):
    monkeypatch.setattr("sellerweb.shop.switches.sends", lambda *_: True)
    delivered(on, **MAIL)
    on.sql("UPDATE notice SET state = 'sent'")
    after(clock, days=5)
    assert follow_ups.send() == 1
    a_return(on)
    on.sql("UPDATE notice SET state = 'sent' WHERE letter <> 'order_follow_up'")
    assert outbox.claim() is None
    assert [row.why for row in on.rows("SELECT why FROM notice WHERE letter = 'order_follow_up'")] == ["unwelcome"]


def test_the_due_ones_are_found_along_the_days_and_not_in_the_history(on):
    plans = []
    event.listen(reader(), "before_cursor_execute", lambda _c, _cursor, sql, values, *_: plans.append((sql, values)))
    follow_ups.send()
    sql, values = next(one for one in plans if "delivered_at" in one[0])
    with reader().connect() as conn:
        plan = conn.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, values).fetchall()
    assert "ix_shipment_delivered_at" in str(plan)
