"""Questions out of a channel's file become threads: each once, with its order where that is known. Reads no file."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import select

from sellerweb.shop import clock, messages, question_kinds, talk
from sellerweb.shop.db import reader
from sellerweb.shop.history import Act, Actor, Repeated, act
from sellerweb.shop.models import Message, Order, OrderLine

# So many of one file; the rest of it come with the next time that it is sent.
MOST = 500
# What was asked longer ago is no question any more that waits for an answer of today.
OLDEST = timedelta(days=60)


class Question(Protocol):
    """One question of a file (`channels.questions`)."""

    @property
    def key(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def order_no(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def answered(self) -> bool: ...


Q = TypeVar("Q", bound=Question)


def sort(asked: Sequence[Q]) -> tuple[Counter[str], list[Q]]:
    """What is here or answered already, counted; and what `take` is still to let in."""
    became, new = Counter[str](), []
    with reader().connect() as conn:
        for start in range(0, len(asked), 500):
            some = asked[start : start + 500]
            here = set(conn.scalars(select(Message.mail_key).where(Message.mail_key.in_([one.key for one in some]))))
            for one in some:
                if one.answered or one.key in here:
                    became["answered" if one.answered else "known"] += 1
                else:
                    new.append(one)
    return became, new


def take(by: Actor, channel: str, question: Question) -> str:
    """What became of it: new, known, or answered (there already). The clock runs from when it was asked."""
    if question.answered:
        return "answered"
    with reader().connect() as conn:
        if conn.scalar(select(Message.id).where(Message.mail_key == question.key)):
            return "known"
    now = clock.now()
    at = min(max(question.at or now, now - OLDEST), now)
    try:
        with act(by, "import_asked", f"asked-{question.key}"[:64], question.key, at=at) as doing:
            about = _order(doing, channel, question.order_no)
            it = talk.make(doing, "import", question_kinds.OTHER, order_id=about, name=question.name[:200])
            messages.hear(it, question.words, question.key)
    except Repeated:
        return "known"
    return "new"


def _order(doing: Act, channel: str, number: str) -> int | None:
    """The order of this channel with that number, or with an item of that number; locked."""
    if not number:
        return None
    found = doing.tx.scalar(select(Order.id).where(Order.channel == channel, Order.order_no == number))
    if found is None:
        lines = select(Order.id).join(OrderLine, OrderLine.order_id == Order.id)
        ids = set(doing.tx.scalars(lines.where(Order.channel == channel, OrderLine.item_no == number).limit(2)))
        found = ids.pop() if len(ids) == 1 else None
    if found is not None:
        doing.tx.execute(select(Order.id).where(Order.id == found).with_for_update())
    return found
