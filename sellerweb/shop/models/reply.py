"""The shop's own reply templates. Ours are files (`shop.replies`). No rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class ReplyTemplate(Base):
    """A template [답변 템플릿] of the shop's own, or what it put in place of one of ours, which then has its key.

    `stages` are the stages of an order in which it is suggested, with spaces between. A retired one is offered no more.
    """

    __tablename__ = "reply_template"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    stages: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    words: Mapped[str] = mapped_column(String(4000))
    retired: Mapped[bool]
    version: Mapped[int]
    changed_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        CheckConstraint("language IN ('ko','ja','en')", name="language"),
        CheckConstraint("version > 0", name="version"),
    )
