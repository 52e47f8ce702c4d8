"""The clock closes what was never paid, on channels where nobody else does."""

from datetime import timedelta

from sqlalchemy import select

from sellerweb.shop import clock, expiry
from sellerweb.shop.audit import audit
from sellerweb.shop.db import read
from sellerweb.shop.models import Event, Notice, Order


def stages(app):
    with app.app_context():
        return {row.order_no: row.stage for row in read().execute(select(Order.order_no, Order.stage))}


def test_an_unpaid_order_expires_after_its_channels_days(app, make_order):
    old, young = clock.now() - timedelta(days=7, seconds=1), clock.now() - timedelta(days=7) + timedelta(minutes=1)
    make_order("A1", channel="manual", state="unpaid", ordered_at=old)
    make_order("A2", channel="manual", state="unpaid", ordered_at=young)
    with app.app_context():
        assert expiry.expire() == 1
        assert expiry.expire() == 0
        assert not any(found["violations"] for found in audit().values())
        event = read().execute(select(Event.verb, Event.actor).order_by(Event.id.desc())).first()
        assert (event.verb, event.actor) == ("expire", "clock")
        assert read().scalar(select(Notice.letter)) == "order_expire"
    assert stages(app) == {"A1": "expired", "A2": "awaiting_payment"}


def test_a_marketplace_closes_its_own_unpaid_orders(app, make_order):
    make_order("A1", channel="smartstore", state="unpaid", ordered_at=clock.now() - timedelta(days=90))
    with app.app_context():
        assert expiry.expire() == 0
    assert stages(app) == {"A1": "awaiting_payment"}


def test_a_paid_order_never_expires(app, make_order):
    make_order("A1", channel="manual", ordered_at=clock.now() - timedelta(days=90))
    with app.app_context():
        assert expiry.expire() == 0
