"""Orders and their lines: the facts, and the caches that one function writes. No rules."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from sellerweb.shop.models.base import Base

OPEN_STAGES = ("new", "preparing", "ready", "partly_shipped")
_OPEN = text("stage IN ('new','preparing','ready','partly_shipped') AND archived_at IS NULL")
_SAME_DOOR = text("stage IN ('new','preparing','ready','partly_shipped') AND archived_at IS NULL AND door IS NOT NULL")
_ARCHIVED = text("archived_at IS NOT NULL")
# Orders whose channel takes the promised day and does not know it.
DAY_UNTOLD = "day_untold"
_DAY_UNTOLD = text(DAY_UNTOLD)
_WAITING = text("product_id IS NOT NULL AND ordered > cancelled + shipped")


class Order(Base):
    """A customer's order [주문]. Money is in minor units of `currency`; instants are UTC.

    `version` is the `seq` of the order's newest event. `stage` is a cache of `states.stage`, written by
    `history` alone. `code` stands in addresses and bar codes: the order number without signs. `claim_flag` is what the
    order's row says of its claims (a cache, written by `claims.flag`); `day_untold`, that the channel does not know the
    promised day yet (a cache, written by `promised_days`).
    """

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    order_no: Mapped[str] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=0)
    is_test: Mapped[bool] = mapped_column(default=False)

    ordered_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    channel_due_at: Mapped[datetime | None]
    promised_on: Mapped[date | None]
    ship_due_at: Mapped[datetime | None]
    cancel_until: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    hold_reason: Mapped[str] = mapped_column(String(500), default="")
    archived_at: Mapped[datetime | None]
    channel_block: Mapped[str] = mapped_column(String(20), default="")
    claim_flag: Mapped[str] = mapped_column(String(20), default="", server_default="")

    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int | None] = mapped_column(BigInteger)
    shipping_fee: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    day_untold: Mapped[bool] = mapped_column(default=False, server_default=false())

    buyer_name: Mapped[str] = mapped_column(String(200), default="")
    buyer_phone: Mapped[str] = mapped_column(String(40), default="")
    buyer_email: Mapped[str] = mapped_column(String(254), default="")
    receiver_name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    phone2: Mapped[str] = mapped_column(String(40), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(1000), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    address_version: Mapped[int] = mapped_column(default=1)
    town: Mapped[str] = mapped_column(String(100), default="")
    door: Mapped[str | None] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(String(2000), default="")
    gift_note: Mapped[str] = mapped_column(String(2000), default="")

    goods: Mapped[str] = mapped_column(String(300), default="")
    lines_count: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("channel", "order_no"),
        CheckConstraint("length(currency) = 3", name="currency"),
        CheckConstraint("total IS NULL OR total >= 0", name="total"),
        CheckConstraint("shipping_fee >= 0", name="shipping_fee"),
        CheckConstraint("refunded >= 0 AND refunded <= coalesce(total, 0) + shipping_fee", name="refunded"),
        CheckConstraint("version >= 0", name="version"),
        Index("ix_orders_queue", "ship_due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_orders_queue_stage", "stage", "ship_due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_orders_door", "door", sqlite_where=_SAME_DOOR, postgresql_where=_SAME_DOOR),
        Index("ix_orders_stage", "stage", "id"),
        Index("ix_orders_day_untold", "id", sqlite_where=_DAY_UNTOLD, postgresql_where=_DAY_UNTOLD),
        Index("ix_orders_archived", "id", sqlite_where=_ARCHIVED, postgresql_where=_ARCHIVED),
        Index("ix_orders_ordered_at", "ordered_at", "channel", "is_test"),
    )


class OrderLine(Base):
    """A line of an order with its counters. `open` = ordered − cancelled − packed − shipped.

    `asked`: pieces not yet shipped that somebody asks to cancel; `claimed`: shipped ones under a return, exchange or
    redelivery, live or done. `claim_id` is set on lines that replace what a claim was about, `location_id` on those that
    come from elsewhere than the product's home.
    """

    __tablename__ = "order_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    item_no: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    sku: Mapped[str] = mapped_column(String(120), default="")
    name: Mapped[str] = mapped_column(String(300))
    option: Mapped[str] = mapped_column(String(1000), default="")
    gift: Mapped[str] = mapped_column(String(500), default="")
    total: Mapped[int | None] = mapped_column(BigInteger)
    carrier: Mapped[str] = mapped_column(String(60), default="")
    method: Mapped[str] = mapped_column(String(20), default="")
    channel_state: Mapped[str] = mapped_column(String(20), default="")

    ordered: Mapped[int]
    cancelled: Mapped[int] = mapped_column(default=0)
    packed: Mapped[int] = mapped_column(default=0)
    shipped: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0, server_default="0")
    claimed: Mapped[int] = mapped_column(default=0, server_default="0")
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))

    __table_args__ = (
        UniqueConstraint("order_id", "item_no"),
        CheckConstraint("ordered >= 1", name="ordered"),
        CheckConstraint("cancelled >= 0 AND packed >= 0 AND shipped >= 0", name="counters"),
        CheckConstraint("delivered >= 0 AND returned >= 0 AND lost >= 0", name="later_counters"),
        CheckConstraint("cancelled + packed + shipped <= ordered", name="pieces"),
        CheckConstraint("delivered + lost <= shipped", name="arrived"),
        CheckConstraint("returned <= shipped", name="returned"),
        CheckConstraint("asked >= 0 AND asked <= ordered - cancelled - shipped", name="asked"),
        CheckConstraint("claimed >= 0 AND claimed <= shipped", name="claimed"),
        CheckConstraint("total IS NULL OR total >= 0", name="total"),
        Index("ix_order_line_waiting", "product_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
