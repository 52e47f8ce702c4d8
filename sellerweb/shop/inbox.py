"""The inbox: which threads a page of it shows, its counts, how many answers were in time. Reads only.

Keyset pages, as in the queue: what waits by when it must be answered, the rest by when it was last written in.
"""

import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, and_, case, func, literal, or_, select, text, tuple_, union_all

from sellerweb.shop import policy, search
from sellerweb.shop.models import Message, Order, Staff, Thread, ThreadEvent
from sellerweb.shop.queue import tonight
from sellerweb.shop.reply_clock import Rate

PAGE = 50
TABS = ("waiting", "answered", "snoozed", "solved")
SOURCES = ("page", "mail", "talktalk", "phone", "note", "import")
SOON = timedelta(hours=2)
DAYS = 30
# Spelled exactly as the partial index is, so that both databases use it.
TICKING = text("due_at IS NOT NULL AND state = 'open'")
_ROW = (
    Thread.__table__, Staff.name.label("staff"), Order.code, Order.channel, Order.order_no, Order.stage, Order.receiver_name,
    Order.goods,
)  # fmt: skip
_ROWS = (
    select(*_ROW)
    .join(Order, Order.id == Thread.order_id, isouter=True)
    .join(Staff, Staff.id == Thread.staff_id, isouter=True)
)
_TAB: dict[str, tuple[Any, ...]] = {
    "waiting": (text("thread.due_at IS NOT NULL AND thread.state = 'open'"),),
    "answered": (Thread.state == "open", Thread.due_at.is_(None)),
    "snoozed": (Thread.state == "snoozed",),
    "solved": (Thread.state == "solved", Thread.joined_id.is_(None)),
}
_BY = {"waiting": Thread.due_at, "snoozed": Thread.snoozed_until}


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the inbox to show; empty fields do not filter. `channel` is one of the policy's, or where it was said (SOURCES)."""

    tab: str = "waiting"
    kind: str = ""
    channel: str = ""
    clock: str = ""
    mine: bool = False

    def words(self) -> dict[str, str]:
        """As it stands in an address: only what differs from the default."""
        plain = Filter()
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        changed = {name: value for name, value in said.items() if value != getattr(plain, name)}
        return {name: "1" if value is True else str(value) for name, value in changed.items()}

    def with_(self, **values: Any) -> "Filter":
        return replace(self, **values)


@dataclass(frozen=True, slots=True)
class Counts:
    """`tab`: {tab: threads} of the open ones; of those that wait: `kind` {kind: threads}, late, due soon, mine."""

    tab: dict[str, int]
    kind: dict[str, int]
    late: int
    soon: int
    mine: int


def page(conn: Connection, filter_: Filter, me: int, now: datetime, after: str = "") -> tuple[list[Row[Any]], str]:
    """Rows of one page, and the key that the next begins after."""
    query, by = _filtered(filter_, me, now), _BY.get(filter_.tab)
    column = Thread.last_at if by is None else by
    if (key := _read_key(after, column)) is not None:
        place = tuple_(column, Thread.id)
        query = query.where(place > key if by is not None else place < key)
    order = (column, Thread.id) if by is not None else (column.desc(), Thread.id.desc())
    rows = list(conn.execute(query.order_by(*order).limit(PAGE + 1)))
    if len(rows) <= PAGE:
        return rows, ""
    last = rows[PAGE - 1]
    return rows[:PAGE], f"{int(getattr(last, column.key).timestamp())}.{last.id}"


def found(conn: Connection, words: str) -> list[Row[Any]]:
    """The newest threads that hold these words, or whose order does; solved ones too."""
    wanted = search.normal(words)[:120]
    if not wanted:
        return []
    like = "%" + re.sub(r"([%_!])", r"!\1", wanted) + "%"
    said = select(Message.thread_id).where(Message.words.ilike(like, escape="!"))
    of_order = Thread.order_id.in_(search.find(conn, words))
    named = or_(*(column.ilike(like, escape="!") for column in (Thread.name, Thread.contact, Thread.subject)))
    query = _ROWS.where(Thread.joined_id.is_(None), or_(of_order, named, Thread.id.in_(said)))
    return list(conn.execute(query.order_by(Thread.last_at.desc(), Thread.id.desc()).limit(PAGE)))


def next_after(conn: Connection, filter_: Filter, me: int, now: datetime, thread_id: int) -> int | None:
    """The thread that must be answered first, but for this one; None: nothing else waits under this filter."""
    query = _filtered(filter_.with_(tab="waiting"), me, now).where(Thread.id != thread_id)
    row = conn.execute(query.order_by(Thread.due_at, Thread.id).limit(1)).first()
    return row.id if row else None


def one(conn: Connection, thread_id: int) -> Row[Any] | None:
    return conn.execute(_ROWS.where(Thread.id == thread_id)).one_or_none()


def of_order(conn: Connection, order_id: int) -> list[Row[Any]]:
    """The threads of an order, oldest first."""
    return list(conn.execute(_ROWS.where(Thread.order_id == order_id, Thread.joined_id.is_(None)).order_by(Thread.id)))


