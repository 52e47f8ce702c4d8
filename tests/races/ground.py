"""The shop that is fought over: makes orders by the hundred, and reads what has become of them. Presses nothing."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from flask import Flask
from races.drill import EDGE, Round
from sqlalchemy import Connection, func, insert, select, update

from sellerweb.shop import clock, history, intake, shipments, stock
from sellerweb.shop.audit import audit
from sellerweb.shop.case import Case
from sellerweb.shop.db import reader, write
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import (
    Claim,
    Location,
    Order,
    OrderLine,
    OrderLink,
    Product,
    Refund,
    Shipment,
    ShipmentLine,
    Stock,
)

SKU, ON_HAND = "RACE-1", 100_000
# What the last piece costs that both want, what the rest of the order does, and its way there.
PRICE, REST, WAY = 7_000, 15_000, 3_000
PAID = PRICE + REST + WAY


class Ground:
    """A shop, reached from inside by an app of our own."""

    def __init__(self, app: Flask) -> None:
        self.app, self._serial = app, count(1)
        with app.app_context(), write() as tx:
            self.is_sqlite = tx.dialect.name == "sqlite"
            product = tx.scalar(insert(Product).values(sku=SKU, name="마지막 노트").returning(Product.id))
            place = tx.scalar(insert(Location).values(name="A").returning(Location.id))
        with app.app_context(), history.act(history.CHANNEL, "count") as act:
            stock.count(act, product, place, ON_HAND, "stocktake")

    def rounds(
        self, name: str, how_many: int, *, alone: bool = False, paid: bool = True, labelled: bool = False,
        paid_at: datetime | None = None,
    ) -> list[Round]:  # fmt: skip
        """So many orders of one last piece, and (unless it is `alone`) three of something else."""
        now = clock.now()
        state = "new" if paid else "unpaid"
        lines = [LineIn("1", "마지막 노트", 1, state, sku=SKU, total=PRICE), LineIn("2", "펜", 3, state, total=REST)]
        told = {
            "currency": "KRW", "ordered_at": now - timedelta(minutes=5), "paid_at": (paid_at or now) if paid else None,
            "phone": "010-1234-5678", "postcode": "06236", "address": "서울특별시 강남구 1", "country": "KR",
            "receiver_name": "김서준", "shipping_fee": WAY,
        }  # fmt: skip
        with self.app.app_context(), history.act(history.CHANNEL, "import") as act:
            codes = [f"{name}-{next(self._serial)}" for _ in range(how_many)]
            orders = [OrderIn(code, lines=lines[:1] if alone else lines, **told) for code in codes]
            made = [intake.place(act, "manual", order) for order in orders]
        if labelled:
            with self.app.app_context(), history.act(history.CHANNEL, "label") as act:
                made = [_labelled(act.order(case.order.code)) for case in made]
        opened = {case.order.id: secrets.token_urlsafe(16) for case in made}
        links = [{"order_id": i, "digest": sha256(s.encode()).hexdigest(), "made_at": now} for i, s in opened.items()]
        with self.app.app_context(), write() as tx:
            tx.execute(insert(OrderLink).values(expires_at=now + timedelta(days=1)), links)
        return [
            Round(n, x.order.id, x.order.code, x.order.version, tuple(x.lines), opened[x.order.id], *x.shipments)
            for n, x in enumerate(made)
        ]

    def closing(self, how_many: int) -> tuple[list[Round], datetime]:
        """So many orders whose time to cancel at once ends together, soon, and when."""
        for seconds in (4, 12, 40):
            until = clock.now() + timedelta(seconds=seconds)
            rounds = self.rounds("window", how_many, paid_at=until - timedelta(hours=1))
            if clock.now() < until - timedelta(seconds=EDGE):
                return rounds, until
        raise AssertionError("this machine is too busy to be on time")

    def overdue(self, rounds: Iterable[Round]) -> Iterator[Round]:
        """The same, each with its time to be paid running out just before its round."""
        for this in rounds:
            with self.app.app_context(), write() as tx:
                tx.execute(update(Order).where(Order.id == this.id).values(ordered_at=clock.now() - timedelta(days=8)))
            yield this

    def look(self, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """What has become of these orders, from their rows alone."""
        ids = list(ids)
        with self._reading() as conn:
            orders = conn.execute(select(Order.__table__).where(Order.id.in_(ids)))
            facts = {o.id: {**_NOTHING, "address": o.address_version, "expired": bool(o.expired_at)} for o in orders}
            for x in conn.execute(
                select(OrderLine.__table__).where(OrderLine.order_id.in_(ids)).order_by(OrderLine.id)
            ):
                facts[x.order_id]["lines"] += ((x.cancelled, x.packed, x.shipped, x.asked),)
            for parcel in conn.execute(select(Shipment.__table__).where(Shipment.order_id.in_(ids))):
                facts[parcel.order_id]["parcels"] += (parcel.state,)
            for claim in conn.execute(select(Claim.__table__).where(Claim.order_id.in_(ids))):
                facts[claim.order_id]["cancelled_by"] += (claim.asked_by,)
            owed = select(Refund.order_id, func.sum(Refund.amount).label("n")).where(Refund.state != "failed")
            for refund in conn.execute(owed.where(Refund.order_id.in_(ids)).group_by(Refund.order_id)):
                facts[refund.order_id]["refunds"] = int(refund.n)
        return facts

    def wrong(self) -> Counter[str]:
        """What does not balance in the whole shop: how often which rule of the audit is broken, and pieces on the shelf."""
        with self.app.app_context():
            wrong = Counter({name: row["violations"] for name, row in audit().items() if row["violations"]})
        sent = select(func.coalesce(func.sum(ShipmentLine.quantity), 0)).join(Shipment).join(OrderLine)
        # Those too that the channel says have been sent elsewhere: they waited here, so they came from our shelf.
        ours = sent.where(OrderLine.sku == SKU, Shipment.shipped_at.is_not(None))
        with self._reading() as conn:
            if astray := abs(ON_HAND - int(conn.scalar(ours) or 0) - (conn.scalar(select(Stock.on_hand)) or 0)):
                wrong["shelf"] = astray
        return wrong

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self.app.app_context(), reader().connect() as conn:
            yield conn


def number(order_id: int) -> str:
    """A tracking number that only this order's parcel has."""
    body = 40_000_000_000 + order_id * 10
    return f"{body}{body % 7}"


def _labelled(case: Case) -> Case:
    label = shipments.Label("hanjin", number(case.order.id))
    shipments.send(case, {next(iter(case.lines)): 1}, label, hand_over=False)
    return case


_NOTHING: dict[str, Any] = {"lines": (), "parcels": (), "cancelled_by": (), "refunds": 0}
