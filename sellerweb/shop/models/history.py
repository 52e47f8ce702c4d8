"""What happened and what is owed because of it: actions, events, notices, looks at personal data. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class Action(Base):
    """One submitted form, known by the id it carried: said again, it gets the same answer and does nothing."""

    __tablename__ = "action"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    verb: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Event(Base):
    """One line of an order's history [이력]. Insert-only (triggers keep it so); `seq` has no gaps.

    `changes` holds before and after of each fact: {"order": {field: [before, after]},
    "lines": {id: {...}}, "shipments": {id: {...}}}. Nothing personal stands in it.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    thing: Mapped[str] = mapped_column(String(12))
    verb: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    action_id: Mapped[str | None] = mapped_column(ForeignKey("action.id"))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (UniqueConstraint("order_id", "seq"), Index("ix_event_action_id", "action_id"))


class Notice(Base):
    """A letter or text message owed to a customer [알림]: the outbox row, written with its event.

    `state`: waiting, sending, sent, failed, suppressed, unsure. It leaves no sooner than `not_before` (UTC); `values` are
    the facts of that moment (a date, an amount), never personal. While a worker has it, `leased_until` is set; `handed_at`
    is written just before the words are handed over: a worker that dies after it leaves an unsure one.
    `subject` and `body` are what was sent, without its secret link. `why` is a code: why it was not.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    shipment_id: Mapped[int | None] = mapped_column(ForeignKey("shipment.id"))
    letter: Mapped[str] = mapped_column(String(40))
    medium: Mapped[str] = mapped_column(String(8))
    recipient: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    leased_until: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(String(120), default="", server_default="")
    why: Mapped[str] = mapped_column(String(40), default="", server_default="")
    subject: Mapped[str] = mapped_column(String(300), default="", server_default="")
    body: Mapped[str] = mapped_column(String(8000), default="", server_default="")

    __table_args__ = (
        CheckConstraint("state IN ('waiting','sending','sent','failed','suppressed','unsure')", name="state"),
        UniqueConstraint("event_id", "medium", "recipient"),
        Index(
            "ix_notice_waiting",
            "not_before",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_notice_state", "state", "id"),
    )


class Access(Base):
    """One look of a person at a customer's address or phone, or one printing or export of it. Insert-only."""

    __tablename__ = "access"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))
