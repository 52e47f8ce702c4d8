"""The letter some days after delivery that asks whether all is well: who gets it, and who never does. The clock sends it.

Off until the shop says after how many days (`policy.follow_up_days`). Once an order, and never where something went wrong:
a cancel, a claim, a loss, or a question that waits for its answer.
"""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Connection, or_, select

from sellerweb.shop import clock, history, policy
from sellerweb.shop.case import Case
from sellerweb.shop.db import forget, read
from sellerweb.shop.models import Claim, Event, Message, Order, OrderLine, Shipment
from sellerweb.shop.refused import Refused

LETTER = "order_follow_up"
MOST = 200
# Who switches it on does not write to everybody who ever bought: what arrived earlier than this stays as it was.
GRACE = timedelta(days=3)

_claim = select(Claim.id).where(Claim.order_id == Order.id)
_undone = select(OrderLine.id).where(
    OrderLine.order_id == Order.id, OrderLine.cancelled + OrderLine.returned + OrderLine.lost + OrderLine.claimed > 0
)
_waits = select(Message.id).where(
    Message.order_id == Order.id, Message.sender == "customer", Message.answered_at.is_(None)
)
_written = select(Event.id).where(Event.order_id == Order.id, Event.thing == "order", Event.verb == "follow_up")
_UNWELCOME: ColumnElement[bool] = or_(_claim.exists(), _undone.exists(), _waits.exists(), Order.refunded > 0)


def send() -> int:
    """Owe the letter wherever its day has come; returns how many. One transaction an order."""
    sent = 0
    for channel in policy.CHANNELS:
        days = policy.of(read(), channel).follow_up_days
        codes = _due(read(), channel, days) if days else []
        forget()
        for code in codes:
            try:
                with history.act(history.CLOCK, "follow_up") as act:
                    follow_up(act.order(code))
                sent += 1
            except Refused:
                continue  # something was asked in this moment: then nobody asks whether all is well
    return sent


def follow_up(case: Case) -> None:
    """Ask the customer whether all is well."""
    case.require("order", "follow_up", case.order.stage)
    if unwelcome(case.act.tx, case.order.id) or case.act.tx.scalar(_written.where(Order.id == case.order.id)):
        raise Refused(_l("Something was asked about this order, or the letter was written already. Nothing was sent."))
    case.record("order", "follow_up")


def unwelcome(conn: Connection, order_id: int) -> bool:
    """Whether something went wrong with an order, or somebody waits: then nobody wants to be asked."""
    return conn.scalar(select(Order.id).where(Order.id == order_id, _UNWELCOME)) is not None


def _due(conn: Connection, channel: str, days: int) -> list[str]:
    until = clock.now() - timedelta(days=days)
    later = select(Shipment.id).where(Shipment.order_id == Order.id, Shipment.delivered_at > until)
    # The days first: along them there are few, and of what was ever delivered many.
    arrived = select(Shipment.order_id).where(Shipment.delivered_at > until - GRACE, Shipment.delivered_at <= until)
    query = (
        select(Order.code)
        .where(Order.id.in_(arrived), Order.channel == channel, Order.stage == "delivered", Order.is_test.is_(False))
        .where(~later.exists(), ~_UNWELCOME, ~_written.exists())
        .order_by(Order.id)
        .limit(MOST)
    )
    return list(conn.scalars(query))
