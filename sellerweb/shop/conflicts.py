"""Where a channel and the desk disagree: noted when a file is taken in, answered by staff, closed by a file that agrees again.

What is done about one is done by the ordinary verbs. No files, no pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, insert, select, text, update

from sellerweb.shop import orders, shipments, states
from sellerweb.shop.case import Case
from sellerweb.shop.models import Conflict, Order, OrderLine
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

# Those whose other side can be taken with one button; the others are settled on the order itself.
TAKES = frozenset({"address_after_label", "address_again"})
# What was followed already: the report says it, and the bench is told. There is nothing to choose.
FOLLOWED = frozenset({"cancelled_after_label"})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`ours` and `theirs` in short, nothing personal; `said` is what taking theirs would need."""

    code: str
    ours: str = ""
    theirs: str = ""
    line_id: int | None = None
    said: dict[str, Any] = field(default_factory=dict)


def follow(case: Case, found: Iterable[Disagreement]) -> None:
    """Note what is new, and close what the channel says as we do by now. What was answered stays so while it says the same."""
    known = case.act.tx.execute(
        select(Conflict.__table__).where(Conflict.order_id == case.order.id).order_by(Conflict.id)
    ).all()
    newest = {(row.code, row.line_id): row for row in known}
    seen = set()
    for one in found:
        if one.code in FOLLOWED:
            continue
        key = (one.code, one.line_id)
        seen.add(key)
        row = newest.get(key)
        values = {"ours": one.ours[:300], "theirs": one.theirs[:300], "said": one.said}
        if row is None or (row.state != "open" and (row.state == "agreed" or row.said != one.said)):
            new = {"order_id": case.order.id, "line_id": one.line_id, "code": one.code, "state": "open"}
            case.act.tx.execute(insert(Conflict), {**new, **values, "seen_at": case.act.at})
        elif row.state == "open" and row.said != one.said:
            case.act.tx.execute(update(Conflict).where(Conflict.id == row.id).values(values))
    for key, row in newest.items():
        if row.state == "open" and key not in seen:
            _close(case, row.id, "agreed")


def kept_address(case: Case) -> bool:
    """Whether somebody has said before that the order's own address stays."""
    kept = select(Conflict.id).where(
        Conflict.order_id == case.order.id, Conflict.code.in_(TAKES), Conflict.state == "kept"
    )
    return case.act.tx.scalar(kept.limit(1)) is not None


def keep(act: "Act", conflict: int, version: int | None) -> None:
    """It stays as the desk has it."""
    case, _row = _open(act, conflict, version)
    _close(case, conflict, "kept")
    case.record("order", "keep")


def take(act: "Act", conflict: int, version: int | None) -> None:
    """It becomes as the channel says: labels come off first, and the bench is told to look for the parcels."""
    case, row = _open(act, conflict, version)
    if row.code not in TAKES:
        raise Refused(_l("This is settled on the order itself. Nothing was changed; open the order."))
    if case.order.stage not in states.OPEN:
        raise Refused(_l("It has left already, or never will: the address stays. Nothing was changed."))
    for parcel in [id for id, parcel in case.shipments.items() if parcel.state == "labelled"]:
        shipments.stop(case, parcel)
    orders.set_address(
        case, dict(row.said)
    )  # the stage follows when the action ends: `readdress` would see the old one
    case.record("order", "readdress")
    _close(case, conflict, "taken")
    case.record("order", "follow")


def listed(conn: Connection) -> list[Row[Any]]:
    """The open ones, oldest first, beside their orders."""
    return list(
        conn.execute(
            select(
                Conflict.id, Conflict.code, Conflict.ours, Conflict.theirs, Conflict.seen_at, Order.order_no,
                Order.channel, Order.version, Order.stage, Order.goods, Order.code.label("order"), OrderLine.name,
            )
            .join(Order, Order.id == Conflict.order_id)
            .join(OrderLine, OrderLine.id == Conflict.line_id, isouter=True)
            .where(text("conflict.state = 'open'"))
            .order_by(Conflict.seen_at, Conflict.id)
            .limit(200)
        )
    )  # fmt: skip


def _open(act: "Act", conflict: int, version: int | None) -> tuple[Case, Row[Any]]:
    """The conflict and its order, locked."""
    find = select(Conflict.__table__, Order.code.label("order")).join(Order, Order.id == Conflict.order_id)
    row = act.tx.execute(find.where(Conflict.id == conflict)).one_or_none()
    if row is None:
        raise Refused(_l("There is no such disagreement. Nothing was changed."))
    case = act.order(row.order, version)
    row = act.tx.execute(find.where(Conflict.id == conflict)).one()
    if row.state != "open":
        raise Refused(_l("Somebody has settled this already. Nothing was changed."))
    return case, row


def _close(case: Case, conflict: int, state: str) -> None:
    values = {"state": state, "answered_at": case.act.at, "staff_id": case.act.by.staff_id}
    case.act.tx.execute(update(Conflict).where(Conflict.id == conflict).values(values))
