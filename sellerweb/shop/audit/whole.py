"""What the audit looks at: every order whole, with all that hangs on it, some hundred at a time. No judgement."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, FromClause, Row, Select, bindparam, select

from sellerweb.shop.models import (
    Action,
    Claim,
    ClaimLine,
    Conflict,
    Event,
    Notice,
    Order,
    OrderLine,
    OrderLink,
    Refund,
    Shipment,
    ShipmentLine,
)

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
    """An order's row and all that hangs on it: `contents` {parcel: what lies in it}, `claimed` {claim: what it is about},
    events with their actions, notices without their words."""

    order: Row[Any]
    lines: list[Row[Any]] = field(default_factory=list)
    shipments: list[Row[Any]] = field(default_factory=list)
    contents: dict[int, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))
    claims: list[Row[Any]] = field(default_factory=list)
    claimed: dict[int, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))
    refunds: list[Row[Any]] = field(default_factory=list)
    conflicts: list[Row[Any]] = field(default_factory=list)
    notices: list[Row[Any]] = field(default_factory=list)
    links: list[Row[Any]] = field(default_factory=list)
    events: list[Row[Any]] = field(default_factory=list)

    def finding(self, table: str, id: Any, what: str, seq: int | None = None) -> Finding:
        return Finding(table, id, self.order.code, seq, what)


_o, _line, _parcel, _event = Order.__table__, OrderLine.__table__, Shipment.__table__, Event.__table__
_claim, _refund, _notice, _link = Claim.__table__, Refund.__table__, Notice.__table__, OrderLink.__table__
_conflict = Conflict.__table__
_low: BindParameter[int] = bindparam("low")
_high: BindParameter[int] = bindparam("high")


def _of_orders(query: Select[Any], table: FromClause, *order: ColumnElement[Any]) -> Select[Any]:
    """What the orders of one batch have of it."""
    of = table.c.order_id
    return query.where(of.between(_low, _high)).order_by(of, *(order or (table.c.id,)))


_ORDERS = select(_o).where(_o.c.id > _low).order_by(_o.c.id).limit(BATCH)
_CONTENTS = select(_parcel.c.order_id, ShipmentLine.__table__).join(_parcel, _parcel.c.id == ShipmentLine.shipment_id)
_CLAIMED = select(_claim.c.order_id, ClaimLine.__table__).join(_claim, _claim.c.id == ClaimLine.claim_id)
_DONE = (
    Action.id.label("done"),
    Action.at.label("done_at"),
    Action.staff_id.label("done_by"),
    Action.body.label("said"),
)
_EVENTS = select(_event, *_DONE).outerjoin(Action, Action.id == _event.c.action_id)
# Part of Whole: what fills it; and where each stands under a key of its own, that key.
_PARTS: tuple[tuple[str, Select[Any], str], ...] = (
    ("lines", _of_orders(select(_line), _line), ""),
    ("shipments", _of_orders(select(_parcel), _parcel), ""),
    ("contents", _of_orders(_CONTENTS, _parcel), "shipment_id"),
    ("claims", _of_orders(select(_claim), _claim), ""),
    ("claimed", _of_orders(_CLAIMED, _claim), "claim_id"),
    ("refunds", _of_orders(select(_refund), _refund), ""),
    ("conflicts", _of_orders(select(_conflict), _conflict), ""),
    ("notices", _of_orders(select(*(c for c in _notice.c if c.name not in ("subject", "body"))), _notice), ""),
    ("links", _of_orders(select(_link), _link), ""),
    ("events", _of_orders(_EVENTS, _event, _event.c.seq), ""),
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
        ("conflict", _conflict),
        ("notice", _notice),
        ("order_link", _link),
    )
]


def wholes(conn: Connection) -> Iterator[Whole]:
    """Every order with what belongs to it, by id."""
    last = 0
    while batch := {row.id: Whole(row) for row in conn.execute(_ORDERS, {"low": last})}:
        first, last = min(batch), max(batch)
        span = {"low": first, "high": last}
        for part, query, key in _PARTS:
            for row in conn.execute(query, span):
                if row.order_id in batch:
                    held = getattr(batch[row.order_id], part)
                    (held[getattr(row, key)] if key else held).append(row)
        yield from batch.values()


def strays(conn: Connection) -> Iterator[Finding | None]:
    """H1: what is an order's belongs to an order that is there."""
    for table, query in _STRAYS:
        for id in conn.scalars(query):
            yield Finding(table, id, "", None, "belongs to no order")
