"""All letters of the shop for reading, newest first: by order, medium and what became of them. What happens to one: `outbox`."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from sellerweb.shop import search
from sellerweb.shop.models import Notice, Order

PAGE = 30
MEDIA = ("email", "sms")
STATES = ("waiting", "sending", "sent", "unsure", "failed", "suppressed")
_ROWS = select(
    Notice.id, Notice.letter, Notice.medium, Notice.state, Notice.why, Notice.created_at, Notice.not_before,
    Notice.handed_at, Notice.sent_at, Notice.subject, Order.code, Order.order_no, Order.channel, Order.receiver_name,
    Order.buyer_name,
).join(Order, Order.id == Notice.order_id).order_by(Notice.id.desc())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters: `q` finds their orders as the queue's search does; empty fields do not filter."""

    q: str = ""
    medium: str = ""
    state: str = ""

    def words(self) -> dict[str, str]:
        """As it stands in an address."""
        return {name: value for name, value in asdict(self).items() if value}


def page(conn: Connection, filter_: Filter, before: int = 0) -> tuple[list[Row[Any]], int]:
    """So many letters older than `before`, and where the next page begins (0: this is the last one)."""
    query = _ROWS.limit(PAGE + 1)
    if filter_.q:
        query = query.where(Notice.order_id.in_(search.find(conn, filter_.q)))
    if filter_.medium:
        query = query.where(Notice.medium == filter_.medium)
    if filter_.state:
        query = query.where(Notice.state == filter_.state)
    if before:
        query = query.where(Notice.id < before)
    rows: list[Row[Any]] = list(conn.execute(query))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else 0
