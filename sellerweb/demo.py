"""A believable shop for an empty database, made through the shop's own verbs: every stage, some late, some in question.

The same shop every time, but for the dates, which are counted from now. No people: the command adds those.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from sellerweb import demo_data as data
from sellerweb.shop import clock, history, intake, orders, shipments
from sellerweb.shop.case import Case
from sellerweb.shop.db import read, write
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Location, Order, Product, Staff, Stock
from sellerweb.shop.shipments import Label

# How many orders of each kind; the word is the state that the channel tells, or what the desk then does.
KINDS = {
    "new": 14, "confirmed": 16, "late": 6, "today": 5, "promised": 4, "labelled": 8, "part": 2, "cancel_requested": 3,
    "gift_waiting": 1, "unknown": 1, "held": 1, "unpaid": 3, "shipped": 4, "shipping": 9, "delivered": 10, "cancelled": 3,
    "returned": 1,
}  # fmt: skip
CHANNELS = ("smartstore", "smartstore", "smartstore", "qoo10", "shopify", "manual")
# What a channel's file would call these; the desk does the rest.
TOLD = {"late": "new", "today": "confirmed", "promised": "confirmed", "labelled": "confirmed", "part": "confirmed",
        "held": "confirmed", "shipped": "confirmed"}  # fmt: skip


def is_empty() -> bool:
    """Whether there are neither orders nor people yet."""
    return not any(read().scalar(select(table.id).limit(1)) for table in (Order, Staff))


def fill() -> None:
    """Put the demo shop in."""
    _products()
    chance = random.Random(20261122)  # noqa: S311 (a shop, not a secret)
    now = clock.now()
    numbers = _numbers()
    with history.act(history.CHANNEL, "import") as act:
        placed = [
            (kind, intake.place(act, channel, told, gift_note=note))
            for kind, channel, told, note in _orders(chance, now)
        ]
        codes = [(kind, case.order.code) for kind, case in placed]
    for kind, code in codes:
        with history.act(history.Actor("staff"), "demo") as act:
            _work(act.order(code), kind, next(numbers), now)


def _orders(chance: random.Random, now: datetime) -> Iterator[tuple[str, str, OrderIn, str]]:
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    for n, kind in enumerate(kinds):
        channel = "smartstore" if kind in ("gift_waiting", "unknown") else CHANNELS[n % len(CHANNELS)]
        note = chance.choice(data.GIFT_NOTES) if n % 17 == 3 else ""
        yield kind, channel, _order(chance, n, kind, channel, now), note
    # The last two go to one door: they could go in one box.
    twin = _order(chance, len(kinds), "new", "smartstore", now)
    for n, told in ((1, twin), (2, _order(chance, len(kinds) + 1, "new", "smartstore", now))):
        told.order_no = f"20261122900000{n}0"
        for name in ("receiver_name", "buyer_name", "phone", "postcode", "address"):
            setattr(told, name, getattr(twin, name))
        yield "new", "smartstore", told, ""


def _order(chance: random.Random, n: int, kind: str, channel: str, now: datetime) -> OrderIn:
    paid = now - _age(chance, kind)
    state = TOLD.get(kind, kind)
    number = _order_no(channel, n, paid)
    told = OrderIn(
        order_no=number,
        currency="KRW",
        ordered_at=paid - timedelta(minutes=3),
        paid_at=None if kind == "unpaid" else paid,
        ship_due_at=_due(chance, kind, now) if channel == "smartstore" else None,
        message=chance.choice(data.MESSAGES) if n % 3 == 0 else "",
        shipping_fee=3_000,
    )
    rate = _person(chance, told, channel, n)
    for position in range(chance.choice((1, 1, 1, 2, 3))):
        sku, name, option, price, _shelf, _barcode = data.GOODS[(n * 5 + position) % len(data.GOODS)]
        quantity = chance.choice((1, 1, 1, 2, 3)) if kind != "part" else 3
        gone = kind in ("shipping", "delivered", "returned")
        told.lines.append(
            LineIn(
                f"{number}{position + 1}", name, quantity, state, option=option, sku=sku, total=round(price * rate) * quantity,
                method="parcel", carrier="cj" if channel == "smartstore" else "",
                tracking_number=_cj(500 + n) if gone and channel == "smartstore" else "",
                shipped_at=paid + timedelta(days=1) if gone else None,
            )
        )  # fmt: skip
    return told


def _person(chance: random.Random, told: OrderIn, channel: str, n: int) -> float:
    """Who orders; returns what a won is worth in their currency's minor units."""
    if channel == "qoo10":
        told.receiver_name = data.JAPANESE[n % len(data.JAPANESE)]
        told.postcode, told.address = data.JAPANESE_STREETS[n % len(data.JAPANESE_STREETS)]
        told.phone, told.country, told.currency, told.shipping_fee = f"090-0000-{n:04}", "JP", "JPY", 600
        rate = 0.11
    elif channel == "shopify" and n % 2:
        told.receiver_name, told.country, told.postcode, told.address = data.OVERSEAS[n % len(data.OVERSEAS)]
        told.phone, told.currency, told.shipping_fee = f"+1503555{n:04}", "USD", 900
        told.buyer_email = f"customer{n}@example.com"
        rate = 0.075
    else:
        told.receiver_name = data.KOREANS[n % len(data.KOREANS)]
        told.postcode, told.address = data.STREETS[n % len(data.STREETS)]
        told.phone, told.country = f"010-0000-{chance.randrange(10_000):04}", "KR"
        rate = 1.0
    told.buyer_name, told.buyer_phone = told.receiver_name, told.phone
    return rate


