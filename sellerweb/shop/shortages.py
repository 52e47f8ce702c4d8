"""What of the orders on a page is not there: orders that are due first take from the shelf first. Reads only, in one statement.

Pieces in a parcel are out of the shelf's reach, and orders that are held or stopped stand behind the others. An order with all it
needs is not named.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from sellerweb.shop import states
from sellerweb.shop.models import Order, OrderLine, Product, Stock

Short = dict[int, tuple[int, int]]


def of(conn: Connection, orders: list[int]) -> dict[int, Short]:
    """{order id: {line id: (pieces that are there, pieces that it needs)}} of the lines that are short."""
    found: dict[int, Short] = {}
    for row in conn.execute(_SHORT, {"ids": orders}) if orders else ():
        before = row.upto - row.need
        there = max(0, row.on_hand - row.packed_all - before)
        found.setdefault(row.order_id, {})[row.id] = (there, row.need)
    return found


def sums(short: Short) -> tuple[int, int]:
    """Pieces there and needed, of all short lines of an order."""
    return sum(there for there, _ in short.values()), sum(need for _, need in short.values())


_ids: Any = bindparam("ids", expanding=True)
_line = OrderLine.__table__.c
_need = _line.ordered - _line.cancelled - _line.packed - _line.shipped
_last = (Order.held_at.is_not(None)) | (Order.channel_block != "")
_shelf = (Stock.product_id, Stock.location_id)
# Only shelves on which more is reserved than lies there (a partial index), and of them those of the page's products.
_queue = (
    select(
        _line.id,
        _line.order_id,
        _need.label("need"),
        Stock.on_hand,
        func.sum(_need)
        .over(partition_by=_shelf, order_by=(_last, Order.ship_due_at, Order.id, _line.id))
        .label("upto"),
        func.sum(_line.packed).over(partition_by=_shelf).label("packed_all"),
    )
    .select_from(Stock)
    .join(Product, Product.id == Stock.product_id)
    .join(OrderLine, _line.product_id == Stock.product_id)
    .join(Order, Order.id == _line.order_id)
    .where(
        text("stock.reserved > stock.on_hand"),
        Stock.product_id.in_(select(_line.product_id).where(_line.order_id.in_(_ids))),
        func.coalesce(_line.location_id, Product.home_id) == Stock.location_id,
        _line.product_id.is_not(None),
        _line.ordered > _line.cancelled + _line.shipped,
        Order.stage.in_(states.OPEN),
        Order.is_test.is_(False),
    )
    .subquery()
)
_SHORT = select(_queue).where(
    _queue.c.order_id.in_(_ids), _queue.c.need > 0, _queue.c.upto > _queue.c.on_hand - _queue.c.packed_all
)
