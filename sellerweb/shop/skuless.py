"""Open lines without a SKU of ours: they become pieces of the product that gets their name and option. No new orders: `goods.sell`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from sellerweb.shop import states
from sellerweb.shop.models import Order, OrderLine, Product

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

Lines = list[Any]


def lock(act: "Act", words: Iterable[tuple[str, str]]) -> Lines:
    """Such lines with one of these names and options, their orders locked."""
    wanted = set(words)
    names = {"names": sorted({name for name, _option in wanted if name})}
    orders = {
        row.order_id
        for row in (act.tx.execute(_OPEN, names) if names["names"] else ())
        if (row.name, row.option) in wanted
    }
    if not orders:
        return []
    return [
        line
        for case in act.all_of(orders).values()
        for line in case.lines.values()
        if line.product_id is None and not line.sku and (line.name, line.option) in wanted
    ]


def find(act: "Act", lines: Lines, products: list[int]) -> None:
    """Of these `products`, made in this action, the lines get theirs; what they wait for follows at the action's end."""
    if not lines or not products:
        return
    found = {(row.name, row.option): row.id for row in act.tx.execute(_ALONE, {"ids": products})}
    for line in lines:
        if product := found.get((line.name, line.option)):
            act.tx.execute(update(OrderLine).where(OrderLine.id == line.id).values(product_id=product))
            line.product_id = product


_OPEN = (
    select(OrderLine.order_id, OrderLine.name, OrderLine.option)
    .join(Order, Order.id == OrderLine.order_id)
    .where(
        Order.stage.in_(("awaiting_payment", *states.OPEN)),
        OrderLine.product_id.is_(None),
        OrderLine.sku == "",
        OrderLine.name.in_(bindparam("names", expanding=True)),
    )
)
# Where several products are called so, nobody can tell which one is meant.
_namesakes = (
    select(Product.name, Product.option, func.count().label("n")).group_by(Product.name, Product.option).subquery()
)
_ALONE = (
    select(Product.id, Product.name, Product.option)
    .join(_namesakes, (_namesakes.c.name == Product.name) & (_namesakes.c.option == Product.option))
    .where(Product.id.in_(bindparam("ids", expanding=True)), _namesakes.c.n == 1)
)
