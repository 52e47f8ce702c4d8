"""Products and counts from a table of rows, all in one action: what each row changes, or why it does not. No file formats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from sellerweb.shop import goods, shelves, stock
from sellerweb.shop.models import Product
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

COLUMNS = ("sku", *goods.FIELDS, "location", "on_hand", "counted")
MOST = 20_000


@dataclass(slots=True)
class Report:
    """What came of the rows: `rejected` [(row number, code, what it names)]; `done` SKUs are changed."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    counted: int = 0
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    done: set[str] = field(default_factory=set)


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


def take(act: "Act", table: Iterable[tuple[int, Mapping[str, str]]]) -> Report:
    """Take rows (number, {column: text}) in. A column that is not there says nothing; an empty cell empties."""
    report, known, seen = Report(), {it.product.sku: it for it in shelves.every(act.tx)}, set[tuple[str, str]]()
    places = {place.name: place.id for place in shelves.locations(act.tx)}
    ids = {sku: it.product.id for sku, it in known.items()}
    said: dict[str, Mapping[str, str]] = {}
    for number, row in table:
        report.rows += 1
        try:
            sku, place = row.get("sku", "").strip(), row.get("location", "").strip()
            if not sku or len(sku) > 120:
                raise _No("no_sku", "")
            if (sku, place) in seen:
                raise _No("twice", sku)
            counted = _counted(row, places, known.get(sku))
            facts = {name: row[name].strip() for name in goods.FIELDS if name in row}
            if said.setdefault(sku, facts) != facts:
                raise _No("two_ways", sku)
            _put(act, report, sku, facts, known.get(sku), ids)
            seen.add((sku, place))
            if counted is not None:
                stock.count(act, ids[sku], places[place], counted, "file")
                report.counted += 1
        except _No as no:
            report.rejected.append((number, *no.args))
        except Refused as no:
            report.rejected.append((number, "field", str(no.why)))
    return report


def _put(
    act: "Act", report: Report, sku: str, facts: dict[str, str], known: shelves.Shown | None, ids: dict[str, int]
) -> None:
    before = {name: getattr(known.product, name) for name in goods.FIELDS} if known else {}
    after: dict[str, Any] = {**before, **facts}
    checked = goods.check(goods.Facts(**{"name": "", **after}))
    if sku not in ids:
        ids[sku] = act.tx.scalars(insert(Product).returning(Product.id), {"sku": sku, **checked}).one()
        report.new += 1
    elif known and checked != before and sku not in report.done:
        goods.change(act, known.product.id, goods.Facts(**checked), known.product.version)
        report.changed += 1
        report.done.add(sku)


def _counted(row: Mapping[str, str], places: Mapping[str, int], known: shelves.Shown | None) -> int | None:
    """What was counted, where the row says so. Refused where pieces have moved since the file was made."""
    text, place = row.get("counted", "").strip(), row.get("location", "").strip()
    if place and place not in places:
        raise _No("no_location", place)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= stock.MOST):
        raise _No("no_number", text[:20])
    if not place:
        raise _No("where", "")
    then = row.get("on_hand", "").strip()
    now = next((str(s.on_hand) for s in known.shelves if s.location == place), "") if known else ""
    if then and then != now:
        raise _No("moved", now or "0")
    return int(text)
