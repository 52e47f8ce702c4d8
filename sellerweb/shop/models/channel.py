"""What the shop keeps about its channels: policy and who changed it, files taken in, and the counts of the queue. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class Policy(Base):
    """A channel's rules where the shop differs from `policy.DEFAULTS`: {name: value}."""

    __tablename__ = "policy"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changed_at: Mapped[datetime]


class PolicyChange(Base):
    """Who changed a channel's rules, and what: {name: value} before and after. Insert-only."""

    __tablename__ = "policy_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index("ix_policy_change_channel", "channel", "at"),)


class Import(Base):
    """One file taken in. `payload` is what nobody has read yet: the file itself, or a table whose columns are asked for.

    `state`: unread, refused (it could not be read), waiting, running, done, failed. `done` counts orders applied, so that a
    killed import goes on. `how` is how it is to be read (its password sealed), and nothing any more once it was.
    """

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    filename: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    how: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    orders: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rejected: Mapped[list[Any]] = mapped_column(JSON, default=list)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('unread','refused','waiting','running','done','failed')", name="state"),
    )


class ImportPart(Base):
    """Orders of a file that are still to be taken in, packed (`incoming.FileIn.parts`); gone with the transaction that takes them."""

    __tablename__ = "import_part"

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[bytes] = mapped_column(LargeBinary)


class StageTally(Base):
    """How many orders a stage holds, as a sum of steps: each change of stage adds +1 and −1.

    Rows are only added (no hot row for two servers to fight over); the worker folds them together.
    """

    __tablename__ = "stage_tally"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(20))
    n: Mapped[int]
