"""How customers reach their own order: links, look-ups, and what they write. No rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base

_UNANSWERED = text("sender = 'customer' AND answered_at IS NULL")


class OrderLink(Base):
    """A secret link to one order; only its SHA-256 is here. Dead once expired or revoked."""

    __tablename__ = "order_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LookUpFailure(Base):
    """A try to find an order by number and phone, counted by order and by address. Swept after a day."""

    __tablename__ = "look_up_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_look_up_failure_key", "key", "at"),)


class Message(Base):
    """What a customer wrote about their order, and what the shop answered. `sender` is customer or staff."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime]
    sender: Mapped[str] = mapped_column(String(8))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(String(4000))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("sender IN ('customer','staff')", name="sender"),
        Index("ix_message_unanswered", "at", sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED),
    )
