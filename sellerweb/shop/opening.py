"""How an order comes before an action: made new, given one more line, or read and locked. Case has the rest. No rules."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, insert, select

from sellerweb.shop import customers, search
from sellerweb.shop.case import COUNTERS, FACTS_BEGIN, Case
from sellerweb.shop.models import Order, OrderLine, Shipment

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

_LOCKED = select(Order.__table__).with_for_update()
_LINES = select(OrderLine.__table__).order_by(OrderLine.position)
_SHIPMENTS = select(Shipment.__table__).order_by(Shipment.id)


def create(act: "Act", values: dict[str, Any], lines: list[dict[str, Any]]) -> Case:
    """A new order with its lines, counters at nothing but `ordered`. The caller records what brought it."""
    row = act.tx.execute(insert(Order).returning(Order.__table__), {"version": 0, "stage": "", **values}).one()
    case = Case(act, SimpleNamespace(**row._mapping), {}, {})
    new = act.tx.execute(
        insert(OrderLine).returning(OrderLine.__table__, sort_by_parameter_order=True),
        [{"order_id": row.id, **dict.fromkeys(COUNTERS, 0), **line} for line in lines],
    )
    case.lines = {r.id: SimpleNamespace(**r._mapping) for r in new}
    for name, begin in FACTS_BEGIN.items():
        case._note("order", 0, name, begin, getattr(case.order, name))
    for line in case.lines.values():
        case._note("lines", line.id, "ordered", 0, line.ordered)
        case._note("lines", line.id, "channel_state", "", line.channel_state)
    search.write(act.tx, case.order, case.lines.values(), (), new=True)
    customers.write(act.tx, case.order, new=True)
    act.cases[row.id] = case
    return case


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
    row = act.tx.execute(_LOCKED.where(which)).one_or_none()
    if row is None:
        return None
    lines = act.tx.execute(_LINES.where(OrderLine.order_id == row.id))
    shipments = act.tx.execute(_SHIPMENTS.where(Shipment.order_id == row.id))
    return Case(
        act,
        SimpleNamespace(**row._mapping),
        {r.id: SimpleNamespace(**r._mapping) for r in lines},
        {r.id: SimpleNamespace(**r._mapping) for r in shipments},
    )
