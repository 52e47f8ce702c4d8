"""Whether a promised day is still to be told to the order's channel: `day_untold`, kept on the order to be counted by. Rules: `telling`."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, update

from sellerweb.shop import policy, states, telling
from sellerweb.shop.case import Case
from sellerweb.shop.models import Order, Telling

if TYPE_CHECKING:
    from sellerweb.shop.history import Act


def follow(tx: Connection, cases: Collection[Case]) -> None:
    """Bring it up to date with what the orders' facts now are; `closing` writes it."""
    to_tell = {line.id: case for case in cases for line in lines_of(case.order, case.lines.values())}
    known = _known(tx, to_tell)
    untold = {case.order.id for line, case in to_tell.items() if known.get(line) != case.order.promised_on}
    for case in cases:
        if case.order.day_untold != (case.order.id in untold):
            case.set_order(day_untold=not case.order.day_untold)


def answered(act: "Act", orders: Iterable[int]) -> None:
    """The same, where nothing of the orders has changed but what the channel knows: no event tells of it."""
    cases = act.all_of(orders).values()
    was = {case.order.id: case.order.day_untold for case in cases}
    follow(act.tx, cases)
    for now in (True, False):
        which = [case.order.id for case in cases if case.order.day_untold is now and was[case.order.id] is not now]
        if which:
            act.tx.execute(update(Order).where(Order.id.in_(which)).values(day_untold=now))


def lines_of(order: Any, lines: Iterable[Any]) -> list[Any]:
    """Those of an order's lines of which the channel wants to know the promised day, and does not say it itself."""
    if "promise" not in telling.TAKES.get(order.channel, ()) or order.is_test or order.promised_on is None:
        return []
    if order.stage not in states.OPEN or telling.says_so(order, ZoneInfo(policy.DEFAULTS[order.channel].zone)):
        return []
    return [line for line in lines if line.claim_id is None and line.cancelled + line.shipped < line.ordered]


def _known(tx: Connection, lines: Collection[int]) -> dict[int, date | None]:
    """{line: the day that its channel knows}."""
    if not lines:
        return {}
    about = select(func.max(Telling.id)).where(Telling.kind == "promise", Telling.line_id.in_(lines))
    words = select(Telling.line_id, Telling.day).where(Telling.id.in_(about.group_by(Telling.line_id)))
    return {row.line_id: row.day for row in tx.execute(words.where(Telling.word.in_(telling.KNOWN)))}
