"""Orders that go to the same door: which may share a parcel, shipping them together, taking that back. One parcel: `shipments`.

The same door is the same receiver, phone and address to the letter (`orders.door`). Each order keeps its number and has
a parcel of its own in our books; on all of them stands the one label.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, bindparam, func, select, text

from sellerweb.shop import counters, history, queries, shipments
from sellerweb.shop.case import Case
from sellerweb.shop.history import Act
from sellerweb.shop.models import Event, Order, OrderLine, Shipment
from sellerweb.shop.refused import Refused
from sellerweb.shop.shipments import Label

MOST = 20
_line = OrderLine.__table__.c
_open = _line.ordered - _line.cancelled - _line.packed - _line.shipped - _line.asked
# Spelled as the partial index is, so that both databases use it.
_IS_OPEN = text("stage IN ('new','preparing','ready','partly_shipped') AND archived_at IS NULL")
_BESIDE = (
    select(Order.code, Order.order_no, Order.channel, Order.goods, Order.lines_count, Order.version, func.sum(_open).label("pieces"))
    .join(OrderLine, OrderLine.order_id == Order.id)
    .where(
        _IS_OPEN, Order.door == bindparam("door"), Order.id != bindparam("id"), Order.is_test == bindparam("is_test"),
        Order.held_at.is_(None), Order.channel_block == "", Order.claim_flag != "cancel_asked",
        _open > 0, _line.channel_state.not_in(counters.STOPS),
    )
    .group_by(Order.id)
    .order_by(Order.id)
    .limit(MOST)
)  # fmt: skip
_WENT_ALONG = (
    select(Order.code, Event.changes)
    .join(Order, Order.id == Event.order_id)
    .where(Event.action_id == bindparam("action"), Event.actor == "staff", Event.thing == "shipment")
    .order_by(Event.id)
)


def beside(conn: Connection, order: Any) -> list[Row[Any]]:
    """Other orders for this very door of which something is open; none where the door is not known to the letter."""
    if not _is_known(order):
        return []
    return list(conn.execute(_BESIDE, {"door": order.door, "id": order.id, "is_test": order.is_test}))


def send(
    act: Act, code: str, version: int | None, pieces: dict[int, int], label: Label, along: Mapping[str, int], *, hand_over: bool
) -> int:  # fmt: skip
    """Ship `pieces` of the order and, in the same parcel, all that is open of the orders `along` {code: version}.

    All of them or none. Returns the id of the order's own parcel.
    """
    _lock(act, {code, *along})
    case = act.order(code, version)
    made = shipments.send(case, pieces, label, hand_over=hand_over)
    for other, seen in along.items():
        if other == code:
            continue
        try:
            neighbour = act.order(other, seen)
            _require_same_door(case, neighbour)
            shipments.send(neighbour, _all_open(neighbour), replace(label, same_parcel=True), hand_over=hand_over)
        except Refused as no:
            raise Refused(
                _l("Order %(code)s cannot go along, so nothing was sent: %(why)s", code=other, why=str(no)), "along"
            ) from no
    return made


def along_with(conn: Connection, code: str, shipment: int) -> dict[str, int]:
    """Parcels of other orders {code: shipment} that went along when staff last did something to this one."""
    action = _last_action(conn, code, shipment)
    gone = {
        row.code: int(parcel)
        for row in conn.execute(_WENT_ALONG, {"action": action})
        for parcel in row.changes.get("shipments", {})
        if row.code != code
    }
    there = set(conn.scalars(select(Shipment.id).where(Shipment.id.in_(gone.values()), Shipment.state != "voided")))
    return {other: parcel for other, parcel in gone.items() if parcel in there}


def undo(act: Act, code: str, version: int | None, shipment: int) -> list[str]:
    """Take back what the last action did to a parcel and to those that went along: all or none. Returns whose they were."""
    along = along_with(act.tx, code, shipment)
    _lock(act, {code, *along})
    case = act.order(code, version)
    action = _last_action(act.tx, code, shipment)
    shipments.undo(case, shipment)
    for other, parcel in along.items():
        if _last_action(act.tx, other, parcel) != action:
            raise Refused(
                _l("Order %(code)s lies in the same parcel and has moved on, so nothing was taken back. Look at it first.", code=other)
            )  # fmt: skip
        shipments.undo(act.order(other), parcel)
    return sorted(along)


def _lock(act: Act, codes: set[str]) -> None:
    """All in the same sequence, so that two tablets never wait for each other."""
    if len(codes) > 1:
        for code in sorted(codes):
            try:
                act.order(code)
            except history.NotThere:
                raise Refused(
                    _l("There is no order %(code)s any more. Nothing was sent.", code=code), "along"
                ) from None


def _is_known(order: Any) -> bool:
    """A masked name or phone fits many people; an empty one fits everybody."""
    parts = (order.receiver_name, order.phone, order.address)
    return bool(order.door) and all(parts) and not any("*" in part for part in parts)


def _require_same_door(case: Case, neighbour: Case) -> None:
    ours, theirs = case.order, neighbour.order
    if not _is_known(ours) or ours.door != theirs.door or ours.is_test != theirs.is_test:
        raise Refused(_l("it goes to another door."))


def _all_open(case: Case) -> dict[int, int]:
    return {line.id: max(0, queries.open_pieces(line) - line.asked) for line in case.lines.values()}


def _last_action(conn: Connection, code: str, shipment: int) -> str | None:
    moves = conn.execute(
        select(Event.action_id, Event.changes).join(Order, Order.id == Event.order_id).where(Order.code == code).order_by(Event.seq)
    )  # fmt: skip
    told = [move.action_id for move in moves if str(shipment) in move.changes.get("shipments", {})]
    return told[-1] if told else None
