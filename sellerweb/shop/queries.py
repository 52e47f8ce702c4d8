"""What pages and commands read of single orders: the order whole, its history, its slip. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from sellerweb.shop import clock
from sellerweb.shop.models import (
    Event,
    Location,
    Notice,
    Order,
    OrderLine,
    Product,
    Shipment,
    ShipmentLine,
    SlipPrint,
    Staff,
)
from sellerweb.shop.queue import SENDABLE

_place = func.coalesce(OrderLine.location_id, Product.home_id)
_several = select(func.count() > 1).select_from(Location).where(Location.closed.is_(False)).scalar_subquery()
_LINES = (
    # From where it comes is only worth a word where there are several places.
    select(
        OrderLine.__table__, Product.shelf, case((_several, Location.name)).label("location"), _place.label("place_id")
    )
    .join(Product, Product.id == OrderLine.product_id, isouter=True)
    .join(Location, Location.id == _place, isouter=True)
    .order_by(OrderLine.position)
)
_NAMED_EVENTS = select(Event.__table__, Staff.name.label("staff")).join(Staff, Staff.id == Event.staff_id, isouter=True)
_NAMED_PRINTS = select(SlipPrint.__table__, Staff.name.label("staff")).join(
    Staff, Staff.id == SlipPrint.staff_id, isouter=True
)


# What is not shown before payment.
PERSONAL = ("phone", "phone2", "postcode", "address", "town", "buyer_phone", "buyer_email")


@dataclass(frozen=True, slots=True)
class Whole:
    """An order with its lines, parcels [{shipment, pieces {line id: quantity}}], history (newest first), notices, slips."""

    order: Row[Any]
    lines: list[Row[Any]]
    parcels: list[tuple[Row[Any], dict[int, int]]]
    events: list[Row[Any]]
    notices: list[Row[Any]]
    prints: list[Row[Any]]

    def open(self, line: Any) -> int:
        """Pieces of a line that can be packed: open ones that nobody asks to cancel."""
        return max(0, open_pieces(line) - int(line.asked))

    @property
    def open_lines(self) -> list[Row[Any]]:
        return [line for line in self.lines if self.open(line)]

    def may_leave(self, pieces: dict[int, int]) -> bool:
        """Whether nobody asks to cancel what lies in a parcel."""
        free = {x.id: x.ordered - x.cancelled - x.shipped - x.asked for x in self.lines}
        return all(quantity <= free[line] for line, quantity in pieces.items())

    @property
    def here(self) -> dict[int, int]:
        """Pieces {line id: quantity} that have not left and that nobody asks to cancel: open or in a parcel."""
        left = {x.id: int(x.ordered - x.cancelled - x.shipped - x.asked) for x in self.lines}
        return {line: quantity for line, quantity in left.items() if quantity > 0}

    @property
    def gone(self) -> dict[int, int]:
        """Pieces {line id: quantity} that have left and that no claim is about yet."""
        return {x.id: int(x.shipped - x.claimed) for x in self.lines if x.shipped > x.claimed}


def open_pieces(line: Any) -> int:
    """Pieces that can still be packed or cancelled."""
    return int(line.ordered - line.cancelled - line.packed - line.shipped)


def whole(conn: Connection, code: str) -> Whole | None:
    """The order that `code` names; None: there is none."""
    order = conn.execute(select(Order.__table__, SENDABLE).where(Order.code == code)).one_or_none()
    if order is None:
        return None
    shipments = list(
        conn.execute(select(Shipment.__table__).where(Shipment.order_id == order.id).order_by(Shipment.id))
    )
    lying = conn.execute(
        select(ShipmentLine.__table__)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(Shipment.order_id == order.id)
    )
    pieces: dict[int, dict[int, int]] = {}
    for row in lying:
        pieces.setdefault(row.shipment_id, {})[row.line_id] = row.quantity
    return Whole(
        order,
        list(conn.execute(_LINES.where(OrderLine.order_id == order.id))),
        [(s, pieces.get(s.id, {})) for s in shipments],
        list(conn.execute(_NAMED_EVENTS.where(Event.order_id == order.id).order_by(Event.seq.desc()))),
        list(conn.execute(select(Notice.__table__).where(Notice.order_id == order.id).order_by(Notice.id.desc()))),
        list(conn.execute(_NAMED_PRINTS.where(SlipPrint.order_id == order.id).order_by(SlipPrint.number.desc()))),
    )


def since(conn: Connection, code: str, version: int) -> list[Row[Any]]:
    """What happened to an order after `version`, newest first."""
    return list(
        conn.execute(
            _NAMED_EVENTS.join(Order, Order.id == Event.order_id)
            .where(Order.code == code, Event.seq > version)
            .order_by(Event.seq.desc())
        )
    )


def recent_carriers(conn: Connection) -> list[str]:
    """Carriers that the shop used in the last 30 days, most used first."""
    month = clock.now() - timedelta(days=30)
    used = select(Shipment.carrier).where(Shipment.shipped_at >= month, Shipment.carrier != "")
    return list(conn.scalars(used.group_by(Shipment.carrier).order_by(func.count().desc())))


def labelled(conn: Connection) -> list[Row[Any]]:
    """Parcels that wait for their driver, carrier by carrier."""
    return list(
        conn.execute(
            select(
                Shipment.id, Shipment.carrier, Shipment.number, Shipment.labelled_at,
                Order.code, Order.channel, Order.order_no, Order.receiver_name, Order.town, Order.goods, Order.version,
                Order.held_at, Order.channel_block, Order.claim_flag,
            )
            .join(Order, Order.id == Shipment.order_id)
            .where(Shipment.state == "labelled")
            .order_by(Shipment.carrier, Shipment.id)
        )
    )  # fmt: skip


def stopped(conn: Connection) -> list[Row[Any]]:
    """Parcels that a cancel took apart after they had their label, and that nobody has put aside yet; oldest first."""
    order = (Order.code, Order.order_no, Order.version, Order.receiver_name, Order.town)
    parcel = (Shipment.id, Shipment.carrier, Shipment.number, Shipment.stopped_at)
    query = select(*parcel, *order).join(Order, Order.id == Shipment.order_id)
    return list(conn.execute(query.where(Shipment.stopped_at.is_not(None)).order_by(Shipment.stopped_at, Shipment.id)))


def moves_of_action(conn: Connection, action_id: str) -> list[Row[Any]]:
    """The moves that one action made, in order."""
    return list(conn.execute(select(Event.__table__).where(Event.action_id == action_id).order_by(Event.id)))


def moves_of_order(conn: Connection, order_id: int) -> list[Row[Any]]:
    return list(conn.execute(select(Event.__table__).where(Event.order_id == order_id).order_by(Event.seq)))


def orders(conn: Connection, stage: str = "", channel: str = "") -> Iterator[dict[str, Any]]:
    """Orders with lines and counters, for scripts; oldest first. Who is to get them is told only once they are paid."""
    query = select(Order.__table__).order_by(Order.id)
    if stage:
        query = query.where(Order.stage == stage)
    if channel:
        query = query.where(Order.channel == channel)
    for chunk in conn.execute(query).partitions(500):
        lines: dict[int, list[Row[Any]]] = {}
        for line in conn.execute(_LINES.where(OrderLine.order_id.in_([o.id for o in chunk]))):
            lines.setdefault(line.order_id, []).append(line)
        for order in chunk:
            hidden = dict.fromkeys(PERSONAL, "") if order.stage == "awaiting_payment" else {}
            yield {
                **order._mapping,
                **hidden,
                "lines": [{**x._mapping, "open": open_pieces(x)} for x in lines.get(order.id, [])],
            }
