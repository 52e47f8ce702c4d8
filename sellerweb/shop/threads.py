"""What staff do with a thread: begin one by hand, assign, sort, snooze, wait, solve, reopen, tie it to an order, join two.

Writing in one is `messages`; lists of them are `inbox`.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import aliased

from sellerweb.shop import clock, messages, question_kinds, reply_clock, talk
from sellerweb.shop.db import reader
from sellerweb.shop.history import CLOCK, Act, act
from sellerweb.shop.messages import WAITS
from sellerweb.shop.models import Attachment, CustomerKey, Message, Order, Staff, Thread
from sellerweb.shop.refused import Refused
from sellerweb.shop.replies import KINDS
from sellerweb.shop.talk import Talk

BY_HAND = ("talktalk", "phone", "note")
# Nobody loses an answer to a snooze: the thread comes back so long before it is due.
BEFORE_DUE = timedelta(minutes=30)
LONGEST_SNOOZE = timedelta(days=60)


def begin(
    act: Act, source: str, words: str, *, kind: str = "", order: str = "", name: str = "", contact: str = ""
) -> Talk:
    """A question that came by phone or TalkTalk, noted by hand; `order` is its code, "" where it is not known."""
    if source not in BY_HAND:
        raise Refused(_l("Choose one of the list."), "source")
    about = _order(act, order) if order else None
    new = talk.make(act, source, kind or question_kinds.OTHER, order_id=about, name=name[:200], contact=contact[:254])
    messages.hear(new, words)
    return new


def assign(it: Talk, staff_id: int | None) -> None:
    """Somebody takes care of it; None: nobody in particular."""
    known = staff_id is None or it.act.tx.scalar(select(Staff.id).where(Staff.id == staff_id, Staff.active))
    if not known:
        raise Refused(_l("Choose one of the list."), "staff")
    it.record("assign", staff_id=staff_id)


def sort(it: Talk, kind: str) -> None:
    if kind not in KINDS:
        raise Refused(_l("Choose one of the list."), "kind")
    it.record("sort", kind=kind)


def snooze(it: Talk, until: datetime) -> None:
    """Out of sight until then, or until shortly before its answer is due. Its clock goes on."""
    _live(it)
    if not it.act.at < until <= it.act.at + LONGEST_SNOOZE:
        raise Refused(_l("Choose a time within the next 60 days. Nothing was changed."), "until")
    if it.row.due_at is not None:
        until = min(until, it.row.due_at - BEFORE_DUE)
        if until <= it.act.at:
            raise Refused(_l("Its answer is due soon, so it stays in the inbox. Answer it, or say that you wait for the customer."))  # fmt: skip
    it.record("snooze", state="snoozed", snoozed_until=until)


def wake(it: Talk) -> None:
    if it.row.state != "snoozed":
        raise Refused(_l("This conversation is in the inbox already. Nothing was changed."))
    it.record("wake", state="open", snoozed_until=None)


def wait(it: Talk) -> None:
    """We wait for the customer, who was asked elsewhere: the clock stands still until they write."""
    if it.row.due_at is None:
        raise Refused(_l("No question waits here, so no clock is running. Nothing was changed."))
    if it.row.due_at <= it.act.at:
        raise Refused(_l("Its answer is late already, and waiting does not change that. Answer it first."))
    left = reply_clock.left(it.rules(), it.act.at, it.row.due_at)
    it.record("wait", state="open", snoozed_until=None, due_at=None, left_seconds=int(left.total_seconds()))


def solve(it: Talk) -> None:
    """Nothing more is to be done. What needed no answer counts for no rate; what was late already, does."""
    if it.row.state == "solved":
        raise Refused(_l("This conversation is solved already. Nothing was changed."))
    waits = update(Message).where(Message.thread_id == it.row.id, *WAITS)
    it.act.tx.execute(waits.where(Message.due_at > it.act.at).values(due_at=None))
    it.act.tx.execute(waits.values(answered_at=it.act.at))
    it.record("solve", state="solved", snoozed_until=None, due_at=None, left_seconds=None)


def reopen(it: Talk) -> None:
    """It was not solved after all: what nobody has answered since waits again, by the clock that it had."""
    if it.row.state != "solved" or it.row.joined_id is not None:
        raise Refused(_l("This conversation is open already. Nothing was changed."))
    it.record("reopen", state="open", due_at=_start_again(it))


def tie(it: Talk, code: str) -> None:
    """It is about this order, and not (or no longer) about another; "" ties it to none. Its messages and photos go along."""
    target = _order(it.act, code) if code else None
    if target == it.row.order_id:
        raise Refused(_l("It is about this order already. Nothing was changed."), "order")
    same = target is not None and _same_person(it, target)
    if it.row.source == "page" and not same:
        raise Refused(_l("This was written on the page of its order, so it can only go to an order of the same customer: same phone or e-mail. Nothing was changed."), "order")  # fmt: skip
    if not same:  # what went to one customer as a letter stands on no other's page
        it.act.tx.execute(update(Message).where(Message.thread_id == it.row.id).values(noted=True))
    _move(it, target)
    it.record("tie", order_id=target)


def join(it: Talk, other: Talk) -> None:
    """`other` goes into this thread, with all that was said in it, and is empty from then on."""
    if it.row.id == other.row.id or other.row.joined_id is not None or it.row.joined_id is not None:
        raise Refused(_l("These two cannot be joined. Nothing was changed."), "other")
    if None not in (it.row.order_id, other.row.order_id) and it.row.order_id != other.row.order_id:
        raise Refused(_l("The two are about different orders. Tie one to the other's order first."), "other")
    order_id = it.row.order_id if it.row.order_id is not None else other.row.order_id
    dues = [due for each in (it, other) if (due := _running(each)) is not None]
    tx = it.act.tx
    tx.execute(update(Message).where(Message.thread_id == other.row.id).values(thread_id=it.row.id))
    tx.execute(update(Thread).where(Thread.joined_id == other.row.id).values(joined_id=it.row.id))
    still = {"due_at": None, "left_seconds": None, "snoozed_until": None}
    other.record("join", state="solved", joined_id=it.row.id, order_id=order_id, **still)
    _move(it, order_id)
    newest = max((it.row, other.row), key=lambda row: row.last_at)
    said: dict[str, Any] = {"order_id": order_id, "last_at": newest.last_at, "last_words": newest.last_words}
    # Who can be written to from here, is.
    said["source"] = next((s for s in messages.SENT_FROM_HERE if s in (it.row.source, other.row.source)), it.row.source)
    if dues:
        said |= {"state": "open", "snoozed_until": None, "due_at": min(dues), "left_seconds": None}
    it.record("join", **said)


def wake_due() -> int:
    """Threads whose time to sleep is over come back into the inbox. Returns how many."""
    woken = 0
    with reader().connect() as conn:
        due = select(Thread.id).where(Thread.state == "snoozed", Thread.snoozed_until <= clock.now()).limit(500)
        ids = list(conn.scalars(due))
    for thread_id in ids:
        # Tied elsewhere or deleted at this moment: what is still there wakes the next time.
        with suppress(talk.MovedOn, talk.NotThere), act(CLOCK, "wake") as doing:
            it = talk.take(doing, thread_id)
            if it.row.state == "snoozed" and it.row.snoozed_until <= doing.at:
                wake(it)
                woken += 1
    return woken


def _live(it: Talk) -> None:
    if it.row.state == "solved":
        raise Refused(_l("This conversation is solved already. Nothing was changed."))


def _order(act: Act, code: str) -> int:
    """The order's key, the order locked."""
    found = act.tx.scalar(select(Order.id).where(Order.code == code).with_for_update())
    if found is None:
        raise Refused(_l("There is no order with this number. Nothing was changed."), "order")
    return int(found)


