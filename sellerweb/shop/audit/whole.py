"""What the audit looks at: every order whole, with all that hangs on it, some hundred at a time. No judgement."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from sellerweb.shop.models import Action, Claim, Event, Order, OrderLine, Refund, Shipment, ShipmentLine

BATCH = 400


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks an invariant: where it stands, the order's code, the event's `seq`, and what is wrong."""

    table: str
    id: Any
    order: str
    seq: int | None
    what: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Whole:
    """An order's row, its lines, parcels, what lies in them, claims, refunds, and its events with their actions."""

    order: Row[Any]
    lines: list[Row[Any]] = field(default_factory=list)
    shipments: list[Row[Any]] = field(default_factory=list)
    contents: dict[int, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))
    claims: list[Row[Any]] = field(default_factory=list)
    refunds: list[Row[Any]] = field(default_factory=list)
    events: list[Row[Any]] = field(default_factory=list)

    def finding(self, table: str, id: Any, what: str, seq: int | None = None) -> Finding:
        return Finding(table, id, self.order.code, seq, what)


_o, _line, _parcel, _event = Order.__table__, OrderLine.__table__, Shipment.__table__, Event.__table__
_claim, _refund = Claim.__table__, Refund.__table__
_low: BindParameter[int] = bindparam("low")
_high: BindParameter[int] = bindparam("high")
_ORDERS = select(_o).where(_o.c.id > _low).order_by(_o.c.id).limit(BATCH)
_LINES = select(_line).where(_line.c.order_id.between(_low, _high)).order_by(_line.c.order_id, _line.c.id)
_SHIPMENTS = select(_parcel).where(_parcel.c.order_id.between(_low, _high)).order_by(_parcel.c.order_id, _parcel.c.id)
_CLAIMS = select(_claim).where(_claim.c.order_id.between(_low, _high)).order_by(_claim.c.order_id, _claim.c.id)
_REFUNDS = select(_refund).where(_refund.c.order_id.between(_low, _high)).order_by(_refund.c.order_id, _refund.c.id)
_CONTENTS = (
    select(_parcel.c.order_id, ShipmentLine.shipment_id, ShipmentLine.line_id, ShipmentLine.quantity)
    .select_from(_parcel)
    .join(ShipmentLine, ShipmentLine.shipment_id == _parcel.c.id)
    .where(_parcel.c.order_id.between(_low, _high))
)
_EVENTS = (
    select(_event, Action.id.label("done"), Action.at.label("done_at"), Action.staff_id.label("done_by"))
    .outerjoin(Action, Action.id == _event.c.action_id)
    .where(_event.c.order_id.between(_low, _high))
    .order_by(_event.c.order_id, _event.c.seq)
)
# What no order holds cannot be met on the way through the orders.
_STRAYS = [
    (name, select(table.c.id).where(~select(_o.c.id).where(_o.c.id == table.c.order_id).exists()))
    for name, table in (
        ("order_line", _line),
        ("shipment", _parcel),
        ("event", _event),
        ("claim", _claim),
        ("refund", _refund),
    )
]


def wholes(conn: Connection) -> Iterator[Whole]:
    """Every order with what belongs to it, by id."""
    last = 0
    while batch := {row.id: Whole(row) for row in conn.execute(_ORDERS, {"low": last})}:
        first, last = min(batch), max(batch)
        span = {"low": first, "high": last}
        for line in conn.execute(_LINES, span):
            _put(batch, line, "lines")
        for parcel in conn.execute(_SHIPMENTS, span):
            _put(batch, parcel, "shipments")
        for claim in conn.execute(_CLAIMS, span):
            _put(batch, claim, "claims")
        for refund in conn.execute(_REFUNDS, span):
            _put(batch, refund, "refunds")
        for piece in conn.execute(_CONTENTS, span):
            if piece.order_id in batch:
                batch[piece.order_id].contents[piece.shipment_id].append(piece)
        for event in conn.execute(_EVENTS, span):
            _put(batch, event, "events")
        yield from batch.values()


def strays(conn: Connection) -> Iterator[Finding | None]:
    """H1: lines, parcels and events belong to an order that is there."""
    for table, query in _STRAYS:
        for id in conn.scalars(query):
            yield Finding(table, id, "", None, "belongs to no order")


def _put(batch: dict[int, Whole], row: Row[Any], part: str) -> None:
    if row.order_id in batch:
        getattr(batch[row.order_id], part).append(row)
