"""The verbs of a parcel: pack, label, unpack, ship, unship, correct, scan, deliver; and `send`, the desk's usual three in one.

Which number fits which carrier is the carriers room's business. No pages, no SQL but the look for a live number.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from sellerweb import carriers
from sellerweb.shop import batches, queries, states, stock, telling
from sellerweb.shop import case as cases
from sellerweb.shop.case import Case
from sellerweb.shop.models import Notice, Order, Shipment
from sellerweb.shop.refused import Refused
from sellerweb.shop.too_few import too_few


@dataclass(frozen=True, slots=True)
class Label:
    """What goes on a parcel. `sure`: staff have seen the warning; `reason`: an owner insists on a refused number."""

    carrier: str
    number: str = ""
    carrier_name: str = ""
    same_parcel: bool = False
    sure: bool = False
    reason: str = ""


class Doubt(Refused):
    """The number is unusual: staff may go on, once they have said so."""


def send(case: Case, pieces: dict[int, int], label_: Label, *, hand_over: bool) -> int:
    """Pack `pieces` {line id: quantity}, put the label on, and hand over where asked. Returns the parcel's id."""
    shipment = pack(case, pieces)
    label(case, shipment, label_)
    if hand_over:
        ship(case, shipment)
    return shipment


def pack(case: Case, pieces: dict[int, int]) -> int:
    """Put open pieces into a new parcel."""
    if case.order.stage not in states.OPEN:
        raise Refused(_l("There is nothing left to pack in this order. Look at it again."))
    case.require("shipment", "pack", "")
    if case.order.held_at:
        raise Refused(_l("This order is on hold: %(reason)s. Release it first.", reason=case.order.hold_reason))
    pieces = {line: q for line, q in pieces.items() if q}
    if not pieces or min(pieces.values()) < 0:
        raise Refused(_l("Choose at least one piece."), "quantity")
    if not case.move_pieces("pack", pieces):
        raise too_few(case, pieces)
    shipment = case.add_shipment(pieces, state="packing")
    case.record("shipment", "pack", shipment=shipment)
    return shipment


def label(case: Case, shipment: int, label_: Label) -> None:
    """Put carrier and number on a parcel. Raises Doubt (may be confirmed) or Refused, each about its field."""
    parcel = _parcel(case, shipment)
    case.require("shipment", "label", parcel.state)
    checked = _checked(case, shipment, label_)
    _write_label(case, shipment, label_, checked.number, state="labelled", labelled_at=case.act.at)
    case.record("shipment", "label", note=_note(label_, checked), shipment=shipment)


def unpack(case: Case, shipment: int) -> None:
    """Take the parcel apart again: its pieces are open as before."""
    parcel = _parcel(case, shipment)
    case.require("shipment", "unpack", parcel.state)
    if not case.move_pieces("unpack", case.pieces_of(shipment)):
        raise _faster()
    case.set_shipment(shipment, state="voided")
    case.record("shipment", "unpack", shipment=shipment)


def stop(case: Case, shipment: int) -> None:
    """A cancel takes the parcel apart. One that has its label may lie with the others already: the bench must look for it."""
    labelled = _parcel(case, shipment).state == "labelled"
    unpack(case, shipment)
    if labelled:
        case.set_shipment(shipment, stopped_at=case.act.at)


def set_aside(case: Case, shipment: int) -> None:
    """Somebody has taken the stopped parcel out of those that leave."""
    parcel = _parcel(case, shipment)
    case.require("shipment", "set_aside", parcel.state)
    if parcel.stopped_at is None:
        raise Refused(_l("This parcel has been put aside already."))
    case.set_shipment(shipment, stopped_at=None)
    case.record("shipment", "set_aside", shipment=shipment)


def ship(case: Case, shipment: int) -> None:
    """Hand the parcel over. It can be taken back for a while, before its letter leaves."""
    parcel = _parcel(case, shipment)
    case.require("shipment", "ship", parcel.state)
    if case.order.held_at:
        raise Refused(_l("This order is on hold: %(reason)s. Release it first.", reason=case.order.hold_reason))
    if not parcel.carrier:
        raise Refused(_l("The parcel has no carrier yet. Choose one."), "carrier")
    pieces = case.pieces_of(shipment)
    if not case.move_pieces("ship", pieces):
        raise too_few(case, pieces)
    stock.take(case, pieces, "ship")
    if case.order.claim_flag == "cancel_withdrawn":
        case.set_order(claim_flag="")
    until = cases.undo_until(case.act.at)
    told = case.act.at if telling.nobody(case.order, [case.lines[line] for line in pieces]) else None
    case.set_shipment(shipment, state="shipped", shipped_at=case.act.at, undo_until=until, channel_told_at=told)
    case.record("shipment", "ship", shipment=shipment, after=until)


def unship(case: Case, shipment: int) -> None:
    """Take a hand-over back: inside the undo window, before any word of it has left."""
    parcel = _parcel(case, shipment)
    case.require("shipment", "unship", parcel.state)
    if parcel.undo_until is None or case.act.at > parcel.undo_until:
        raise Refused(_l("It is too late to take this back: the time for it has passed. The parcel stays shipped."))
    letters = (Notice.shipment_id == shipment, Notice.letter == "shipment_ship")
    case.act.tx.execute(
        update(Notice).where(*letters, Notice.state == "waiting").values(state="suppressed", why="undone")
    )
    if case.act.tx.scalar(select(Notice.id).where(*letters, Notice.state != "suppressed")):
        raise Refused(_l("It is too late to take this back: the customer has been told. The parcel stays shipped."))
    if batches.is_written(case.act.tx, shipment):
        raise Refused(
            _l("It is too late to take this back: the file for the channel has it. The parcel stays shipped.")
        )
    pieces = case.pieces_of(shipment)
    if not case.move_pieces("unship", pieces):
        raise _faster()
    stock.put_back(case, pieces, "unship")
    case.set_shipment(shipment, state="labelled", shipped_at=None, undo_until=None, channel_told_at=None)
    case.record("shipment", "unship", shipment=shipment)


