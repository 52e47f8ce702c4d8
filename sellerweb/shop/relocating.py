"""From which location the pieces of an order are to come. The shelves themselves: `stock`, which follows."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from sellerweb.shop import stock
from sellerweb.shop.case import Case
from sellerweb.shop.models import Location, Product
from sellerweb.shop.queries import open_pieces
from sellerweb.shop.refused import Refused


def relocate(case: Case, places: dict[int, int]) -> int:
    """Let these lines {line id: location} come from there. Returns how many of their pieces lie in parcels already.

    Those go out as they are, from where they were taken.
    """
    case.require("order", "relocate", case.order.stage)
    known = set(case.act.tx.scalars(select(Location.id).where(Location.closed.is_(False))))
    goods = {line.product_id for line in case.lines.values() if line.product_id}
    homes = {row.id: row.home_id for row in case.act.tx.execute(_HOMES.where(Product.id.in_(goods)))}
    packed: list[int] = []
    for line_id, place in places.items():
        line = case.lines.get(line_id)
        if line is None or place not in known:
            raise Refused(_l("Choose one of the list."), "places")
        if (line.location_id or homes.get(line.product_id)) == place or not open_pieces(line):
            continue
        stock.carry_along(case, {line_id: line.packed}, place)
        case.set_line(line_id, location_id=place)
        packed.append(line.packed)
    if not packed:
        raise Refused(_l("It comes from there already. Nothing was changed."), "places")
    case.record("order", "relocate")
    return sum(packed)


_HOMES = select(Product.id, Product.home_id)
