"""Unpaid orders that nobody will pay any more: the clock closes them. One transaction an order."""

from datetime import timedelta

from sqlalchemy import select

from sellerweb.shop import clock, history, orders, policy
from sellerweb.shop.db import forget, read
from sellerweb.shop.models import Order
from sellerweb.shop.refused import Refused

MOST = 200


def expire() -> int:
    """Close what has waited for its money longer than its channel's policy says; returns how many."""
    closed = 0
    for channel in policy.CHANNELS:
        days = policy.of(read(), channel).expire_days
        if days is None:
            continue
        waiting = select(Order.code).where(
            Order.stage == "awaiting_payment",
            Order.channel == channel,
            Order.ordered_at < clock.now() - timedelta(days=days),
        )
        codes = list(read().scalars(waiting.order_by(Order.id).limit(MOST)))
        forget()
        for code in codes:
            try:
                with history.act(history.CLOCK, "expire") as act:
                    orders.expire(act.order(code))
                closed += 1
            except Refused:
                continue  # paid in this moment: all the better
    return closed