def undo(case: Case, shipment: int) -> None:
    """Take back what the last action did to a parcel: a hand-over, and the packing too where one form did both."""
    parcel = _parcel(case, shipment)
    moves = [
        e for e in queries.moves_of_order(case.act.tx, case.order.id) if str(shipment) in e.changes.get("shipments", {})
    ]
    last = moves[-1].action_id
    packed_too = any(e.verb == "pack" and e.action_id == last for e in moves)
    if parcel.state == "shipped":
        unship(case, shipment)
    elif not packed_too:
        raise Refused(_l("There is nothing to take back here any more."))
    if packed_too:
        unpack(case, shipment)


def correct(case: Case, shipment: int, label_: Label, reason: str) -> None:
    """Another number for a parcel that has left; the reason is kept."""
    parcel = _parcel(case, shipment)
    case.require("shipment", "correct", parcel.state)
    checked = _checked(case, shipment, label_)
    if (parcel.carrier, parcel.number) == (label_.carrier, checked.number):
        raise Refused(_l("This is the number that the parcel has already. Nothing was changed."), "number")
    _write_label(case, shipment, label_, checked.number)
    batches.untell(case, shipment)
    # A first letter that still waits will name the new number.
    waits = case.act.tx.scalar(
        select(Notice.id)
        .where(Notice.shipment_id == shipment, Notice.letter == "shipment_ship", Notice.state == "waiting")
        .limit(1)
    )
    case.record("shipment", "correct", note=reason, shipment=shipment, told=not waits)


def scan(case: Case, shipment: int) -> None:
    """The carrier has it."""
    parcel = _parcel(case, shipment)
    case.require("shipment", "scan", parcel.state)
    case.set_shipment(shipment, state="in_transit")
    case.record("shipment", "scan", shipment=shipment)


def deliver(case: Case, shipment: int) -> None:
    parcel = _parcel(case, shipment)
    case.require("shipment", "deliver", parcel.state)
    if not case.move_pieces("deliver", case.pieces_of(shipment)):
        raise _faster()
    case.set_shipment(shipment, state="delivered", delivered_at=case.act.at)
    case.record("shipment", "deliver", shipment=shipment)


def promised_hand(lines: Any) -> bool:
    """Whether the listings of all these lines promised another way than a parcel (pick-up, by hand, quick service)."""
    return all(line.method in ("quick", "pickup", "direct") for line in lines)


def _parcel(case: Case, shipment: int) -> Any:
    if shipment not in case.shipments:
        raise Refused(_l("This parcel does not belong to the order. Nothing was changed."))
    return case.shipments[shipment]


def _checked(case: Case, shipment: int, label_: Label) -> carriers.Checked:
    carrier = carriers.CARRIERS.get(label_.carrier)
    if carrier is None:
        raise Refused(_l("Choose a carrier."), "carrier")
    # The channels forbid what nobody can follow, unless the listing itself promised it.
    inside = [case.lines[line] for line in case.pieces_of(shipment)]
    if not carrier.trackable and not promised_hand(inside):
        raise Refused(
            _l(
                "This way of sending cannot be tracked, and the listing promised a tracked parcel. Choose another carrier."
            ),
            "carrier",
        )
    checked = carriers.check(label_.carrier, label_.number)
    insists = case.act.by.role == "owner" and label_.reason and not checked.official
    if checked.outcome == "reject" and not insists:
        raise Refused(checked.why, "number")
    if checked.outcome == "warn" and not (label_.sure or insists):
        raise Doubt(checked.why, "number")
    _refuse_live_number(case, shipment, label_, checked.number)
    return checked


def _refuse_live_number(case: Case, shipment: int, label_: Label, number: str) -> None:
    if not number:
        return
    other = case.act.tx.execute(
        select(Order.code, Order.door)
        .join(Shipment, Shipment.order_id == Order.id)
        .where(
            Shipment.carrier == label_.carrier,
            Shipment.number == number,
            Shipment.state != "voided",
            Shipment.id != shipment,
        )
        .order_by(Order.door == case.order.door)  # one that goes elsewhere first
        .limit(1)
    ).one_or_none()
    if other and other.door != case.order.door:
        raise Refused(
            _l(
                "This number is on the parcel of order %(code)s, which goes to another address. Scan this parcel's own label.",
                code=other.code,
            ),
            "number",
        )
    if other and not label_.same_parcel:
        raise SameParcel(
            _l(
                "This number is already on the parcel of order %(code)s. If both go in one parcel, say so below.",
                code=other.code,
            ),
            "number",
        )


class SameParcel(Refused):
    """The number stands on another live parcel: staff may say that it is the same one."""


def _write_label(case: Case, shipment: int, label_: Label, number: str, **values: Any) -> None:
    try:
        case.set_shipment(
            shipment,
            carrier=label_.carrier,
            carrier_name=label_.carrier_name,
            number=number,
            same_parcel=label_.same_parcel,
            override_reason=label_.reason,
            **values,
        )
    except IntegrityError as error:  # two tablets, one number, the same moment: the index lets one through
        raise SameParcel(
            _l("This number was put on another parcel a moment ago. Scan this parcel's own label."), "number"
        ) from error


def _note(label_: Label, checked: carriers.Checked) -> str:
    if checked.outcome == "reject":
        return f"override: {label_.reason}"
    return "confirmed" if checked.outcome == "warn" else ""


def _faster() -> Refused:
    return Refused(_l("Somebody was faster. Nothing was changed; look at the order again."))
