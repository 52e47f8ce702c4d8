"""Who orders what in the demo shop, and when: scenes become orders as a channel would tell them. Writes nothing.

Chance is always the same, so the shop is; only its dates follow the clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count, cycle
from random import Random
from zoneinfo import ZoneInfo

from sellerweb import demo_data as data
from sellerweb.demo_data import Scene
from sellerweb.shop import policy
from sellerweb.shop.incoming import LineIn, OrderIn

CARRIERS = {
    "smartstore": ("cj", "cj", "hanjin", "lotte", "epost"),
    "qoo10": ("sagawa", "yamato"),
    "shopify": ("epost_ems",),
    "manual": ("cj", "epost"),
}
# What a won's price is in yen and in cents.
WORTH = {"KRW": 1.0, "JPY": 0.12, "USD": 0.08}
FREE_SHIPPING = 30000


@dataclass(slots=True)
class Story:
    """One order: what its channel tells, the parcel's carrier and number, and its steps with their moments."""

    told: OrderIn
    channel: str
    carrier: str
    number: str
    steps: list[tuple[datetime, str]]
    test: bool = False


def stories(now: datetime) -> list[Story]:
    return list(_stories(now, Random(20)))  # noqa: S311 (a demo is no secret)


def _stories(now: datetime, chance: Random) -> Iterator[Story]:
    serial, carriers = count(1), {channel: cycle(ids) for channel, ids in CARRIERS.items()}
    people = {
        "KR": cycle(_koreans(chance)),
        "qoo10": cycle(_japanese(chance)),
        "shopify": cycle(_abroad(chance)),
    }
    for scene in data.SCENES:
        receiver: dict[str, str] = {}
        for n in range(scene.times):
            if not (scene.same_door and n == 1):
                receiver = next(people.get(scene.channel, people["KR"]))
            at = now - timedelta(hours=scene.hours, minutes=23 * n)
            number, carrier = next(serial), next(carriers[scene.channel])
            told = _told(scene, at, now, number, receiver, chance)
            steps = _moments(scene, at, now)
            yield Story(told, scene.channel, carrier, tracking_number(carrier, number), steps, scene.test)


def _moments(scene: Scene, at: datetime, now: datetime) -> list[tuple[datetime, str]]:
    """Taken in soon after it was ordered; the rest spread evenly until now, or over the time that it took."""
    gap = (timedelta(hours=scene.took) if scene.took else now - at) / (len(scene.steps) + 1)
    steps = [(at + gap * n, step) for n, step in enumerate(scene.steps, 1)]
    placed = (at + timedelta(minutes=9), f"place {scene.gift}")
    return [(moment.replace(microsecond=0), step) for moment, step in (placed, *steps)]


def _told(scene: Scene, at: datetime, now: datetime, number: int, receiver: dict[str, str], chance: Random) -> OrderIn:
    receiver = dict(receiver)
    currency = receiver.pop("currency")
    order_no = _order_no(scene.channel, at, number, chance)
    lines = [
        _line(scene, order_no, n, receiver["country"], currency, *row) for n, row in enumerate(_basket(scene, chance))
    ]
    total = sum(line.total or 0 for line in lines)
    friend = "이달님" if scene.gift else receiver["receiver_name"]
    return OrderIn(
        order_no,
        currency,
        lines,
        ordered_at=at,
        paid_at=None if scene.state == "unpaid" else at + timedelta(minutes=2),
        ship_due_at=None if scene.due is None else _end_of(scene, now, scene.due),
        buyer_name=friend,
        buyer_phone=receiver["phone"],
        message=chance.choice(data.MESSAGES) if scene.message else "",
        shipping_fee=3000 if currency == "KRW" and total < FREE_SHIPPING else 0,
        **({**receiver, "address": "", "postcode": ""} if scene.state == "gift_waiting" else receiver),
    )


def _end_of(scene: Scene, now: datetime, days: int) -> datetime:
    zone = ZoneInfo(policy.DEFAULTS[scene.channel].zone)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), time(23, 59, 59), zone)


def _basket(scene: Scene, chance: Random) -> list[tuple[tuple[str, ...], int]]:
    sold = {"qoo10": data.IN_JAPANESE, "shopify": data.IN_ENGLISH}.get(scene.channel)
    goods = [row for row in data.PRODUCTS if sold is None or row[0] in sold]
    return [(row, chance.choice((1, 1, 1, 2, 3))) for row in chance.sample(goods, scene.lines)]


def _line(
    scene: Scene, order_no: str, n: int, country: str, currency: str, goods: tuple[str, ...], quantity: int
) -> LineIn:
    sku, name, option, _shelf, price, _carrier = goods
    names = {"JP": data.IN_JAPANESE}.get(country, data.IN_ENGLISH if country != "KR" else {})
    item_no = str(int(order_no) + n + 1) if order_no.isdigit() else str(n + 1)
    total = round(int(price) * WORTH[currency]) * quantity
    return LineIn(
        item_no, names.get(sku, name), quantity, scene.state, option=option, sku=sku, total=total, method="parcel"
    )


def _order_no(channel: str, at: datetime, number: int, chance: Random) -> str:
    day = at.astimezone(ZoneInfo("Asia/Seoul"))
    return {
        "smartstore": f"{day:%Y%m%d}{chance.randrange(1000, 9999)}{number * 10:04}",
        "qoo10": f"77{chance.randrange(1000, 9999)}{number * 10:04}",
        "shopify": f"#{1200 + number}",
        "manual": f"M{day:%m%d}-{number:02}",
    }[channel]


def _koreans(chance: Random) -> list[dict[str, str]]:
    return [
        {"receiver_name": name, "postcode": postcode, "address": address, "country": "KR", "currency": "KRW"}
        | {"phone": f"010-1{chance.randrange(100, 999)}-{chance.randrange(1000, 9999)}"}
        for name, postcode, address in data.KOREANS
    ]


def _japanese(chance: Random) -> list[dict[str, str]]:
    return [
        {"receiver_name": name, "postcode": postcode, "address": address, "country": "JP", "currency": "JPY"}
        | {"phone": f"090-0{chance.randrange(100, 999)}-{chance.randrange(1000, 9999)}"}
        for name, postcode, address in data.JAPANESE
    ]


def _abroad(chance: Random) -> list[dict[str, str]]:
    return [
        {"receiver_name": name, "postcode": postcode, "address": address, "country": country, "currency": currency}
        | {
            "buyer_email": email,
            "phone": f"+1 206-555-01{chance.randrange(10, 99)}" if country != "KR" else "010-1000-2000",
        }
        for name, postcode, address, country, email, currency in data.ABROAD
    ]


def tracking_number(carrier: str, serial: int) -> str:
    """A number with the check digit that this carrier's own would have."""
    body = f"{40310000000 + serial * 7919:011}"
    if carrier == "epost":
        return f"6{body}7"
    if carrier == "epost_ems":
        digits = body[3:]
        rest = 11 - sum(int(d) * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
        check = {10: 0, 11: 5}.get(rest, rest)
        return f"EM{digits}{check}KR"
    return body + str(int(body[2:] if carrier == "cj" else body) % 7)


def barcode(n: int) -> str:
    """An EAN-13 of the range that shops may use among themselves."""
    body = f"20000000{n + 1:04}"
    return body + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10)
