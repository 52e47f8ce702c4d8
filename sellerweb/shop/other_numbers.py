"""The numbers that a channel gives for what has left: filled in where we know none, else compared with ours. Corrects nothing.

Numbers are the same in whatever way they are written: widths, signs, a zero in front that a spreadsheet took away.
"""

from typing import Any

from sqlalchemy import select

from sellerweb import carriers
from sellerweb.shop import telling
from sellerweb.shop.case import Case
from sellerweb.shop.conflicts import Disagreement
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.models import Shipment

# Shorter numbers may stand in another one by chance.
_LONG = 8


def follow(case: Case, line: Any, said: LineIn, conflicts: list[Disagreement]) -> None:
    """What a file says of how an item of an order that was here before has left."""
    order = case.order
    if not order.version or not _plain(said.tracking_number):
        return
    live = [p for p in case.shipments.values() if p.state != "voided"]
    if any(_is_same(parcel, said) for parcel in live):
        return  # also where the channel has place for one number only, and we have several
    told = [p for p in live if p.state in telling.LEFT and p.channel_told_at]
    mine = [p for p in told if line.id in case.pieces_of(p.id)]
    if nameless := next((p for p in mine if not p.number and p.labelled_at is None), None):
        # The channel's own parcel, from a file that had no column for it.
        case.set_shipment(nameless.id, **named(case, said))
    elif mine and order.channel in telling.TAKES and not order.is_test:
        # With one number an order it is the first parcel's that the channel was told.
        known = told if order.channel in telling.ONE_AN_ORDER else mine
        if parcel := next((p for p in known if p.number), None):
            _note(case, parcel, line, said, conflicts)


def named(case: Case, said: LineIn) -> dict[str, Any]:
    """Carrier and number of a parcel as the channel tells them; a number that stands elsewhere is one parcel with it."""
    taken = said.tracking_number and case.act.tx.scalar(
        select(Shipment.id).where(
            Shipment.carrier == said.carrier, Shipment.number == said.tracking_number, Shipment.state != "voided"
        ).limit(1)
    )  # fmt: skip
    return {"carrier": said.carrier, "number": said.tracking_number, "same_parcel": bool(taken)}


def _note(case: Case, parcel: Any, line: Any, said: LineIn, conflicts: list[Disagreement]) -> None:
    number = carriers.normalise(said.tracking_number)
    theirs = {"shipment": parcel.id, "carrier": said.carrier, "number": number}
    for one in conflicts:
        if one.code == "other_number" and theirs.items() <= one.said.items():
            one.said["lines"].append(line.id)  # one parcel, one row
            return
    sides = (f"{parcel.number} {parcel.carrier}", f"{number} {said.carrier}".strip())
    conflicts.append(Disagreement("other_number", *sides, said={**theirs, "lines": [line.id]}))


def _is_same(parcel: Any, said: LineIn) -> bool:
    ours, theirs = _plain(parcel.number), _plain(said.tracking_number)
    known = {parcel.carrier, said.carrier} <= carriers.CARRIERS.keys()
    several = len(ours) >= _LONG and ours in theirs  # a cell that names them all
    return bool(ours) and (ours == theirs or several) and (not known or parcel.carrier == said.carrier)


def _plain(number: str) -> str:
    """The number in the carriers' normal form; "" for words that are none."""
    plain = carriers.normalise(number).lstrip("0")
    return plain if any(sign.isdigit() for sign in plain) else ""
