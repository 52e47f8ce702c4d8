"""A believable shop in an empty database, written by the shop's own verbs. The words stand in demo_data.

The same shop every time, its dates as far from now: some orders are always late, some due today.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count, cycle
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from sellerweb import demo_data as data
from sellerweb.shop import clock, history, intake, orders, policy, shipments
from sellerweb.shop.case import Case
from sellerweb.shop.db import read, write
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Location, Notice, Order, Product, Staff, Stock

CARRIERS = {
    "smartstore": ("cj", "cj", "hanjin", "lotte", "epost"),
    "qoo10": ("sagawa", "yamato"),
    "shopify": ("epost_ems",),
    "manual": ("cj", "epost"),
}
# What a won's price is in yen and in cents.
WORTH = {"KRW": 1.0, "JPY": 0.12, "USD": 0.08}


@dataclass(slots=True)
class Story:
    """One order on its way into the demo: what the channel told, and what is still to happen, with its moments."""

    told: OrderIn
    channel: str
    carrier: str
    number: str
    steps: list[tuple[datetime, str]]


def is_empty() -> bool:
    """Whether there is no order yet."""
    return read().scalar(select(Order.id).limit(1)) is None


def fill() -> None:
    """Put the demo shop into an empty database. Its people, where there are any, are the actors."""
    now = clock.now()
    with write() as tx:
        _shelve(tx)
        people = {role: tx.scalar(select(Staff.id).where(Staff.role == role).limit(1)) for role in ("owner", "packer")}
    owner = history.Actor("staff", people["owner"], "owner")
    packer = history.Actor("staff", people["packer"] or people["owner"], "packer")
    moments = [(at, n, story, step) for n, story in enumerate(_stories(now)) for at, step in story.steps]
    for at, _n, story, step in sorted(moments, key=lambda m: m[:2]):
        verb, _, word = step.partition(" ")
        by = history.CHANNEL if verb in _CHANNELS_OWN else packer if verb in ("pack", "label", "send", "part") else owner
        with history.act(by, verb, at=at) as act:
            if verb == "place":
                intake.place(act, story.channel, story.told, gift_note=word)
            else:
                _STEPS[verb](act.order(orders.code_of(story.told.order_no)), story, word)
    with write() as tx:
        yesterday = Shipment.shipped_at < now - timedelta(hours=20)
        tx.execute(update(Shipment).where(yesterday).values(channel_told_at=Shipment.shipped_at))
        # What these letters say is history; no worker is to send them now.
        tx.execute(update(Notice).where(Notice.state == "waiting").values(state="sent"))
