"""What each channel has not been told yet: parcels that left, days that were promised. Reads only; `batches` marks.

Test orders and lines that replace something are the shop's own business; no channel knows them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, func, select, text
from sqlalchemy.orm import aliased

from sellerweb.shop import policy, states
from sellerweb.shop.models import Notice, Order, OrderLine, Shipment, ShipmentLine, Telling
from sellerweb.shop.models.shipment import UNTOLD
from sellerweb.shop.outgoing import ItemOut

# Channels that take one tracking number an order, and one an item: the first parcel's. The customer's letters have the others.
ONE_AN_ORDER = frozenset({"qoo10"})
ONE_AN_ITEM = frozenset({"smartstore"})
# What each takes: only these are ever told anything.
TAKES = {"smartstore": ("dispatch",), "qoo10": ("dispatch", "promise"), "shopify": ("dispatch",)}
KNOWN = ("told", "by_hand")
LEFT = ("shipped", "in_transit", "delivered")
_ITEM = (
    Order.order_no, OrderLine.item_no, OrderLine.name, OrderLine.option, OrderLine.sku, Order.receiver_name,
    Order.country, OrderLine.channel_state.label("state"), OrderLine.method, OrderLine.ordered,
    Order.id.label("order_id"), OrderLine.id.label("line_id"),
)  # fmt: skip
_PARCEL = (Shipment.carrier, Shipment.carrier_name, Shipment.number, Shipment.shipped_at)
# What became of the letter that tells the customer of a parcel.
_LETTER = (
    select(Notice.state)
    .where(Notice.order_id == Shipment.order_id, Notice.shipment_id == Shipment.id)
    .where(Notice.letter.in_(("shipment_ship", "shipment_correct")))
    .order_by(Notice.id.desc())
    .limit(1)
    .scalar_subquery()
)
_OURS = (Order.is_test.is_(False), OrderLine.claim_id.is_(None))


@dataclass(frozen=True, slots=True)
class Thing:
    """One item that its channel should know of. `word` is what became of the last try: none, `written` or `failed`."""

    item: ItemOut
    word: str = ""
    why: str = ""
    batch_id: int | None = None


def things(conn: Connection, channel: str, kind: str, orders: Collection[int] | None = None) -> list[Thing]:
    """All that the channel has not been told, tried before or not; `orders`: of these alone."""
    items = READS[kind](conn, channel, orders)
    last = last_words(conn, _STILL[kind](channel)) if items else {}
    found = []
    for item in items:
        word = last.get((item.line_id, item.shipment_id))
        if word is None or not same(item, word):
            found.append(Thing(item))  # another number or day than was told: it is to be told anew
        elif word.word not in KNOWN:
            found.append(Thing(item, word.word, word.why, word.batch_id))
    return found


def through(
    conn: Connection, channel: str, parcels: Mapping[int, Mapping[int, Any]], by_hand: Collection[int] = ()
) -> list[tuple[int, int]]:
    """(order, parcel) of which nothing is left to tell, among those {order: its parcels} of a channel; `by_hand`: parcels whose
    numbers were told without a file."""
    items = dispatch(conn, channel, parcels)
    open_ = {thing.item.shipment_id for thing in things(conn, channel, "dispatch", parcels)}
    done = ({item.shipment_id for item in items} | set(by_hand)) - open_
    return [
        (order, id)
        for order, its in parcels.items()
        for id, parcel in its.items()
        if id in done and parcel.channel_told_at is None and parcel.state in LEFT
    ]


def further(conn: Connection, channel: str) -> list[Row[Any]]:
    """Parcels of which the channel's file has no place any more: it knows the items by another number."""
    rows = conn.execute(
        select(*_PARCEL, Shipment.id, Shipment.order_id, Order.order_no, Order.code, _LETTER.label("letter"))
        .join(Order, Order.id == Shipment.order_id)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(OrderLine, OrderLine.id == ShipmentLine.line_id)
        .where(Order.channel == channel, text(UNTOLD), *_OURS)
        .order_by(Shipment.id)
    ).all()
    here = {item.shipment_id for item in dispatch(conn, channel)}
    return list({row.id: row for row in rows if row.id not in here}.values())


def last_words(conn: Connection, about: ColumnElement[bool]) -> dict[tuple[int, int | None], Row[Any]]:
    """(line, parcel) → the newest word about it."""
    newest = select(func.max(Telling.id)).where(about).group_by(Telling.line_id, Telling.kind, Telling.shipment_id)
    found = conn.execute(select(Telling.__table__).where(Telling.id.in_(newest)))
    return {(row.line_id, row.shipment_id): row for row in found}


