"""Q5: the stage written on an order, and the counts by stage, against the facts. Reads only what it is given."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from sellerweb.shop import states
from sellerweb.shop.audit.whole import Finding, Whole
from sellerweb.shop.models import Order, StageTally


def stage(whole: Whole) -> Iterator[Finding | None]:
    order = whole.order
    true = states.stage(
        paid_at=order.paid_at,
        expired_at=order.expired_at,
        confirmed_at=order.confirmed_at,
        parcels={parcel.state for parcel in whole.shipments},
        lines=whole.lines,
    )
    wrong = f"stage is {order.stage}, the facts say {true}"
    yield None if order.stage == true else whole.finding("orders", order.id, wrong)


def tallies(conn: Connection) -> Iterator[Finding | None]:
    """The tallies are the counts of the orders outside the archive."""
    kept = {(row.channel, row.stage): int(row.n) for row in conn.execute(_TALLIES)}
    true = {(row.channel, row.stage): row.n for row in conn.execute(_ORDERS)}
    for key in sorted(kept.keys() | true.keys()):
        there, should = kept.get(key, 0), true.get(key, 0)
        wrong = f"the tally says {there} orders, there are {should}"
        yield None if there == should else Finding("stage_tally", list(key), "", None, wrong)


_TALLIES = select(StageTally.channel, StageTally.stage, func.sum(StageTally.n).label("n")).group_by(
    StageTally.channel, StageTally.stage
)
_ORDERS = (
    select(Order.channel, Order.stage, func.count().label("n"))
    .where(Order.archived_at.is_(None))
    .group_by(Order.channel, Order.stage)
)
