"""Finding one's own order by its number and a phone: who may try how often, and what counts as the same. No pages.

Every try is counted before it is checked, by order number and by address, and taken back when it was right: so tries
made at the same moment count too, on every server. A wrong phone, a foreign order and no order are answered alike.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, bindparam, delete, func, insert, select

from sellerweb.shop import clock, contacts, orders, policy
from sellerweb.shop.db import write
from sellerweb.shop.models import LookUpFailure, Order
from sellerweb.shop.refused import Refused

WRONG_BY_ORDER, ORDER_WINDOW = 5, timedelta(hours=1)
WRONG_BY_ADDRESS, ADDRESS_WINDOW = 10, timedelta(minutes=15)
_COUNTING = 0x10CA  # our name for the lock; any number that nobody else uses
# With the channels, for the index begins with them.
_ORDERS = select(Order.id, Order.buyer_phone, Order.phone, Order.phone2).where(
    Order.channel.in_(policy.CHANNELS), Order.order_no.in_(bindparam("numbers", expanding=True))
)


class Throttled(Refused):
    """Too many wrong tries; `wait` says how long this lasts."""

    def __init__(self, wait: timedelta) -> None:
        minutes = -(-wait // timedelta(minutes=1))
        super().__init__(_l("Too many tries. Please wait %(minutes)s minutes and try again.", minutes=minutes))
        self.wait = wait


def look_up(number: str, phone: str, address: str) -> int:
    """The id of the order with this number that was bought or is received under this phone."""
    number = unicodedata.normalize("NFKC", number).replace("\0", "").strip()[:64]
    tries = _count_try(number, address)
    with write() as tx:  # only a look, but of the newest state
        for order in tx.execute(_ORDERS, {"numbers": _spelled(number)}):
            if any(same_phone(phone, theirs) for theirs in (order.buyer_phone, order.phone, order.phone2)):
                tx.execute(delete(LookUpFailure).where(LookUpFailure.id.in_(tries)))
                return int(order.id)
    raise Refused(_l("We cannot find an order with this number and phone. Please look at both again."), "phone")


def same_phone(one: str, other: str) -> bool:
    """Whether two spellings are one number: +82 10-1234-5678 is 010 1234 5678. What is masked or too short is nobody's."""
    digits = contacts.national(one)
    return len(digits) >= contacts.FEWEST and "*" not in one + other and digits == contacts.national(other)


def _spelled(number: str) -> list[str]:
    """As it was typed, with a phone's small letters made big, and with the sign that people leave out."""
    return sorted({sign + word for sign in ("", "#") for word in (number, number.upper())})


def _count_try(number: str, address: str) -> Sequence[int]:
    """Counts this try as a wrong one, unless too many were: then says how long to wait."""
    now = clock.now()
    keys = (
        (_key("order", orders.code_of(number).upper()), WRONG_BY_ORDER, ORDER_WINDOW),
        (_key("address", _network(address)), WRONG_BY_ADDRESS, ADDRESS_WINDOW),
    )
    with write() as tx:
        _one_at_a_time(tx)
        tx.execute(delete(LookUpFailure).where(LookUpFailure.at < now - timedelta(days=1)))
        waits = [wait for key, limit, window in keys if (wait := _wait(tx, key, limit, window, now))]
        if waits:
            raise Throttled(max(waits))
        made = insert(LookUpFailure).returning(LookUpFailure.id)
        return [tx.execute(made.values(key=key, at=now)).scalar_one() for key, _, _ in keys]


def _wait(tx: Connection, key: str, limit: int, window: timedelta, now: datetime) -> timedelta | None:
    recent = select(LookUpFailure.at).where(LookUpFailure.key == key, LookUpFailure.at > now - window)
    wrong = tx.scalars(recent.order_by(LookUpFailure.at.desc()).limit(limit)).all()
    return wrong[-1] + window - now if len(wrong) == limit else None


def _one_at_a_time(tx: Connection) -> None:
    # SQLite's writers queue anyway; on PostgreSQL tries of the same moment must not all see the same count.
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_COUNTING)))


def _network(address: str) -> str:
    """An address as we count it: of IPv6 the network, for one person has more addresses in it than there are orders."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return known.exploded[:19] if isinstance(known, IPv6Address) and not known.ipv4_mapped else address


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}:{text}".encode("utf-8", "surrogatepass")).hexdigest()
