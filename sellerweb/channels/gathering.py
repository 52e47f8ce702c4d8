"""Rows gathered into orders: each item once, each order to one address and in one currency. Knows no column."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from sellerweb.channels.cells import RowError
from sellerweb.channels.table import Row
from sellerweb.shop.incoming import FileIn, LineIn, OrderIn, RejectedRow

MOST_LINES = 500  # of one order, which is written in one go


@dataclass(slots=True)
class Gathering:
    """The orders of a file so far, by their number, and what was said of each item."""

    orders: dict[str, OrderIn] = field(default_factory=dict)
    said: dict[tuple[str, str], tuple[OrderIn, LineIn]] = field(default_factory=dict)

    def add(self, order: OrderIn, item: LineIn, among: str = "") -> OrderIn:
        """Put a row's item into its order, which is returned. `among` is where item numbers count: "" the whole file.

        RowError: duplicate_row, duplicate_conflict, other_currency, other_address, too_many_lines; nothing was added then.
        """
        key = among, item.item_no
        if key in self.said:
            raise RowError("duplicate_row" if self.said[key] == (order, item) else "duplicate_conflict")
        known = self.orders.setdefault(order.order_no, replace(order, lines=[]))
        if order.currency != known.currency:
            raise RowError("other_currency")
        if _place(order) and _place(known) and _place(order) != _place(known):
            raise RowError("other_address")
        if len(known.lines) >= MOST_LINES:
            raise RowError("too_many_lines")
        self.said[key] = order, item
        known.lines.append(item)
        known.ship_due_at = min(filter(None, (known.ship_due_at, order.ship_due_at)), default=None)
        return known


def gather(channel: str, rows: Iterable[Row], take: Callable[[Row, Gathering], object]) -> FileIn:
    """The file that `take` makes of its rows, one by one: those for which it raises RowError are rejected."""
    file, gathering = FileIn(channel), Gathering()
    for row in rows:
        file.rows += 1
        try:
            row.check()
            take(row, gathering)
        except RowError as refusal:
            file.rejected.append(RejectedRow(row.number, refusal.code))
    file.orders = list(gathering.orders.values())
    return file


def _place(order: OrderIn) -> tuple[str, ...]:
    """Where a label sends it; empty while no address is known. Lines of one order share one label."""
    return (order.receiver_name, order.postcode, order.address) if order.address else ()
