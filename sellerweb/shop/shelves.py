"""What pages read of products and shelves: a page of products, one of them with its moves, the locations. Reads only."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, or_, select, text, tuple_

from sellerweb.shop.models import Location, Order, Product, Staff, Stock, StockMove

PAGE = 50
MOVES = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A product and its shelves, of every location that has one."""

    product: Row[Any]
    shelves: list[Row[Any]]

    @property
    def on_hand(self) -> int:
        return sum(shelf.on_hand for shelf in self.shelves)

    @property
    def reserved(self) -> int:
        return sum(shelf.reserved for shelf in self.shelves)

    @property
    def short(self) -> bool:
        return any(shelf.reserved > shelf.on_hand for shelf in self.shelves)


def page(conn: Connection, words: str = "", *, short: bool = False, after: str = "") -> tuple[list[Shown], str]:
    """Products by name whose SKU, name, option or barcode holds `words`, and the key that the next page begins after."""
    query, values = _PRODUCTS, dict[str, Any]()
    if words:
        query = query.where(or_(*(c.icontains(words, autoescape=True) for c in _SEARCHED)))
    if short:
        query = query.where(_SHORT)
    if key := _read_key(after):
        # Its name is asked for anew: an address is no place for one.
        name = select(Product.name).where(Product.id == bindparam("after")).scalar_subquery()
        query, values = query.where(tuple_(Product.name, Product.id) > tuple_(name, bindparam("after"))), {"after": key}
    rows = list(conn.execute(query.limit(PAGE + 1), values))
    shelves = _shelves(conn, [row.id for row in rows[:PAGE]])
    shown = [Shown(row, shelves.get(row.id, [])) for row in rows[:PAGE]]
    return shown, str(rows[PAGE - 1].id) if len(rows) > PAGE else ""


def one(conn: Connection, product_id: int) -> Shown | None:
    """The product with its shelves; None: there is none."""
    row = conn.execute(select(Product.__table__).where(Product.id == product_id)).one_or_none()
    return Shown(row, _shelves(conn, [row.id]).get(row.id, [])) if row else None


def every(conn: Connection) -> list[Shown]:
    """All products, by SKU."""
    rows = list(conn.execute(select(Product.__table__).order_by(Product.sku)))
    shelves = _shelves(conn)
    return [Shown(row, shelves.get(row.id, [])) for row in rows]


def moves(conn: Connection, product_id: int, before: str = "") -> tuple[list[Row[Any]], str]:
    """What happened to a product's pieces, newest first, and the key that the next page begins before."""
    query = _MOVES.where(StockMove.product_id == product_id)
    if key := _read_key(before):
        query = query.where(StockMove.id < key)
    rows = list(conn.execute(query.limit(MOVES + 1)))
    return rows[:MOVES], str(rows[MOVES - 1].id) if len(rows) > MOVES else ""


def locations(conn: Connection, *, closed: bool = False) -> list[Row[Any]]:
    """Where goods lie, the first one first; closed ones only where asked for."""
    query = select(Location.__table__).order_by(Location.id)
    return list(conn.execute(query if closed else query.where(Location.closed.is_(False))))


def on_hand(conn: Connection, products: set[int]) -> dict[tuple[int, int], int]:
    """How many pieces of these products lie where: {(product, location): pieces}."""
    rows = conn.execute(select(Stock.__table__).where(Stock.product_id.in_(products)))
    return {(row.product_id, row.location_id): row.on_hand for row in rows}


def held(conn: Connection) -> dict[int, int]:
    """How many pieces lie or are waited for at each location."""
    rows = conn.execute(select(Stock.location_id, func.sum(Stock.on_hand + Stock.reserved)).group_by(Stock.location_id))
    return {location: int(n) for location, n in rows}


def _shelves(conn: Connection, ids: list[int] | None = None) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    if ids is None:
        rows = conn.execute(_SHELVES)
    else:
        rows = conn.execute(_SHELVES.where(Stock.product_id.in_(bindparam("ids", expanding=True))), {"ids": ids})
    for row in rows:
        found.setdefault(row.product_id, []).append(row)
    return found


def _read_key(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


_SEARCHED = (Product.sku, Product.name, Product.option, Product.barcode)
_SHORT = exists().where(Stock.product_id == Product.id, text("reserved > on_hand"))
_PRODUCTS: Select[Any] = select(Product.__table__).order_by(Product.name, Product.id)
_SHELVES = (
    select(Stock.__table__, Location.name.label("location"))
    .join(Location, Location.id == Stock.location_id)
    .order_by(Stock.product_id, Stock.location_id)
)
_MOVES = (
    select(StockMove.__table__, Location.name.label("location"), Staff.name.label("staff"), Order.code)
    .join(Location, Location.id == StockMove.location_id)
    .join(Staff, Staff.id == StockMove.staff_id, isouter=True)
    .join(Order, Order.id == StockMove.order_id, isouter=True)
    .order_by(StockMove.id.desc())
)
