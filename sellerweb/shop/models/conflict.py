"""Where a channel's file and the desk disagree. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base

_OPEN = text("state = 'open'")


class Conflict(Base):
    """One disagreement about an order, or one of its lines: the two sides in short, nothing personal in them.

    `said` is the channel's side as it came, for those who take it. `state`: `open`; `kept` as the desk has it; `taken` as the
    channel says; `apart`: both are right, of two parcels; `agreed`: a later file said as we do; `over`: it says yet another
    thing by now (a row of its own), or the order has left what it was about. But for that the row stays as it was written.
    """

    __tablename__ = "conflict"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))
    code: Mapped[str] = mapped_column(String(30))
    ours: Mapped[str] = mapped_column(String(300))
    theirs: Mapped[str] = mapped_column(String(300))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8))
    seen_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        CheckConstraint("state IN ('open','kept','taken','apart','agreed','over')", name="state"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        Index("ix_conflict_open", "seen_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
