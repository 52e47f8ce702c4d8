"""What a channel has not been told yet: which parcels, under which number, and which days."""

from datetime import date, timedelta

import pytest
import time_machine
from bare_shop import MONDAY, Shop

from sellerweb.shop import orders, shipments, telling
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn

FIRST = shipments.Label("cj", "632976615493")
SECOND = shipments.Label("epost", "6403100000017")
pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def cart(shop: Shop, channel: str = "qoo10", order_no: str = "A1", **more) -> None:
    lines = [LineIn(f"{order_no}-1", "マグ", 2, "new"), LineIn(f"{order_no}-2", "皿", 1, "new")]
    shop.place(order_no, *lines, channel=channel, **more)


def send(shop: Shop, pieces: dict[int, int], label=FIRST, order_no: str = "A1", *, hand_over: bool = True) -> int:
    lines = shop.lines(order_no)
    chosen = {lines[place].id: quantity for place, quantity in pieces.items()}
    return shop.do(shipments.send, order_no, chosen, label, hand_over=hand_over)


def told(channel: str = "qoo10", kind: str = "dispatch") -> list[tuple]:
    with reader().connect() as conn:
        return [(x.item_no, x.quantity, x.carrier, x.number) for x in telling.READS[kind](conn, channel)]


def test_what_has_left_is_told_and_what_is_only_labelled_is_not(shop):
    cart(shop)
    send(shop, {0: 2})
    send(shop, {1: 1}, SECOND, hand_over=False)
    assert told() == [("A1-1", 2, "cj", FIRST.number)]
    assert told("shopify") == []


def test_qoo10_gets_one_number_an_order_the_first_parcels(shop):
    cart(shop)
    send(shop, {0: 1})
    send(shop, {0: 1, 1: 1}, SECOND)
    assert told() == [("A1-1", 1, "cj", FIRST.number), ("A1-2", 1, "cj", FIRST.number)]


def test_smartstore_gets_one_number_an_item(shop):
    cart(shop, "smartstore")
    send(shop, {0: 1})
    send(shop, {0: 1, 1: 1}, SECOND)
    assert told("smartstore") == [("A1-1", 1, "cj", FIRST.number), ("A1-2", 1, "epost", SECOND.number)]


def test_shopify_gets_every_parcel(shop):
    cart(shop, "shopify")
    send(shop, {0: 1})
    send(shop, {0: 1, 1: 1}, SECOND)
    assert told("shopify") == [
        ("A1-1", 1, "cj", FIRST.number),
        ("A1-1", 1, "epost", SECOND.number),
        ("A1-2", 1, "epost", SECOND.number),
    ]


def test_an_item_that_was_told_is_not_told_again_with_its_second_parcel(shop):
    cart(shop)
    send(shop, {0: 1})
    shop.sql("UPDATE shipment SET channel_told_at = shipped_at")
    send(shop, {0: 1, 1: 1}, SECOND)
    assert told() == [("A1-2", 1, "cj", FIRST.number)]


def test_what_the_channel_sent_itself_it_knows(shop):
    shop.place(
        "A1", LineIn("A1-1", "マグ", 1, "shipping", carrier="sagawa", tracking_number="400000000108"), channel="qoo10"
    )
    assert told() == []


def test_a_parcel_that_was_taken_back_is_not_told(shop):
    cart(shop)
    parcel = send(shop, {0: 2})
    shop.do(shipments.unship, "A1", parcel)
    assert told() == []


def test_test_orders_are_nobodys_business(shop):
    cart(shop)
    send(shop, {0: 2})
    shop.sql("UPDATE orders SET is_test = (1 = 1)")
    assert told() == []


def test_a_promised_day_is_told_for_what_is_still_here(shop):
    cart(shop)
    send(shop, {0: 2})
    shop.do(orders.promise, "A1", date(2026, 11, 20))
    with reader().connect() as conn:
        assert [(x.item_no, x.promised_on) for x in telling.promise(conn, "qoo10")] == [("A1-2", date(2026, 11, 20))]


def test_a_day_that_the_channel_says_itself_was_told(shop):
    cart(shop)
    shop.do(orders.promise, "A1", date(2026, 11, 20))
    back = MONDAY.replace(day=20, hour=15)  # the end of that day in Japan
    shop.tell(
        "A1", *(LineIn(f"A1-{n}", "x", q, "confirmed") for n, q in ((1, 2), (2, 1))), channel="qoo10", ship_due_at=back
    )
    assert told(kind="promise") == []
    shop.sql("UPDATE orders SET channel_due_at = NULL")
    assert len(told(kind="promise")) == 2


def test_without_a_promise_there_is_no_day(shop):
    cart(shop, ordered_at=MONDAY - timedelta(days=1))
    assert told(kind="promise") == []
