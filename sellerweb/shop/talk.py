"""One thread in the middle of an action: made or read and locked, changed, its history written. No rules.

A thread's order is locked before the thread, by everybody: who wants both never waits for somebody who waits for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, insert, or_, select, update

from sellerweb.shop import policy, reply_clock
from sellerweb.shop.history import Act
from sellerweb.shop.models import Event, Order, Thread, ThreadEvent
from sellerweb.shop.policy import Policy
from sellerweb.shop.refused import Refused

# What the history tells of a thread; the rest is its customer's, or follows from the messages.
FACTS = ("order_id", "joined_id", "staff_id", "source", "kind", "state", "due_at", "left_seconds", "snoozed_until")

# What the clock does behind everybody's back changes nothing of what somebody is about to say.
NO_NEWS = ("wake", "hand")


class NotThere(LookupError):
    """There is no such thread."""


class MovedOn(Refused):
    """Somebody else has done something in this thread, or with its order, since the page was drawn."""

    def __init__(self) -> None:
        super().__init__(_l("This conversation has moved on since your page was drawn. Nothing was done; look at what came, then try again."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page was drawn from: the thread's version and its order's. What a person did since by themselves is no news to them."""

    version: int
    order_version: int = 0


@dataclass(slots=True)
class Talk:
    """`row` is a plain record of the thread that follows every change made."""

    act: Act
    row: SimpleNamespace

    def rules(self) -> Policy:
        channel = ""
        if self.row.order_id is not None:
            channel = self.act.tx.scalar(select(Order.channel).where(Order.id == self.row.order_id)) or ""
        return policy.of(self.act.tx, reply_clock.rules_of(self.row.source, channel))

    def record(self, verb: str, **values: Any) -> None:
        """Set columns of the thread, and write down what that changed."""
        before = {name: getattr(self.row, name) for name in values}
        told = {name: [plain(before[name]), plain(new)] for name, new in values.items() if name in FACTS}
        self.row.version += 1
        for name, value in values.items():
            setattr(self.row, name, value)
        self.act.tx.execute(update(Thread).where(Thread.id == self.row.id).values(version=self.row.version, **values))
        _write(self.act, self.row.id, self.row.version, verb, {n: c for n, c in told.items() if c[0] != c[1]})


def make(act: Act, source: str, kind: str, **values: Any) -> Talk:
    """A new thread, nothing said in it yet. Its order, if there is one, is locked already."""
    row = {
        "source": source,
        "kind": kind,
        "state": "open",
        "version": 1,
        "began_at": act.at,
        "last_at": act.at,
        **values,
    }
    new = act.tx.execute(insert(Thread).returning(Thread.__table__), row).one()
    told = {name: [None, plain(value)] for name in FACTS if (value := getattr(new, name)) is not None}
    _write(act, new.id, 1, "begin", told)
    return Talk(act, SimpleNamespace(**new._mapping))


def take(act: Act, thread_id: int, seen: Seen | None = None, orders: Sequence[int] = ()) -> Talk:
    """The thread, locked after its order (and after `orders`, those it is to be tied to). Raises NotThere and MovedOn."""
    return take_all(act, [thread_id], seen, orders)[0]


def take_all(act: Act, ids: Sequence[int], seen: Seen | None = None, orders: Sequence[int] = ()) -> list[Talk]:
    """Threads in the order of `ids`, all locked; `seen` is of the first."""
    theirs = select(Thread.order_id).where(Thread.id.in_(ids), Thread.order_id.is_not(None))
    locked = set(act.tx.scalars(theirs)) | set(orders)
    act.tx.execute(select(Order.id).where(Order.id.in_(locked)).order_by(Order.id).with_for_update())
    rows = act.tx.execute(select(Thread.__table__).where(Thread.id.in_(ids)).order_by(Thread.id).with_for_update())
    found = {row.id: SimpleNamespace(**row._mapping) for row in rows}
    if set(ids) - set(found):
        raise NotThere(str(ids[0]))
    if any(row.order_id is not None and row.order_id not in locked for row in found.values()):
        raise MovedOn  # tied to another order between our two looks
    if any(row.joined_id is not None for row in found.values()):
        raise MovedOn  # it is empty, and stays so
    if seen is not None and _moved_on(act, found[ids[0]], seen):
        raise MovedOn
    return [Talk(act, found[key]) for key in ids]


def newest_of(act: Act, order_id: int, *which: Any) -> Talk | None:
    """The newest thread of an order that is locked already."""
    query = select(Thread.__table__).where(Thread.order_id == order_id, Thread.joined_id.is_(None), *which)
    row = act.tx.execute(query.order_by(Thread.id.desc()).limit(1).with_for_update()).one_or_none()
    return Talk(act, SimpleNamespace(**row._mapping)) if row else None


def plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _moved_on(act: Act, row: Any, seen: Seen) -> bool:
    news = [_foreign(act, ThreadEvent, ThreadEvent.thread_id == row.id, ThreadEvent.seq > seen.version)]
    if row.order_id is not None and seen.order_version:
        news.append(_foreign(act, Event, Event.order_id == row.order_id, Event.seq > seen.order_version))
    return bool(act.tx.scalar(select(or_(*news))))


def _foreign(act: Act, table: Any, *which: Any) -> Any:
    me = act.by.staff_id
    others = or_(table.actor != "staff", table.staff_id != me) if me is not None else table.seq > 0
    return exists().where(*which, others, table.verb.not_in(NO_NEWS))


def _write(act: Act, thread_id: int, seq: int, verb: str, changes: dict[str, Any]) -> None:
    row = {"thread_id": thread_id, "seq": seq, "at": act.at, "verb": verb, "actor": act.by.kind}
    act.tx.execute(insert(ThreadEvent), {**row, "staff_id": act.by.staff_id, "action_id": act.id, "changes": changes})
