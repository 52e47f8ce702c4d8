"""Parcels that did not arrive: lost, or come back to us. Each begins a redelivery. All other verbs of a parcel: `shipments`."""

from flask_babel import lazy_gettext as _l

from sellerweb.shop import redeliveries, stock
from sellerweb.shop.case import Case
from sellerweb.shop.refused import Refused


def lose(case: Case, shipment: int) -> None:
    """The carrier has lost it: it is to be sent again or paid back."""
    pieces = _begin(case, shipment, "lose")
    case.set_shipment(shipment, state="lost")
    case.record("shipment", "lose", shipment=shipment)
    _report(case, pieces, "lost")


def come_back(case: Case, shipment: int, *, restock: bool = True) -> None:
    """It is here again, undelivered: sold to others where `restock`, and sent again or paid back."""
    pieces = _begin(case, shipment, "come_back")
    if restock:
        stock.put_back(case, pieces, "come_back")
    case.set_shipment(shipment, state="came_back")
    case.record("shipment", "come_back", shipment=shipment)
    _report(case, pieces, "came_back")


def _begin(case: Case, shipment: int, verb: str) -> dict[int, int]:
    parcel = case.shipments.get(shipment)
    if parcel is None:
        raise Refused(_l("This parcel does not belong to the order. Nothing was changed."))
    case.require("shipment", verb, parcel.state)
    pieces = case.pieces_of(shipment)
    if not case.move_pieces(verb, pieces):
        raise Refused(_l("Somebody was faster. Nothing was changed; look at the order again."))
    return pieces


def _report(case: Case, pieces: dict[int, int], reason: str) -> None:
    """Those pieces that no claim is about yet; what the customer has claimed already goes on as it is."""
    lines = case.lines
    unclaimed = {line: min(q, lines[line].shipped - lines[line].claimed) for line, q in pieces.items()}
    unclaimed = {line: quantity for line, quantity in unclaimed.items() if quantity}
    if unclaimed:
        claim = redeliveries.begin(case, unclaimed, reason, "reported", wants="resend")
        case.record("redelivery", "report", claim=claim)
