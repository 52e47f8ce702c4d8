"""The answers to a disagreement with a channel: keep ours, take theirs, or both are right. Noting and closing: `conflicts`.

What is done about one is done by the ordinary verbs, in the same action. Each returns the code of what was answered.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, select

from sellerweb.shop import batches, channel_words, orders, shipments, states
from sellerweb.shop.case import Case
from sellerweb.shop.conflicts import APART, TAKES
from sellerweb.shop.models import Conflict, Order
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act


def keep(act: "Act", conflict: int, version: int | None) -> str:
    """It stays as the desk has it; another number than ours is told to the channel once more."""
    case, row = _open(act, conflict, version)
    if row.code == "other_number" and row.said["shipment"] in case.shipments:
        batches.deny(
            case,
            row.said["shipment"],
            row.said["lines"],
            _("The channel's file has %(number)s.", number=row.said["number"]),
        )
    case.close_conflict(conflict, "kept")
    case.record("order", "keep")
    return str(row.code)


def take(act: "Act", conflict: int, version: int | None) -> str:
    """It becomes as the channel says."""
    case, row = _open(act, conflict, version)
    if row.code not in TAKES:
        raise Refused(_l("This is settled on the order itself. Nothing was changed; open the order."))
    _TAKE[row.code](case, row)
    case.close_conflict(conflict, "taken")
    case.record("order", "follow")
    return str(row.code)


def apart(act: "Act", conflict: int, version: int | None) -> str:
    """Both sides are right: the channel speaks of another parcel."""
    case, row = _open(act, conflict, version)
    if row.code not in APART:
        raise Refused(_l("This is settled on the order itself. Nothing was changed; open the order."))
    case.close_conflict(conflict, "apart")
    case.record("order", "apart")
    return str(row.code)


def _address(case: Case, row: Row[Any]) -> None:
    """Labels come off first, and the bench is told to look for the parcels."""
    if case.order.stage not in states.OPEN:
        raise Refused(_l("It has left already, or never will: the address stays. Nothing was changed."))
    for parcel in [id for id, parcel in case.shipments.items() if parcel.state == "labelled"]:
        shipments.stop(case, parcel)
    # The stage follows when the action ends: `readdress` would see the old one.
    orders.set_address(case, dict(row.said))
    case.record("order", "readdress")


def _number(case: Case, row: Row[Any]) -> None:
    """The parcel's number was wrong: the customer hears of it as of every correction, and the channel knows it already."""
    said = row.said
    label = shipments.Label(
        said["carrier"] or case.shipments[said["shipment"]].carrier, said["number"], same_parcel=True, sure=True
    )
    try:
        shipments.correct(case, said["shipment"], label, _("as the channel has it"))
    except Refused as no:
        raise Refused(_l("The channel's number cannot be taken: %(why)s", why=no.why)) from no
    for line in said["lines"]:
        batches.heard(case, case.lines[line], label.number)


def _wish(case: Case, row: Row[Any]) -> None:
    line = case.lines[row.line_id]
    if line.channel_state not in channel_words.DOUBTED:
        raise Refused(_l("Somebody has settled this already. Nothing was changed."))
    channel_words.lift(case, line, row.said["state"])


def _due(case: Case, row: Row[Any]) -> None:
    case.set_order(channel_due_at=datetime.fromisoformat(row.said["due"]))
    orders.stamp(case)


_TAKE: dict[str, Callable[[Case, Row[Any]], None]] = {
    "address_after_label": _address, "address_again": _address, "other_number": _number, "wish_withdrawn": _wish,
    "due_earlier": _due,
}  # fmt: skip


def _open(act: "Act", conflict: int, version: int | None) -> tuple[Case, Row[Any]]:
    """The conflict and its order, locked."""
    find = select(Conflict.__table__, Order.code.label("order")).join(Order, Order.id == Conflict.order_id)
    row = act.tx.execute(find.where(Conflict.id == conflict)).one_or_none()
    if row is None:
        raise Refused(_l("There is no such disagreement. Nothing was changed."))
    case = act.order(row.order, version)
    row = act.tx.execute(find.where(Conflict.id == conflict)).one()
    if row.state != "open":
        raise Refused(_l("Somebody has settled this already. Nothing was changed."))
    return case, row
