"""Products: made from what channels sell, changed by staff. How many there are is `stock`'s business."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, bindparam, select, text, update

from sellerweb.shop.models import Product
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act
    from sellerweb.shop.incoming import LineIn

# What staff may say of a product, and how long it may be.
FIELDS = {"name": 300, "option": 1000, "barcode": 64, "shelf": 40, "carrier": 60}

_MAKE = text(
    "INSERT INTO product (sku, name, option, barcode, shelf, carrier) VALUES (:sku, :name, :option, '', '', :carrier)"
    " ON CONFLICT DO NOTHING"
)

_BY_SKU = select(Product.sku, Product.id).where(Product.sku.in_(bindparam("skus", expanding=True)))


@dataclass(frozen=True, slots=True)
class Facts:
    """What staff may say of a product."""

    name: str
    option: str = ""
    barcode: str = ""
    shelf: str = ""
    carrier: str = ""


class Changed(Refused):
    """Somebody else has changed this product since the page was drawn; `theirs` is what it says now."""

    def __init__(self, theirs: Row[tuple[object, ...]]) -> None:
        super().__init__(
            _l("Somebody has changed this product meanwhile. Nothing was saved; what you typed is still here. Compare it with theirs.")
        )  # fmt: skip
        self.theirs = theirs


def sell(act: "Act", lines: Iterable["LineIn"]) -> None:
    """Have `act.products` know the product of each line: {sku: id}, made where a channel sells it for the first time.

    None: nobody has such a product. A line without a SKU of ours has none.
    """
    new = {line.sku: line for line in lines if line.sku and line.sku not in act.products}
    if not new:
        return
    found = _by_sku(act, new)
    missing = [
        new[sku] for sku in sorted(new.keys() - found.keys())
    ]  # in one order everywhere: nobody waits for anybody
    if missing and act.by.kind == "channel":
        act.tx.execute(_MAKE, [{n: getattr(line, n) for n in ("sku", "name", "option", "carrier")} for line in missing])
        found = _by_sku(act, new)
    act.products |= {sku: found.get(sku) for sku in new}


def _by_sku(act: "Act", skus: Iterable[str]) -> dict[str, int]:
    return {row.sku: row.id for row in act.tx.execute(_BY_SKU, {"skus": list(skus)})}


def change(act: "Act", product: int, facts: Facts, drawn: int) -> None:
    """Put `facts` in place of what the page of version `drawn` showed. Raises Changed, and Refused at its field."""
    said = check(facts)
    as_drawn = update(Product).where(Product.id == product, Product.version == drawn)
    if not act.tx.execute(as_drawn.values(**said, version=drawn + 1)).rowcount:
        raise Changed(act.tx.execute(select(Product.__table__).where(Product.id == product)).one())


def check(facts: Facts) -> dict[str, str]:
    """The facts as columns, where they fit. Refused, at its field."""
    said = {name: getattr(facts, name) for name in FIELDS}
    if not facts.name:
        raise Refused(_l("Type the product's name."), "name")
    for name, most in FIELDS.items():
        if len(said[name]) > most:
            raise Refused(_l("That is too long: %(n)s characters at most.", n=most), name)
    return said


def set_photo(act: "Act", product: int, key: str) -> str:
    """Show this picture. Returns the key of the one that it replaces."""
    before: str = act.tx.scalars(select(Product.photo).where(Product.id == product).with_for_update()).one()
    act.tx.execute(update(Product).where(Product.id == product).values(photo=key))
    return before
