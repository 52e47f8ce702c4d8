"""The archive in bulk: what was ticked, or all that was over before a day. Each order by an action of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, select

from sellerweb.shop import history, orders, states
from sellerweb.shop.history import Actor
from sellerweb.shop.models import Claim, Event, Order, Refund
from sellerweb.shop.refused import Refused

# So many at a time: the packers' own writes come between, and no request takes longer than a breath.
CHUNK = 200
# Further than this nobody is told how many there are.
MOST = 10_000


@dataclass(slots=True)
class Outcome:
    """How many are in the archive now, and {code: why} of those that are not."""

    done: int = 0
    stayed: dict[str, Any] = field(default_factory=dict)


def archive(by: Actor, codes: Iterable[str], action: str = "") -> Outcome:
    """Put these orders into the archive, those that may. `action` is the form's own id: once more, the same answer."""
    outcome = Outcome()
    for code in dict.fromkeys(codes):
        try:
            with history.act(by, "archive", f"{action[-26:]}-{code}"[:64] if action else "", code) as act:
                orders.archive(act.order(code))
        except history.Repeated:
            pass
        except history.NotThere:
            outcome.stayed[code] = ""
            continue
        except Refused as no:
            outcome.stayed[code] = no.why
            continue
        outcome.done += 1
    return outcome


def over(conn: Connection, before: datetime, after: int = 0) -> list[Row[Any]]:
    """The next finished orders (id, code) with which nothing has happened since `before`."""
    return list(conn.execute(_OVER.limit(CHUNK), {"before": before, "after": after}))


def how_many(conn: Connection, before: datetime, after: int = 0) -> int:
    """How many these are; MOST is that many or more."""
    return conn.scalar(_HOW_MANY, {"before": before, "after": after}) or 0


# Nothing has happened since: the newest event is older. What is still owed to somebody keeps an order out of this.
_OVER = (
    select(Order.id, Order.code)
    .join(Event, (Event.order_id == Order.id) & (Event.seq == Order.version))
    .where(
        Order.id > bindparam("after"),
        Order.stage.in_(states.FINISHED),
        Order.archived_at.is_(None),
        Event.at < bindparam("before", type_=Event.at.type),
        ~exists().where(Claim.order_id == Order.id, Claim.closed_at.is_(None)),
        ~exists().where(Refund.order_id == Order.id, Refund.state.in_(("due", "manual", "sent"))),
    )
    .order_by(Order.id)
)
_HOW_MANY = select(func.count()).select_from(_OVER.limit(MOST).subquery())
