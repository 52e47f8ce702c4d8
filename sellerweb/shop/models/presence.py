"""Who is where just now, and what they are writing. Nothing of a shop's past: it goes within seconds, or days. No rules."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class Presence(Base):
    """An open page (`tab`, a word it made up) of a person shows or fills in a `place`: `order-<code>` or `thread-<id>`."""

    __tablename__ = "presence"

    tab: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[str] = mapped_column(String(140), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    typing: Mapped[bool]
    seen_at: Mapped[datetime]

    __table_args__ = (Index("ix_presence_seen_at", "seen_at"),)


class Draft(Base):
    """What a person has begun to write at a `place`, and not sent."""

    __tablename__ = "draft"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(140), primary_key=True)
    words: Mapped[str] = mapped_column(String(4000))
    at: Mapped[datetime]
