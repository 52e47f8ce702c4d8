"""Why orders are undone: claims by kind, reason, product, channel and week. Reads only.

A claim stands in the week of shop time (Monday first) in which it was asked for. Test orders are left out, and what came
to nothing is counted by itself. Numbers are sets: a claim about two products is one in each row and one in the sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, String, bindparam, case, func, or_, select

from sellerweb.shop.models import Claim, ClaimLine, Order, OrderLine, Product
from sellerweb.shop.states import CLAIM_KINDS

WEEKS, MOST_WEEKS = 8, 53
WEEK = timedelta(weeks=1)
# Claims that undid nothing: the shop said no, the customer or the shop took it back, the parcel was found.
NOTHING = ("refused", "withdrawn", "undone", "found")


@dataclass(frozen=True, slots=True)
class Filter:
    """What is counted, from Monday `since` to Sunday `until`. Empty fields do not filter; `nothing`: what came to nothing."""

    since: date
    until: date
    kind: str = ""
    reason: str = ""
    product: str = ""
    channel: str = ""
    nothing: bool = False

    @property
    def weeks(self) -> list[date]:
        """The Mondays."""
        return [self.since + n * WEEK for n in range((self.until - self.since) // WEEK + 1)]

    def words(self) -> dict[str, str]:
        """As it stands in an address."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: "1" if value is True else str(value) for name, value in values.items() if value}


@dataclass(slots=True)
class Cell:
    """One number of the table, and what is behind it."""

    claims: set[int] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)
    pieces: int = 0

    def add(self, row: Any) -> None:
        self.claims.add(row.id)
        self.orders.add(row.order_id)
        self.pieces += row.quantity


@dataclass(slots=True)
class Line:
    """A row of the table: a cell a week, and their sum. A reason's own row has neither product nor channel."""

    weeks: list[Cell]
    kind: str = ""
    reason: str = ""
    product: str = ""
    channel: str = ""
    total: Cell = field(default_factory=Cell)


@dataclass(slots=True)
class Report:
    """`lines`: each reason, then its products and channels. `kinds`: how many claims of each kind in each week.

    `arrived`: how many orders came in each week; `products`: all of the period, {key: name}.
    """

    filter: Filter
    lines: list[Line]
    total: Line
    nothing: Cell
    kinds: dict[str, list[int]]
    arrived: list[int]
    products: dict[str, str]

    def share(self, cell: Cell) -> float | None:
        """Which part of all orders of these weeks the orders of this cell are; None where none came in."""
        return len(cell.orders) / sum(self.arrived) if any(self.arrived) else None


