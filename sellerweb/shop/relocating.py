"""From which location the pieces of an order are to come. The shelves themselves: `stock`, which follows."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from sellerweb.shop.case import Case
from sellerweb.shop.models import Location
from sellerweb.shop.queries import open_pieces
from sellerweb.shop.refused import Refused


def relocate(case: Case, places: dict[int, int]) -> None:
    """Let these lines {line id: location} come from there; only what is not in a parcel yet."""
    case.require("order", "relocate", case.order.stage)
    known = set(case.act.tx.scalars(select(Location.id).where(Location.closed.is_(False))))
    moved = False
    for line_id, place in places.items():
        line = case.lines.get(line_id)
        if line is None or place not in known:
            raise Refused(_l("Choose one of the list."), "places")
        if line.location_id == place or not open_pieces(line):
            continue
        if line.packed:
            raise Refused(
                _l("Some of it is in a parcel already. Take the label off first; nothing was changed."), "places"
            )
        case.set_line(line_id, location_id=place)
        moved = True
    if not moved:
        raise Refused(_l("It comes from there already. Nothing was changed."), "places")
    case.record("order", "relocate")
