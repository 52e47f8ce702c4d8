"""What a customer and the shop write to each other about an order: ask, answer; and those that wait. Nothing is sent here."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, insert, select, update

from sellerweb.shop import reply_words
from sellerweb.shop.case import Case
from sellerweb.shop.models import Message, Order
from sellerweb.shop.refused import Refused

LONGEST = 4000
_UNANSWERED = (Message.sender == "customer", Message.answered_at.is_(None))


def ask(case: Case, words: str) -> int:
    """The customer writes to the shop. Returns the message's id."""
    message = _write(case, "customer", words)
    case.record("order", "ask")
    return message


def answer(case: Case, words: str) -> int:
    """The shop writes back, and with that has answered all that was asked; the words go out as a letter.

    Placeholders in them are filled from the order as it is now. Refused where one is unknown or has nothing to say.
    """
    words = reply_words.filled(case.act.tx, case.order, words)
    message = _write(case, "staff", words)
    asked = update(Message).where(Message.order_id == case.order.id, *_UNANSWERED)
    case.act.tx.execute(asked.values(answered_at=case.act.at))
    case.record("order", "answer", values={"words": words})
    return message


def of_order(conn: Connection, order_id: int) -> list[Row[Any]]:
    """All messages of an order, oldest first."""
    return list(conn.execute(select(Message.__table__).where(Message.order_id == order_id).order_by(Message.id)))


def unanswered(conn: Connection, limit: int = 200) -> list[Row[Any]]:
    """Messages that wait for an answer, oldest first, each with its order's columns."""
    order = (Order.code, Order.channel, Order.order_no, Order.stage, Order.receiver_name, Order.goods)
    query = select(Message.__table__, *order).join(Order, Order.id == Message.order_id)
    return list(conn.execute(query.where(*_UNANSWERED).order_by(Message.at, Message.id).limit(limit)))


def _write(case: Case, sender: str, words: str) -> int:
    if not words.strip():
        raise Refused(_l("Write something first."), "words")
    if len(words) > LONGEST:
        raise Refused(_l("That is too long: %(n)s characters at most. Nothing was sent.", n=LONGEST), "words")
    row = {"order_id": case.order.id, "at": case.act.at, "sender": sender, "staff_id": case.act.by.staff_id}
    return int(case.act.tx.execute(insert(Message).returning(Message.id), {**row, "words": words}).scalar_one())
