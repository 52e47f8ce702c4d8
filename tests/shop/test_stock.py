"""Pieces on the shelves: whatever happens to an order, they add up. And long walks through all verbs, after which all does."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bare_shop import MONDAY, PACKER, Shop
from wishes import CUSTOMER, NUMBERS, claims, counted, on_hand, pieces, send, sound, stocked

from sellerweb.shop import astray, cancels, history, orders, redeliveries, returns, shipments, states
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused
from sellerweb.shop.returns import Found

BEGIN = 100
PAID_BACK = {("cancel", "done"), ("return", "done"), ("redelivery", "refunded")}
MOVES = {(move.thing, move.verb) for move in states.TIMETABLE}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def line(sku: str = "N-1", quantity: int = 3) -> LineIn:
    return LineIn(sku, sku, quantity, "new", sku=sku, total=9000)


def test_what_leaves_is_taken_and_what_is_taken_back_is_there_again(shop):
    stocked(shop, BEGIN)
    stocked(shop, BEGIN, "N-2")
    shop.place("A1", line(), line("N-2", 2), LineIn("3", "모르는 것", 1, "new"))
    everything = pieces(shop, 3) | pieces(shop, 2, line=1) | pieces(shop, 1, line=2)
    parcel = shop.do(shipments.send, "A1", everything, next(NUMBERS), hand_over=False)
    assert (on_hand(shop), on_hand(shop, "N-2")) == (BEGIN, BEGIN)  # packed is still here
    shop.do(shipments.ship, "A1", parcel)
    assert (on_hand(shop), on_hand(shop, "N-2")) == (BEGIN - 3, BEGIN - 2)
    shop.do(shipments.unship, "A1", parcel)
    assert (on_hand(shop), on_hand(shop, "N-2")) == (BEGIN, BEGIN)


def test_two_lines_of_one_product_are_counted_together(shop):
    stocked(shop, BEGIN)
    shop.place("A1", line(), LineIn("2", "N-1", 2, "new", sku="N-1"))
    shop.do(shipments.send, "A1", pieces(shop, 3) | pieces(shop, 2, line=1), next(NUMBERS), hand_over=True)
    assert on_hand(shop) == BEGIN - 5


def test_a_shelf_is_never_below_nothing(shop):
    stocked(shop, 1)
    shop.place("A1", line())
    send(shop)
    assert on_hand(shop) == 0  # somebody counted wrong; the next count puts it right


def test_pieces_come_from_the_first_shelf_that_has_the_product(shop):
    stocked(shop, BEGIN)
    shop.sql("INSERT INTO location (id, name) VALUES (2, 'B')")
    counted(shop, 7, location=2)
    shop.place("A1", line())
    send(shop)
    assert [row.on_hand for row in shop.rows("SELECT on_hand FROM stock ORDER BY location_id")] == [BEGIN - 3, 7]


# --- walks


class Walk:
    """Somebody who presses any button at all, again and again, and a second one who keeps the shelf's book."""

    def __init__(self, shop: Shop, clock: Any, seed: int) -> None:
        self.shop, self.clock, self.die = shop, clock, random.Random(seed)
        self.restocks: dict[int, int] = {}

    def step(self) -> None:
        verb, by, args, more = self.die.choice([self._of_order, self._of_parcel, self._of_claim, self._of_claim])()
        if self.die.random() < 0.2:
            self.clock.shift(timedelta(seconds=self.die.choice([1, 10, 31, 4000])))
        try:
            self.shop.do(verb, "A1", *args, by=by, **more)
        except Refused:
            return
        self._book(verb, args, more)

    def _some(self) -> dict[int, int]:
        lines = self.shop.lines()
        chosen = self.die.sample(lines, self.die.randint(1, min(2, len(lines))))
        return {x.id: self.die.randint(1, 3) for x in chosen}

    def _of_order(self) -> tuple[Callable, history.Actor, tuple, dict]:
        by, some = self.die.choice([PACKER, CUSTOMER]), self._some()
        return self.die.choice(
            [
                (shipments.pack, PACKER, (some,), {}),
                (shipments.send, PACKER, (some, next(NUMBERS)), {"hand_over": self.die.random() < 0.7}),
                (shipments.send, PACKER, (some, next(NUMBERS)), {"hand_over": self.die.random() < 0.7}),
                (cancels.request, by, (some, "late"), {"account": "국민 1"}),
                (cancels.cancel, by, (some, "late"), {}),
                (cancels.cancel, PACKER, (some, "sold_out"), {"restock": False}),
                (returns.request, by, ("return", some, self.die.choice(["mind", "broken"])), {"account": "국민 1"}),
                (returns.request, by, ("exchange", some, "size"), {"option": self.die.choice(["", "L"])}),
                (redeliveries.report, by, (some, "missing"), {}),
                (orders.confirm, PACKER, (), {}),
                (orders.archive, PACKER, (), {}),
            ]
        )

    def _of_parcel(self) -> tuple[Callable, history.Actor, tuple, dict]:
        parcels = self.shop.parcels()
        if not parcels:
            return self._of_order()
        parcel = self.die.choice(parcels)
        verbs = (
            shipments.ship, shipments.unship, shipments.unpack, shipments.deliver, shipments.deliver, shipments.scan,
            shipments.set_aside, astray.lose, astray.come_back,
        )  # fmt: skip
        verb, _ = self._likely("shipment", parcel.state, [(verb, ()) for verb in verbs])
        return verb, PACKER, (parcel.id,), {}

    def _of_claim(self) -> tuple[Callable, history.Actor, tuple, dict]:
        found = [c for c in claims(self.shop) if c.closed_at is None or self.die.random() < 0.2]
        if not found:
            return self._of_order()
        it = self.die.choice(found)
        some = {row.line_id: row.quantity for row in self._about(it.id)}
        verbs: dict[str, list[tuple[Callable, tuple]]] = {
            "cancel": [(cancels.approve, ()), (cancels.refuse, ("안 돼요",)), (cancels.withdraw, ()), (cancels.undo, ())],
            "redelivery": [
                (redeliveries.check, ()), (redeliveries.resend, ()), (redeliveries.refund, ()), (redeliveries.found, ()),
                (redeliveries.refuse, ("안 돼요",)), (redeliveries.withdraw, ()),
            ],
        }  # fmt: skip
        back = [
            (returns.accept, ()), (returns.collect, ()), (returns.receive, (some,)), (returns.receive, (some,)),
            (returns.inspect, ({line: self._found(q) for line, q in some.items()},)), (returns.finish, ()),
            (returns.refuse, ("안 돼요",)), (returns.withdraw, ()), (returns.bear, ("seller", 0, "단골")),
            (returns.hold, ("잠깐",)), (returns.release, ()), (returns.convert, ()), (returns.resend, ()), (returns.resend, ()),
        ]  # fmt: skip
        verb, args = self._likely(it.kind, it.state, verbs.get(it.kind, back))
        return verb, PACKER, (it.id, *args), {}

    def _likely(self, thing: str, state: str, verbs: list[tuple[Callable, tuple]]) -> tuple[Callable, tuple]:
        """Mostly a verb that the timetable has from here, else the walk would only hear noes; now and then any."""
        known = [v for v in verbs if (thing, v[0].__name__) in MOVES and states.may(thing, v[0].__name__, state)]
        return self.die.choice(known if known and self.die.random() < 0.8 else verbs)

    def _about(self, claim: int) -> list[Any]:
        return self.shop.rows("SELECT * FROM claim_line WHERE claim_id = :id", id=claim)

    def _found(self, quantity: int) -> Found:
        piles = [0, 0, 0, 0]
        for _ in range(quantity):
            piles[self.die.choice([0, 0, 1, 2, 3])] += 1
        return Found(*piles)

    def _book(self, verb: Callable, args: tuple, more: dict) -> None:
        """The shelf's own book: what must be on hand follows from these sums alone."""
        if verb is cancels.cancel and not more.get("restock", True):
            self.restocks[claims(self.shop)[-1].id] = sum(args[0].values())
        if verb is cancels.undo:
            self.restocks.pop(args[0], None)

    def expected(self) -> range:
        """What may be on hand. Pieces that came back unopened and were then looked at as a return are counted once: as
        sold again, which looking at them does not take back."""
        of_product = "JOIN order_line l ON l.id = x.line_id WHERE l.product_id IS NOT NULL"
        total = "SELECT COALESCE(SUM({}), 0) AS n FROM {} x " + of_product
        sums = [
            total.format("l.shipped", "(SELECT id AS line_id FROM order_line)"),
            total.format("x.quantity", "shipment_line")
            + " AND x.shipment_id IN (SELECT id FROM shipment WHERE state = 'came_back')",
            total.format("x.resellable", "claim_line"),
            total.format("x.damaged", "claim_line"),
            total.format("l.returned", "(SELECT id AS line_id FROM order_line)"),
        ]
        shipped, came_back, resellable, damaged, returned = (self.shop.rows(query)[0].n for query in sums)
        twice = came_back + resellable + damaged - returned
        least = BEGIN - shipped + came_back + resellable - twice - sum(self.restocks.values())
        return range(least, least + min(twice, damaged) + 1)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_walk_through_the_verbs_all_adds_up(shop, monday, seed):
    stocked(shop, BEGIN)
    pens = LineIn("2", "펜", 8, "new", sku="N-1", total=1001)
    shop.place("A1", line(quantity=12), pens, shipping_fee=3000)
    walk = Walk(shop, monday, seed)
    for _ in range(60):
        walk.step()
    sound()
    assert on_hand(shop) in walk.expected()
    paid_back = [c.goods for c in claims(shop) if (c.kind, c.state) in PAID_BACK]
    assert sum(paid_back) <= shop.order().total + len(paid_back)  # no piece twice; the cents of shares that moved
