"""The queue: which orders a page of it shows, and the counts on its tabs. Reads only, by Core statements made once.

Pages are keyset pages (a row-value comparison: OFFSET is hundreds of times slower deep in a million orders).
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, case, exists, func, literal, select, text, tuple_, union_all

from sellerweb.shop import states
from sellerweb.shop.models import Claim, Event, Order, OrderLine, Shipment, StageTally, Thread

PAGE = 50
TABS = ("open", *states.STAGES, "archived")
_o = Order.__table__.c
_line = OrderLine.__table__.c
_has_open = exists().where(
    _line.order_id == _o.id, _line.ordered - _line.cancelled - _line.packed - _line.shipped - _line.asked > 0
)
# Whether an order with a wish to cancel has something to send all the same; asked for those orders alone.
SENDABLE = case((_o.claim_flag == "cancel_asked", _has_open), else_=False).label("sendable")
_ROW = (
    _o.id, _o.code, _o.channel, _o.order_no, _o.stage, _o.version, _o.is_test, _o.ordered_at, _o.ship_due_at, _o.promised_on,
    _o.held_at, _o.channel_block, _o.currency, _o.total, _o.receiver_name, _o.town, _o.goods, _o.lines_count, _o.pieces,
    _o.message, _o.gift_note, _o.claim_flag, SENDABLE,
)  # fmt: skip
# Spelled exactly as the partial indexes are, so that both databases use them.
_IS_OPEN = text("stage IN ('new','preparing','ready','partly_shipped') AND archived_at IS NULL")
_IS_ARCHIVED = text("archived_at IS NOT NULL")
_now, _tonight = bindparam("now", type_=_o.ship_due_at.type), bindparam("tonight", type_=_o.ship_due_at.type)


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the queue to show; empty fields do not filter. Days are shop days."""

    tab: str = "open"
    channel: str = ""
    due: str = ""
    promised: date | None = None
    since: date | None = None
    until: date | None = None
    by: str = "ordered"
    memo: bool = False
    door: bool = False

    @property
    def is_open(self) -> bool:
        return self.tab == "open" or self.tab in states.OPEN

    def words(self) -> dict[str, str]:
        """As it stands in an address: only what differs from the default."""
        plain = Filter()
        changed = {
            f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != getattr(plain, f.name)
        }
        return {name: "1" if value is True else str(value) for name, value in changed.items()}

    def with_(self, **values: Any) -> "Filter":
        return replace(self, **values)


_USUAL = tuple((f.name, f.default) for f in fields(Filter))


@dataclass(frozen=True, slots=True)
class Counts:
    """`stage`: {stage: orders}; `channel`: {channel: open orders}; what must leave, and what must not (`stopped` parcels).

    `cancels`, `claims`: live ones; `threads` that wait for an answer. `stamp` is the newest event.
    """

    stage: dict[str, int]
    channel: dict[str, int]
    late: int
    today: int
    labelled: int
    stopped: int
    cancels: int
    claims: int
    threads: int
    stamp: int


def page(
    conn: Connection, filter_: Filter, zone: ZoneInfo, now: datetime, after: str = "", pages: int = 1
) -> tuple[list[Any], str]:
    """Rows of one page (of several, for one that comes back to a long list) and the key that the next begins after."""
    key, size = _read_key(after), PAGE * pages
    names = frozenset(filter_.words()) | ({"after"} if key else set())
    values = {**_values(filter_, zone, now), **(key or {}), "size": size + 1}
    rows = list(conn.execute(_statement(filter_.tab, names, filter_.due, filter_.by), values))
    return rows[:size], _write_key(filter_, rows[size - 1]) if len(rows) > size else ""


def rows(conn: Connection, ids: list[int]) -> list[Any]:
    """Rows by id, newest first (what a search found)."""
    return list(conn.execute(_BY_IDS, {"ids": ids})) if ids else []


def by_codes(conn: Connection, codes: list[str]) -> list[Any]:
    return list(conn.execute(_BY_CODES, {"codes": codes})) if codes else []


def counts(conn: Connection, zone: ZoneInfo, now: datetime) -> Counts:
    """All counts in one statement: tallies for the stages, the small index of open orders for what is due."""
    stage: dict[str, int] = {}
    channel: dict[str, int] = {}
    single = dict.fromkeys(("late", "today", "labelled", "stopped", "cancels", "claims", "threads", "stamp"), 0)
    for kind, a, b, n in conn.execute(_COUNTS, {"now": now, "tonight": tonight(zone, now)}):
        if kind != "stage":
            single[kind] = n or 0
            continue
        stage[a] = stage.get(a, 0) + n
        if a in states.OPEN:
            channel[b] = channel.get(b, 0) + n
    return Counts(stage, channel, **single)


