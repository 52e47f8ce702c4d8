"""How an order comes before an action: made new, given one more line, or read and locked. Case has the rest. No rules."""

from collections.abc import Sequence
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, insert, select

from sellerweb.shop import customers, search
from sellerweb.shop.case import COUNTERS, FACTS_BEGIN, Case
from sellerweb.shop.models import Order, OrderLine, Shipment

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

_orders, _lines = Order.__table__, OrderLine.__table__
_LOCKED = select(_orders).with_for_update().order_by(_orders.c.id)
_LINES = select(_lines).order_by(_lines.c.position)
_SHIPMENTS = select(Shipment.__table__).order_by(Shipment.id)
# Not sorted by parameters: for that, SQLite would be asked row by row. The numbers say which row is whose.
_NEW_ORDERS = insert(Order).returning(_orders)
_NEW_LINES = insert(OrderLine).returning(_lines)


def create(act: "Act", values: dict[str, Any], lines: list[dict[str, Any]]) -> Case:
    """A new order with its lines, counters at nothing but `ordered`. The caller records what brought it."""
    return create_all(act, [(values, lines)])[0]


def create_all(act: "Act", new: Sequence[tuple[dict[str, Any], list[dict[str, Any]]]]) -> list[Case]:
    """New orders, each with its lines: as many statements for a file's chunk as for one."""
    rows = act.tx.execute(_NEW_ORDERS, [{"version": 0, "stage": "", **values} for values, _ in new])
    made = {row.code: row for row in rows}
    begin = dict.fromkeys(COUNTERS, 0)
    lines = [{"order_id": made[values["code"]].id, **begin, **line} for values, its in new for line in its]
    ordered = (made[values["code"]] for values, _ in new)
    cases = {row.id: Case(act, SimpleNamespace(**row._mapping), {}, {}) for row in ordered}
    for row in sorted(act.tx.execute(_NEW_LINES, lines), key=attrgetter("position")):
        cases[row.order_id].lines[row.id] = SimpleNamespace(**row._mapping)
    for case in cases.values():
        _tell(case)
    search.write_new(act.tx, [(case.order, case.lines.values()) for case in cases.values()])
    customers.write_new(act.tx, [case.order for case in cases.values()])
    act.cases |= cases
    return list(cases.values())


def _tell(case: Case) -> None:
    """What the first event of a new order tells: how it came."""
    for name, begin in FACTS_BEGIN.items():
        case._note("order", 0, name, begin, getattr(case.order, name))
    for line in case.lines.values():
        case._note("lines", line.id, "ordered", 0, line.ordered)
        case._note("lines", line.id, "channel_state", "", line.channel_state)


def add_line(case: Case, line: dict[str, Any]) -> Any:
    """One more line of an order that is here already. The caller records what brought it."""
    values = {"order_id": case.order.id, **dict.fromkeys(COUNTERS, 0), **line}
    new = SimpleNamespace(
        **case.act.tx.execute(insert(OrderLine).returning(OrderLine.__table__), values).one()._mapping
    )
    case.lines[new.id] = new
    case._note("lines", new.id, "ordered", 0, new.ordered)
    case._note("lines", new.id, "channel_state", "", new.channel_state)
    case.words_changed = True
    return new


def load(act: "Act", which: ColumnElement[bool]) -> Case | None:
    """The order that `which` names, locked for this transaction, with its lines and parcels; None: there is none."""
    return next(iter(load_all(act, which).values()), None)


def load_all(act: "Act", which: ColumnElement[bool]) -> dict[int, Case]:
    """The same for all that `which` names, locked one after the other by their ids: {id: Case}."""
    orders = act.tx.execute(_LOCKED.where(which)).all()
    cases = {row.id: SimpleNamespace(order=SimpleNamespace(**row._mapping), lines={}, shipments={}) for row in orders}
    if cases:
        for row in act.tx.execute(_LINES.where(_lines.c.order_id.in_(cases))):
            cases[row.order_id].lines[row.id] = SimpleNamespace(**row._mapping)
        for row in act.tx.execute(_SHIPMENTS.where(Shipment.order_id.in_(cases))):
            cases[row.order_id].shipments[row.id] = SimpleNamespace(**row._mapping)
    return {key: Case(act, read.order, read.lines, read.shipments) for key, read in cases.items()}
