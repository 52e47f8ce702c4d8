"""What customers and the shop write to each other: ask, answer, a note that stays inside. Nothing is sent here.

Each message stands in a thread, and moves that thread's clock: what a customer writes starts it, a public answer stops it.
"""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, insert, select, update

from sellerweb.shop import question_kinds, reply_clock, reply_words, talk
from sellerweb.shop.case import Case
from sellerweb.shop.models import Message, Order, Staff, Thread
from sellerweb.shop.refused import Refused
from sellerweb.shop.talk import Talk

LONGEST = 4000
# Where what the shop writes leaves from here. Elsewhere it is noted that it was said.
SENT_FROM_HERE = ("page", "mail")
# A message that nobody has answered yet.
WAITS = (Message.sender == "customer", Message.answered_at.is_(None))
_NAMED = (
    select(Message.__table__, Staff.name.label("staff"))
    .join(Staff, Staff.id == Message.staff_id, isouter=True)
    .order_by(Message.at, Message.id)
)


def ask(case: Case, words: str) -> int:
    """The customer writes to the shop from the order's page. Returns the message's id."""
    _check(words)
    theirs = talk.newest_of(case.act, case.order.id, Thread.source == "page")
    theirs = theirs or talk.make(case.act, "page", question_kinds.OTHER, order_id=case.order.id)
    message = hear(theirs, words)
    case.record("order", "ask")
    return message


def hear(it: Talk, words: str, mail_key: str | None = None) -> int:
    """A customer's message comes into a thread: its clock runs, and whoever put it aside has it again."""
    _check(words)
    row, begins = it.row, it.row.due_at is None and it.row.left_seconds is None
    kind = row.kind
    if row.state == "solved" or kind == question_kinds.OTHER:
        guessed = question_kinds.guess(words)
        kind = kind if guessed == question_kinds.OTHER else guessed
    due = row.due_at or _due(it)
    message = _write(
        it, "customer", words, due_at=due if begins else None, **({"mail_key": mail_key} if mail_key else {})
    )
    if row.left_seconds is not None:
        it.act.tx.execute(update(Message).where(Message.thread_id == row.id, *WAITS, Message.due_at.is_not(None)).values(due_at=due))  # fmt: skip
    it.record("ask", state="open", snoozed_until=None, due_at=due, left_seconds=None, kind=kind, **_newest(it, words))
    return message


def answer(case: Case, words: str, it: Talk | None = None) -> int:
    """The shop writes back: the words go out as a letter. Without a thread, in the one of this order that waits.

    Placeholders in them are filled from the order as it is now. Refused where one is unknown or has nothing to say.
    """
    words = reply_words.filled(case.act.tx, case.order, words)
    _check(words)
    it = it or _waiting(case)
    if it.row.order_id != case.order.id:
        raise talk.MovedOn
    message = _reply(it, words)
    case.record("order", "answer", values={"words": words})
    return message


def say(it: Talk, words: str) -> int:
    """What the shop said elsewhere, on the phone or in TalkTalk, is noted: it stops the clock, and nothing is sent."""
    if it.row.order_id is not None:
        order = it.act.tx.execute(select(Order.__table__).where(Order.id == it.row.order_id)).one()
        words = reply_words.filled(it.act.tx, order, words)
    _check(words)
    return _reply(it, words)


def note(it: Talk, words: str) -> int:
    """A note that only staff see. It moves no clock."""
    _check(words)
    message = _write(it, "staff", words, internal=True)
    it.record("note")
    return message


def of_order(conn: Connection, order_id: int) -> list[Row[Any]]:
    """All messages of an order, oldest first."""
    return list(conn.execute(_NAMED.where(Message.order_id == order_id)))


def of_thread(conn: Connection, thread_id: int) -> list[Row[Any]]:
    return list(conn.execute(_NAMED.where(Message.thread_id == thread_id)))


def _reply(it: Talk, words: str) -> int:
    waits = update(Message).where(Message.thread_id == it.row.id, *WAITS)
    it.act.tx.execute(waits.values(answered_at=it.act.at))
    message = _write(it, "staff", words)
    state = "open" if it.row.state == "snoozed" else it.row.state
    it.record("answer", state=state, snoozed_until=None, due_at=None, left_seconds=None, **_newest(it, words))
    return message


def _waiting(case: Case) -> Talk:
    """The thread of this order that waits for an answer; else where one was written last; else a new one."""
    newest = talk.newest_of(case.act, case.order.id, Thread.due_at.is_not(None))
    newest = newest or talk.newest_of(case.act, case.order.id, Thread.source == "page")
    return newest or talk.make(case.act, "page", question_kinds.OTHER, order_id=case.order.id)


def _due(it: Talk) -> Any:
    rules, row = it.rules(), it.row
    if row.left_seconds is not None:
        return reply_clock.ahead(rules, it.act.at, timedelta(seconds=row.left_seconds))
    return reply_clock.due(rules, row.source, it.act.at)


def _newest(it: Talk, words: str) -> dict[str, Any]:
    return {"last_at": it.act.at, "last_words": " ".join(words.split())[:200]}


def _check(words: str) -> None:
    if not words.strip():
        raise Refused(_l("Write something first."), "words")
    if len(words) > LONGEST:
        raise Refused(_l("That is too long: %(n)s characters at most. Nothing was sent.", n=LONGEST), "words")


def _write(it: Talk, sender: str, words: str, **more: Any) -> int:
    row = {"order_id": it.row.order_id, "thread_id": it.row.id, "at": it.act.at, "sender": sender}
    # A mail's sender can be anybody: what they write stands on nobody's page, also where two threads were joined. What we
    # answer as a letter does.
    by_letter = it.row.source in SENT_FROM_HERE and it.row.order_id is not None
    ours = by_letter if sender == "staff" else it.row.source == "page" and "mail_key" not in more
    row["noted"] = not ours
    row |= {"staff_id": it.act.by.staff_id if sender == "staff" else None, "words": words, **more}
    return int(it.act.tx.execute(insert(Message).returning(Message.id), row).scalar_one())
