"""Telling a channel: the file that is made and remembered, and what became of each item in it. Writes no file formats.

make: what was not told goes into a file, which is kept byte for byte.    settle: the channel took it, or refused it.
by_hand: somebody told it elsewhere.    heard: a file from the channel says it back.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, func, insert, select, text

from sellerweb import carriers
from sellerweb.shop import policy, promised_days, telling
from sellerweb.shop.case import Case
from sellerweb.shop.models import Batch, Order, OrderLine, Telling
from sellerweb.shop.outgoing import ItemOut, Writer
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

Word = Literal["told", "failed", "by_hand"]


def fresh(conn: Connection, channel: str, kind: str, leaves_out: Callable[[str, ItemOut], bool]) -> list[ItemOut]:
    """What the next file would say: not told, in no file that still waits for its answer, and with a place in it."""
    things = telling.things(conn, channel, kind)
    return [t.item for t in things if t.word != "written" and not (kind == "dispatch" and leaves_out(channel, t.item))]


def make(act: "Act", channel: str, kind: str, writer: Writer) -> int | None:
    """Write the channel's next file and remember it; None: there is nothing to tell. Returns the batch's id."""
    # Locked first, in one order, and read anew: of two people who make a file at once, the second finds nothing.
    found = sorted({item.order_id for item in fresh(act.tx, channel, kind, writer.leaves_out)})
    if not found:
        return None
    act.tx.execute(select(Order.id).where(Order.id.in_(found)).order_by(Order.id).with_for_update())
    items = [x for x in fresh(act.tx, channel, kind, writer.leaves_out) if x.order_id in set(found)]
    if not items:
        return None
    at = act.at.astimezone(ZoneInfo(policy.of(act.tx, channel).zone))
    new = _next(act.tx)
    name = f"{channel}-{kind}-{at:%Y%m%d-%H%M%S}-{new}.{writer.ending}"
    batch = {
        "id": new,
        "channel": channel,
        "kind": kind,
        "filename": name,
        "body": writer.write(items),
        "rows": len(items),
    }
    act.tx.execute(insert(Batch), {**batch, "at": act.at, "staff_id": act.by.staff_id})
    _say(act, kind, [(item, "written", "") for item in items], new)
    return new


def settle(act: "Act", batch: int, version: int, word: Word, which: Mapping[int, str] | None = None) -> int:
    """The channel took the rows `which` {id: reason} of a file, or refused them; None: all that still wait.

    Returns how many it is so of. A number that was corrected meanwhile is still to be told.
    """
    found = act.tx.execute(select(Batch.id, Batch.kind).where(Batch.id == batch)).one_or_none()
    if found is None:
        raise Refused(_l("There is no such file. Nothing was changed."))
    lock(act, batch, version)
    rows = [r for r in rows_of(act.tx, batch) if (r.id in which if which is not None else _waits(r))]
    if not rows:
        raise Refused(_l("Choose at least one row that still waits."), "row")
    if any(r.word in telling.KNOWN or r.stale for r in rows):
        raise Refused(_l("Of a chosen row the channel knows already, or another file says more. Nothing was changed."))
    if word == "failed" and not all((which or {}).get(r.id) for r in rows):
        raise Refused(_l("Write down why the channel refused it, in its own words."), "why")
    say(act, found, {r.id: (word, (which or {}).get(r.id, "")) for r in rows})
    return len(rows)


def lock(act: "Act", batch: int, version: int) -> None:
    """Of two who answer for one file at once, the second waits here, and is then told that the page has moved on."""
    orders = select(Telling.order_id).where(Telling.batch_id == batch)
    act.tx.execute(select(Order.id).where(Order.id.in_(orders)).order_by(Order.id).with_for_update())
    if version != newest(act.tx, batch):
        raise Refused(_l("Somebody has answered for this file meanwhile. Nothing was changed; look at it again."))


def say(act: "Act", batch: Any, words: Mapping[int, tuple[Word, str]]) -> None:
    """Say these words {row: (word, why)} of a locked batch's rows, which the caller has looked at."""
    rows = [row for row in rows_of(act.tx, batch.id) if row.id in words]
    _say(act, batch.kind, [(_item(r), *words[r.id]) for r in rows], batch.id)
    if known := [r.order_id for r in rows if words[r.id][0] != "failed"]:
        _close(act, batch.kind, known)