def period(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The whole weeks that hold these days: none in the future, a year at most; without days the last eight."""
    last = _monday(min(until or today, today))
    first = min(_monday(since), last) if since else last - (WEEKS - 1) * WEEK
    return max(first, last - (MOST_WEEKS - 1) * WEEK), last + timedelta(days=6)


def report(conn: Connection, filter_: Filter, zone: ZoneInfo) -> Report:
    """Everything that the page shows, from one pass over the claims of the period."""
    size = len(filter_.weeks)
    whole = _line(size)
    lines: dict[tuple[str, ...], Line] = {}
    kinds = {kind: [0] * size for kind in CLAIM_KINDS}
    products: dict[str, str] = {}
    nothing = Cell()
    for week, product, row in _asked(conn, filter_, zone):
        products[product] = _name(row)
        if not _fits(filter_, product, row):
            continue
        if not _counts(filter_, row):
            nothing.add(row)
            continue
        kinds[row.kind][week] += row.id not in whole.total.claims
        reason = row.kind, row.reason
        detail = *reason, product, row.channel
        for key in reason, detail:
            if key not in lines:
                lines[key] = _line(size, *key)
        for line in whole, lines[reason], lines[detail]:
            line.weeks[week].add(row)
            line.total.add(row)
    here = {kind: by_week for kind, by_week in kinds.items() if any(by_week)}
    return Report(filter_, _sorted(lines, products), whole, nothing, here, _arrived(conn, filter_, zone), products)


def orders(conn: Connection, filter_: Filter, zone: ZoneInfo) -> tuple[Cell, str]:
    """What is behind one number of the table, and the name of the product that the filter asks for."""
    found, name = Cell(), ""
    for _week, product, row in _asked(conn, filter_, zone):
        if _fits(filter_, product, row) and _counts(filter_, row):
            found.add(row)
            name = _name(row) if filter_.product else ""
    return found, name


def _asked(conn: Connection, filter_: Filter, zone: ZoneInfo) -> Iterator[tuple[int, str, Any]]:
    """Each line of each claim of the period: in which week, of which product, and the row."""
    for row in conn.execute(_ASKED, _span(filter_, zone)):
        week = (row.asked_at.astimezone(zone).date() - filter_.since) // WEEK
        yield week, str(row.product_id) if row.product_id else f"~{row.sku or row.name}", row


def _name(row: Any) -> str:
    # Without an SKU options are only words, and count as one product.
    parts = (row.product, row.product_option) if row.product_id else (row.name, row.option if row.sku else "")
    return " · ".join(part for part in parts if part)


def _fits(filter_: Filter, product: str, row: Any) -> bool:
    wanted = filter_.kind, filter_.reason, filter_.product, filter_.channel
    there = row.kind, row.reason, product, row.channel
    return all(not want or want == is_ for want, is_ in zip(wanted, there, strict=True))


def _counts(filter_: Filter, row: Any) -> bool:
    return (row.state in NOTHING) == filter_.nothing


def _line(size: int, kind: str = "", reason: str = "", product: str = "", channel: str = "") -> Line:
    return Line([Cell() for _ in range(size)], kind, reason, product, channel)


def _sorted(lines: dict[tuple[str, ...], Line], products: dict[str, str]) -> list[Line]:
    """Kinds as everywhere, reasons with the most claims first, and so the products under each."""

    def place(line: Line) -> tuple[Any, ...]:
        reason = lines[line.kind, line.reason]
        here = (line.product != "", -len(line.total.claims), products.get(line.product, ""), line.channel)
        return CLAIM_KINDS.index(line.kind), -len(reason.total.claims), line.reason, *here

    return sorted(lines.values(), key=place)


def _arrived(conn: Connection, filter_: Filter, zone: ZoneInfo) -> list[int]:
    """How many orders (of the channel) came in, week by week."""
    weeks = filter_.weeks
    ends = {f"end{n}": _midnight(monday + WEEK, zone) for n, monday in enumerate(weeks)}
    values = {**_span(filter_, zone), **ends, "channel": filter_.channel}
    found = {row.week: row.n for row in conn.execute(_arrived_in(len(weeks)), values)}
    return [found.get(n, 0) for n in range(len(weeks))]


@lru_cache(maxsize=MOST_WEEKS)
def _arrived_in(weeks: int) -> Select[Any]:
    """One statement a number of weeks, kept. Weeks are told by their ends: a database's own know neither zone nor Monday."""
    week = case(*((Order.ordered_at < bindparam(f"end{n}", type_=_TIME), n) for n in range(weeks)))
    which = (Order.ordered_at >= _since, Order.ordered_at < _until, Order.is_test.is_(False))
    of_channel = or_(_channel == "", Order.channel == _channel)
    rows = select(week.label("week")).where(*which, of_channel).subquery()
    return select(rows.c.week, func.count().label("n")).group_by(rows.c.week)


def _span(filter_: Filter, zone: ZoneInfo) -> dict[str, Any]:
    return {"since": _midnight(filter_.since, zone), "until": _midnight(filter_.until + timedelta(days=1), zone)}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


_TIME = Order.__table__.c.ordered_at.type
_since, _until = bindparam("since", type_=_TIME), bindparam("until", type_=_TIME)
_channel = bindparam("channel", type_=String())
_ASKED = (
    select(
        Claim.id, Claim.order_id, Claim.kind, Claim.state, Claim.reason, Claim.asked_at, Order.channel, ClaimLine.quantity,
        OrderLine.product_id, OrderLine.sku, OrderLine.name, OrderLine.option,
        Product.name.label("product"), Product.option.label("product_option"),
    )
    .join(Order, Order.id == Claim.order_id)
    .join(ClaimLine, ClaimLine.claim_id == Claim.id)
    .join(OrderLine, OrderLine.id == ClaimLine.line_id)
    .join(Product, Product.id == OrderLine.product_id, isouter=True)
    .where(Claim.asked_at >= _since, Claim.asked_at < _until, Order.is_test.is_(False))
    .order_by(Claim.id, OrderLine.position)
)  # fmt: skip
