"""How often a slip was printed, for which address; each printing is also a look at the address. Nothing is drawn here."""

from collections.abc import Iterable

from sqlalchemy import func, insert, select

from sellerweb.shop import clock
from sellerweb.shop.db import write
from sellerweb.shop.models import Access, Order, SlipPrint


def count(order_ids: Iterable[int], staff_id: int | None) -> dict[int, int]:
    """Write one printing of each order down; returns {order id: its number}, 1 for the first."""
    at, numbers = clock.now(), {}
    with write() as tx:
        for order_id in sorted(set(order_ids)):
            version = tx.scalar(select(Order.address_version).where(Order.id == order_id).with_for_update())
            last = tx.scalar(select(func.max(SlipPrint.number)).where(SlipPrint.order_id == order_id))
            numbers[order_id] = (last or 0) + 1
            row = {
                "order_id": order_id,
                "number": numbers[order_id],
                "address_version": version,
                "staff_id": staff_id,
                "at": at,
            }
            tx.execute(insert(SlipPrint), row)
            tx.execute(insert(Access), {"order_id": order_id, "staff_id": staff_id, "at": at, "what": "slip"})
    return numbers
