"""Goods, where they lie and how many. No rules."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base


class Product(Base):
    """Something we sell, known by its SKU. `shelf` is where the picker walks to."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    option: Mapped[str] = mapped_column(String(1000), default="")
    barcode: Mapped[str] = mapped_column(String(64), default="")
    shelf: Mapped[str] = mapped_column(String(40), default="")
    carrier: Mapped[str] = mapped_column(String(60), default="")


class Location(Base):
    """A room or warehouse that goods lie in."""

    __tablename__ = "location"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)


class Stock(Base):
    """Pieces of a product on hand at a location. May not be negative: a count corrects it."""

    __tablename__ = "stock"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("on_hand >= 0", name="on_hand"),)
