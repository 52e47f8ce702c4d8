"""Wishes to undo, and the money that goes back for them. No rules."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base

_LIVE = text("closed_at IS NULL")
_UNPAID = text("state IN ('due','sent','manual')")


class Claim(Base):
    """A wish to undo [클레임]: `cancel`, `return`, `exchange` or `redelivery`. Live until `closed_at`.

    `asked_by` is customer, staff or channel; `note` is what they said, `answer` what the shop told them.
    `ways` is how often the customer bears the return fee (0 to 2); `fee`, `goods` and `refund` are in minor units of the
    order's currency; `account` is the customer's bank account, encrypted, until the refund has it. `due_at` is when the shop must have answered; `undo_until` until when staff can take it back.
    """

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(1000), default="")
    answer: Mapped[str] = mapped_column(String(1000), default="")
    asked_by: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]

    bearer: Mapped[str] = mapped_column(String(12), default="")
    ways: Mapped[int] = mapped_column(default=0)
    fee: Mapped[int] = mapped_column(BigInteger, default=0)
    goods: Mapped[int] = mapped_column(BigInteger, default=0)
    refund: Mapped[int] = mapped_column(BigInteger, default=0)
    restock: Mapped[bool] = mapped_column(default=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    photo: Mapped[bool] = mapped_column(default=False)
    option: Mapped[str] = mapped_column(String(1000), default="")
    wants: Mapped[str] = mapped_column(String(8), default="")
    held_at: Mapped[datetime | None]
    hold_reason: Mapped[str] = mapped_column(String(500), default="")
    account: Mapped[str] = mapped_column(String(1000), default="")
    carrier: Mapped[str] = mapped_column(String(60), default="")
    number: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (
        CheckConstraint("kind IN ('cancel','return','exchange','redelivery')", name="kind"),
        CheckConstraint(
            "state IN ('requested','accepted','collecting','received','inspected','resent','reported','checking',"
            "'refunded','found','refused','withdrawn','undone','done')",
            name="state",
        ),
        CheckConstraint("ways BETWEEN 0 AND 2", name="ways"),
        CheckConstraint("fee >= 0 AND goods >= 0 AND refund >= 0", name="money"),
        Index("ix_claim_live", "kind", "due_at", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_claim_asked_at", "asked_at"),
    )


class ClaimLine(Base):
    """How many pieces of a line a claim is about, and what inspection found of them."""

    __tablename__ = "claim_line"

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), primary_key=True, index=True)
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    resellable: Mapped[int] = mapped_column(default=0)
    damaged: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("received BETWEEN 0 AND quantity", name="received"),
        CheckConstraint("resellable >= 0 AND damaged >= 0 AND wrong >= 0 AND missing >= 0", name="found"),
        CheckConstraint("resellable + damaged + wrong + missing <= quantity", name="inspected"),
    )


class Refund(Base):
    """Money due back [환불]: `amount` in minor units of `currency`, which is the order's.

    `due` until the undo window is over, then `manual`: a task for staff; `sent`, `done`; a `failed` one no longer counts.
    `account` is the customer's bank account, encrypted, and empty once the money is there.
    """

    __tablename__ = "refund"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(8))
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    account: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("state IN ('due','manual','sent','done','failed')", name="state"),
        Index("ix_refund_unpaid", "state", "not_before", sqlite_where=_UNPAID, postgresql_where=_UNPAID),
    )
