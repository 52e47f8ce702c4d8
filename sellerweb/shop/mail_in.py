"""Which thread a mail belongs to: the one that it answers, its sender's open one, or a new one. Opens no mailbox.

Anybody can write any sender into a mail. So a mail is tied to an order only where the order knows that address, stands on
no customer's page, and what answers it goes to the address that the order has.
"""

import logging
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import func, select

from sellerweb.shop import clock, messages, question_kinds, talk
from sellerweb.shop.db import reader
from sellerweb.shop.history import CUSTOMER, Act, Repeated, act
from sellerweb.shop.models import CustomerKey, Message, Notice, Order, Thread
from sellerweb.shop.talk import Talk

log = logging.getLogger("sellerweb.mail_in")
# A loop between two machines that hide what they are ends here: so many of one sender in a day, and of all in an hour.
MOST_OF_ONE, MOST_OF_ALL = 30, 300
# Whose order was so long ago asks about something else.
RECENT = timedelta(days=120)
NO_WORDS, CUT = "(…)", "\n(…)"


class Mail(Protocol):
    """What is to be known of a mail (`kit.mail_text`): digests of its own Message-ID and of those that it answers."""

    key: str
    answers: tuple[str, ...]
    name: str
    address: str
    subject: str
    words: str
    machine: bool
    left_out: int
    cut: bool


def take(mail: Mail, ours: str, digest: Any) -> bool:
    """Let a mail in, once; False where it is no question of a person. `ours` is the address that our letters come from.

    `digest` turns a Message-ID of ours into what mails answer.
    """
    if mail.machine or not mail.address or mail.address == ours.lower():
        return False
    with reader().connect() as conn:
        if conn.scalar(select(Message.id).where(Message.mail_key == mail.key)) or _too_many(conn, mail.address):
            return False
    try:
        with act(CUSTOMER, "mail_in", f"mail-{mail.key}"[:64], mail.key) as doing:
            messages.hear(_thread(doing, mail, digest), _words(mail), mail.key)
    except Repeated:
        return False  # another worker was faster
    return True


def _thread(doing: Act, mail: Mail, digest: Any) -> Talk:
    found = _answered(doing, mail) or _open_of(doing, mail)
    if found is not None:
        return talk.take(doing, found)
    order_id = _order_of(doing, mail, digest)
    if order_id is not None:
        doing.tx.execute(select(Order.id).where(Order.id == order_id).with_for_update())
        same = talk.newest_of(doing, order_id, Thread.source == "mail", Thread.contact == mail.address)
        if same is not None and mail.answers:  # an answer to our letter goes on with what was solved
            return same
    kind = question_kinds.guess(f"{mail.subject} {mail.words}")
    return talk.make(
        doing,
        "mail",
        kind,
        order_id=order_id,
        name=mail.name[:200],
        contact=mail.address[:254],
        subject=mail.subject[:300],
    )


def _answered(doing: Act, mail: Mail) -> int | None:
    """The thread of the same sender that holds what this mail answers."""
    said = select(Message.thread_id).where(Message.mail_key.in_(mail.answers)).limit(1)
    return doing.tx.scalar(said.join(Thread, Thread.id == Message.thread_id).where(Thread.contact == mail.address))


def _open_of(doing: Act, mail: Mail) -> int | None:
    """The sender's newest thread that is not solved: a second mail asks after the same thing."""
    theirs = select(Thread.id).where(Thread.contact == mail.address, Thread.source == "mail", Thread.state != "solved")
    return doing.tx.scalar(theirs.order_by(Thread.id.desc()).limit(1))


def _order_of(doing: Act, mail: Mail, digest: Any) -> int | None:
    """The sender's order that it names, answers a letter of, or the only recent one there is."""
    since = doing.at - RECENT
    key = (CustomerKey.kind == "email", CustomerKey.value == mail.address, CustomerKey.role == "buyer")
    query = select(Order.id, Order.order_no).join(CustomerKey, CustomerKey.order_id == Order.id).where(*key)
    theirs = doing.tx.execute(query.where(Order.ordered_at >= since).order_by(Order.id.desc()).limit(50)).all()
    said = f"{mail.subject} {mail.words}"
    named = [order.id for order in theirs if len(order.order_no) > 3 and order.order_no in said]
    if len(named) == 1:
        return int(named[0])
    ids = [order.id for order in theirs]
    letters = select(Notice.order_id, Notice.message_id).where(Notice.order_id.in_(ids), Notice.message_id != "")
    of_letter = [row.order_id for row in doing.tx.execute(letters) if digest(row.message_id) in mail.answers]
    return of_letter[0] if of_letter else ids[0] if len(ids) == 1 else None


def _too_many(conn: Any, address: str) -> bool:
    now = clock.now()
    came = select(func.count()).select_from(Message).where(Message.mail_key.is_not(None))
    of_one = came.join(Thread, Thread.id == Message.thread_id).where(Thread.contact == address)
    if conn.scalar(of_one.where(Message.at >= now - timedelta(days=1))) >= MOST_OF_ONE:
        log.warning("more than %s mails of one sender within a day: the rest of them stay in the mailbox", MOST_OF_ONE)
        return True
    if conn.scalar(came.where(Message.at >= now - timedelta(hours=1))) >= MOST_OF_ALL:
        log.warning("more than %s mails within an hour: the rest of them stay in the mailbox", MOST_OF_ALL)
        return True
    return False


def _words(mail: Mail) -> str:
    """Subject and words, bounded; what stays in the mailbox is said."""
    files = f"\n(+{mail.left_out} 📎)" if mail.left_out else ""
    more = (CUT if mail.cut else "") + files
    said = mail.words or NO_WORDS
    return (f"{mail.subject}\n\n{said}" if mail.subject else said)[: messages.LONGEST - len(more)] + more
