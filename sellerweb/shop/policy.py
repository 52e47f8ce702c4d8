"""Each channel's rules: the defaults that we ship, with their source, and the shop's own on top. No order rows.

Sources (read 2026-11): SmartStore: order day + 3 business days, by midnight (sellers' guides). Qoo10 Japan: point loss after
the third business day, `delayed` after 14 days without a date (university.qoo10.jp 07, 84); it is told of a confirmation by the
day alone (developer pages, SetSellerCheckYN_V2). Shopify and orders by hand: the
shop's own promise, one business day with a 16:00 cut-off. Returns: seven days from receipt, three months where the goods
differ from what was said (Korea's e-commerce act, art. 17); money within three business days after they are back (art. 18).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import Connection, bindparam, select

from sellerweb.shop.models import Policy as PolicyRow


@dataclass(frozen=True, slots=True)
class Policy:
    """One channel's rules. `cut_off` is shop-local HH:MM, paid later counts from the next business day and it is also the
    hour by which a day's parcels leave; empty: midnight. With `confirm_by_day` an order is confirmed once its day is known. `cancel_window` is in minutes; `expire_days` closes an unpaid order (None: the marketplace does).
    Fees are {currency: minor units}, one way; a currency that is not there has none. `answer_hours` is how soon a wish is answered.
    Questions are answered within `reply_hours` (TalkTalk: `talktalk_hours`), `reply_goal` per cent of them; counted are the
    hours from `reply_from` to `reply_until` (empty: midnight), and with `reply_rest` no weekends and holidays.
    `follow_up_days` after delivery a letter asks whether all is well (None: none does)."""

    ship_days: int
    cut_off: str
    holidays: str
    zone: str
    delay_after_days: int | None = None
    confirm_by_day: bool = False
    cancel_window: int = 0
    expire_days: int | None = None
    usual_carrier: str = ""
    marketplace_decides: bool = False
    return_fee: Mapping[str, int] = field(default_factory=lambda: {"KRW": 3000, "JPY": 700, "USD": 1500})
    shipping_fee: Mapping[str, int] = field(default_factory=lambda: {"KRW": 3000, "JPY": 700, "USD": 1500})
    free_shipping_from: Mapping[str, int] = field(default_factory=dict)
    return_days: int = 7
    defect_days: int = 90
    decide_days: int = 3
    answer_hours: int = 24
    reply_hours: int = 24
    talktalk_hours: int = 2
    reply_goal: int = 90
    reply_from: str = ""
    reply_until: str = ""
    reply_rest: bool = False
    follow_up_days: int | None = None


DEFAULTS = {
    "smartstore": Policy(3, "", "KR", "Asia/Seoul", usual_carrier="cj", marketplace_decides=True),
    "qoo10": Policy(
        3,
        "",
        "JP",
        "Asia/Tokyo",
        delay_after_days=14,
        confirm_by_day=True,
        usual_carrier="sagawa",
        marketplace_decides=True,
    ),
    "shopify": Policy(1, "16:00", "KR", "Asia/Seoul", cancel_window=60, expire_days=7, usual_carrier="epost_ems"),
    "manual": Policy(1, "16:00", "KR", "Asia/Seoul", cancel_window=60, expire_days=7, usual_carrier="cj"),
}
CHANNELS = tuple(DEFAULTS)
_OWN = select(PolicyRow.rules).where(PolicyRow.channel == bindparam("channel"))


def of(conn: Connection, channel: str) -> Policy:
    """The rules in force for a channel: what the shop set, else the default."""
    own: dict[str, Any] | None = conn.scalar(_OWN, {"channel": channel})
    return replace(DEFAULTS[channel], **own) if own else DEFAULTS[channel]


def all_(conn: Connection) -> dict[str, Policy]:
    """The rules in force of every channel."""
    own = {row.channel: row.rules for row in conn.execute(select(PolicyRow.channel, PolicyRow.rules))}
    return {channel: replace(rules, **own.get(channel, {})) for channel, rules in DEFAULTS.items()}


def ship_due(
    policy: Policy, paid_at: datetime | None, promised_on: date | None, channel_due_at: datetime | None
) -> datetime | None:
    """The instant (UTC) after which open pieces are late; None before payment.

    A promise decides; else the channel's own date, else its rule; the days without a promise are capped (qoo10).
    """
    if paid_at is None:
        return None
    zone = ZoneInfo(policy.zone)
    if promised_on:
        return _end_of(promised_on, zone)
    due = channel_due_at or _by_rule(policy, paid_at.astimezone(zone))
    if policy.delay_after_days is not None:
        due = min(due, paid_at + timedelta(days=policy.delay_after_days))
    return due


def cancel_until(policy: Policy, paid_at: datetime) -> datetime:
    """Until when a customer may cancel alone, where our page decides."""
    return paid_at + timedelta(minutes=policy.cancel_window)


def expires_at(policy: Policy, ordered_at: datetime) -> datetime | None:
    """When an order that nobody has paid is closed; None: its marketplace does that."""
    return None if policy.expire_days is None else ordered_at + timedelta(days=policy.expire_days)


def end_of(policy: Policy, at: datetime, *, days: int = 0, business_days: int = 0) -> datetime:
    """The end of the shop's day that is so many days after `at`; of business days the first is the next one there is."""
    zone = ZoneInfo(policy.zone)
    day = at.astimezone(zone).date() + timedelta(days=days)
    if business_days:
        day = business_day(policy.holidays, day + timedelta(days=1), business_days - 1)
    return _end_of(day, zone)


def business_day(calendar: str, day: date, ahead: int) -> date:
    """`ahead` business days after `day`; 0 gives `day` itself or the next day that is one."""
    while not is_business_day(calendar, day):
        day += timedelta(days=1)
    for _ in range(ahead):
        day += timedelta(days=1)
        while not is_business_day(calendar, day):
            day += timedelta(days=1)
    return day


def _by_rule(policy: Policy, paid: datetime) -> datetime:
    start = paid.date()
    late = bool(policy.cut_off) and paid.time() >= time.fromisoformat(policy.cut_off)
    if late:
        start += timedelta(days=1)
    day = business_day(policy.holidays, start, policy.ship_days)
    if not policy.cut_off:
        return _end_of(day, paid.tzinfo)  # type: ignore[arg-type]
    return datetime.combine(day, time.fromisoformat(policy.cut_off), paid.tzinfo)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)


def is_business_day(calendar: str, day: date) -> bool:
    return day.weekday() < 5 and day not in _calendar(calendar)


@cache
def _calendar(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)
