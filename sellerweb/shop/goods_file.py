"""Products and counts from a table of rows, a part in one action: what each row changes, or why it does not. No file formats.

Whose turn it is, and how far a file is: `product_files`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, text, update

from sellerweb.shop import goods, shelves, skuless, stock
from sellerweb.shop.models import Product
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

COLUMNS = ("sku", *goods.FIELDS, "location", "on_hand", "counted")
MOST = 20_000
# So many rows are taken in by one transaction: nobody at the desk notices waiting for it.
PART = 250
Rows = list[tuple[int, dict[str, str]]]


@dataclass(slots=True)
class Report:
    """What came of the rows: `rejected` [(row number, code, what it names)]."""

    new: int = 0
    changed: int = 0
    counted: int = 0
    rejected: list[tuple[int, str, str]] = field(default_factory=list)


class _No(Exception):
    """A row that does not come in: code, and what its sentence names."""


def rows(shown: Iterable[shelves.Shown]) -> Iterable[list[str]]:
    """Products as such a table, a row for each shelf. `counted` is left empty: who has counted fills it in."""
    for it in shown:
        facts = [it.product.sku, *(getattr(it.product, name) for name in goods.FIELDS)]
        for shelf in it.shelves:
            yield [*facts, shelf.location, str(shelf.on_hand), ""]
        if not it.shelves:
            yield [*facts, "", "", ""]


def parts(table: Iterable[tuple[int, dict[str, str]]]) -> tuple[list[Rows], list[tuple[int, str, str]]]:
    """The rows in parts, all of a SKU in one of them, and those that name none."""
    cut: list[Rows] = []
    rejected, last = [], ""
    for number, row in sorted(table, key=lambda it: it[1].get("sku", "")):
        sku = row.get("sku", "")
        if not sku or len(sku) > 120:
            rejected.append((number, "no_sku", ""))
            continue
        if not cut or (len(cut[-1]) >= PART and sku != last):
            cut.append([])
        cut[-1].append((number, row))
        last = sku
    return cut, rejected


def take(act: "Act", table: Rows) -> Report:
    """Take rows (number, {column: text}) in. A column that is not there says nothing; an empty cell empties."""
    names = {row["sku"]: (row.get("name", ""), row.get("option", "")) for _number, row in table}
    waiting = skuless.lock(act, names.values())  # orders are locked before products, here as everywhere
    part = _Part(act, sorted(names))
    for number, row in table:
        try:
            part.look(row)
        except _No as no:
            part.report.rejected.append((number, *no.args))
        except Refused as no:
            part.report.rejected.append((number, "field", str(no.why)))
    part.write()
    skuless.find(act, waiting, part.made)
    return part.report


class _Part:
    """Rows looked at one by one, and written all at once."""

    def __init__(self, act: "Act", skus: list[str]) -> None:
        self.act, self.report = act, Report()
        self.known = {row.sku: row for row in act.tx.execute(_LOCKED, {"skus": skus})}
        self.places = {place.name: place.id for place in shelves.locations(act.tx)}
        self.there = shelves.on_hand(act.tx, {row.id for row in self.known.values()})
        self.seen: set[tuple[str, str]] = set()
        self.said: dict[str, dict[str, str]] = {}
        self.facts: dict[str, dict[str, str]] = {}
        self.counts: dict[tuple[str, int], int] = {}
        self.made: list[int] = []

    def look(self, row: Mapping[str, str]) -> None:
        """What the row says, kept until `write`. Raises _No, and Refused."""
        sku, place = row["sku"], row.get("location", "")
        if (sku, place) in self.seen:
            raise _No("twice", sku)
        counted = self._counted(row, self.known.get(sku))
        said = {name: row[name] for name in goods.FIELDS if name in row}
        if self.said.setdefault(sku, said) != said:
            raise _No("two_ways", sku)
        before = {name: getattr(self.known[sku], name) for name in goods.FIELDS} if sku in self.known else {"name": ""}
        self.facts[sku] = goods.check(goods.Facts(**{**before, **said}))
        self.seen.add((sku, place))
        if counted is not None:
            self.counts[sku, self.places[place]] = counted

    def write(self) -> None:
        """Make what is new, change what differs, count what was counted."""
        new = sorted(self.facts.keys() - self.known.keys())
        if new:
            self.act.tx.execute(_MAKE, [{"sku": sku, **self.facts[sku]} for sku in new])
            made = {row.sku: row for row in self.act.tx.execute(_LOCKED, {"skus": new})}
            self.known |= made
            self.made = [row.id for row in made.values()]
        differ = [sku for sku, facts in self.facts.items() if facts != _facts(self.known[sku])]
        if differ:
            self.act.tx.execute(_CHANGE, [{"its_id": self.known[sku].id, **self.facts[sku]} for sku in differ])
        if self.counts:
            counted = {(self.known[sku].id, place): n for (sku, place), n in self.counts.items()}
            stock.count_all(self.act, counted, "file")
        self.report.new, self.report.counted = len(new), len(self.counts)
        self.report.changed = len(differ)

    def _counted(self, row: Mapping[str, str], known: Any) -> int | None:
        """What was counted, where the row says so. Refused where pieces have moved since the file was made."""
        text, place = row.get("counted", ""), row.get("location", "")
        if place and place not in self.places:
            raise _No("no_location", place)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= stock.MOST):
            raise _No("no_number", text[:20])
        if not place:
            raise _No("where", "")
        then = row.get("on_hand", "")
        now = str(self.there.get((known.id, self.places[place]), "")) if known else ""
        if then and then != now:
            raise _No("moved", now or "0")
        return int(text)


def _facts(product: Any) -> dict[str, str]:
    return {name: getattr(product, name) for name in goods.FIELDS}


_product = Product.__table__.c
# Not so hard that a new line of these products would wait; a move of their pieces does.
_LOCKED = (
    select(Product.__table__)
    .where(_product.sku.in_(bindparam("skus", expanding=True)))
    .order_by(_product.id)
    .with_for_update(key_share=True)
)
_MAKE = text(
    "INSERT INTO product (sku, name, option, barcode, shelf, carrier) VALUES (:sku, :name, :option, :barcode, :shelf, :carrier)"
    " ON CONFLICT DO NOTHING"
)
_CHANGE = (
    update(Product)
    .where(_product.id == bindparam("its_id"))
    .values(**{name: bindparam(name) for name in goods.FIELDS}, version=_product.version + 1)
)
