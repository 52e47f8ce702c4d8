"""Looks at personal data: each leaves a row. Nothing else."""

from collections.abc import Iterable

from sqlalchemy import insert

from sellerweb.shop import clock
from sellerweb.shop.db import write
from sellerweb.shop.models import Access


def look(order_id: int | Iterable[int], staff_id: int | None, what: str) -> None:
    """Write down that a person saw (`address`), printed (`slip`) or took out (`export`) a customer's data."""
    ids = [order_id] if isinstance(order_id, int) else list(order_id)
    with write() as tx:
        tx.execute(
            insert(Access), [{"at": clock.now(), "staff_id": staff_id, "order_id": i, "what": what} for i in ids]
        )
