"""The shop's own manuals. Ours are files (`shop.manuals`). No rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class Manual(Base):
    """A short page for staff: what to do in a situation. The shop's own, or what it put in place of ours, which has its key.

    `kinds` are the kinds of question beside which it is offered, with spaces between; `words` are Markdown.
    """

    __tablename__ = "manual"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    kinds: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    words: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool]
    version: Mapped[int]
    changed_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        CheckConstraint("language IN ('ko','ja','en')", name="language"),
        CheckConstraint("version > 0", name="version"),
    )