def stamp(conn: Connection) -> int:
    """The newest event's id: while it stands still, nothing in the shop has changed."""
    return conn.scalar(_STAMP) or 0


def tonight(zone: ZoneInfo, now: datetime) -> datetime:
    """The end of the shop's today, as UTC."""
    return _midnight(now.astimezone(zone).date() + timedelta(days=1), zone)


@lru_cache(maxsize=256)
def _statement(tab: str, names: frozenset[str], due: str, by: str) -> Select[Any]:
    """One statement a kind of filter, kept, so that SQLAlchemy finds its compiled text again."""
    is_open = tab == "open" or tab in states.OPEN
    shelf = _IS_OPEN if is_open else _IS_ARCHIVED if tab == "archived" else _o.archived_at.is_(None)
    query = select(*_ROW).where(shelf).limit(bindparam("size"))
    if tab not in ("open", "archived"):
        query = query.where(_o.stage == bindparam("tab"))
    if "channel" in names:
        query = query.where(_o.channel == bindparam("channel"))
    if due == "late":
        query = query.where(_o.ship_due_at < _now)
    elif due == "today":
        query = query.where(_o.ship_due_at >= _now, _o.ship_due_at <= _tonight)
    if "promised" in names:
        query = query.where(_o.promised_on == bindparam("promised"))
    moment = _o.paid_at if by == "paid" else _o.ordered_at
    if "since" in names:
        query = query.where(moment >= bindparam("since", type_=moment.type))
    if "until" in names:
        query = query.where(moment < bindparam("until", type_=moment.type))
    if "memo" in names:
        query = query.where((_o.message != "") | (_o.gift_note != ""))
    if "door" in names:
        twice = select(_o.door).where(_IS_OPEN, _o.door.is_not(None)).group_by(_o.door).having(func.count() > 1)
        query = query.where(_o.door.in_(twice))
    if is_open:
        if "after" in names:
            key = tuple_(bindparam("after_due", type_=_o.ship_due_at.type), bindparam("after_id"))
            query = query.where(tuple_(_o.ship_due_at, _o.id) > key)
        return query.order_by(_o.ship_due_at, _o.id)
    if "after" in names:
        query = query.where(_o.id < bindparam("after_id"))
    return query.order_by(_o.id.desc())


def _values(filter_: Filter, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"tab": filter_.tab, "channel": filter_.channel, "promised": filter_.promised}
    if filter_.due:
        values |= {"now": now, "tonight": tonight(zone, now)}
    if filter_.since:
        values["since"] = _midnight(filter_.since, zone)
    if filter_.until:
        values["until"] = _midnight(filter_.until + timedelta(days=1), zone)
    return values


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _write_key(filter_: Filter, row: Any) -> str:
    return f"{int(row.ship_due_at.timestamp())}.{row.id}" if filter_.is_open else f"0.{row.id}"


def _read_key(after: str) -> dict[str, Any] | None:
    due, _, id_ = after.partition(".")
    if not (due.isascii() and due.isdigit() and id_.isascii() and id_.isdigit() and len(due) < 11 and len(id_) < 10):
        return None
    return {"after_due": datetime.fromtimestamp(int(due), UTC), "after_id": int(id_)}


_BY_IDS = select(*_ROW).where(_o.id.in_(bindparam("ids", expanding=True))).order_by(_o.id.desc())
_BY_CODES = select(*_ROW).where(_o.code.in_(bindparam("codes", expanding=True))).order_by(_o.id)
_STAMP = select(func.max(Event.id))
_nothing = literal("")
_COUNTS = union_all(
    select(literal("stage"), StageTally.stage, StageTally.channel, func.sum(StageTally.n)).group_by(
        StageTally.stage, StageTally.channel
    ),
    select(literal("late"), _nothing, _nothing, func.count()).select_from(Order).where(_IS_OPEN, _o.ship_due_at < _now),
    select(literal("today"), _nothing, _nothing, func.count())
    .select_from(Order)
    .where(_IS_OPEN, _o.ship_due_at >= _now, _o.ship_due_at <= _tonight),
    select(literal("labelled"), _nothing, _nothing, func.count())
    .select_from(Shipment)
    .where(text("state = 'labelled'")),
    select(literal("stopped"), _nothing, _nothing, func.count())
    .select_from(Shipment)
    .where(text("stopped_at IS NOT NULL")),
    select(literal("cancels"), _nothing, _nothing, func.count())
    .select_from(Claim)
    .where(text("closed_at IS NULL"), Claim.kind == "cancel"),
    select(literal("claims"), _nothing, _nothing, func.count()).select_from(Claim).where(text("closed_at IS NULL")),
    select(literal("threads"), _nothing, _nothing, func.count())
    .select_from(Thread)
    .where(text("due_at IS NOT NULL AND state = 'open'")),
    select(literal("stamp"), _nothing, _nothing, func.max(Event.id)),
)
