"""Notices on their way out: which one leaves next, and what became of it. No words, no sending: `notices.post` does that.

A worker claims a notice under a lease, says `handing` just before the words pass out of our hands, and then what came of
it. A worker that dies before that leaves a notice that waits again; after it, one that nobody can be sure of: staff decide,
for a second letter must never leave by itself. Every step is one guarded UPDATE: whoever lost the lease changes nothing.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from sellerweb.shop import clock, follow_ups, switches
from sellerweb.shop.db import forget, read, write
from sellerweb.shop.history import Act
from sellerweb.shop.models import Claim, Notice, Order, Shipment
from sellerweb.shop.refused import Refused

log = logging.getLogger("sellerweb.outbox")
# Only who died loses a lease: longer than a mail server with this many answers may keep us waiting.
LEASE, ANSWERS = timedelta(minutes=5), 12
# Growing pauses after a try that failed, in minutes; after the last one a day has passed and it is given up.
PAUSES = (1, 5, 15, 60, 120, 240, 480, 480)
TOO_OLD = timedelta(days=3)
A_DAY, MOST_A_DAY = timedelta(days=1), 20
# How many that nobody shall get are put aside in one transaction.
CHUNK = 50

_IN_FLIGHT = ("sending", "unsure")
_TELLS_OF_A_PARCEL = ("shipment_ship", "shipment_correct")
_ON_ITS_WAY = ("shipped", "in_transit", "delivered")

_earlier = aliased(Notice)
# Per order and medium the hand-over follows the events: an earlier one that is not out of our hands yet goes first.
_its_turn = ~(
    select(_earlier.id)
    .where(_earlier.order_id == Notice.order_id, _earlier.medium == Notice.medium, _earlier.id < Notice.id)
    .where(_earlier.state.in_(("waiting", "sending")))
    .exists()
)


class Lost(Exception):
    """The notice is no longer this worker's: its lease ran out, or nobody shall get it any more."""


def claim() -> Row[Any] | None:
    """Take the next notice whose time has come; None: there is none. Those that nobody shall get are put aside."""
    now = clock.now()
    idle = read().execute(_due(now).limit(1)).first() is None and read().execute(_left(now).limit(1)).first() is None
    forget()
    if idle:
        return None  # asked twice a second: nobody's write waits for that
    with write() as tx:
        _end_leases(tx, now)
        due = _due(now).limit(1).with_for_update(skip_locked=True, of=Notice)
        for _ in range(CHUNK):
            row = tx.execute(due).one_or_none()
            if row is None:
                break
            why = _why_not(tx, row, now)
            if not why:
                return _lease(tx, row.id, now)
            _set(tx, Notice.id == row.id, state="suppressed", why=why)
            if why == "too_many":
                log.warning("order %s has had %s letters within a day and gets no more", row.order_id, MOST_A_DAY)
    return None


def handing(notice: Row[Any], **kept: str) -> None:
    """Commit that the words pass out of our hands now, and what they are (`message_id`, `subject`, `body`). Raises Lost."""
    now = clock.now()
    with write() as tx:
        mine = and_(_mine(notice), Notice.state == "sending", Notice.handed_at.is_(None))
        why = _why_not(tx, notice, now)  # between the claim and now the parcel may have come back
        if why:
            _set(tx, mine, state="suppressed", why=why, leased_until=None)
        elif _set(tx, mine, handed_at=now, leased_until=now + _patience(), **kept):
            return
    raise Lost(notice.id)


def sent(notice: Row[Any]) -> None:
    _end(notice, state="sent", sent_at=clock.now(), why="")


def retry(notice: Row[Any], why: str) -> None:
    """It was not taken this time: again after a pause, until they are used up."""
    if notice.attempts > len(PAUSES):
        failed(notice, why)
        return
    pause = timedelta(minutes=PAUSES[notice.attempts - 1])
    _end(notice, state="waiting", not_before=clock.now() + pause, handed_at=None, why=why)


def failed(notice: Row[Any], why: str) -> None:
    """Nobody took it, and nobody will."""
    _end(notice, state="failed", why=why)


def unsure(notice: Row[Any], why: str) -> None:
    _end(notice, state="unsure", why=why)


def broke(notice: Row[Any]) -> None:
    """Our own fault, a bug: nothing is sent again by itself, and staff see it."""
    handed = read().scalar(select(Notice.handed_at).where(Notice.id == notice.id))
    forget()
    (unsure if handed else failed)(notice, "broke")


def settle(act: Act, notice_id: int, *, arrived: bool) -> None:
    """Staff know better about an unsure one: it arrived, or it leaves (again, as the same letter). A failed one may leave."""
    row = _troubled(act.tx, notice_id)
    if arrived and row.state == "failed":
        raise Refused(_l("This letter never left, so it cannot have arrived. Send it again, or leave it."))
    values: dict[str, Any] = {"state": "waiting", "not_before": act.at, "attempts": 0, "handed_at": None}
    if arrived:
        values = {"state": "sent", "sent_at": row.handed_at}
    _set(act.tx, Notice.id == notice_id, why="", **values)


def drop(act: Act, notice_id: int) -> None:
    """Staff leave it at that: it is not sent, and stands in no list any more."""
    _troubled(act.tx, notice_id)
    _set(act.tx, Notice.id == notice_id, state="suppressed", why="dropped")


