"""What somebody began to write and has not sent: kept for them, on whatever tablet they go on. Nobody else reads it."""

from datetime import timedelta

from sqlalchemy import Connection, delete, exists, insert, select

from sellerweb.shop import clock
from sellerweb.shop.db import write
from sellerweb.shop.models import Action, Draft

KEPT = timedelta(days=7)


def of_order(code: str) -> str:
    """The place where an order's customer is answered."""
    return f"order-{code}"


def of_thread(thread_id: int) -> str:
    """The place where a thread is answered."""
    return f"thread-{thread_id}"


def keep(staff_id: int, place: str, words: str, action_id: str) -> None:
    """What now stands in the field; nothing of it where the form (`action_id`) has been sent meanwhile."""
    with write() as tx:
        forget(tx, staff_id, place)
        sent = tx.scalar(select(exists().where(Action.id == action_id)))
        if words.strip() and not sent:
            tx.execute(insert(Draft).values(staff_id=staff_id, place=place, words=words, at=clock.now()))


def of(conn: Connection, staff_id: int, place: str) -> str:
    mine = select(Draft.words).where(Draft.staff_id == staff_id, Draft.place == place)
    return conn.scalar(mine) or ""


def places(conn: Connection, staff_id: int) -> list[str]:
    """Where this person has one."""
    return list(conn.scalars(select(Draft.place).where(Draft.staff_id == staff_id)))


def forget(tx: Connection, staff_id: int, place: str) -> None:
    """It was sent, in this transaction."""
    tx.execute(delete(Draft).where(Draft.staff_id == staff_id, Draft.place == place))


def sweep() -> None:
    """Forget what nobody went on with."""
    with write() as tx:
        tx.execute(delete(Draft).where(Draft.at < clock.now() - KEPT))
