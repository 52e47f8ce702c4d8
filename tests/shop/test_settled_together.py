"""Several claims of one order: together they give back what was paid, less what is the customer's to bear, whatever the order."""

import pytest
import time_machine
from bare_shop import MONDAY
from wishes import ask_back, claims, come_in, lost, on_hand, refunds, send, sound, stocked

from sellerweb.shop import cancels, redeliveries, returns, undone
from sellerweb.shop.incoming import LineIn

pytestmark = pytest.mark.both
# Three pieces whose thirds are not whole.
ODD = LineIn("1", "노트", 3, "new", sku="N-1", total=10_001)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def sound_afterwards(shop, monday):
    yield
    sound()


@pytest.fixture
def order(shop):
    """Three odd pieces and 3,000 of shipping, all of them there."""
    stocked(shop, 10)
    shop.place("A1", ODD, shipping_fee=3000)
    send(shop, arrives=True)
    return shop


def finish(shop, claim):
    come_in(shop, claim, 1)
    shop.do(returns.finish, "A1", claim)


def given(shop):
    return [amount for amount, state in refunds(shop) if state != "failed"]


def test_a_wish_that_is_not_settled_gives_no_shipping_to_another(order):
    first, second = ask_back(order, 1, "defective"), ask_back(order, 2, "mind")
    finish(order, first)
    assert given(order) == [3333]
    order.do(returns.withdraw, "A1", second)
    assert [row.refund for row in claims(order)] == [3333, 3334 + 3334 - 3000]


@pytest.mark.parametrize("last", [0, 1, 2])
def test_the_last_of_several_brings_the_shipping_and_the_odd_won(order, last):
    three = [ask_back(order, 1, "defective") for _ in range(3)]
    assert [row.refund for row in claims(order)] == [3333, 3333, 3333]
    three.append(three.pop(last))
    for claim in three:
        finish(order, claim)
    assert sorted(given(order)) == [3333, 3334, 6334]
    assert given(order)[2] == 6334


def test_a_defective_piece_and_a_rest_that_is_sold_out_give_everything_back(shop):
    shop.place("A1", ODD, shipping_fee=3000)
    send(shop, 1, arrives=True)
    finish(shop, ask_back(shop, 1, "defective"))
    shop.do(cancels.cancel, "A1", {shop.line().id: 2}, "sold_out")
    assert sum(given(shop)) == 13_001


def test_the_rest_that_is_sold_out_first_gives_the_shipping_to_the_return(shop):
    shop.place("A1", ODD, shipping_fee=3000)
    send(shop, 1, arrives=True)
    it = ask_back(shop, 1, "defective")
    assert claims(shop)[0].refund == 3333
    cancel = shop.do(cancels.cancel, "A1", {shop.line().id: 2}, "sold_out")
    assert claims(shop)[0].refund == 3334 + 3000
    shop.do(cancels.undo, "A1", cancel)
    assert claims(shop)[0].refund == 3333
    shop.do(cancels.cancel, "A1", {shop.line().id: 2}, "sold_out")
    finish(shop, it)
    assert sum(given(shop)) == 13_001


def test_lost_and_then_sold_out_gives_everything_back(shop):
    stocked(shop, 10)
    shop.place("A1", ODD, shipping_fee=3000)
    shop.do(redeliveries.resend, "A1", lost(shop))
    shop.do(cancels.cancel, "A1", {shop.lines()[1].id: 3}, "sold_out")
    assert given(shop) == [13_001]


def test_the_way_out_is_borne_once(shop):
    shop.place("A1", ODD)
    send(shop, arrives=True)
    first = ask_back(shop, 1, "mind")
    second = ask_back(shop, 1, "mind")
    assert [(row.ways, row.fee) for row in claims(shop)] == [(2, 6000), (1, 3000)]
    shop.do(returns.withdraw, "A1", second)
    shop.do(returns.withdraw, "A1", first)
    ask_back(shop, 1, "mind")
    assert claims(shop)[2].ways == 2


def test_what_a_cancel_kept_is_what_staff_did_not_give(shop):
    shop.place("A1", ODD)
    shop.do(cancels.cancel, "A1", {shop.line().id: 1}, "wish", refund=3000)
    row = claims(shop)[0]
    row.fee = 3000
    assert undone.of([(row, [])]).kept == 333
    row.state = "undone"
    assert undone.of([(row, [])]).kept == 0


def test_an_exchanged_piece_is_settled_once_the_other_is_on_its_way(order):
    it = ask_back(order, 3, "defective", "exchange", option="L")
    come_in(order, it, 3)
    order.do(returns.resend, "A1", it)
    order.do(cancels.cancel, "A1", {order.lines()[1].id: 3}, "sold_out")
    assert given(order) == [13_001]
    assert on_hand(order) == 10
