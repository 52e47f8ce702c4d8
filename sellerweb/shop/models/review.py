"""What customers said of goods in public. No rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class Review(Base):
    """A review with 1 to 5 stars, from a channel's file or noted by hand. `ref` is the channel's number for it, or a mark of what it says.

    `thread_id` is the conversation in which it is answered, once there is one. `shown`: a good one that the shop wants to
    show. `version` counts its changes.
    """

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    ref: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"), index=True)
    stars: Mapped[int]
    product: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(4000))
    written_at: Mapped[datetime]
    shown: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        UniqueConstraint("channel", "ref"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("shown = false OR stars >= 4", name="shown"),
        CheckConstraint("version > 0", name="version"),
        Index("ix_review_stars", "stars", "id"),
    )
