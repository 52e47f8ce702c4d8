"""What the search looks in: exact keys and pieces of words, written beside the order. No rules."""

from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class OrderKey(Base):
    """A whole word that finds an order: number, phone, last four, name, given name, SKU, tracking number."""

    __tablename__ = "order_key"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False, index=True)


class OrderText(Base):
    """The order's words, normalised, and their grams. PostgreSQL indexes `grams` (GIN); on SQLite they stand
    in the contentless FTS5 table `order_gram` and this column stays empty."""

    __tablename__ = "order_text"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    grams: Mapped[Any] = mapped_column(Text().with_variant(ARRAY(Text), "postgresql"), nullable=True)
