"""K2: disagreements with a channel: each about its own order, one of a matter open, and ended by who its row says. Reads only."""

from collections.abc import Iterator
from typing import Any

from sellerweb.shop.audit.whole import Finding, Whole

# How each ending is told, and by whom.
_ENDS = {
    "kept": (("keep",), "staff"),
    "taken": (("follow",), "staff"),
    "apart": (("apart",), "staff"),
    "agreed": (("agree", "disagree"), "channel"),
    "over": (("agree", "disagree"), "channel"),
}


def settled(whole: Whole) -> Iterator[Finding | None]:
    """A line of its own order, and an end that an event of the same person and moment tells."""
    lines = {line.id for line in whole.lines}
    told = {id: event for event in whole.events for id in event.changes.get("conflicts", {})}
    for row in whole.conflicts:
        wrong = "" if row.line_id is None or row.line_id in lines else f"is about line {row.line_id} of another order"
        wrong = wrong or _ending(row, told.get(str(row.id)))
        yield whole.finding("conflict", row.id, wrong) if wrong else None


def _ending(row: Any, last: Any) -> str:
    """What is wrong with how it ended, by the last event that tells of it."""
    if last is None:
        return "no event tells of it"
    if row.state == "open":
        return "" if (last.verb, row.answered_at) == ("disagree", None) else f"is open, and event {last.seq} ended it"
    verbs, who = _ENDS[row.state]
    if last.verb not in verbs or last.actor != who:
        return f"is {row.state}, and event {last.seq} says {last.verb} by {last.actor}"
    if (last.at, last.staff_id) != (row.answered_at, row.staff_id):
        return f"was answered by another person or at another moment than event {last.seq} says"
    return ""