def by_hand(act: "Act", channel: str, kind: str, orders: Iterable[int], why: str = "") -> None:
    """Somebody told the channel, or gave the customer a further number, without a file."""
    keys = sorted(set(orders))
    act.tx.execute(select(Order.id).where(Order.id.in_(keys)).order_by(Order.id).with_for_update())
    things = [t.item for t in telling.things(act.tx, channel, kind) if t.item.order_id in keys]
    parcels = {row.id for row in telling.further(act.tx, channel)} if kind == "dispatch" else set()
    _say(act, kind, [(item, "by_hand", why) for item in things])
    done = _close(act, kind, keys, parcels)
    if not things and not done:
        raise Refused(_l("The channel knows all of this already. Nothing was changed."))


def heard(case: Case, line: Any, number: str) -> None:
    """A file from the channel says that the item has left: it knows. Another number than ours is not what we told."""
    items = [x for x in telling.dispatch(case.act.tx, case.order.channel, [case.order.id]) if x.line_id == line.id]
    plain = carriers.normalise(number)
    if said := [(x, "told", "") for x in items if not plain or carriers.normalise(x.number) == plain]:
        _say(case.act, "dispatch", said)
        _close(case.act, "dispatch", [case.order.id])


def deny(case: Case, shipment: int, lines: Collection[int], why: str) -> None:
    """A file from the channel has another number than we told it: of these lines ours is to be told once more."""
    untell(case, shipment)
    items = [x for x in telling.dispatch(case.act.tx, case.order.channel, [case.order.id]) if x.line_id in lines]
    _say(case.act, "dispatch", [(x, "failed", why) for x in items])
    _close(case.act, "dispatch", [case.order.id])


def untell(case: Case, shipment: int) -> None:
    """The channel knows another number than the parcel has now: with one an order, for all that lies in its parcels."""
    if telling.nobody(case.order, [case.lines[line] for line in case.pieces_of(shipment)]):
        return
    for other in list(case.shipments) if case.order.channel in telling.ONE_AN_ORDER else [shipment]:
        if case.shipments[other].channel_told_at is not None:
            case.set_shipment(other, channel_told_at=None)


def is_written(conn: Connection, shipment: int) -> bool:
    """Whether the channel has read of the parcel, or may at any moment."""
    said = select(Telling.id).where(Telling.shipment_id == shipment, Telling.word != "failed")
    return conn.scalar(said.limit(1)) is not None


def newest(conn: Connection, batch: int) -> int:
    """The version of a batch: its newest word."""
    return conn.scalar(select(func.max(Telling.id)).where(Telling.batch_id == batch)) or 0


def rows_of(conn: Connection, batch: int) -> list[Row[Any]]:
    """A batch's items with the newest word of each; `stale`: something newer was said of it outside of this batch."""
    mine = (
        select(Telling.line_id, Telling.shipment_id, func.max(Telling.id).label("id"))
        .where(Telling.batch_id == batch)
        .group_by(Telling.line_id, Telling.shipment_id)
        .subquery()
    )
    return list(
        conn.execute(
            select(
                Telling.__table__, _SINCE.exists().label("stale"), Order.order_no, Order.code,
                OrderLine.item_no, OrderLine.name, OrderLine.option,
            )
            .join(mine, mine.c.id == Telling.id)
            .join(Order, Order.id == Telling.order_id)
            .join(OrderLine, OrderLine.id == Telling.line_id)
            .order_by(Telling.order_id, OrderLine.position, Telling.shipment_id)
        )
    )  # fmt: skip


