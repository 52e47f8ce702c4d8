"""Photos that belong to a message or to a claim. The pictures themselves are files (`shop.files`). No rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class Attachment(Base):
    """One photo [첨부], cleaned. `key` names its two files and says nothing of anybody; `by` is customer or staff.

    A photo that came with a message stands at the claim too, if one asked for it.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    media: Mapped[str] = mapped_column(String(20))
    bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(8))

    __table_args__ = (
        CheckConstraint("message_id IS NOT NULL OR claim_id IS NOT NULL", name="whose"),
        CheckConstraint("\"by\" IN ('customer','staff')", name="by"),
        CheckConstraint("bytes > 0 AND width > 0 AND height > 0", name="sizes"),
    )
