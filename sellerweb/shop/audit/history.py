"""H1 to H3: each order's events are all there, tell the facts as they are, and belong to an action. Reads only."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from sellerweb.shop.audit.whole import Finding, Whole
from sellerweb.shop.case import CLAIM_FACTS, CONFLICT_FACTS, COUNTERS, FACTS_BEGIN, REFUND_FACTS, SHIPMENT_FACTS
from sellerweb.shop.models import Event, Notice, Order

# What every row's history begins with.
_LINE: dict[str, Any] = {**dict.fromkeys(COUNTERS, 0), "channel_state": ""}


def sequence(whole: Whole) -> Iterator[Finding | None]:
    """H1: `seq` runs from 1 without a gap, and the order's version is the last."""
    last = 0
    for event in whole.events:
        last += 1
        if event.seq == last:
            yield None
        else:
            yield whole.finding("event", event.id, f"follows number {last - 1}", event.seq)
            last = event.seq
    if whole.order.version != last or not last:
        wrong = f"version is {whole.order.version}, the last event is number {last}"
        yield whole.finding("orders", whole.order.id, wrong)


def replay(whole: Whole) -> Iterator[Finding | None]:
    """H2: each event begins where the one before ended, and the last one ends at what the rows say."""
    told: dict[tuple[str, int], dict[str, Any]] = {}
    for event in whole.events:
        yield _follow(whole, told, event)
    rows: dict[tuple[str, int], Any] = {("order", whole.order.id): whole.order}
    rows |= {("lines", line.id): line for line in whole.lines}
    rows |= {("shipments", parcel.id): parcel for parcel in whole.shipments}
    rows |= {("claims", claim.id): claim for claim in whole.claims}
    rows |= {("refunds", refund.id): refund for refund in whole.refunds}
    rows |= {("conflicts", conflict.id): conflict for conflict in whole.conflicts}
    for (part, id), row in rows.items():
        yield _compare(whole, part, id, told.pop((part, id), None), row)
    for part, id in told:
        yield whole.finding(_TABLE[part], id, "events tell of a row that is not there")


def _follow(whole: Whole, told: dict[tuple[str, int], dict[str, Any]], event: Any) -> Finding | None:
    wrong = ""
    for part, id, facts in _changes(whole, event.changes):
        values = told.setdefault((part, id), dict(_BEGIN[part]))
        for name, (before, after) in facts.items():
            # A parcel's lesser fields (times, reasons) begin as whatever they were first said to be.
            if name in values and _same(values[name]) != _same(before):
                wrong = wrong or f"{part} {id}: {name} was {values[name]!r}, the event says {before!r}"
            values[name] = after
    return whole.finding("event", event.id, wrong, event.seq) if wrong else None


def _changes(whole: Whole, changes: dict[str, Any]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    if "order" in changes:
        yield "order", whole.order.id, changes["order"]
    for part in ("lines", "shipments", "claims", "refunds", "conflicts"):
        for id, facts in changes.get(part, {}).items():
            yield part, int(id), facts


def _compare(whole: Whole, part: str, id: int, told: dict[str, Any] | None, row: Any) -> Finding | None:
    if told is None:
        return whole.finding(_TABLE[part], id, "no event tells of it")
    for name, value in told.items():
        if _same(value) != _same(is_ := getattr(row, name)):
            return whole.finding(_TABLE[part], id, f"{name} is {is_!s}, the events say {value}")
    return None


def actions(whole: Whole) -> Iterator[Finding | None]:
    """H3: every event came with an action of the same person and moment."""
    for event in whole.events:
        if event.done is None:
            wrong = f"its action {event.action_id} is not there"
        elif (event.at, event.staff_id) != (event.done_at, event.done_by):
            wrong = f"its action {event.action_id} was another moment's or person's"
        else:
            wrong = ""
        yield whole.finding("event", event.id, wrong, event.seq) if wrong else None


def notices(conn: Connection) -> Iterator[Finding | None]:
    """H3: every notice has its event, and it is the same order's."""
    for row in conn.execute(_HALF_NOTICES):
        yield Finding("notice", row.id, row.code or "", row.seq, "its event is not there or not its own")


_HALF_NOTICES = (
    select(Notice.id, Event.seq, Order.code)
    .outerjoin(Event, Event.id == Notice.event_id)
    .outerjoin(Order, Order.id == Notice.order_id)
    .where(or_(Event.id.is_(None), Event.order_id != Notice.order_id))
)
_BEGIN: dict[str, dict[str, Any]] = {
    "order": FACTS_BEGIN,
    "lines": _LINE,
    "shipments": dict.fromkeys(SHIPMENT_FACTS),
    "claims": dict.fromkeys(CLAIM_FACTS),
    "refunds": dict.fromkeys(REFUND_FACTS),
    "conflicts": dict.fromkeys(CONFLICT_FACTS),
}
_TABLE = {
    "order": "orders",
    "lines": "order_line",
    "shipments": "shipment",
    "claims": "claim",
    "refunds": "refund",
    "conflicts": "conflict",
}


def _same(value: Any) -> Any:
    """One spelling for a value as events keep it (JSON) and as rows do; instants in any zone are the same instant."""
    if isinstance(value, str) and len(value) > 10 and value[4:5] == "-" and value[10] == "T":
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value
