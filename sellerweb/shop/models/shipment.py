"""Parcels and what is in them. No rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base

_STOPPED = text("stopped_at IS NOT NULL")
_DELIVERED = text("delivered_at IS NOT NULL")
# Parcels that left, and whose channel does not know it yet.
UNTOLD = "channel_told_at IS NULL AND state IN ('shipped','in_transit','delivered')"
_UNTOLD = text(UNTOLD)
_LIVE_NUMBER = text("number <> '' AND state <> 'voided' AND NOT same_parcel")


class Shipment(Base):
    """One parcel [배송] of one order.

    A number stands on one live parcel: the partial unique index holds it even between two servers.
    `same_parcel` is what staff say when several orders go out under one number. `stopped_at`: a cancel took this label
    off, and nobody has yet put the parcel aside. `channel_told_at`: its channel knows that it left; where nobody is to be
    told, it is the moment when it left.
    """

    __tablename__ = "shipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    carrier: Mapped[str] = mapped_column(String(60), default="")
    carrier_name: Mapped[str] = mapped_column(String(100), default="")
    number: Mapped[str] = mapped_column(String(64), default="")
    same_parcel: Mapped[bool] = mapped_column(default=False)
    override_reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    labelled_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    channel_told_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state IN ('packing','labelled','shipped','in_transit','delivered','lost','came_back','voided')",
            name="state",
        ),
        Index(
            "uq_shipment_live_number",
            "carrier",
            "number",
            unique=True,
            sqlite_where=_LIVE_NUMBER,
            postgresql_where=_LIVE_NUMBER,
        ),
        Index(
            "ix_shipment_labelled",
            "state",
            sqlite_where=text("state = 'labelled'"),
            postgresql_where=text("state = 'labelled'"),
        ),
        Index("ix_shipment_stopped", "stopped_at", sqlite_where=_STOPPED, postgresql_where=_STOPPED),
        Index("ix_shipment_untold", "order_id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        Index("ix_shipment_number", "number"),
        Index("ix_shipment_shipped_at", "shipped_at"),
        Index("ix_shipment_delivered_at", "delivered_at", sqlite_where=_DELIVERED, postgresql_where=_DELIVERED),
    )


class ShipmentLine(Base):
    """How many pieces of a line lie in a parcel."""

    __tablename__ = "shipment_line"

    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), primary_key=True, index=True)
    quantity: Mapped[int]

    __table_args__ = (CheckConstraint("quantity >= 1", name="quantity"),)


class SlipPrint(Base):
    """One printing of an order's packing slip; stale once the order's address_version has moved on."""

    __tablename__ = "slip_print"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    address_version: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
