"""Products: made from what channels sell, changed by staff. How many there are is `stock`'s business."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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

_BY_NAME = select(Product.name, Product.option, Product.id).where(Product.name.in_(bindparam("names", expanding=True)))


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
    """Have `act.products` know the product of each line, made where a channel sells its SKU for the first time.

    A line without a SKU of ours is of the product that has its name and option; of none where several have.
    """
    new = {key(line.sku, line.name, line.option): line for line in lines}
    new = {known: line for known, line in new.items() if known not in act.products}
    coded = {line.sku: line for line in new.values() if line.sku}
    found: dict[Any, int] = _by_sku(act, coded) if coded else {}
    # In one order everywhere: nobody waits for anybody.
    missing = [coded[sku] for sku in sorted(coded.keys() - found.keys())]
    if missing and act.by.kind == "channel":
        act.tx.execute(_MAKE, [{n: getattr(line, n) for n in ("sku", "name", "option", "carrier")} for line in missing])
        found = _by_sku(act, coded)
    if len(coded) < len(new):
        found |= _by_words(act, {line.name for line in new.values() if not line.sku})
    act.products |= {known: found.get(known) for known in new}


def named(act: "Act", name: str, option: str) -> int | None:
    """The one product that is called so."""
    return _by_words(act, [name]).get((name, option))


def key(sku: str, name: str, option: str) -> str | tuple[str, str]:
    """By what a line knows its product."""
    return sku or (name, option)


def _by_sku(act: "Act", skus: Iterable[str]) -> dict[str, int]:
    return {row.sku: row.id for row in act.tx.execute(_BY_SKU, {"skus": list(skus)})}


def _by_words(act: "Act", names: Iterable[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], list[int]] = {}
    for row in act.tx.execute(_BY_NAME, {"names": list(names)}):
        found.setdefault((row.name, row.option), []).append(row.id)
    return {words: ids[0] for words, ids in found.items() if len(ids) == 1}


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
