"""What a new order begins with: the columns of its row and of its lines, out of what a channel tells, and a free code. No verbs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from sellerweb.shop import goods as products
from sellerweb.shop import orders
from sellerweb.shop.history import Act
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Order

UNPAID = ("unpaid", "waiting")
GONE = ("shipping", "shipped", "delivered", "done", "returned", "return_requested", "exchanged", "exchange_requested")
_TAKEN = select(Order.code).where(Order.code.in_(bindparam("codes", expanding=True)))


def of_order(act: Act, channel: str, told: OrderIn, code: str) -> dict[str, Any]:
    """The columns of a new order that was told."""
    pieces = sum(line.quantity for line in told.lines)
    amounts = [line.total for line in told.lines]
    unpaid = any(line.state in UNPAID for line in told.lines)
    confirmed = any(line.state in ("confirmed", "part_shipped", *GONE) for line in told.lines)
    at = told.ordered_at or told.paid_at or act.at
    return {
        "code": code,
        "channel": channel,
        "order_no": told.order_no,
        "ordered_at": at,
        "paid_at": None if unpaid else told.paid_at or at,
        "confirmed_at": (told.confirmed_at or at) if confirmed and not unpaid else None,
        "channel_due_at": told.ship_due_at,
        "currency": told.currency,
        "total": None if None in amounts else sum(a for a in amounts if a is not None),
        "shipping_fee": told.shipping_fee,
        "buyer_name": told.buyer_name,
        "buyer_phone": told.buyer_phone,
        "buyer_email": told.buyer_email,
        "message": told.message,
        "gift_note": told.gift_note,
        "goods": goods(told.lines),
        "lines_count": len(told.lines),
        "pieces": pieces,
        **{name: getattr(told, name) for name in orders.ADDRESS},
    }


def goods(lines: list[LineIn]) -> str:
    """What a row of the queue says an order holds: the first line's name and option."""
    return " · ".join(p for p in (lines[0].name, lines[0].option) if p).replace("\n", " ")[:300]


def of_line(act: Act, said: LineIn, position: int) -> dict[str, Any]:
    """The columns of a line that was told; its product is one that `goods.sell` has seen."""
    return {
        "item_no": said.item_no,
        "position": position,
        "product_id": act.products.get(products.key(said.sku, said.name, said.option)),
        "sku": said.sku,
        "name": said.name,
        "option": said.option,
        "gift": said.gift,
        "total": said.total,
        "carrier": said.carrier,
        "method": said.method,
        "channel_state": said.state,
        "ordered": said.quantity,
    }


def free_codes(tx: Connection, channel: str, order_nos: Sequence[str]) -> list[str]:
    """A code for each of these order numbers that no order has: the number's own, nearly always."""
    wanted = [orders.code_of(number) or channel for number in order_nos]
    taken = set(tx.scalars(_TAKEN, {"codes": wanted}))
    given = []
    for code in wanted:
        if code in taken:
            taken |= set(tx.scalars(select(Order.code).where(Order.code.startswith(code, autoescape=True))))
            code = next(f"{code}-{n}" for n in range(2, len(taken) + 3) if f"{code}-{n}" not in taken)
        taken.add(code)
        given.append(code)
    return given
