"""The rules of a channel that a shop may change: of which kind, between which bounds, and where the default is from. No rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from sellerweb import carriers
from sellerweb.shop.policy import DEFAULTS
from sellerweb.shop.refused import Refused

CURRENCIES = ("KRW", "JPY", "USD")
CALENDARS = ("KR", "JP")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a default is from, and the month in which that was read."""

    name: Any
    read: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One field of `Policy`. `kind`: count (`least` to `most`), clock, calendar, carrier, switch, money ({currency: up to `most`}).

    `sources` are by channel, "" for the others. `empty`: it may be left out. `ours`: of no use where a marketplace decides.
    `only`: the one channel that has it.
    """

    name: str
    kind: str
    sources: Mapping[str, Source]
    least: int = 0
    most: int = 0
    empty: bool = False
    ours: bool = False
    only: str = ""

    def source(self, channel: str) -> Source:
        return self.sources.get(channel) or self.sources[""]


_READ = "2026-11"
_OURS = {"": Source(_l("our proposal; each shop decides"), _READ)}
_SMARTSTORE = {"smartstore": Source(_l("SmartStore sellers' guide"), _READ)}
_QOO10 = {"qoo10": Source(_l("Qoo10 university, lessons 07 and 84"), _READ)}
_DEVELOPERS = {"qoo10": Source(_l("Qoo10 developer pages, SetSellerCheckYN_V2"), _READ)}
_RETURNS = {"": Source(_l("Korea's e-commerce act, article 17"), _READ)}
_REFUNDS = {"": Source(_l("Korea's e-commerce act, article 18"), _READ)}

# What the law says binds on one side: a shop may give its customers more, never less.
RULES = (
    Rule("ship_days", "count", _OURS | _SMARTSTORE | _QOO10, 0, 30),
    Rule("cut_off", "clock", _OURS | _SMARTSTORE | _QOO10, empty=True),
    Rule("holidays", "calendar", _OURS | _SMARTSTORE | _QOO10),
    Rule("delay_after_days", "count", _OURS | _QOO10, 1, 60, empty=True),
    Rule("confirm_by_day", "switch", _OURS | _DEVELOPERS),
    Rule("cancel_window", "count", _OURS, 0, 2880, ours=True),
    Rule("expire_days", "count", _OURS, 1, 60, empty=True, ours=True),
    Rule("usual_carrier", "carrier", _OURS, empty=True),
    Rule("shipping_fee", "money", _OURS, most=100_000_000),
    Rule("free_shipping_from", "money", _OURS, most=1_000_000_000),
    Rule("return_fee", "money", _OURS, most=100_000_000),
    Rule("return_days", "count", _RETURNS, 7, 365),
    Rule("defect_days", "count", _RETURNS, 90, 730),
    Rule("decide_days", "count", _REFUNDS, 1, 3),
    Rule("answer_hours", "count", _OURS | _SMARTSTORE, 1, 168),
    Rule("reply_hours", "count", _OURS | _SMARTSTORE, 1, 168),
    Rule("talktalk_hours", "count", _SMARTSTORE, 1, 48, only="smartstore"),
    Rule("reply_goal", "count", _OURS | _SMARTSTORE, 1, 100),
    Rule("reply_from", "clock", _OURS, empty=True),
    Rule("reply_until", "clock", _OURS, empty=True),
    Rule("reply_rest", "switch", _OURS),
    Rule("follow_up_days", "count", _OURS, 1, 60, empty=True, ours=True),
)


def of(channel: str) -> dict[str, Rule]:
    """The rules that do something for this channel, by name."""
    theirs = DEFAULTS[channel].marketplace_decides
    return {rule.name: rule for rule in RULES if not (rule.ours and theirs) and rule.only in ("", channel)}


def check(rule: Rule, value: Any) -> None:
    """Refuse a value out of the rule's bounds; about the field `value`, or the currency. Left out is None, "" or no currency."""
    if rule.empty and value in (None, ""):
        return
    _CHECKS[rule.kind](rule, value)


def _count(rule: Rule, value: int | None) -> None:
    if value is not None and rule.least <= value <= rule.most:
        return
    if rule.empty:
        raise Refused(
            _l("Type a whole number from %(least)s to %(most)s, or leave it empty.", least=rule.least, most=rule.most),
            "value",
        )
    raise Refused(_l("Type a whole number from %(least)s to %(most)s.", least=rule.least, most=rule.most), "value")


def _clock(_rule: Rule, value: str) -> None:
    if not _CLOCK.fullmatch(value) or value == "00:00":
        raise Refused(_l("Type an hour from 00:01 to 23:59, for example 16:00. Empty means midnight."), "value")


def _calendar(_rule: Rule, value: str) -> None:
    if value not in CALENDARS:
        raise Refused(_l("Choose a calendar."), "value")


def _carrier(_rule: Rule, value: str) -> None:
    if value not in carriers.CARRIERS or not carriers.CARRIERS[value].trackable:
        raise Refused(_l("Choose a carrier whose parcels can be followed."), "value")


def _switch(_rule: Rule, value: bool) -> None:
    if value not in (True, False):
        raise Refused(_l("Choose one of the list."), "value")


def _money(rule: Rule, value: Mapping[str, int]) -> None:
    for currency, amount in value.items():
        if currency not in CURRENCIES or not 0 <= amount <= rule.most:
            raise Refused(_l("That is more than any shop asks. Look at the zeros."), currency)


_CHECKS: dict[str, Callable[[Rule, Any], None]] = {
    "count": _count,
    "clock": _clock,
    "calendar": _calendar,
    "carrier": _carrier,
    "switch": _switch,
    "money": _money,
}
