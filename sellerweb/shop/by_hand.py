"""An order that the shop takes itself, on the phone or at a market stall: its number, its goods, placing it. No pages."""

import re
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, bindparam, func, select
from sqlalchemy.exc import IntegrityError

from sellerweb.shop import intake
from sellerweb.shop.case import Case
from sellerweb.shop.history import Act
from sellerweb.shop.incoming import OrderIn
from sellerweb.shop.models import Event, Order, Product
from sellerweb.shop.refused import Refused

CHANNEL = "manual"
FOUND = 6
_AT_ONCE = 50
_TRIES = 5
_TAKEN = select(Order.order_no).where(
    Order.channel == CHANNEL, Order.order_no.in_(bindparam("numbers", expanding=True))
)
_PRODUCT = select(Product.id, Product.sku, Product.name, Product.option, Product.shelf)


def next_number(conn: Connection, day: date) -> str:
    """The first number of this day that no order has: M20261123-01."""
    for first in count(1, _AT_ONCE):
        numbers = [f"M{day:%Y%m%d}-{n:02}" for n in range(first, first + _AT_ONCE)]
        taken = set(conn.scalars(_TAKEN, {"numbers": numbers}))
        if free := [number for number in numbers if number not in taken]:
            return free[0]
    raise AssertionError("a day has no last number")


def place(act: Act, told: OrderIn, day: date, *, proposed: str = "", is_test: bool = False) -> Case:
    """A new order. A number that was only `proposed` gives way to the next where another order has taken it meanwhile."""
    if not re.search(r"[0-9]", told.order_no):
        raise Refused(_l("An order number has at least one digit, for example M20261123-01."), "order_no")
    for _try in range(_TRIES):
        if not act.tx.scalar(_TAKEN, {"numbers": [told.order_no]}):
            try:
                with act.tx.begin_nested():
                    return intake.place(act, CHANNEL, told, is_test=is_test)
            except IntegrityError:
                pass  # two tablets, one number, the same moment
        if told.order_no != proposed:
            break
        proposed = next_number(act.tx, day)
        told = replace(told, order_no=proposed)
    raise Refused(
        _l("There is an order %(no)s already. Type another number; nothing was placed.", no=told.order_no), "order_no"
    )


def made_by(conn: Connection, action_id: str) -> str | None:
    """The code of the order that an action placed, for the same answer to the same form."""
    placed = select(Order.code).join(Event, Event.order_id == Order.id)
    return conn.scalar(placed.where(Event.action_id == action_id, Event.verb == "place").limit(1))


def products(conn: Connection, words: str) -> list[Row[Any]]:
    """Products whose SKU or name holds these words; those whose SKU begins so come first."""
    if not words:
        return []
    holds = Product.sku.icontains(words, autoescape=True) | Product.name.icontains(words, autoescape=True)
    begins = Product.sku.istartswith(words, autoescape=True)
    return list(
        conn.execute(_PRODUCT.where(holds).order_by(begins.desc(), func.lower(Product.name), Product.id).limit(FOUND))
    )


def product(conn: Connection, product_id: int) -> Any:
    """The product of this key; None: there is none."""
    return conn.execute(_PRODUCT.where(Product.id == product_id)).one_or_none()


def by_sku(conn: Connection, sku: str) -> Any:
    """The product with exactly this SKU; None: there is none."""
    return conn.execute(_PRODUCT.where(Product.sku == sku)).one_or_none() if sku else None
