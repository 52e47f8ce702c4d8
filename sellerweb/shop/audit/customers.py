"""C1 to C3: a customer's link opens one order and is told to nobody else; what customers did was theirs to do, and in time.

Reads only. Which page shows what is for the tests of the pages.
"""

import hashlib
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from sellerweb.shop import cancelling, states
from sellerweb.shop.audit.replayed import Facts
from sellerweb.shop.audit.whole import BATCH, Finding, Whole
from sellerweb.shop.models import Notice, Order, OrderLink

_DIGEST = re.compile("[0-9a-f]{64}")
# What a link's secret looks like: 128 bits and more, as addresses spell them.
_SECRET = re.compile("[A-Za-z0-9_-]{22,}")


def links(whole: Whole) -> Iterator[Finding | None]:
    """C1: of a link only its digest is kept, and for a time."""
    for link in whole.links:
        if not _DIGEST.fullmatch(link.digest):
            wrong = "its digest is no SHA-256"
        elif link.expires_at <= link.made_at:
            wrong = "was over before it was made"
        else:
            wrong = ""
        yield whole.finding("order_link", link.id, wrong) if wrong else None


def shared(conn: Connection) -> Iterator[Finding | None]:
    """C1: a link opens one order."""
    for row in conn.execute(_SHARED):
        yield Finding("order_link", row.id, "", None, f"{row.n} links have its digest")


_SHARED = (
    select(func.max(OrderLink.id).label("id"), func.count().label("n"))
    .group_by(OrderLink.digest)
    .having(func.count() > 1)
)


def kept(conn: Connection) -> Iterator[Finding | None]:
    """C1: no secret of a link stands in what was kept of a letter."""
    last = 0
    while letters := conn.execute(_LETTERS, {"last": last}).all():
        last = letters[-1].id
        secrets = {_digest(word): row for row in letters for word in _SECRET.findall(f"{row.subject}\n{row.body}")}
        if secrets:
            for digest in conn.scalars(select(OrderLink.digest).where(OrderLink.digest.in_(secrets))):
                row = secrets[digest]
                yield Finding("notice", row.id, row.code or "", None, "keeps the secret of a link")


_LETTERS = (
    select(Notice.id, Notice.subject, Notice.body, Order.code)
    .outerjoin(Order, Order.id == Notice.order_id)
    .where(Notice.id > bindparam("last"), Notice.subject + Notice.body != "")
    .order_by(Notice.id)
    .limit(BATCH)
)


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def in_time(whole: Whole) -> Iterator[Finding | None]:
    """C2: a customer cancelled at once only where the table let them, by the facts of that moment."""
    for n, event in enumerate(whole.events):
        if (event.actor, event.thing, event.verb) == ("customer", "cancel", "cancel"):
            wrong = _closed(whole, event, Facts(whole.events[:n]))
            yield whole.finding("event", event.id, wrong, event.seq) if wrong else None


def _closed(whole: Whole, event: Row[Any], then: Facts) -> str:
    order = whole.order
    if not cancelling.decides_here(order.channel):
        return f"customers cannot cancel orders of {order.channel} here"
    was = SimpleNamespace(
        paid_at=then.instant("paid_at"), cancel_until=then.instant("cancel_until"), stage=then.stage,
        ship_due_at=None if _due_is_new(whole, event) else order.ship_due_at,
    )  # fmt: skip
    column = cancelling.column(was, "open", event.at)
    if cancelling.TABLE[order.channel][column] == cancelling.NOW:
        return ""
    if was.ship_due_at is None and cancelling.TABLE[order.channel]["delayed"] == cancelling.NOW:
        return ""  # it may have been late then: when it was due is not told by events
    return f"cancelled at once while {column} (at once until {was.cancel_until})"


def _due_is_new(whole: Whole, event: Row[Any]) -> bool:
    """Whether the day that it should have left by was set once more after this event."""
    later = [set(e.changes.get("order", {})) for e in whole.events if e.seq > event.seq]
    return any(line.claim_id is not None for line in whole.lines) or any(
        facts & {"paid_at", "promised_on", "channel_due_at"} for facts in later
    )


def posted(whole: Whole) -> Iterator[Finding | None]:
    """C3: what a customer did came as a form, by nobody of the staff, and was a move of customers."""
    for event in whole.events:
        if event.actor != "customer":
            continue
        if event.staff_id is not None or not _DIGEST.fullmatch(event.said or ""):
            wrong = "a customer's move without a customer's form"
        elif "customer" not in states.move(event.thing, event.verb).who:
            wrong = f"{event.thing} {event.verb} is no move of customers"
        else:
            wrong = ""
        yield whole.finding("event", event.id, wrong, event.seq) if wrong else None
