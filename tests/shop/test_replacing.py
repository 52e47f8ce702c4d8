"""A piece sent once more: a line of its own in an order that was over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bare_shop import MONDAY
from sqlalchemy import text
from wishes import NOTEBOOKS, ask_back, claim, come_in, delivered, lost, pieces, refusal, send, sound, stocked

from sellerweb.shop import astray, orders, redeliveries, returns, shipments, telling
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn

CJ = shipments.Label("cj", "632976615493")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def sound_afterwards(shop, monday):
    yield
    sound()


@pytest.mark.both
def test_it_reopens_an_order_that_was_in_the_archive_with_a_date_of_its_own(shop, monday):
    delivered(shop)
    shop.do(orders.archive, "A1")
    monday.shift(timedelta(days=1))
    it = shop.do(redeliveries.report, "A1", pieces(shop, 1), "missing")
    assert (shop.order().stage, shop.order().archived_at) == ("delivered", None)  # somebody waits for an answer
    shop.do(redeliveries.resend, "A1", it)
    order = shop.order()
    assert (order.stage, order.archived_at, order.lines_count, order.pieces) == ("partly_shipped", None, 2, 4)
    assert order.ship_due_at == datetime(2026, 11, 18, 7, 0, tzinfo=UTC)  # Tuesday's is due on Wednesday at 16:00
    assert order.total == 9000
    send(shop, 1, line=1)
    assert shop.order().stage == "shipped"
    shop.do(shipments.deliver, "A1", shop.parcels()[-1].id)
    assert shop.order().stage == "delivered"
    shop.do(orders.archive, "A1")


def test_what_waits_already_keeps_its_date(shop, monday):
    shop.place()
    due = shop.order().ship_due_at
    parcel = send(shop, 1)
    monday.shift(timedelta(days=3))
    shop.do(astray.lose, "A1", parcel)
    shop.do(redeliveries.resend, "A1", claim(shop).id)
    assert shop.order().ship_due_at == due  # two pieces are late, whatever the third is


@pytest.mark.parametrize("verb", [astray.lose, astray.come_back])
def test_an_order_is_over_when_what_was_sent_once_more_has_arrived(shop, verb):
    """What was lost never arrives: it must not keep the order from the archive for ever."""
    shop.place()
    shop.do(verb, "A1", send(shop))
    shop.do(redeliveries.resend, "A1", claim(shop).id)
    send(shop, line=1)
    assert shop.order().stage == "shipped"
    shop.do(shipments.deliver, "A1", shop.parcels()[-1].id)
    assert shop.order().stage == "delivered"
    shop.do(orders.archive, "A1")


def test_a_part_that_is_lost_and_paid_back_lets_the_order_end(shop):
    shop.place()
    send(shop, 2, arrives=True)
    it = lost(shop, 1)
    refusal(shop, orders.archive)
    shop.do(redeliveries.refund, "A1", it, 0)
    assert shop.order().stage == "delivered"
    shop.do(orders.archive, "A1")


def test_the_same_again_is_the_same_product_and_another_option_is_none_that_we_know(shop):
    stocked(shop, 10)
    shop.place("A1", LineIn("1", "노트", 3, "new", sku="N-1", total=9000, option="M", carrier="cj", method="parcel"))
    send(shop, arrives=True)
    for option in ("M", "L"):
        it = ask_back(shop, 1, "size", "exchange", option=option)
        come_in(shop, it, 1)
        shop.do(returns.resend, "A1", it)
    first, same, other = shop.lines()
    assert (same.product_id, same.sku, same.option) == (first.product_id, "N-1", "M")
    assert (other.product_id, other.sku, other.option) == (None, "", "L")
    assert {(x.name, x.carrier, x.method, x.total, x.channel_state) for x in (same, other)} == {
        ("노트", "cj", "parcel", 0, "")
    }
    assert [x.position for x in shop.lines()] == [0, 1, 2]


def test_two_lines_of_one_claim_are_replaced_each_by_its_own(shop):
    shop.place("A1", NOTEBOOKS, LineIn("2", "펜", 2, "new", total=2000))
    both = pieces(shop, 3) | pieces(shop, 2, line=1)
    shop.do(astray.lose, "A1", shop.do(shipments.send, "A1", both, CJ, hand_over=True))
    shop.do(redeliveries.resend, "A1", claim(shop).id)
    assert [(x.name, x.ordered) for x in shop.lines()[2:]] == [("노트", 3), ("펜", 2)]
    shop.do(astray.lose, "A1", send(shop, 1, line=3))
    assert claim(shop).goods == 1000  # a pen's worth


def test_a_line_whose_price_nobody_knows_is_replaced_by_one_like_it(shop):
    shop.place("A1", LineIn("1", "노트", 3, "new"))
    shop.do(redeliveries.resend, "A1", lost(shop))
    assert (shop.lines()[1].total, shop.order().total) == (None, None)


def test_the_channel_is_not_told_of_an_item_that_it_does_not_know(shop):
    shop.place(channel="smartstore")
    shop.do(redeliveries.resend, "A1", lost(shop))
    send(shop, line=1)
    with reader().connect() as conn:
        assert telling.dispatch(conn, "smartstore") == []
    shop.tell("A1", LineIn("1", "노트", 3, "delivered", total=9000), channel="smartstore")
    assert (shop.lines()[1].shipped, shop.lines()[1].channel_state) == (3, "")


def test_what_is_sent_once_more_can_be_found_by_its_option(shop):
    delivered(shop)
    it = ask_back(shop, 1, "size", "exchange", option="코발트블루")
    come_in(shop, it, 1)
    shop.do(returns.resend, "A1", it)
    with reader().connect() as conn:
        assert "코발트블루" in conn.scalar(text("SELECT text FROM order_text"))
