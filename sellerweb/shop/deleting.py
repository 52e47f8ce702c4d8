"""Deleting a test order with all that hangs on it, in one transaction. Real orders are archived and never deleted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
    union_all,
)

from sellerweb.shop import search
from sellerweb.shop.case import shelf
from sellerweb.shop.models import Base, Event, Notice, StageTally, Thread, ThreadEvent
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

REAL = _l("This is a real order, and real orders stay. Put it into the archive instead.")


def delete(act: "Act", code: str, version: int | None = None) -> None:
    """Leave nothing of a test order: the owner's alone. That somebody deleted something stays, as an action."""
    case = act.order(code, version)
    order = case.order
    case.require("order", "delete", order.stage)
    if act.by.role != "owner":
        raise Refused(_l("Only the owner may delete a test order. Nothing was changed."))
    if not order.is_test:
        raise Refused(REAL)
    if act.tx.scalar(_SENDING, {"order": order.id}):
        # On SQLite another letter may get its number next, and with it the worker's "sent".
        raise Refused(_l("A letter about this order is being sent right now. Try again in a minute."))
    actions = act.tx.scalars(_ACTIONS, {"order": order.id}).all()
    search.forget(act.tx, order.id)
    for statement in _DELETES:
        act.tx.execute(statement, {"order": order.id})
    act.tx.execute(_DELETE_ACTIONS, {"ids": actions})
    if stage := shelf(order):
        act.tx.execute(insert(StageTally).values(channel=order.channel, stage=stage, n=-1))
    del act.cases[order.id]


def what_goes(conn: Connection, order_id: int) -> dict[str, int]:
    """What would go with an order: {table: rows}, without the empty ones."""
    return {row.name: row.n for row in conn.execute(_COUNTS, {"order": order_id}) if row.n}


_order: BindParameter[int] = bindparam("order")


def _rows_of_order() -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Each table that holds something of an order, and which rows; leaves first. One made tomorrow is not forgotten."""
    for table in reversed(Base.metadata.sorted_tables):
        if table.name == "orders":
            yield table, table.c.id == _order
        elif "order_id" in table.c:
            yield table, table.c.order_id == _order
        else:
            for key in table.foreign_keys:  # a parcel's, a claim's
                whole = key.column.table
                if "order_id" in whole.c:
                    yield table, key.parent.in_(select(key.column).where(whole.c.order_id == _order))
                    break


ROWS = dict(_rows_of_order())
_DELETES = [table.delete().where(rows) for table, rows in ROWS.items()]
_COUNTS = union_all(
    *(select(literal(t.name).label("name"), func.count().label("n")).select_from(t).where(r) for t, r in ROWS.items())
)
_SENDING = select(Notice.id).where(Notice.order_id == _order, Notice.state == "sending").limit(1)
_THREADS = select(Thread.id).where(Thread.order_id == _order)
_ACTIONS = (
    select(Event.action_id)
    .where(Event.order_id == _order)
    .union(select(ThreadEvent.action_id).where(ThreadEvent.thread_id.in_(_THREADS), ThreadEvent.action_id.is_not(None)))
)
# An action that did something to another order too stays.
_action = Base.metadata.tables["action"]
_DELETE_ACTIONS = _action.delete().where(
    _action.c.id.in_(bindparam("ids", expanding=True)),
    ~exists().where(Event.action_id == _action.c.id),
    ~exists().where(ThreadEvent.action_id == _action.c.id),
)
