"""N1 to N3: each letter is owed once by its event, ends somewhere, and tells of no parcel that has not left. Reads only."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from sellerweb.shop import clock, states
from sellerweb.shop.audit.replayed import Facts
from sellerweb.shop.audit.whole import Finding, Whole

# A worker that is alive marks its letter long before; one that died leaves the lease to the next.
PATIENCE = timedelta(minutes=10)
_OF_PARCELS = ("shipment_ship", "shipment_correct")


def owed(whole: Whole) -> Iterator[Finding | None]:
    """N1: a notice is of a move that is told, was written with it, and is the only one of its medium and recipient."""
    events = {event.id: event for event in whole.events}
    seen: set[tuple[int, str, str]] = set()
    for notice in whole.notices:
        key = (notice.event_id, notice.medium, notice.recipient)
        event = events.get(notice.event_id)
        if key in seen:
            wrong = f"is a second {notice.medium} of event {notice.event_id} to the same recipient"
        else:
            wrong = _untold(notice, event) if event is not None else ""  # H3 names those without
        seen.add(key)
        yield whole.finding("notice", notice.id, wrong, event and event.seq) if wrong else None


def _untold(notice: Row[Any], event: Row[Any]) -> str:
    move = f"{event.thing}_{event.verb}"
    if notice.created_at != event.at:
        return "was written at another moment than its event"
    if not states.move(event.thing, event.verb).told or event.actor == "channel":
        return f"{move} by {event.actor} is not told"
    return "" if notice.letter == move or move == "order_repeat" else f"{notice.letter} is not the letter of {move}"


def ends(whole: Whole) -> Iterator[Finding | None]:
    """N2: a notice is on its way or has ended, with what its state needs."""
    for notice in whole.notices:
        wrong = _astray(notice)
        yield whole.finding("notice", notice.id, wrong) if wrong else None


def _astray(notice: Row[Any]) -> str:
    lease = notice.leased_until
    if notice.state not in ("waiting", "sending", "sent", "failed", "suppressed", "unsure"):
        return f"state is {notice.state!r}"
    if notice.state == "sending" and lease is None:
        return "is being sent by nobody"
    if lease is not None and clock.now() - lease > PATIENCE:
        return f"its worker has been gone since {lease}"
    if notice.state == "sent" and notice.sent_at is None:
        return "was sent at no time"
    if notice.state == "unsure" and notice.handed_at is None:
        return "is unsure, and was never handed over"
    return ""


def true(whole: Whole) -> Iterator[Finding | None]:
    """N3: what tells of a parcel is sent, or waits to be, only once the parcel has left."""
    now = {parcel.id: parcel.state for parcel in whole.shipments}
    for notice in whole.notices:
        if notice.letter not in _OF_PARCELS or notice.state in ("failed", "suppressed"):
            continue
        if at := notice.handed_at or notice.sent_at:
            then = Facts(event for event in whole.events if event.at <= at).shipments
            state = then[notice.shipment_id].get("state", "not there")
        else:
            state = now.get(notice.shipment_id, "not there")
        wrong = f"tells of parcel {notice.shipment_id}, which {'was' if at else 'is'} {state}"
        yield None if state in states.GONE else whole.finding("notice", notice.id, wrong)