def get(conn: Connection, batch: int) -> Any:
    """The batch with its file; None: there is none."""
    return conn.execute(select(Batch.__table__).where(Batch.id == batch)).one_or_none()


def latest(conn: Connection, limit: int = 20) -> list[tuple[Row[Any], dict[str, int]]]:
    """The newest batches without their files, and how many of their rows still wait or were refused, with nothing newer said."""
    rows = conn.execute(_LATEST.order_by(Batch.id.desc()).limit(limit)).all()
    counted: dict[int | None, dict[str, int]] = {}
    words = (
        select(Telling.batch_id, Telling.word, func.count())
        .where(Telling.id.in_(_newest_words([row.id for row in rows])), ~_SINCE.exists())
        .group_by(Telling.batch_id, Telling.word)
    )
    for batch, word, n in conn.execute(words):
        counted.setdefault(batch, {})[word] = n
    return [(row, counted.get(row.id, {})) for row in rows]


_later = Telling.__table__.alias()
# Something newer that was said of the same, in this batch or outside of it.
_SINCE = select(_later.c.id).where(
    _later.c.line_id == Telling.line_id,
    _later.c.kind == Telling.kind,
    _later.c.shipment_id.is_not_distinct_from(Telling.shipment_id),
    _later.c.id > Telling.id,
)
_LATEST = select(*(c for c in Batch.__table__.c if c.name != "body"))


def _next(tx: Connection) -> int:
    """The number of the next batch, known before it is written: its file is named by it, and no batch is ever rewritten."""
    if tx.dialect.name == "postgresql":
        return int(tx.scalar(text("SELECT nextval(pg_get_serial_sequence('batch', 'id'))")) or 0)
    return int(tx.scalar(select(func.coalesce(func.max(Batch.id), 0) + 1)) or 0)


def _newest_words(batches: list[int]) -> Any:
    return (
        select(func.max(Telling.id))
        .where(Telling.batch_id.in_(batches))
        .group_by(Telling.batch_id, Telling.line_id, Telling.shipment_id)
    )


def _say(act: "Act", kind: str, said: Iterable[tuple[Any, str, str]], batch: int | None = None) -> None:
    common = {"batch_id": batch, "kind": kind, "at": act.at, "actor": act.by.kind, "staff_id": act.by.staff_id}
    rows = [
        {
            **common, "order_id": x.order_id, "line_id": x.line_id, "shipment_id": x.shipment_id, "carrier": x.carrier,
            "number": x.number, "day": x.promised_on, "word": word, "why": why[:500], "action_id": act.id,
        }
        for x, word, why in said
    ]  # fmt: skip
    if rows:
        act.tx.execute(insert(Telling), rows)


def _close(act: "Act", kind: str, orders: Iterable[int], parcels: Iterable[int] = ()) -> int:
    """Parcels of which nothing is left to tell are told: of them the order's history speaks. Returns how many."""
    if kind != "dispatch":
        promised_days.answered(act, orders)
        return 0
    done = 0
    cases = act.all_of(set(orders))
    for channel in {case.order.channel for case in cases.values()}:
        theirs = {key: case.shipments for key, case in cases.items() if case.order.channel == channel}
        for order, parcel in telling.through(act.tx, channel, theirs, set(parcels)):
            cases[order].set_shipment(parcel, channel_told_at=act.at)
            cases[order].record("shipment", "tell", shipment=parcel)
            done += 1
    return done


def _waits(row: Row[Any]) -> bool:
    return row.word == "written" and not row.stale


def _item(row: Row[Any]) -> Any:
    """What a word was about, to say another of the same."""
    return _Said(row.order_id, row.line_id, row.shipment_id, row.carrier, row.number, row.day)


@dataclass(frozen=True, slots=True)
class _Said:
    order_id: int
    line_id: int
    shipment_id: int | None
    carrier: str
    number: str
    promised_on: Any