def _order_no(channel: str, n: int, paid: datetime) -> str:
    if channel == "smartstore":
        return f"{paid:%Y%m%d}{10_000_000 + n * 137:08}"
    if channel == "qoo10":
        return f"{628_401_000 + n * 13}"
    return f"#{1_000 + n}" if channel == "shopify" else f"{paid:%y%m%d}{n:03}"


def _age(chance: random.Random, kind: str) -> timedelta:
    if kind in ("shipping", "delivered", "returned", "cancelled"):
        return timedelta(days=chance.randrange(4, 12), minutes=chance.randrange(600))
    if kind == "late":
        return timedelta(days=chance.randrange(6, 9), minutes=chance.randrange(600))
    return timedelta(hours=chance.randrange(1, 30), minutes=chance.randrange(60))


def _due(chance: random.Random, kind: str, now: datetime) -> datetime | None:
    if kind == "late":
        return now - timedelta(hours=chance.randrange(3, 40))
    if kind in ("today", "labelled"):
        return now + timedelta(minutes=chance.randrange(40, 200))
    return None


def _work(case: Case, kind: str, number: str, now: datetime) -> None:
    """What the people at the desk have done with it since."""
    pieces = {line.id: line.ordered for line in case.lines.values()}
    if kind == "promised":
        orders.promise(case, (now + timedelta(days=2)).date())
    elif kind == "held":
        orders.hold(case, data.HOLD_REASONS[0])
    elif kind == "part":
        first = next(iter(pieces))
        shipments.send(case, {first: 1}, Label("cj", number), hand_over=True)
    elif kind in ("labelled", "shipped"):
        shipments.send(case, pieces, Label("cj", number), hand_over=kind == "shipped")


def _products() -> None:
    with write() as tx:
        places = (
            tx.execute(insert(Location).returning(Location.id), [{"name": name} for name in data.LOCATIONS])
            .scalars()
            .all()
        )
        rows = [
            {"sku": sku, "name": name, "option": option, "shelf": shelf, "barcode": barcode}
            for sku, name, option, _price, shelf, barcode in data.GOODS
        ]
        made = tx.execute(insert(Product).returning(Product.id), rows).scalars().all()
        stock: list[dict[str, Any]] = [
            {"product_id": product, "location_id": place, "on_hand": 5 + (product * 7 + place * 11) % 40}
            for product in made
            for place in places
        ]
        tx.execute(insert(Stock), stock)


def _numbers() -> Iterator[str]:
    n = 0
    while True:
        yield _cj(n)
        n += 1


def _cj(n: int) -> str:
    """A number that fits CJ's rule: digits 3 to 11 leave their remainder by 7 as the last."""
    body = 541_289_000 + n * 31
    return f"65{body}{body % 7}"
