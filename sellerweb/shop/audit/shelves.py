"""S1, S2: what lies on the shelves is the sum of what moved, and what is reserved is what paid orders wait for."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select, tuple_

from sellerweb.shop import states
from sellerweb.shop.audit.whole import Finding
from sellerweb.shop.models import Order, OrderLine, Product, Stock, StockMove


def moved(conn: Connection) -> Iterator[Finding | None]:
    """S1: every move says how many there were after it, as the sum of all until then; the shelf holds that of the last."""
    for row in conn.execute(_STEPS):
        wrong = f"{row.after} after the move, but the moves until then are {row.sum}"
        yield None if row.sum == row.after else Finding("stock_move", row.id, "", None, wrong)
    for shelf in conn.execute(_SUMS):
        wrong = f"{shelf.on_hand} on hand, but the moves are {shelf.sum}"
        fine = shelf.on_hand == shelf.sum
        yield None if fine else Finding("stock", [shelf.product_id, shelf.location_id], "", None, wrong)


def reserved(conn: Connection) -> Iterator[Finding | None]:
    """S2: what each shelf keeps back is what lines of paid orders have not sent yet; no line waits at a shelf that is not there."""
    for row in conn.execute(_WAITING):
        wrong = f"{row.reserved} reserved, but {row.waiting} pieces wait"
        fine = (row.reserved or 0) == (row.waiting or 0)
        yield None if fine else Finding("stock", [row.product_id, row.location_id], "", None, wrong)


_running = func.sum(StockMove.quantity).over(
    partition_by=(StockMove.product_id, StockMove.location_id), order_by=StockMove.id
)
_STEPS = select(StockMove.id, StockMove.after, _running.label("sum"))
_sum = func.coalesce(func.sum(StockMove.quantity), 0).label("sum")
_same = (StockMove.product_id == Stock.product_id) & (StockMove.location_id == Stock.location_id)
_SUMS = (
    select(Stock.product_id, Stock.location_id, Stock.on_hand, _sum)
    .join(StockMove, _same, isouter=True)
    .group_by(Stock.product_id, Stock.location_id, Stock.on_hand)
)
_place = func.coalesce(OrderLine.location_id, Product.home_id)
_waits = (
    select(
        OrderLine.product_id,
        _place.label("location_id"),
        func.sum(OrderLine.ordered - OrderLine.cancelled - OrderLine.shipped).label("waiting"),
    )
    .join(Product, Product.id == OrderLine.product_id)
    .join(Order, Order.id == OrderLine.order_id)
    .where(
        OrderLine.ordered > OrderLine.cancelled + OrderLine.shipped,
        Product.home_id.is_not(None),
        Order.stage.in_(states.OPEN),
        Order.is_test.is_(False),
    )
    .group_by(OrderLine.product_id, _place)
    .subquery()
)
_WAITING = select(
    func.coalesce(Stock.product_id, _waits.c.product_id).label("product_id"),
    func.coalesce(Stock.location_id, _waits.c.location_id).label("location_id"),
    Stock.reserved,
    _waits.c.waiting,
).join_from(
    Stock,
    _waits,
    tuple_(Stock.product_id, Stock.location_id) == tuple_(_waits.c.product_id, _waits.c.location_id),
    full=True,
)
