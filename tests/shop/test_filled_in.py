"""What a later file may add to an order: what an earlier one had no column for, and what the channel gave back."""

from datetime import timedelta

import pytest
from bare_shop import MONDAY

from sellerweb.shop import refunds
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.incoming import LineIn


@pytest.fixture(autouse=True)
def sound_afterwards(shop):
    yield
    report = audit()
    assert is_clean(report), {name: row["first"] for name, row in report.items() if row["violations"]}


def brief(state="new"):
    return LineIn("1", "マグカップ", 2, state), LineIn("2", "プレート", 1, state)


def detail(state="new"):
    return LineIn("1", "マグカップ", 2, state, total=3760), LineIn("2", "プレート", 1, state, total=3200)


TOLD = {"currency": "JPY", "receiver_name": "佐藤 次郎"}
MORE = {
    **TOLD,
    "message": "不在時は宅配ボックスへ",
    "buyer_name": "佐藤 花子",
    "gift_note": "ギフト注文",
    "address": "東京都見本区架空町 4-5-6",
    "ordered_at": MONDAY - timedelta(hours=3),
    "paid_at": MONDAY - timedelta(hours=2),
}


@pytest.mark.both
def test_the_detail_layout_completes_what_the_brief_one_began(shop):
    shop.place("A1", *brief(), channel="qoo10", **TOLD)
    assert shop.order().total is None
    assert shop.tell("A1", *detail(), channel="qoo10", **MORE) == ("updated", [])
    order = shop.order()
    assert (order.total, order.message, order.buyer_name, order.gift_note) == (
        6960,
        "不在時は宅配ボックスへ",
        "佐藤 花子",
        "ギフト注文",
    )
    assert (order.ordered_at, order.paid_at) == (MORE["ordered_at"], MORE["paid_at"])
    assert [line.total for line in shop.lines()] == [3760, 3200]
    assert shop.tell("A1", *detail(), channel="qoo10", **MORE) == ("unchanged", [])


def test_the_brief_layout_after_the_detail_one_takes_nothing_away(shop):
    shop.place("A1", *detail(), channel="qoo10", **MORE)
    before = shop.dump("orders", "order_line", "event")
    assert shop.tell("A1", *brief(), channel="qoo10", **TOLD) == ("unchanged", [])
    assert shop.dump("orders", "order_line", "event") == before


def test_a_note_that_is_there_is_never_covered(shop):
    shop.place("A1", *detail(), channel="qoo10", **MORE)
    assert shop.tell("A1", *detail(), channel="qoo10", **{**MORE, "message": "別の要望"}) == ("unchanged", [])
    assert shop.order().message == "不在時は宅配ボックスへ"


def test_a_file_from_before_the_payment_does_not_stop_a_paid_order(shop):
    shop.place("A1", LineIn("1", "Mug", 1, "new", total=2000), channel="shopify", currency="USD")
    assert shop.tell("A1", LineIn("1", "Mug", 1, "unpaid", total=2000), channel="shopify", currency="USD") == (
        "unchanged",
        [],
    )
    assert (shop.order().stage, shop.order().channel_block) == ("new", "")


@pytest.mark.both
def test_what_the_channel_gave_back_is_a_refund_that_is_done(shop):
    line = LineIn("1", "Mug", 2, "shipped", total=4000)
    told = {"channel": "shopify", "currency": "USD", "shipping_fee": 500, "ordered_at": MONDAY}
    shop.place("A1", line, **told, refunded=2000)
    (refund,) = shop._of("refund", "A1", "id")
    assert (refund.amount, refund.state, shop.order().refunded) == (2000, "done", 2000)
    assert refunds.payment(shop.order()) == "partly_refunded"
    assert shop.tell("A1", line, **told, refunded=2000) == ("unchanged", [])
    assert shop.tell("A1", line, **told, refunded=3000) == ("updated", [])
    assert [r.amount for r in shop._of("refund", "A1", "id")] == [2000, 1000]
    assert shop.tell("A1", line, **told, refunded=0) == ("unchanged", [])
    assert shop.notices() == []


def test_no_more_goes_back_than_was_paid(shop):
    shop.place("A1", LineIn("1", "Mug", 1, "cancelled", total=2000), channel="shopify", currency="USD", refunded=9000)
    assert shop.order().refunded == 2000