def history(conn: Connection, thread_id: int) -> list[Row[Any]]:
    """What happened to a thread, oldest first; each with who did it."""
    query = select(ThreadEvent.__table__, Staff.name.label("staff")).join(Staff, Staff.id == ThreadEvent.staff_id, isouter=True)  # fmt: skip
    return list(conn.execute(query.where(ThreadEvent.thread_id == thread_id).order_by(ThreadEvent.seq)))


def stamp(conn: Connection) -> int:
    """The newest event of any thread: while it stands still, the inbox has not changed."""
    return conn.scalar(select(func.max(ThreadEvent.id))) or 0


def counts(conn: Connection, me: int, now: datetime) -> Counts:
    """All counts in one statement over the small indexes of what is not solved."""
    tab, kind = dict.fromkeys(TABS[:3], 0), dict[str, int]()
    late = soon = mine = 0
    for what, name, n, n_late, n_soon, n_mine in conn.execute(_counting(me, now)):
        if what == "tab":
            tab[name] = n
            continue
        kind[name] = n
        late, soon, mine = late + n_late, soon + n_soon, mine + n_mine
    return Counts({**tab, "waiting": sum(kind.values())}, kind, late, soon, mine)


def rates(conn: Connection, zone: ZoneInfo, now: datetime) -> dict[tuple[str, str], Rate]:
    """{("today" or "month", "talktalk" or "others"): rate}. What is late and still waits counts as not in time in both."""
    begin = tonight(zone, now) - timedelta(days=1)
    sums: dict[tuple[str, str], Rate] = {(span, who): Rate() for span in ("today", "month") for who in ("others", "talktalk")}  # fmt: skip
    for talks, asked, in_time, asked_today, in_time_today in conn.execute(_rating(begin, now)):
        who = "talktalk" if talks else "others"
        for span, n, good in (("month", asked, in_time), ("today", asked_today, in_time_today)):
            old = sums[span, who]
            sums[span, who] = Rate(old.asked + n, old.in_time + good)
    return sums


def goals(conn: Connection) -> dict[str, int]:
    """What share of answers in time the shop wants, in per cent: SmartStore's for TalkTalk, the highest for the others."""
    each = {channel: rules.reply_goal for channel, rules in policy.all_(conn).items()}
    return {"talktalk": each["smartstore"], "others": max(each.values())}


def _filtered(filter_: Filter, me: int, now: datetime) -> Select[Any]:
    query = _ROWS.where(*_TAB[filter_.tab])
    if filter_.kind:
        query = query.where(Thread.kind == filter_.kind)
    if filter_.channel:
        in_source = filter_.channel in SOURCES
        query = query.where(Thread.source == filter_.channel if in_source else Order.channel == filter_.channel)
    if filter_.clock == "late":
        query = query.where(Thread.due_at < now)
    elif filter_.clock == "soon":
        query = query.where(Thread.due_at >= now, Thread.due_at < now + SOON)
    return query.where(Thread.staff_id == me) if filter_.mine else query


def _counting(me: int, now: datetime) -> Any:
    late, soon = Thread.due_at < now, and_(Thread.due_at >= now, Thread.due_at < now + SOON)
    sums = [func.sum(case((each, 1), else_=0)) for each in (late, soon, Thread.staff_id == me)]
    waiting = select(literal("kind"), Thread.kind, func.count(), *sums).where(TICKING).group_by(Thread.kind)
    none = (literal(0), literal(0), literal(0))
    rest = [
        select(literal("tab"), literal(tab), func.count(), *none).select_from(Thread).where(*_TAB[tab])
        for tab in ("answered", "snoozed")
    ]
    return union_all(waiting, *rest)


def _rating(begin: datetime, now: datetime) -> Any:
    talks = Thread.source == "talktalk"
    good, today = Message.answered_at <= Message.due_at, Message.answered_at >= begin

    def n(*which: Any) -> Any:
        return func.coalesce(func.sum(case((and_(*which), 1), else_=0)), 0)

    answered = (
        select(talks, func.count(), n(good), n(today), n(good, today))
        .join(Thread, Thread.id == Message.thread_id)
        .where(text("message.due_at IS NOT NULL"), Message.answered_at >= now - timedelta(days=DAYS))
        .group_by(talks)
    )
    late = (
        select(talks, func.count(), literal(0), func.count(), literal(0))
        .where(Thread.state.in_(("open", "snoozed")), Thread.due_at < now)
        .group_by(talks)
    )
    return union_all(answered, late)


def _read_key(after: str, column: Any) -> Any:
    moment, _dot, id_ = after.partition(".")
    if not (
        moment.isascii() and moment.isdigit() and id_.isascii() and id_.isdigit() and len(moment) < 11 and len(id_) < 10
    ):
        return None
    return tuple_(literal(datetime.fromtimestamp(int(moment), UTC), column.type), literal(int(id_)))
