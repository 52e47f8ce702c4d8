"""Q1 to Q4: where every piece of every line is, and was. Reads only what it is given."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from sellerweb.shop import states
from sellerweb.shop.audit.whole import Finding, Whole
from sellerweb.shop.models import Order, OrderLine, Shipment, ShipmentLine

PLACES = ("cancelled", "packed", "shipped")
LATER = ("delivered", "returned", "lost", "asked", "claimed")


def counters(whole: Whole) -> Iterator[Finding | None]:
    """Q1: a line's counters, as the CHECK constraints say them, told without asking the database."""
    for line in whole.lines:
        wrong = _counters(line)
        yield whole.finding("order_line", line.id, wrong) if wrong else None


def _counters(line: Row[Any]) -> str:
    if line.ordered < 1:
        return f"ordered is {line.ordered}"
    below = next((name for name in (*PLACES, *LATER) if getattr(line, name) < 0), None)
    if below:
        return f"{below} is {getattr(line, below)}"
    if line.cancelled + line.packed + line.shipped > line.ordered:
        where = {name: getattr(line, name) for name in PLACES}
        return f"{_said(where)} are more than ordered {line.ordered}"
    if line.delivered + line.lost > line.shipped:
        return f"delivered {line.delivered} + lost {line.lost} is more than {line.shipped} shipped"
    for name in ("returned", "claimed"):
        if getattr(line, name) > line.shipped:
            return f"{name} {getattr(line, name)} is more than {line.shipped} shipped"
    if line.asked > line.ordered - line.cancelled - line.shipped:
        return f"asked {line.asked} is more than {line.ordered - line.cancelled - line.shipped} here"
    return ""


def parcels(whole: Whole) -> Iterator[Finding | None]:
    """Q2: what lies in the parcels adds up to the counters of the lines."""
    here: dict[int, int] = defaultdict(int)
    gone: dict[int, int] = defaultdict(int)
    for parcel in whole.shipments:
        inside = whole.contents.get(parcel.id, [])
        if not inside and parcel.state != "voided":
            yield whole.finding("shipment", parcel.id, "is empty")
        for piece in inside:
            if parcel.state in states.HERE:
                here[piece.line_id] += piece.quantity
            elif parcel.state in states.GONE:
                gone[piece.line_id] += piece.quantity
    for line in whole.lines:
        sums = here[line.id], gone[line.id]
        wrong = f"packed {line.packed}, shipped {line.shipped}, but the parcels hold {sums[0]} and {sums[1]}"
        yield None if sums == (line.packed, line.shipped) else whole.finding("order_line", line.id, wrong)


def foreign(conn: Connection) -> Iterator[Finding | None]:
    """Q2: no parcel holds pieces of another order."""
    for row in conn.execute(_FOREIGN):
        yield Finding("shipment_line", [row.id, row.line_id], row.code, None, "the line is another order's")


_FOREIGN = (
    select(Shipment.id, ShipmentLine.line_id, Order.code)
    .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
    .join(OrderLine, OrderLine.id == ShipmentLine.line_id)
    .join(Order, Order.id == Shipment.order_id)
    .where(OrderLine.order_id != Shipment.order_id)
)


def never_too_many(whole: Whole) -> Iterator[Finding | None]:
    """Q3: move by move, no line ever gave more pieces than it had, nor took back more than it gave."""
    for line_id, at in _moves(whole):
        where = {name: at[name] for name in PLACES}
        free = at["ordered"] - sum(where.values())
        fine = free >= 0 and min(where.values()) >= 0
        yield None if fine else whole.finding("order_line", line_id, f"open is {free} after {_said(where)}", at["seq"])


def never_both(whole: Whole) -> Iterator[Finding | None]:
    """Q4: move by move, no piece was shipped and cancelled."""
    for line_id, at in _moves(whole):
        both = at["cancelled"] + at["shipped"] - at["ordered"]
        wrong = f"{both} pieces are shipped and cancelled"
        yield None if both <= 0 else whole.finding("order_line", line_id, wrong, at["seq"])


def _moves(whole: Whole) -> Iterator[tuple[int, dict[str, int]]]:
    """After each event that moved pieces of a line: the line, and the sums of all steps until then.

    Steps are added up, not believed: two moves that each say "3 to 4" took two pieces.
    """
    running: dict[str, dict[str, int]] = {}
    for event in whole.events:
        for line, facts in event.changes.get("lines", {}).items():
            at = running.setdefault(line, dict.fromkeys(("ordered", *PLACES), 0))
            steps = {name: facts[name][1] - facts[name][0] for name in at if name in facts}
            for name, step in steps.items():
                at[name] += step
            if steps:
                yield int(line), {**at, "seq": event.seq}


def _said(values: dict[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in values.items())
