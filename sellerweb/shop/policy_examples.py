"""What a rule comes to, worked out on one case by the function that acts on it. Pure; the words are the desk's."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sellerweb.shop import claims, fees, policy, reply_clock
from sellerweb.shop.policy import Policy
from sellerweb.shop.policy_rules import CALENDARS
from sellerweb.shop.undone import NOTHING

HOUR = time(15)
# The case of an order that waits longest: its channel names a day as far away as this.
FAR = timedelta(days=60)
PRICE = {"KRW": 30_000, "JPY": 5_000, "USD": 4_000}

# The facts of one case: {name: instant, day, amount in minor units or carrier}; None where the rule does nothing.
Facts = dict[str, Any] | None


def example(rule: str, rules: Policy, now: datetime, currency: str) -> Facts:
    """Today at 15:00 something happens; what follows from it under these rules?"""
    at = datetime.combine(now.astimezone(ZoneInfo(rules.zone)).date(), HOUR, ZoneInfo(rules.zone))
    return _CASES[rule](rules, at, currency)


def _ship_due(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": policy.ship_due(rules, at, None, None)}


def _holidays(rules: Policy, at: datetime, _currency: str) -> Facts:
    """The evening before the next day that is a holiday in one calendar and none in the other."""
    eve = _next_odd_day(at.date()) - timedelta(days=1)
    return {"day": eve, "until": policy.ship_due(rules, datetime.combine(eve, HOUR, at.tzinfo), None, None)}


def _confirm(rules: Policy, _at: datetime, _currency: str) -> Facts:
    return {} if rules.confirm_by_day else None


def _next_odd_day(day: date) -> date:
    while True:
        day += timedelta(days=1)
        if len({policy.business_day(calendar, day, 0) == day for calendar in CALENDARS}) > 1:
            return day


def _delay(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": policy.ship_due(rules, at, None, at + FAR)}


def _cancel_window(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": policy.cancel_until(rules, at)} if rules.cancel_window else None


def _expire(rules: Policy, at: datetime, _currency: str) -> Facts:
    until = policy.expires_at(rules, at)
    return {"until": until} if until else None


def _carrier(rules: Policy, _at: datetime, _currency: str) -> Facts:
    return {"carrier": rules.usual_carrier} if rules.usual_carrier else None


def _free_shipping(rules: Policy, at: datetime, currency: str) -> Facts:
    """Two pieces that together are just worth free shipping, and one of them is cancelled."""
    free_from = rules.free_shipping_from.get(currency)
    if not free_from:
        return None
    order, line = _order(free_from, 2, currency, at)
    return {"sum": free_from, "fee": fees.quote_cancel(order, [line], {line.id: 1}, "wish", rules, NOTHING).fee}


def _return_fee(rules: Policy, at: datetime, currency: str) -> Facts:
    """One piece that came with free shipping goes back for a change of mind."""
    order, line = _order(PRICE[currency], 1, currency, at)
    return {"fee": fees.quote_return(order, [line], {line.id: 1}, "mind", rules, NOTHING, "return").fee}


def _order(total: int, quantity: int, currency: str, at: datetime) -> tuple[Any, Any]:
    line = SimpleNamespace(id=1, ordered=quantity, cancelled=0, total=total, claim_id=None)
    return SimpleNamespace(total=total, shipping_fee=0, refunded=0, currency=currency, paid_at=at), line


def _return_days(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": policy.end_of(rules, at, days=rules.return_days)}


def _defect_days(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": policy.end_of(rules, at, days=rules.defect_days)}


def _decide_days(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": policy.end_of(rules, at, business_days=rules.decide_days)}


def _answer_hours(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": at + claims.answer_time(rules)}


def _reply(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": reply_clock.due(rules, "page", at)}


def _talktalk(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"until": reply_clock.due(rules, "talktalk", at)}


def _reply_at_night(rules: Policy, at: datetime, _currency: str) -> Facts:
    """A question of the next Saturday night."""
    day = at.date() + timedelta(days=(5 - at.weekday()) % 7)
    asked = datetime.combine(day, time(23), at.tzinfo)
    return {"day": day, "until": reply_clock.due(rules, "page", asked)}


def _reply_goal(rules: Policy, _at: datetime, _currency: str) -> Facts:
    more = reply_clock.more_in_time(reply_clock.Rate(100, 80), rules.reply_goal)
    return None if more is None else {"more": more}


def _follow_up(rules: Policy, at: datetime, _currency: str) -> Facts:
    return {"day": (at + timedelta(days=rules.follow_up_days)).date()} if rules.follow_up_days else None


_CASES: dict[str, Callable[[Policy, datetime, str], Facts]] = {
    "ship_days": _ship_due,
    "cut_off": _ship_due,
    "holidays": _holidays,
    "delay_after_days": _delay,
    "confirm_by_day": _confirm,
    "cancel_window": _cancel_window,
    "expire_days": _expire,
    "usual_carrier": _carrier,
    "shipping_fee": _free_shipping,
    "free_shipping_from": _free_shipping,
    "return_fee": _return_fee,
    "return_days": _return_days,
    "defect_days": _defect_days,
    "decide_days": _decide_days,
    "answer_hours": _answer_hours,
    "reply_hours": _reply,
    "talktalk_hours": _talktalk,
    "reply_goal": _reply_goal,
    "reply_from": _reply_at_night,
    "reply_until": _reply_at_night,
    "reply_rest": _reply_at_night,
    "follow_up_days": _follow_up,
}
