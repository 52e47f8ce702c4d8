"""Where a channel and the desk disagree: noted when a file is taken in, and closed by a file that agrees again. No files, no pages.

What staff answer: `verdicts`. Every step is told by an event of the order.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select, text

from sellerweb.shop import contacts
from sellerweb.shop.case import Case
from sellerweb.shop.incoming import OrderIn
from sellerweb.shop.models import Conflict, Order, OrderLine

# Those whose other side can be taken with one button; the others are settled on the order itself.
ADDRESSES = frozenset({"address_after_label", "address_again"})
TAKES = ADDRESSES | {"other_number", "wish_withdrawn", "due_earlier"}
# Those of which both sides may be right.
APART = frozenset({"other_number"})
# What was followed already: the report says it, and the bench is told. There is nothing to choose.
FOLLOWED = frozenset({"cancelled_after_label"})
# About what is still to leave.
_WHILE_HERE = ADDRESSES | {"due_earlier"}
# Asked again by every file that says so: an answer of today says nothing of a wish that is withdrawn tomorrow.
ASKED_AGAIN = frozenset({"wish_withdrawn"})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`ours` and `theirs` in short, nothing personal; `said` is what taking theirs would need."""

    code: str
    ours: str = ""
    theirs: str = ""
    line_id: int | None = None
    said: dict[str, Any] = field(default_factory=dict)


def follow(case: Case, found: Iterable[Disagreement], told: OrderIn) -> list[str]:
    """Note what is new, and close what the channel says as we do by now: the codes of those that nobody has answered.

    What was answered stays so while the channel says the same.
    """
    newest = {_matter(row): row for row in case.conflicts.values()}
    seen, opened, codes = set(), False, list[str]()
    for one in found:
        if one.code in _WHILE_HERE and not _is_here(case):
            continue
        codes.append(one.code)
        if one.code in FOLLOWED:
            continue
        matter, values = _matter(one), {"ours": one.ours[:300], "theirs": one.theirs[:300], "said": one.said}
        seen.add(matter)
        row = newest.get(matter)
        if row and row.state == "open":
            if (row.ours, row.theirs, _word(row)) == (values["ours"], values["theirs"], _word(one)):
                continue
            case.close_conflict(row.id, "over")
        elif row and row.state != "agreed" and _word(row) == _word(one) and one.code not in ASKED_AGAIN:
            codes.pop()
            continue
        case.add_conflict(code=one.code, line_id=one.line_id, **values)
        opened = True
    closed = [
        row
        for matter, row in newest.items()
        if row.state == "open" and matter not in seen and _is_about(told, case, row)
    ]
    for row in closed:
        case.close_conflict(row.id, _ending(case, row, seen))
    if opened or closed:
        case.record("order", "disagree" if opened else "agree")
    return codes


def kept_address(case: Case) -> bool:
    """Whether somebody has said before that the order's own address stays."""
    return any(row.code in ADDRESSES and row.state == "kept" for row in case.conflicts.values())


def _matter(one: Any) -> tuple[object, ...]:
    """What a disagreement is about: of each matter one is open at most."""
    if one.code == "other_number":
        return one.code, one.said["shipment"]
    return one.code, one.line_id, one.said.get("item_no")


def _word(one: Any) -> dict[str, Any]:
    """The channel's side; in which file which of the lines stood is no part of it."""
    return {name: value for name, value in one.said.items() if name != "lines"}


def _is_about(told: OrderIn, case: Case, row: Any) -> bool:
    """Whether a file speaks of the matter at all: it may have other lines of the order, or no such column."""
    items = {line.item_no: line for line in told.lines}
    if row.code in ADDRESSES:
        return bool(told.address) and not contacts.is_masked(told.address)
    if row.code == "due_earlier":
        return told.ship_due_at is not None
    if row.code == "new_line":
        return row.said["item_no"] in items
    if row.code == "other_number":
        lines = [items.get(case.lines[line].item_no) for line in row.said["lines"] if line in case.lines]
        return any(line and line.tracking_number for line in lines)
    return row.line_id in case.lines and case.lines[row.line_id].item_no in items


def _is_here(case: Case) -> bool:
    """Whether anything is still to leave; by the pieces, for the stage follows only when the action ends."""
    return not case.order.expired_at and any(x.cancelled + x.shipped < x.ordered for x in case.lines.values())


def _ending(case: Case, row: Any, seen: set[tuple[object, ...]]) -> str:
    """What is about parcels that have left, or is asked under another name now, is nothing that anybody agreed to."""
    moot = not _is_here(case) or (row.code in ADDRESSES and any(matter[0] in ADDRESSES for matter in seen))
    return "over" if row.code in _WHILE_HERE and moot else "agreed"


def listed(conn: Connection) -> list[Row[Any]]:
    """The open ones, oldest first, beside their orders."""
    open_ = _ROWS.where(text("conflict.state = 'open'")).order_by(Conflict.seen_at, Conflict.id)
    return list(conn.execute(open_.limit(200)))


def of_order(conn: Connection, order_id: int) -> list[Row[Any]]:
    """All of an order, open or settled."""
    return list(conn.execute(_ROWS.where(Conflict.order_id == order_id).order_by(Conflict.id)))


_ROWS = (
    select(
        Conflict.id, Conflict.code, Conflict.ours, Conflict.theirs, Conflict.said, Conflict.state, Conflict.seen_at,
        Order.order_no, Order.channel, Order.version, Order.stage, Order.goods, Order.code.label("order"), OrderLine.name,
    )
    .join(Order, Order.id == Conflict.order_id)
    .join(OrderLine, OrderLine.id == Conflict.line_id, isouter=True)
)  # fmt: skip