def _same_person(it: Talk, target: int) -> bool:
    """Whether both orders have a phone or an e-mail in common, as `contacts` spells them."""
    mine, theirs = aliased(CustomerKey), aliased(CustomerKey)
    same = and_(mine.kind == theirs.kind, mine.value == theirs.value)
    both = select(mine.value).join(theirs, same).where(mine.order_id == it.row.order_id, theirs.order_id == target)
    return it.act.tx.execute(both.limit(1)).first() is not None


def _move(it: Talk, order_id: int | None) -> None:
    """Messages, photos and what was joined go to another order; a photo leaves a claim of the one before."""
    tx, thread_id = it.act.tx, it.row.id
    said = select(Message.id).where(Message.thread_id == thread_id)
    elsewhere = or_(Attachment.order_id != order_id, Attachment.order_id.is_(None))
    photos = update(Attachment).where(Attachment.message_id.in_(said), elsewhere)
    tx.execute(photos.values(order_id=order_id, claim_id=None))
    tx.execute(update(Message).where(Message.thread_id == thread_id).values(order_id=order_id))
    tx.execute(update(Thread).where(Thread.joined_id == thread_id).values(order_id=order_id))


def _start_again(it: Talk) -> datetime | None:
    """What has come since the last public answer waits from the moment when it came; None: nothing has."""
    public = (Message.thread_id == it.row.id, Message.internal.is_(False))
    columns = (Message.id, Message.at, Message.sender)
    waits = []
    for row in it.act.tx.execute(select(*columns).where(*public).order_by(Message.at.desc(), Message.id.desc())):
        if row.sender == "staff":
            break
        waits.append(row)
    if not waits:
        return None
    due = reply_clock.due(it.rules(), it.row.source, waits[-1].at)
    again = update(Message).where(Message.id.in_([row.id for row in waits]))
    it.act.tx.execute(again.values(answered_at=None, due_at=None))
    it.act.tx.execute(update(Message).where(Message.id == waits[-1].id).values(due_at=due))
    return due


def _running(it: Talk) -> datetime | None:
    """When the answer is due; a clock that stood still goes on."""
    if it.row.left_seconds is None:
        return it.row.due_at  # type: ignore[no-any-return]
    due = reply_clock.ahead(it.rules(), it.act.at, timedelta(seconds=it.row.left_seconds))
    timed = update(Message).where(Message.thread_id == it.row.id, *WAITS, Message.due_at.is_not(None))
    it.act.tx.execute(timed.values(due_at=due))
    return due
