"""What the channels were told: files made for them, and what became of each item. No rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class Batch(Base):
    """One file that was made for a channel to take in, byte for byte. Insert-only."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(12))
    filename: Mapped[str] = mapped_column(String(120))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    rows: Mapped[int]
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        CheckConstraint("kind IN ('dispatch','promise')", name="kind"),
        CheckConstraint("rows >= 1", name="rows"),
    )


class Telling(Base):
    """One word about one item of a parcel, or of a promised day. Insert-only: the newest word of an item holds.

    `written`: it stands in a batch's file; `told`: the channel has it; `failed`: the channel refused it, `why` in its own
    words; `by_hand`: somebody told it elsewhere. `carrier` and `number`, or `day`, are what was told.
    """

    __tablename__ = "telling"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"))
    shipment_id: Mapped[int | None] = mapped_column(ForeignKey("shipment.id"), index=True)
    word: Mapped[str] = mapped_column(String(8))
    carrier: Mapped[str] = mapped_column(String(60), default="")
    number: Mapped[str] = mapped_column(String(64), default="")
    day: Mapped[date | None]
    why: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"))

    __table_args__ = (
        CheckConstraint("word IN ('written','told','failed','by_hand')", name="word"),
        CheckConstraint("kind IN ('dispatch','promise')", name="kind"),
        CheckConstraint("(kind = 'dispatch') = (shipment_id IS NOT NULL)", name="parcel"),
        CheckConstraint("(kind = 'promise') = (day IS NOT NULL)", name="day"),
        CheckConstraint("word <> 'written' OR batch_id IS NOT NULL", name="written"),
        Index("ix_telling_line_id", "line_id", "kind", "id"),
        Index("ix_telling_action_id", "action_id"),
    )


class ResultFile(Base):
    """A channel's file of what became of a batch. `payload` (its table, compressed) is emptied when it is marked or put away.

    `columns` is what its columns mean, once that is known; `report` how many rows were marked as what, once they are.
    """

    __tablename__ = "result_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    columns: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
