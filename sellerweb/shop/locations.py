"""The places that goods lie in: added, renamed, closed and opened again by the owner. How many lie there: `stock`."""

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from sellerweb.shop.models import Location, Stock
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

LONGEST = 100


def add(act: "Act", name: str) -> int:
    """One more place. Raises Refused, at its field."""
    try:
        with act.tx.begin_nested():
            return int(act.tx.scalars(insert(Location).returning(Location.id), {"name": _fitting(name)}).one())
    except IntegrityError:
        raise _twice(name) from None


def change(act: "Act", location: int, name: str, drawn: int, *, closed: bool) -> None:
    """Name it so, and say whether it is in use. Raises Refused; without a field somebody was faster."""
    if closed:
        held = select(Stock.product_id).where(Stock.location_id == location, text("on_hand + reserved > 0"))
        if act.tx.scalar(held.with_for_update().limit(1)):
            raise Refused(
                _l("Pieces still lie here, or orders wait for some. Carry them away first; nothing was changed."),
                "closed",
            )
    as_drawn = update(Location).where(Location.id == location, Location.version == drawn)
    try:
        with act.tx.begin_nested():
            done = act.tx.execute(as_drawn.values(name=_fitting(name), closed=closed, version=drawn + 1)).rowcount
    except IntegrityError:
        raise _twice(name) from None
    if not done:
        raise Refused(
            _l("Somebody has changed this location meanwhile. Nothing was saved; what you typed is still here.")
        )


def _fitting(name: str) -> str:
    if not name or len(name) > LONGEST:
        raise Refused(_l("Type a name of at most %(n)s characters.", n=LONGEST), "name")
    return name


def _twice(name: str) -> Refused:
    return Refused(_l("There is a location “%(name)s” already. Type another name.", name=name), "name")