def troubled(conn: Connection, limit: int = 200) -> list[Row[Any]]:
    """Unsure and failed notices, newest first, each with its order's columns."""
    order = (Order.code, Order.channel, Order.order_no, Order.version, Order.receiver_name, Order.buyer_name)
    query = select(Notice.__table__, *order).join(Order, Order.id == Notice.order_id)
    return list(
        conn.execute(query.where(Notice.state.in_(("unsure", "failed"))).order_by(Notice.id.desc()).limit(limit))
    )


def of_order(conn: Connection, order_id: int) -> list[Row[Any]]:
    """All notices of an order, newest first."""
    return list(conn.execute(select(Notice.__table__).where(Notice.order_id == order_id).order_by(Notice.id.desc())))


def counts(conn: Connection) -> dict[str, int]:
    """How many are not settled: waiting, sending, unsure, failed. The sent ones are history, and nobody counts them."""
    open_ = ("waiting", "sending", "unsure", "failed")
    query = select(Notice.state, func.count().label("n")).where(Notice.state.in_(open_)).group_by(Notice.state)
    return {**dict.fromkeys(open_, 0), **{row.state: row.n for row in conn.execute(query)}}


def untold(conn: Connection) -> dict[str, int]:
    """How many letters of the last seven days nobody got though somebody should have: {why: letters}."""
    lately = (Notice.state == "suppressed", Notice.created_at > clock.now() - timedelta(days=7))
    lost = Notice.why.in_(("off", "too_many", "too_old", "no_recipient"))
    query = select(Notice.why, func.count().label("n")).where(*lately, lost).group_by(Notice.why).order_by(Notice.why)
    return {row.why: row.n for row in conn.execute(query)}


def _due(now: datetime) -> Select[Any]:
    """The oldest first: read along the index of states, however long the history is."""
    waiting = select(Notice.__table__).where(Notice.state == "waiting", Notice.not_before <= now)
    return waiting.where(_its_turn).order_by(Notice.id)


def _left(now: datetime) -> Select[Any]:
    return select(Notice.id).where(Notice.state == "sending", Notice.leased_until < now)


def _end_leases(tx: Connection, now: datetime) -> None:
    """What the dead have left behind."""
    left = and_(Notice.state == "sending", Notice.leased_until < now)
    _set(tx, and_(left, Notice.handed_at.is_not(None)), state="unsure", why="worker_died", leased_until=None)
    _set(tx, left, state="waiting", leased_until=None)


def _why_not(tx: Connection, notice: Row[Any], now: datetime) -> str:
    """Why nobody shall get this notice, as a code; "" when it may leave."""
    if not notice.recipient:
        return "no_recipient"
    if not switches.sends(tx, notice.medium):
        return "off"
    if now - notice.not_before > TOO_OLD:
        return "too_old"
    if notice.letter in _TELLS_OF_A_PARCEL:
        state = tx.scalar(select(Shipment.state).where(Shipment.id == notice.shipment_id))
        if state not in _ON_ITS_WAY:
            return "not_shipped"
    if notice.claim_id and tx.scalar(select(Claim.state).where(Claim.id == notice.claim_id)) == "undone":
        return "undone"
    if notice.letter == follow_ups.LETTER and follow_ups.unwelcome(tx, notice.order_id):
        return "unwelcome"
    lately = or_(Notice.handed_at > now - A_DAY, and_(Notice.state == "sending", Notice.id != notice.id))
    handed = select(func.count()).where(Notice.order_id == notice.order_id, lately)
    return "too_many" if (tx.scalar(handed) or 0) >= MOST_A_DAY else ""


def _lease(tx: Connection, notice_id: int, now: datetime) -> Row[Any]:
    taken = update(Notice).where(Notice.id == notice_id).returning(Notice.__table__)
    return tx.execute(taken.values(state="sending", attempts=Notice.attempts + 1, leased_until=now + _patience())).one()


def _patience() -> timedelta:
    return max(LEASE, ANSWERS * timedelta(seconds=current_app.config["SMTP_TIMEOUT"]))


def _mine(notice: Row[Any]) -> ColumnElement[bool]:
    """`attempts` grows with every claim: who comes back late with an old one finds nothing."""
    return and_(Notice.id == notice.id, Notice.attempts == notice.attempts)


def _end(notice: Row[Any], **values: Any) -> None:
    # Also an unsure one: a worker that was only slow does know.
    with write() as tx:
        _set(tx, and_(_mine(notice), Notice.state.in_(_IN_FLIGHT)), leased_until=None, **values)


def _set(tx: Connection, which: ColumnElement[bool], **values: Any) -> bool:
    if "why" in values:
        values["why"] = values["why"][:40]
    return bool(tx.execute(update(Notice).where(which).values(**values)).rowcount)


def _troubled(tx: Connection, notice_id: int) -> Row[Any]:
    row = tx.execute(select(Notice.__table__).where(Notice.id == notice_id).with_for_update()).one_or_none()
    if row is None or row.state not in ("unsure", "failed"):
        raise Refused(_l("Somebody has settled this letter already. Nothing was changed."))
    return row
