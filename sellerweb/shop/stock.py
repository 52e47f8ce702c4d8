"""Pieces on the shelves: what a parcel takes along, what comes back, what was counted. The one place that writes stock.

Verbs of orders say what moved (`take`, `put_back`); it is written when their action ends, in one order everywhere, so that two
actions never wait for each other. A product without a home has been counted by nobody, and nothing is counted for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, bindparam, func, insert, select, text, tuple_, update

from sellerweb.shop import states
from sellerweb.shop.models import Order, OrderLine, Product, Stock, StockMove
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.case import Case
    from sellerweb.shop.history import Act

# Why a count by hand differs; `file` and `begin` are said by the program.
REASONS = ("stocktake", "arrived", "damaged", "lost", "other")
MOST = 1_000_000
Key = tuple[int, int]
Wanted = dict[tuple[int, int | None], int]


@dataclass(frozen=True, slots=True)
class Moved:
    """Pieces of a product that came (+) or went (−); `location` None is its home."""

    product: int
    location: int | None
    quantity: int
    kind: str
    order: int | None = None
    reason: str = ""
    note: str = ""


class Changed(Refused):
    """The shelf has moved on since the page was drawn: how many pieces it holds now."""

    def __init__(self, on_hand: int) -> None:
        super().__init__(
            _l(
                "Pieces have moved since your page was drawn: the desk now says %(n)s. Nothing was saved; what you typed is still here. Look at the shelf once more, then save again.",
                n=on_hand,
            )
        )
        self.on_hand = on_hand


def take(case: "Case", pieces: Mapping[int, int], kind: str) -> None:
    """`pieces` {line id: quantity} are no longer on hand: sent, or found to be missing. Never below zero."""
    _note(case, pieces, -1, kind)


def put_back(case: "Case", pieces: Mapping[int, int], kind: str) -> None:
    """`pieces` can be sold again."""
    _note(case, pieces, +1, kind)


def carry_along(case: "Case", pieces: Mapping[int, int], target: int) -> None:
    """`pieces` lie in parcels, taken where their lines came from until now. The book carries them to where the lines come from
    next, so that their parcel, sent or taken apart, is counted at one place, and nothing twice."""
    _note(case, pieces, -1, "carry")
    _note(case, pieces, +1, "carry", target)


def _note(case: "Case", pieces: Mapping[int, int], sign: int, kind: str, location: int | None = None) -> None:
    if case.order.is_test:
        return  # nothing of it ever left a shelf
    for line_id, quantity in pieces.items():
        line = case.lines[line_id]
        if quantity and line.product_id is not None:
            moved = Moved(line.product_id, location or line.location_id, sign * quantity, kind, case.order.id)
            case.act.moved.append(moved)


def waiting(order: Any, lines: Iterable[Any]) -> Wanted:
    """What a paid order still waits for: {(product, location or None for its home): pieces}, packed ones too."""
    wanted: Wanted = defaultdict(int)
    if order.stage in states.OPEN and not order.is_test:
        for line in lines:
            here = line.ordered - line.cancelled - line.shipped
            if here and line.product_id is not None:
                wanted[line.product_id, line.location_id] += here
    return wanted


def write(act: "Act") -> None:
    """Write what the action moved, and what its orders wait for now. The last thing that an action does."""
    wanted: Wanted = defaultdict(int)
    for case in act.cases.values():
        now = waiting(case.order, case.lines.values())
        for key in case.was_waiting.keys() | now.keys():
            wanted[key] += now.get(key, 0) - case.was_waiting.get(key, 0)
        case.was_waiting = now
    wanted = {key: step for key, step in wanted.items() if step}
    if not wanted and not act.moved:
        return
    homes = _homes(act.tx, {product for product, _ in wanted} | {m.product for m in act.moved})
    reserved: dict[Key, int] = defaultdict(int)
    moved: dict[Key, list[Moved]] = defaultdict(list)
    for (product, location), step in wanted.items():
        if home := homes[product]:
            reserved[product, location or home] += step
    for one in act.moved:
        if home := homes[one.product]:
            moved[one.product, one.location or home].append(one)
    _write(act, reserved, moved)
    act.moved = []


def count(
    act: "Act", product: int, location: int, counted: int, reason: str, note: str = "", drawn: int | None = None
) -> None:
    """So many pieces are there, says somebody who has counted them. Raises Changed where `drawn` is stale."""
    key = (product, location)
    row = _shelves_to_count(act.tx, [key])[key]
    if drawn is not None and drawn != row.version:
        raise Changed(row.on_hand)
    step = counted - row.on_hand
    _write(act, {}, {key: [Moved(product, location, step, "count", None, reason, note)]})


def count_all(act: "Act", counted: Mapping[Key, int], reason: str) -> None:
    """The same of several shelves {(product, location): pieces}, with as many statements as one."""
    rows = _shelves_to_count(act.tx, list(counted))
    moved = {key: [Moved(*key, n - rows[key].on_hand, "count", None, reason)] for key, n in counted.items()}
    _write(act, {}, moved)


def carry(act: "Act", product: int, source: int, target: int, quantity: int) -> None:
    """Carry pieces from one location to another."""
    if source == target:
        raise Refused(_l("Choose two different locations."), "target")
    if not _lock_homes(act.tx, [product])[product]:
        raise Refused(_l("Count this product first. Nothing was changed."), "source")
    act.tx.execute(_SHELF, {"product": product, "location": target})
    rows = act.tx.execute(_LOCKED, {"keys": [(product, source), (product, target)]}).all()
    there = next((row.on_hand for row in rows if row.location_id == source), 0)
    if not 0 < quantity <= there:
        raise Refused(_l("There are %(n)s pieces. Nothing was changed.", n=there), "quantity")
    steps = {source: -quantity, target: quantity}
    _write(act, {}, {(product, place): [Moved(product, place, step, "carry")] for place, step in steps.items()})


def _write(act: "Act", reserved: Mapping[Key, int], moved: Mapping[Key, list[Moved]]) -> None:
    """The only statements that change a shelf. Locked and written in one order everywhere."""
    keys = sorted({key for key, step in reserved.items() if step} | moved.keys())
    if not keys:
        return
    rows = {(row.product_id, row.location_id): row for row in act.tx.execute(_LOCKED, {"keys": keys})}
    if missing := [key for key in keys if key not in rows]:
        act.tx.execute(_SHELF, [{"product": product, "location": location} for product, location in missing])
        rows = {(row.product_id, row.location_id): row for row in act.tx.execute(_LOCKED, {"keys": keys})}
    changed, told = [], []
    for key in keys:
        on_hand = rows[key].on_hand
        for one in _with_found(on_hand, moved.get(key, [])):
            on_hand += one.quantity
            told.append(_row(act, key, one, on_hand))
        changed.append(
            {
                "product": key[0],
                "location": key[1],
                "hand": on_hand,
                "waits": max(0, rows[key].reserved + reserved.get(key, 0)),
                "moves": len(moved.get(key, [])),
            }
        )
    act.tx.execute(_CHANGE, changed)
    if told:
        act.tx.execute(insert(StockMove), told)


def _with_found(on_hand: int, moves: Iterable[Moved]) -> Iterable[Moved]:
    """The moves; where more left than was counted, the missing ones were there after all, and the book says so first."""
    for one in moves:
        if on_hand + one.quantity < 0:
            found = -(on_hand + one.quantity)
            yield Moved(one.product, one.location, found, "found", one.order)
            on_hand += found
        yield one
        on_hand += one.quantity


def _row(act: "Act", key: Key, one: Moved, after: int) -> dict[str, Any]:
    what = {"product_id": key[0], "location_id": key[1], "quantity": one.quantity, "after": after, "kind": one.kind}
    who = {"at": act.at, "staff_id": act.by.staff_id, "order_id": one.order, "action_id": act.id}
    return {**what, **who, "reason": one.reason, "note": one.note[:200]}


def _homes(tx: Connection, products: set[int]) -> dict[int, int | None]:
    """Where the products are at home; nobody gives them their first home before this action has ended."""
    which = select(Product.id, Product.home_id).where(Product.id.in_(products)).order_by(Product.id)
    return {row.id: row.home_id for row in tx.execute(which.with_for_update(read=True))}


def _shelves_to_count(tx: Connection, keys: list[Key]) -> dict[Key, Any]:
    """The shelves, locked, and there from now on. A product's first count is at its home."""
    homes = _lock_homes(tx, [product for product, _ in keys])
    first: dict[int, int] = {}
    for product, location in keys:
        if homes[product] is None:
            first.setdefault(product, location)
    if first:
        _begin(tx, first)
    tx.execute(_SHELF, [{"product": product, "location": location} for product, location in keys])
    return {(row.product_id, row.location_id): row for row in tx.execute(_LOCKED, {"keys": sorted(keys)})}


