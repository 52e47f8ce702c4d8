"""Pieces on the shelves: what a parcel takes along, and what comes back to be sold again. No orders' rules.

A product that nobody has counted has no row here, and nothing is counted for it.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from sellerweb.shop.models import Stock


def take(tx: Connection, lines: Mapping[int, Any], pieces: Mapping[int, int]) -> None:
    """`pieces` {line id: quantity} are no longer on hand: sent, or found to be missing. Never below zero."""
    _move(tx, lines, pieces, -1)


def put_back(tx: Connection, lines: Mapping[int, Any], pieces: Mapping[int, int]) -> None:
    """`pieces` can be sold again."""
    _move(tx, lines, pieces, +1)


def _move(tx: Connection, lines: Mapping[int, Any], pieces: Mapping[int, int], sign: int) -> None:
    steps: dict[int, int] = {}
    for line_id, quantity in pieces.items():
        if quantity and (product := lines[line_id].product_id) is not None:
            steps[product] = steps.get(product, 0) + sign * quantity
    for product, step in sorted(
        steps.items()
    ):  # in one order everywhere, so that two parcels never wait for each other
        first = select(func.min(Stock.location_id)).where(Stock.product_id == product).scalar_subquery()
        here = (Stock.product_id == product, Stock.location_id == first)
        left = Stock.on_hand + step
        tx.execute(update(Stock).where(*here).values(on_hand=case((left < 0, 0), else_=left)))
