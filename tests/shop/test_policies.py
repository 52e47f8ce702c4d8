"""A shop's own rules: what a change binds, what it leaves alone, who did it, and examples that are what will be done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bare_shop import MONDAY, OWNER
from sqlalchemy.exc import DatabaseError

from sellerweb.shop import clock, expiry, orders, policies, policy, policy_examples, policy_rules
from sellerweb.shop.db import forget, read
from sellerweb.shop.history import Actor
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused

pytestmark = pytest.mark.both


def in_force(channel="manual"):
    forget()
    return policies.in_force(read(), channel)


def change(name, value, channel="manual", by=OWNER):
    policies.change(by, channel, name, value, in_force(channel).seen)


def changes(shop):
    forget()
    return [(x.before, x.after) for x in policies.changes(read(), "manual")]


def test_a_rule_that_was_changed_is_in_force_for_its_channel_alone(shop):
    change("ship_days", 2)
    assert in_force().rules.ship_days == policy.of(read(), "manual").ship_days == 2
    assert in_force().own == {"ship_days"}
    assert policy.of(read(), "shopify") == policy.DEFAULTS["shopify"]


def test_a_reset_leaves_the_default_and_no_trace_in_the_rules(shop):
    change("return_fee", {"KRW": 4000})
    change("ship_days", 2)
    policies.reset(OWNER, "manual", "return_fee", in_force().seen)
    assert in_force().rules.return_fee == policy.DEFAULTS["manual"].return_fee
    assert in_force().own == {"ship_days"}


def test_each_change_leaves_a_row_of_what_was_and_what_is(shop):
    change("expire_days", None)
    change("expire_days", 3)
    assert changes(shop) == [({"expire_days": None}, {"expire_days": 3}), ({"expire_days": 7}, {"expire_days": None})]


def test_what_is_so_already_is_not_written_again(shop):
    seen = in_force().seen
    policies.change(OWNER, "manual", "ship_days", 2, seen)
    policies.change(OWNER, "manual", "ship_days", 2, seen)
    policies.reset(OWNER, "manual", "cut_off", seen)
    assert len(changes(shop)) == 1


def test_two_changes_in_one_second_are_told_apart(shop):
    with time_machine.travel(MONDAY, tick=False):
        change("ship_days", 2)
        first = in_force().seen
        change("ship_days", 3)
        assert in_force().seen != first
        assert [c.after for c in policies.since(read(), "manual", first)] == [{"ship_days": 3}]


def test_of_two_people_at_one_rule_one_wins_and_the_other_hears(shop):
    seen, start, heard = in_force().seen, Barrier(4), []

    def press(days):
        with shop.app.app_context():
            start.wait()
            try:
                policies.change(OWNER, "manual", "ship_days", days, seen)
            except policies.Stale:
                heard.append(days)

    with ThreadPoolExecutor(4) as people:
        list(people.map(press, (2, 3, 4, 5)))
    assert len(heard) == 3
    assert len(changes(shop)) == 1


@pytest.mark.parametrize("statement", ["UPDATE policy_change SET channel = 'x'", "DELETE FROM policy_change"])
def test_nobody_rewrites_who_changed_what(shop, statement):
    change("ship_days", 2)
    with pytest.raises(DatabaseError, match="insert-only"):
        shop.sql(statement)


def test_what_an_order_was_promised_stays(shop):
    shop.place("A1")
    before = shop.order("A1")
    for name, value in (("ship_days", 5), ("cut_off", ""), ("cancel_window", 0), ("holidays", "JP")):
        change(name, value)
    after = shop.order("A1")
    assert (after.ship_due_at, after.cancel_until, after.version) == (
        before.ship_due_at,
        before.cancel_until,
        before.version,
    )
    shop.place("A2")
    assert shop.order("A2").ship_due_at == policy.ship_due(in_force().rules, MONDAY, None, None) > after.ship_due_at
    assert shop.order("A2").cancel_until == MONDAY


def test_an_order_that_was_unpaid_gets_the_rules_of_the_day_it_is_paid(shop):
    shop.place("A1", LineIn("1", "노트", 1, "waiting"))
    change("ship_days", 3)
    shop.do(orders.pay, "A1")
    paid = shop.order("A1")
    assert paid.ship_due_at == policy.ship_due(in_force().rules, paid.paid_at, None, None)


def test_a_value_out_of_bounds_is_refused_by_the_shop_itself(shop):
    for name, value, field in (
        ("ship_days", 31, "value"),
        ("cut_off", "7", "value"),
        ("return_fee", {"EUR": 1}, "EUR"),
    ):
        with pytest.raises(Refused) as no:
            change(name, value)
        assert no.value.field == field
    assert changes(shop) == []


# ── the examples are what will be done ──


def today():
    return datetime.combine(MONDAY.date(), policy_examples.HOUR, ZoneInfo("Asia/Seoul"))


def example(name, channel="manual", currency="KRW"):
    return policy_examples.example(name, in_force(channel).rules, MONDAY, currency)


def test_the_example_is_the_hour_that_such_an_order_gets(shop):
    paid = today()
    for days, cut_off in ((0, "16:00"), (2, "14:30"), (3, "")):
        change("ship_days", days)
        change("cut_off", cut_off)
        change("cancel_window", 30 + days)
        shop.place(f"B{days}", paid_at=paid)
        order = shop.order(f"B{days}")
        assert order.ship_due_at == example("ship_days")["until"] == example("cut_off")["until"]
        assert order.cancel_until == example("cancel_window")["until"]


def test_the_example_of_a_holiday_is_of_a_day_that_matters(shop):
    told = example("holidays")
    change("holidays", "JP")
    assert told["day"] == example("holidays")["day"]
    assert told["until"] != example("holidays")["until"]


def test_the_example_of_an_unpaid_order_is_when_it_is_closed(shop):
    ordered = today()
    shop.place("A1", LineIn("1", "노트", 1, "waiting"), ordered_at=ordered)
    until = example("expire_days")["until"]
    for moment, closed in ((until, 0), (until + timedelta(seconds=1), 1)):
        with time_machine.travel(moment.astimezone(UTC), tick=False):
            assert expiry.expire() == closed
    change("expire_days", None)
    assert example("expire_days") is None


def test_an_example_of_money_is_in_each_currency(shop):
    assert example("return_fee", currency="USD") == {"fee": 3000}
    assert example("free_shipping_from") is None
    change("free_shipping_from", {"KRW": 50_000, "JPY": 1000})
    assert example("free_shipping_from") == {"sum": 50_000, "fee": 3000}
    assert example("shipping_fee", currency="JPY") == {"sum": 1000, "fee": 700}
    change("shipping_fee", {})
    assert example("free_shipping_from") == {"sum": 50_000, "fee": 0}


def test_every_rule_is_a_field_of_the_policy_and_its_default_is_within_its_bounds(shop):
    for channel, rules in policy.DEFAULTS.items():
        for name, rule in policy_rules.of(channel).items():
            policy_rules.check(rule, getattr(rules, name))
            assert rule.source(channel).read == "2026-11"
            policy_examples.example(name, rules, clock.now(), "KRW")


def test_the_change_knows_the_person(shop, cast):
    change("ship_days", 2, by=Actor("staff", cast["Alice"], "owner"))
    (row,) = policies.changes(read(), "manual")
    assert (row.staff, row.staff_id) == ("Alice", cast["Alice"])
