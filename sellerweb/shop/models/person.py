"""Who bought: by which phone and e-mail an order is known, and what the shop noted about a person. No rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class CustomerKey(Base):
    """A phone or an e-mail address by which an order is somebody's, in one spelling (`shop.contacts`).

    `role` is buyer, or receiver where nothing is known of the buyer.
    """

    __tablename__ = "customer_key"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[str] = mapped_column(String(254), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False, index=True)
    role: Mapped[str] = mapped_column(String(8))

    __table_args__ = (
        CheckConstraint("kind IN ('phone','email')", name="kind"),
        CheckConstraint("role IN ('buyer','receiver')", name="role"),
    )


class CustomerNote(Base):
    """What staff noted about whoever bought this order. It is shown with all orders of the same person.

    It hangs on an order, not on a phone: so it goes with the order, and no change of a key or a number loses it.
    `version` counts its changes.
    """

    __tablename__ = "customer_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    words: Mapped[str] = mapped_column(String(2000))
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    changed_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        Index("ix_customer_note_order_id", "order_id", "id"),
    )