def same(item: ItemOut, word: Any) -> bool:
    """Whether this word was about what we would say now."""
    return (item.carrier, item.number, item.promised_on) == (word.carrier, word.number, word.day)


def nobody(order: Any, lines: Iterable[Any]) -> bool:
    """Whether there is nobody to be told of a parcel: no channel knows the order, or what lies in it."""
    return order.channel not in TAKES or order.is_test or all(line.claim_id for line in lines)


def dispatch(conn: Connection, channel: str, orders: Collection[int] | None = None) -> list[ItemOut]:
    """Items whose parcel has left without the channel being told, parcel by parcel."""
    rows = conn.execute(
        select(*_ITEM, *_PARCEL, ShipmentLine.quantity, Shipment.id.label("shipment_id"))
        .join(ShipmentLine, ShipmentLine.line_id == OrderLine.id)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(Order, Order.id == Shipment.order_id)
        .where(*_whose(channel, orders), text(UNTOLD), *_OURS)
        .order_by(Shipment.id, OrderLine.position)
    ).all()
    if channel not in ONE_AN_ORDER | ONE_AN_ITEM:
        return [ItemOut(**_plain(row)) for row in rows]
    whose = _whose(channel, orders)
    first = _first_parcels(conn, whose) if channel in ONE_AN_ORDER else {}
    told = _told_items(conn, whose)
    items: dict[str, ItemOut] = {}
    for row in rows:
        if row.item_no not in told:
            items.setdefault(row.item_no, ItemOut(**_plain(row) | first.get(row.order_id, {})))
    return list(items.values())


def promise(conn: Connection, channel: str, orders: Collection[int] | None = None) -> list[ItemOut]:
    """Items that are still here, with the day that was promised, where the channel does not say that day itself."""
    rows = conn.execute(
        select(*_ITEM, Order.promised_on, Order.channel_due_at)
        .join(Order, Order.id == OrderLine.order_id)
        .where(*_whose(channel, orders), Order.stage.in_(states.OPEN), Order.promised_on.is_not(None), *_OURS)
        .where(OrderLine.cancelled + OrderLine.shipped < OrderLine.ordered)
        .order_by(Order.id, OrderLine.position)
    )
    zone = ZoneInfo(policy.of(conn, channel).zone)
    return [ItemOut(**_plain(row)) for row in rows if not says_so(row, zone)]


READS = {"dispatch": dispatch, "promise": promise}
# Words about what is not through yet.
_STILL: dict[str, Callable[[str], ColumnElement[bool]]] = {
    "dispatch": lambda _channel: Telling.shipment_id.in_(select(Shipment.id).where(text(UNTOLD))),
    "promise": lambda channel: (
        (Telling.kind == "promise")
        & Telling.order_id.in_(select(Order.id).where(Order.channel == channel, Order.stage.in_(states.OPEN)))
    ),
}


_Whose = tuple[ColumnElement[bool], ...]


def _whose(channel: str, orders: Collection[int] | None) -> _Whose:
    return (Order.channel == channel,) if orders is None else (Order.channel == channel, Order.id.in_(orders))


def _first_parcels(conn: Connection, whose: _Whose) -> dict[int, dict[str, Any]]:
    """Order's id → carrier and number of its first parcel that has left under a number."""
    numbered = select(Shipment.order_id, *_PARCEL).where(*_unclosed(whose), Shipment.number != "")
    first: dict[int, dict[str, Any]] = {}
    for row in conn.execute(numbered.join(Order, Order.id == Shipment.order_id).order_by(Shipment.id)):
        first.setdefault(row.order_id, _plain(row))
    return first


def _told_items(conn: Connection, whose: _Whose) -> set[str]:
    """Items that lie in a parcel which the channel knows already, of orders where it does not know another."""
    told = (
        select(OrderLine.item_no)
        .join(ShipmentLine, ShipmentLine.line_id == OrderLine.id)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(Order, Order.id == Shipment.order_id)
    )
    return set(conn.scalars(told.where(*_unclosed(whose), Shipment.channel_told_at.is_not(None))))


def _unclosed(whose: _Whose) -> tuple[ColumnElement[bool], ...]:
    """Parcels that have left, of orders that have one which the channel was not told of."""
    other = aliased(Shipment)
    untold = (other.order_id == Order.id, other.state.in_(LEFT), other.channel_told_at.is_(None))
    return *whose, Shipment.state.in_(LEFT), select(other.id).where(*untold).exists()


def says_so(order: Any, zone: ZoneInfo) -> bool:
    """The channel's own date is the end of the promised day: it was told, and a file has said it back."""
    due = order.channel_due_at
    return bool(due) and (due.astimezone(zone) - timedelta(seconds=1)).date() == order.promised_on


def _plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name in ItemOut.__dataclass_fields__}
