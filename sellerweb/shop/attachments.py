"""Photos of an order: keeping them in the transaction that speaks of them, who may see which, and sweeping what nobody names.

The pictures themselves lie in `files`; they come in cleaned (`kit.photos`).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Row, insert, or_, select

from sellerweb.shop import clock, files
from sellerweb.shop.case import Case
from sellerweb.shop.db import reader
from sellerweb.shop.history import Repeated
from sellerweb.shop.models import Attachment, Order, Product
from sellerweb.shop.refused import Refused

ORPHANED = timedelta(days=1)
MEDIA = "image/jpeg"


class Picture(Protocol):
    """What is to be kept: two JPEGs and what is known of the bigger one."""

    @property
    def data(self) -> bytes: ...
    @property
    def small(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture whose files are written and whose row is not."""

    key: str
    bytes: int
    width: int
    height: int
    sha256: str


@contextmanager
def storing(pictures: Iterable[Picture]) -> Iterator[list[Stored]]:
    """Write the files, then do the transaction inside: a slow store keeps no order locked. After a refusal they are removed.

    After anything else they stay: nobody knows whether the transaction came through, and the sweep looks.
    """
    stored = [
        Stored(files.put(one.data, one.small), len(one.data), one.width, one.height, one.sha256) for one in pictures
    ]
    try:
        yield stored
    except (Refused, Repeated):
        files.remove(one.key for one in stored)
        raise


def keep(case: Case, stored: Sequence[Stored], *, message: int | None = None, claim: int | None = None) -> None:
    """Name what was stored as belonging to this message or claim. A message's go to the claim that asked for photos, too."""
    if not stored:
        return
    by = "staff" if case.act.by.kind == "staff" else "customer"
    if claim is None and by == "customer":
        claim = _asking(case)
    about = {"order_id": case.order.id, "message_id": message, "claim_id": claim, "at": case.act.at, "by": by}
    rows = [
        {**about, "key": one.key, "media": MEDIA, "bytes": one.bytes, "width": one.width, "height": one.height}
        | {"sha256": one.sha256}
        for one in stored
    ]
    case.act.tx.execute(insert(Attachment), rows)


def of_order(conn: Connection, order_id: int) -> list[Row[Any]]:
    """What staff may see of an order's photos, oldest first: a customer's are personal, and wait for the payment."""
    return list(conn.execute(_SEEN.where(Attachment.order_id == order_id).order_by(Attachment.id)))


def of_customer(conn: Connection, order_id: int) -> list[Row[Any]]:
    """The photos that the order's customer sees: their own and the shop's."""
    return list(conn.execute(_ROWS.where(Attachment.order_id == order_id).order_by(Attachment.id)))


def for_staff(conn: Connection, key: str) -> bool:
    return conn.execute(_SEEN.where(Attachment.key == key)).first() is not None


def for_customer(conn: Connection, key: str, order_id: int) -> bool:
    return conn.execute(_ROWS.where(Attachment.key == key, Attachment.order_id == order_id)).first() is not None


def keys(conn: Connection, order_id: int) -> list[str]:
    return list(conn.scalars(select(Attachment.key).where(Attachment.order_id == order_id)))


def sweep() -> int:
    """Remove files that no row has named for a day: their message was never written, or its order is gone. Returns how many."""
    gone = 0
    old = list(files.older_than(clock.now() - ORPHANED))
    for start in range(0, len(old), 500):
        some = old[start : start + 500]
        with reader().connect() as conn:
            named = set(conn.scalars(select(Attachment.key).where(Attachment.key.in_(some))))
            named |= set(conn.scalars(select(Product.photo).where(Product.photo.in_(some))))
        orphans = set(some) - named
        files.remove(orphans)
        gone += len(orphans)
    return gone


def _asking(case: Case) -> int | None:
    """The newest open claim whose reason asks for a photo."""
    asking = [claim.id for claim in case.claims.values() if claim.photo and claim.closed_at is None]
    return max(asking, default=None)


_ROWS = select(Attachment.__table__)
_SEEN = _ROWS.join(Order, Order.id == Attachment.order_id).where(
    or_(Order.paid_at.is_not(None), Attachment.by == "staff")
)
