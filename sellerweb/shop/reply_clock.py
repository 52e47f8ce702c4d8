"""The clock of a question: when its answer must be there, what is left while we wait for the customer, and how many were in time.

Pure. It starts at the first message that waits, stops at a public reply, and stands still while we wait for the customer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sellerweb.shop.policy import Policy, is_business_day

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """Of so many questions so many were answered in time. One that is late and still waits counts as not in time."""

    asked: int = 0
    in_time: int = 0

    @property
    def percent(self) -> int | None:
        """Rounded down, so that nobody reads a goal as reached that is not; None where nothing was asked."""
        return self.in_time * 100 // self.asked if self.asked else None


def rules_of(source: str, channel: str) -> str:
    """The channel whose rules a thread goes by: TalkTalk is SmartStore's; one without an order is as one by hand."""
    return "smartstore" if source == "talktalk" else channel or "manual"


def due(rules: Policy, source: str, at: datetime) -> datetime:
    """When a message of this moment must be answered (UTC)."""
    return ahead(rules, at, timedelta(hours=rules.talktalk_hours if source == "talktalk" else rules.reply_hours))


def ahead(rules: Policy, at: datetime, span: timedelta) -> datetime:
    """The moment by which so much of the shop's time has passed after `at` (UTC)."""
    if _always(rules):
        return (at + span).astimezone(UTC)
    for begin, end in _open(rules, at):
        if span <= end - begin:
            return (begin + span).astimezone(UTC)
        span -= end - begin
    raise AssertionError("the shop never opens")


def left(rules: Policy, at: datetime, until: datetime) -> timedelta:
    """How much of the shop's time lies between two moments; nothing where the second came first."""
    if until <= at:
        return timedelta(0)
    if _always(rules):
        return until - at
    passed = timedelta(0)
    for begin, end in _open(rules, at):
        if begin >= until:
            break
        passed += min(end, until) - begin
    return passed


def more_in_time(rate: Rate, goal: int) -> int | None:
    """How many answers in time bring the rate to the goal (per cent); 0: it is there; None: none can."""
    lack = goal * rate.asked - 100 * rate.in_time
    if lack <= 0:
        return 0
    return None if goal >= 100 else -(-lack // (100 - goal))


def _always(rules: Policy) -> bool:
    return not (rules.reply_from or rules.reply_until or rules.reply_rest)


def _open(rules: Policy, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The shop's hours from `at` on, day by day."""
    zone = ZoneInfo(rules.zone)
    day = at.astimezone(zone).date()
    while True:
        if not rules.reply_rest or is_business_day(rules.holidays, day):
            begin, end = _hours(rules, day, zone)
            if end > at:
                yield max(begin, at), end
        day += _DAY


def _hours(rules: Policy, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A day's hours; one that would end before it begins counts whole. UTC, so that differences are spans of time."""
    begin, end = (time.fromisoformat(hour or "00:00") for hour in (rules.reply_from, rules.reply_until))
    if end != time() and end <= begin:
        begin = end = time()
    last = day if end != time() else day + _DAY
    return datetime.combine(day, begin, zone).astimezone(UTC), datetime.combine(last, end, zone).astimezone(UTC)
