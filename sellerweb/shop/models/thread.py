"""Conversations: threads with their history, and the messages in them. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base

_UNANSWERED = text("sender = 'customer' AND answered_at IS NULL")
_TIMED = text("due_at IS NOT NULL")
_TICKING = text("due_at IS NOT NULL AND state = 'open'")


class Thread(Base):
    """A conversation with one customer [문의], about an order where one is known.

    `due_at` is when its answer must be there: set while a customer's message waits for us. `left_seconds` is what was left
    of that time when we began to wait for the customer. `version` is the `seq` of its newest event. `name`, `contact` and
    `subject` are what a thread without an order knows of its customer; `last_at` and `last_words` tell its newest message.
    One that was joined to another (`joined_id`) is empty and shown nowhere.
    """

    __tablename__ = "thread"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    source: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]
    began_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    left_seconds: Mapped[int | None]
    snoozed_until: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    last_at: Mapped[datetime]
    last_words: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("source IN ('page','mail','talktalk','phone','note','import')", name="source"),
        CheckConstraint("state IN ('open','snoozed','solved')", name="state"),
        CheckConstraint("due_at IS NULL OR left_seconds IS NULL", name="clock"),
        CheckConstraint("state <> 'solved' OR (due_at IS NULL AND left_seconds IS NULL)", name="solved"),
        CheckConstraint("(state = 'snoozed') = (snoozed_until IS NOT NULL)", name="snoozed"),
        CheckConstraint("joined_id IS NULL OR state = 'solved'", name="joined"),
        Index("ix_thread_due", "due_at", "id", sqlite_where=_TICKING, postgresql_where=_TICKING),
        Index("ix_thread_state", "state", "last_at", "id"),
    )


class ThreadEvent(Base):
    """One line of a thread's history. Insert-only (triggers keep it so); `seq` has no gaps.

    `changes` holds before and after of each changed column: {column: [before, after]}. Nothing personal stands in it.
    """

    __tablename__ = "thread_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    action_id: Mapped[str | None] = mapped_column(ForeignKey("action.id"))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("thread_id", "seq"), Index("ix_thread_event_action_id", "action_id"))


class Message(Base):
    """What a customer wrote, and what the shop answered. `sender` is customer or staff; what is `internal` no customer sees. What was
    `noted` was said elsewhere, on the phone or in TalkTalk: it stands on no customer's page either.

    `due_at` stands on the first message that waits for an answer: by then it has to be there. It stays when that was given, and
    tells with `answered_at` whether it was in time. `order_id` is always its thread's. `mail_key` is the digest
    of the Message-ID of what came by mail, or of a question's number in a file: it comes in once.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), index=True)
    at: Mapped[datetime]
    sender: Mapped[str] = mapped_column(String(8))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(String(4000))
    internal: Mapped[bool] = mapped_column(default=False)
    noted: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    mail_key: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("sender IN ('customer','staff')", name="sender"),
        CheckConstraint("internal = false OR sender = 'staff'", name="internal"),
        Index("ix_message_unanswered", "at", sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED),
        Index("ix_message_mail_key", "mail_key", unique=True),
        Index("ix_message_timed", "answered_at", sqlite_where=_TIMED, postgresql_where=_TIMED),
    )
