"""How customers reach their own order: links and look-ups. No rules."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


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
