"""A customer's secret links, each to one order: made, found again, revoked. Only a link's SHA-256 is kept. No pages.

A link opens its order whatever becomes of it: paid, cancelled, archived. It dies when it expires or is revoked.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from sellerweb.shop import clock, orders
from sellerweb.shop.case import Case
from sellerweb.shop.db import read, write
from sellerweb.shop.models import Order, OrderLink
from sellerweb.shop.refused import Refused

# A letter's link: the slowest parcel abroad and the week to send it back are over by then; later there is the look-up.
DAYS = 60
# What a look-up opens: whoever knows number and phone can do it again, and the phone may be somebody else's.
VISIT_DAYS = 1


@dataclass(frozen=True, slots=True)
class Link:
    """What a living link opens, until when (UTC), and the language that its customer is written to in."""

    order_id: int
    code: str
    expires_at: datetime
    language: str


_FOUND = (
    select(OrderLink.order_id, Order.code, OrderLink.expires_at, Order.channel, Order.country, Order.currency)
    .join(Order, Order.id == OrderLink.order_id)
    .where(
        OrderLink.digest == bindparam("digest"),
        OrderLink.revoked_at.is_(None),
        OrderLink.expires_at > bindparam("now", type_=OrderLink.__table__.c.expires_at.type),
    )
)


def make(order_id: int, days: int = DAYS) -> str:
    """A new link's secret (128 random bits), told this once; the order's dead ones are swept. Writes by itself."""
    token, now = secrets.token_urlsafe(16), clock.now()
    row = {"order_id": order_id, "digest": _digest(token), "made_at": now, "expires_at": now + timedelta(days=days)}
    with write() as tx:
        tx.execute(delete(OrderLink).where(OrderLink.order_id == order_id, OrderLink.expires_at <= now))
        tx.execute(insert(OrderLink).values(row))
    return token


def find(token: str) -> Link | None:
    """What this secret opens now; None alike for one that never was, has expired or was revoked."""
    row = read().execute(_FOUND, {"digest": _digest(token), "now": clock.now()}).one_or_none()
    return Link(row.order_id, row.code, row.expires_at, orders.language(row)) if row else None


def open_(token: str) -> str | None:
    """The code of the order that this secret opens now."""
    link = find(token)
    return link.code if link else None


def revoke(case: Case) -> None:
    """No link made until now opens this order any more. Letters that leave from now on carry new ones."""
    case.require("order", "revoke", case.order.stage)
    living = update(OrderLink).where(*_living(case.order.id, case.act.at)).values(revoked_at=case.act.at)
    if not case.act.tx.execute(living).rowcount:
        raise Refused(_l("No link opens this order as it is. Nothing was changed."))
    case.record("order", "revoke")


def living(conn: Connection, order_id: int) -> int:
    """How many links open this order now."""
    return conn.scalar(select(func.count()).where(*_living(order_id, clock.now()))) or 0


def _living(order_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return OrderLink.order_id == order_id, OrderLink.revoked_at.is_(None), OrderLink.expires_at > now


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
