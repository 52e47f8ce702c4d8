"""Goods, where they lie and how many. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base

_SHORT = text("reserved > on_hand")
_OF_ORDER = text("order_id IS NOT NULL")
_ON_ITS_WAY = text("state IN ('waiting','running')")


class Product(Base):
    """Something we sell, known by its SKU. `shelf` is where the picker walks to, `carrier` what the listing promises.

    `home_id` is the location that its pieces come from unless a line says otherwise; nothing is counted before it has one.
    `photo` is the key of a picture in the store, `version` counts the changes by staff.
    """

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    option: Mapped[str] = mapped_column(String(1000), default="")
    barcode: Mapped[str] = mapped_column(String(64), default="")
    shelf: Mapped[str] = mapped_column(String(40), default="")
    carrier: Mapped[str] = mapped_column(String(60), default="")
    home_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    photo: Mapped[str] = mapped_column(String(32), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __table_args__ = (Index("ix_product_name", "name", "id"),)


class Location(Base):
    """A room or warehouse that goods lie in. A closed one is offered no more."""

    __tablename__ = "location"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    closed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Stock(Base):
    """Pieces of a product at a location: `on_hand` is the sum of its moves, `reserved` what paid orders still wait for.

    Both are caches, written by `shop.stock` alone. May not be negative. `version` counts the moves: a count names it.
    """

    __tablename__ = "stock"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("reserved >= 0", name="reserved"),
        Index("ix_stock_short", "product_id", sqlite_where=_SHORT, postgresql_where=_SHORT),
    )


class StockMove(Base):
    """Pieces that came or went, and how many there were `after` it. Insert-only (triggers keep it so).

    `kind` is why: a move of an order, a count by staff (its `reason` and `note`), or pieces that were more than counted.
    """

    __tablename__ = "stock_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    quantity: Mapped[int]
    after: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    action_id: Mapped[str | None] = mapped_column(ForeignKey("action.id"))

    __table_args__ = (
        CheckConstraint("after >= 0", name="after"),
        CheckConstraint("quantity <> 0 OR kind = 'count'", name="quantity"),
        CheckConstraint(
            "kind IN ('count','carry','found','ship','unship','elsewhere','cancel','uncancel','come_back','inspect')",
            name="kind",
        ),
        Index("ix_stock_move_product", "product_id", "id"),
        Index("ix_stock_move_order", "order_id", sqlite_where=_OF_ORDER, postgresql_where=_OF_ORDER),
        Index("ix_stock_move_action", "action_id"),
    )


class ProductFile(Base):
    """A table of products and counts that staff dropped. `done` counts rows taken in or refused; `rejected` are the refused ones.

    `action_id` is the form's: dropped twice, it is one file.
    """

    __tablename__ = "product_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    rows: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rejected: Mapped[list[Any]] = mapped_column(JSON, default=list)
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting','running','done','failed')", name="state"),
        Index("ix_product_file_on_its_way", "id", sqlite_where=_ON_ITS_WAY, postgresql_where=_ON_ITS_WAY),
    )


class ProductFilePart(Base):
    """Rows of a table that are still to be taken in, packed; gone with the transaction that takes them."""

    __tablename__ = "product_file_part"

    file_id: Mapped[int] = mapped_column(ForeignKey("product_file.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[bytes] = mapped_column(LargeBinary)
