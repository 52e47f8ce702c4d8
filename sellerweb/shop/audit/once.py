"""D1 and D2: what is said twice is done once. Reads only; forms and files are the business of `history` and `imports`."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, select

from sellerweb.shop import states
from sellerweb.shop.audit.whole import Finding, Whole
from sellerweb.shop.models import Import, ImportPart, Order

# Moves that make something: one form makes one of a kind.
_MAKES = {(move.thing, move.verb) for move in states.TIMETABLE if move.froms == ("",)}


def actions(whole: Whole) -> Iterator[Finding | None]:
    """D1: an action's events of an order stand together, are of one moment and person, and make nothing twice."""
    over: set[str] = set()
    for action, events in groupby(whole.events, key=lambda event: event.action_id):
        first: Row[Any] | None = None
        made: set[tuple[str, str]] = set()
        for event in events:
            first, move = first or event, (event.thing, event.verb)
            if action in over:
                wrong = f"its action {action} was over"
            elif (event.at, event.actor, event.staff_id) != (first.at, first.actor, first.staff_id):
                wrong = f"its action {action} was another moment's or person's before"
            elif move in made and event.actor in ("customer", "staff"):
                wrong = f"its action {action} had done a {event.thing} {event.verb} already"
            else:
                wrong = ""
            made |= {move} & _MAKES
            yield whole.finding("event", event.id, wrong, event.seq) if wrong else None
        over |= {action} - {None}


def lines(whole: Whole) -> Iterator[Finding | None]:
    """D2: an item of the channel is one line."""
    items = Counter(line.item_no for line in whole.lines)
    for line in whole.lines:
        wrong = f"{items[line.item_no]} lines are item {line.item_no}"
        yield None if items[line.item_no] == 1 else whole.finding("order_line", line.id, wrong)


def orders(conn: Connection) -> Iterator[Finding | None]:
    """D2: a channel's order is one order here."""
    for row in conn.execute(_TWICE):
        yield Finding("orders", row.id, row.code, None, f"there are {row.n} of {row.channel} {row.order_no}")


_TWICE = (
    select(Order.channel, Order.order_no, func.max(Order.id).label("id"), func.max(Order.code).label("code"))
    .add_columns(func.count().label("n"))
    .group_by(Order.channel, Order.order_no)
    .having(func.count() > 1)
)


def imports(conn: Connection) -> Iterator[Finding | None]:
    """D2: a file has come in as far as it says, order by order, and whole where it says so."""
    for row in conn.execute(_IMPORTS):
        wrong = _half(row)
        yield Finding("import", row.id, "", None, wrong) if wrong else None


_IMPORTS: Select[Any] = select(
    Import.id,
    Import.state,
    Import.orders,
    Import.done,
    Import.report,
    exists().where(ImportPart.import_id == Import.id).label("holds"),
)


def _half(row: Row[Any]) -> str:
    counted = sum(row.report.get(name, 0) for name in ("new", "updated", "unchanged"))
    if not 0 <= row.done <= row.orders:
        return f"{row.done} of {row.orders} orders are in"
    if counted != row.done:
        return f"{row.done} orders are in, its report counts {counted}"
    if row.state == "done" and row.done < row.orders:
        return f"is done with {row.done} of {row.orders} orders"
    if row.state in ("waiting", "running") and row.done < row.orders and not row.holds:
        return f"is {row.state} with nothing to take in"
    if row.holds and row.done == row.orders:
        return f"holds orders beside the {row.orders} that are in"
    return ""
