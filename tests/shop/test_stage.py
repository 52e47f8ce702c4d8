"""The stage of an order as a truth table over its facts."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from sellerweb.shop import states

NOW = datetime(2026, 11, 16, tzinfo=UTC)
ALL_GONE = {"cancelled": 2}


@pytest.mark.parametrize(
    ("stage", "counters", "facts"),
    [
        ("new", {}, {}),
        ("awaiting_payment", {}, {"paid_at": None}),
        ("expired", {}, {"paid_at": None, "expired_at": NOW}),
        ("preparing", {}, {"confirmed_at": NOW}),
        ("preparing", {"packed": 1}, {"parcels": ["packing"]}),
        ("preparing", {"packed": 1}, {"parcels": ["labelled"]}),
        ("preparing", {"packed": 2}, {"parcels": ["labelled", "packing"]}),
        ("ready", {"packed": 2}, {"parcels": ["labelled"]}),
        ("ready", {"packed": 2}, {"parcels": ["labelled", "voided"]}),
        ("ready", {"packed": 1, "cancelled": 1}, {"parcels": ["labelled"]}),
        ("partly_shipped", {"shipped": 1}, {"parcels": ["shipped"]}),
        ("partly_shipped", {"shipped": 1, "packed": 1}, {"parcels": ["shipped", "labelled"]}),
        ("partly_shipped", {"shipped": 1, "delivered": 1}, {"parcels": ["delivered"]}),
        ("shipped", {"shipped": 2}, {"parcels": ["shipped"]}),
        ("shipped", {"shipped": 1, "cancelled": 1}, {"parcels": ["shipped"]}),
        ("shipped", {"shipped": 2, "delivered": 1}, {"parcels": ["shipped", "delivered"]}),
        ("delivered", {"shipped": 2, "delivered": 2}, {"parcels": ["delivered"]}),
        ("delivered", {"shipped": 1, "delivered": 1, "cancelled": 1}, {"parcels": ["delivered"]}),
        # What was lost or came back never arrives: nothing is on its way any more, and something did arrive.
        ("delivered", {"shipped": 2, "delivered": 1}, {"parcels": ["lost", "delivered", "voided"]}),
        ("delivered", {"shipped": 2, "delivered": 1}, {"parcels": ["came_back", "delivered"]}),
        ("shipped", {"shipped": 2, "delivered": 1}, {"parcels": ["lost", "delivered", "in_transit"]}),
        ("shipped", {"shipped": 2}, {"parcels": ["lost", "came_back"]}),
        ("partly_shipped", {"shipped": 1}, {"parcels": ["lost"]}),
        ("cancelled", ALL_GONE, {}),
        # Where several would fit, the first of the list is meant.
        ("cancelled", ALL_GONE, {"paid_at": None, "expired_at": NOW}),
        ("cancelled", ALL_GONE, {"confirmed_at": NOW, "parcels": ["voided"]}),
        ("expired", {"packed": 2}, {"expired_at": NOW, "parcels": ["labelled"]}),
        ("awaiting_payment", {"shipped": 2, "delivered": 2}, {"paid_at": None, "parcels": ["delivered"]}),
    ],
)
def test_the_stage_that_facts_make(stage, counters, facts):
    record = {"ordered": 2, "cancelled": 0, "packed": 0, "shipped": 0, "delivered": 0, **counters}
    told = {"paid_at": NOW, "expired_at": None, "confirmed_at": None, "parcels": (), **facts}
    assert states.stage(lines=[SimpleNamespace(**record)], **told) == stage


def test_the_stage_looks_at_all_lines_together():
    lines = [
        SimpleNamespace(ordered=1, cancelled=1, packed=0, shipped=0, delivered=0),
        SimpleNamespace(ordered=2, cancelled=0, packed=0, shipped=1, delivered=0),
    ]
    told = {"paid_at": NOW, "expired_at": None, "confirmed_at": None, "parcels": ("shipped",)}
    assert states.stage(lines=lines, **told) == "partly_shipped"
