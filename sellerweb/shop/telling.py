"""What each channel has not been told yet: parcels that left, days that were promised. Reads only, marks nothing.

Test orders and lines that replace something are the shop's own business; no channel knows them.
"""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.orm import aliased

from sellerweb.shop import policy, states
from sellerweb.shop.models import Order, OrderLine, Shipment, ShipmentLine
from sellerweb.shop.outgoing import ItemOut

# Channels that take one tracking number an order, and one an item: the first parcel's. The customer's letters have the others.
ONE_AN_ORDER = frozenset({"qoo10"})
ONE_AN_ITEM = frozenset({"smartstore"})
_LEFT = ("shipped", "in_transit", "delivered")
_ITEM = (
    Order.order_no, OrderLine.item_no, OrderLine.name, OrderLine.option, OrderLine.sku, Order.receiver_name,
    Order.country, OrderLine.channel_state.label("state"), OrderLine.method, OrderLine.ordered,
)  # fmt: skip
_PARCEL = (Shipment.carrier, Shipment.carrier_name, Shipment.number, Shipment.shipped_at)
_OURS = (Order.is_test.is_(False), OrderLine.claim_id.is_(None))


def dispatch(conn: Connection, channel: str) -> list[ItemOut]:
    """Items whose parcel has left without the channel being told, parcel by parcel."""
    rows = conn.execute(
        select(*_ITEM, *_PARCEL, ShipmentLine.quantity, Order.id.label("order_id"))
        .join(ShipmentLine, ShipmentLine.line_id == OrderLine.id)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(Order, Order.id == Shipment.order_id)
        .where(Order.channel == channel, Shipment.state.in_(_LEFT), Shipment.channel_told_at.is_(None), *_OURS)
        .order_by(Shipment.id, OrderLine.position)
    ).all()
    if channel not in ONE_AN_ORDER | ONE_AN_ITEM:
        return [ItemOut(**_plain(row)) for row in rows]
    first = _first_parcels(conn, channel) if channel in ONE_AN_ORDER else {}
    told = _told_items(conn, channel)
    items: dict[str, ItemOut] = {}
    for row in rows:
        if row.item_no not in told:
            items.setdefault(row.item_no, ItemOut(**_plain(row) | first.get(row.order_id, {})))
    return list(items.values())


def promise(conn: Connection, channel: str) -> list[ItemOut]:
    """Items that are still here, with the day that was promised, where the channel does not say that day itself."""
    rows = conn.execute(
        select(*_ITEM, Order.promised_on, Order.channel_due_at)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.channel == channel, Order.stage.in_(states.OPEN), Order.promised_on.is_not(None), *_OURS)
        .where(OrderLine.cancelled + OrderLine.shipped < OrderLine.ordered)
        .order_by(Order.id, OrderLine.position)
    )
    zone = ZoneInfo(policy.of(conn, channel).zone)
    return [ItemOut(**_plain(row)) for row in rows if not _says_so(row, zone)]


READS = {"dispatch": dispatch, "promise": promise}


def _first_parcels(conn: Connection, channel: str) -> dict[int, dict[str, Any]]:
    """Order's id → carrier and number of its first parcel that has left under a number."""
    numbered = select(Shipment.order_id, *_PARCEL).where(*_unclosed(channel), Shipment.number != "")
    first: dict[int, dict[str, Any]] = {}
    for row in conn.execute(numbered.join(Order, Order.id == Shipment.order_id).order_by(Shipment.id)):
        first.setdefault(row.order_id, _plain(row))
    return first


def _told_items(conn: Connection, channel: str) -> set[str]:
    """Items that lie in a parcel which the channel knows already, of orders where it does not know another."""
    told = (
        select(OrderLine.item_no)
        .join(ShipmentLine, ShipmentLine.line_id == OrderLine.id)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(Order, Order.id == Shipment.order_id)
    )
    return set(conn.scalars(told.where(*_unclosed(channel), Shipment.channel_told_at.is_not(None))))


def _unclosed(channel: str) -> tuple[ColumnElement[bool], ...]:
    """Parcels that have left, of the channel's orders that have one which it was not told of."""
    other = aliased(Shipment)
    untold = (other.order_id == Order.id, other.state.in_(_LEFT), other.channel_told_at.is_(None))
    return Order.channel == channel, Shipment.state.in_(_LEFT), select(other.id).where(*untold).exists()


def _says_so(row: Any, zone: ZoneInfo) -> bool:
    """The channel's own date is the end of the promised day: it was told, and a file has said it back."""
    due = row.channel_due_at
    return bool(due) and (due.astimezone(zone) - timedelta(seconds=1)).date() == row.promised_on


def _plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name in ItemOut.__dataclass_fields__}