def _lock_homes(tx: Connection, products: list[int]) -> dict[int, int | None]:
    # Not so hard that a new line of these products would wait for it.
    which = select(Product.id, Product.home_id).where(Product.id.in_(products)).order_by(Product.id)
    return {row.id: row.home_id for row in tx.execute(which.with_for_update(key_share=True))}


def _begin(tx: Connection, homes: Mapping[int, int]) -> None:
    """The products are counted from now on: their homes, and what already waits for them wherever that is to come from."""
    tx.execute(_MOVE_IN, [{"its_id": product, "home": home} for product, home in homes.items()])
    wanted = {(row.product_id, row.place): row.n for row in tx.execute(_WANTED, {"products": list(homes)})}
    keys = sorted({*homes.items(), *wanted})
    rows = [{"product_id": key[0], "location_id": key[1], "reserved": wanted.get(key, 0)} for key in keys]
    tx.execute(insert(Stock), rows)


_place = func.coalesce(OrderLine.location_id, Product.home_id).label("place")
_WANTED = (
    select(
        OrderLine.product_id, _place, func.sum(OrderLine.ordered - OrderLine.cancelled - OrderLine.shipped).label("n")
    )
    .join(Order, Order.id == OrderLine.order_id)
    .join(Product, Product.id == OrderLine.product_id)
    .where(
        OrderLine.product_id.in_(bindparam("products", expanding=True)),
        OrderLine.ordered > OrderLine.cancelled + OrderLine.shipped,
        Order.stage.in_(states.OPEN),
        Order.is_test.is_(False),
    )
    .group_by(OrderLine.product_id, _place)
)
_MOVE_IN = update(Product).where(Product.__table__.c.id == bindparam("its_id")).values(home_id=bindparam("home"))
# ON CONFLICT DO NOTHING reads alike on both databases, but each dialect spells its construct differently.
_SHELF = text(
    "INSERT INTO stock (product_id, location_id, on_hand) VALUES (:product, :location, 0) ON CONFLICT DO NOTHING"
)
_LOCKED = (
    select(Stock.__table__)
    .where(tuple_(Stock.product_id, Stock.location_id).in_(bindparam("keys", expanding=True)))
    .order_by(Stock.product_id, Stock.location_id)
    .with_for_update()
)
_stock = Stock.__table__.c
_CHANGE = (
    update(Stock)
    .where(_stock.product_id == bindparam("product"), _stock.location_id == bindparam("location"))
    .values(on_hand=bindparam("hand"), reserved=bindparam("waits"), version=_stock.version + bindparam("moves"))
)
