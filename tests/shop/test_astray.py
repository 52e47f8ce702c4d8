"""Parcels that did not arrive: lost, or here again; what each opens, and what is already under way."""

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from wishes import (
    CUSTOMER,
    NOTEBOOKS,
    claim,
    claims,
    lost,
    on_hand,
    pieces,
    refunds,
    refusal,
    send,
    sound,
    stocked,
)

from sellerweb.shop import astray, redeliveries, shipments
from sellerweb.shop.incoming import LineIn


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def sound_afterwards(shop, monday):
    yield
    sound()


def report(shop: Shop, q: int = 1, reason: str = "missing", by=CUSTOMER, **more) -> int:
    return shop.do(redeliveries.report, "A1", pieces(shop, q), reason, by=by, **more)


def letters(shop: Shop) -> list[str]:
    return [n.letter for n in shop._of("notice", "A1", "id") if not n.letter.startswith("shipment")]


@pytest.mark.both
def test_a_lost_parcel_opens_a_claim_that_the_customer_hears_of(shop):
    shop.place(shipping_fee=3000)
    lost(shop)
    row = claim(shop)
    assert (row.state, row.reason, row.wants, row.asked_by, row.refund) == (
        "reported",
        "lost",
        "resend",
        "staff",
        12_000,
    )
    assert (shop.line().lost, shop.line().claimed, shop.parcels()[0].state) == (3, 3, "lost")
    assert (shop.order().stage, letters(shop)) == ("shipped", ["redelivery_report"])
    refusal(shop, shipments.deliver, shop.parcels()[0].id)
    refusal(shop, redeliveries.withdraw, row.id, by=CUSTOMER)  # it is the shop that misses the parcel


def test_a_lost_parcel_that_turns_up_is_on_its_way_again(shop):
    shop.place()
    it = lost(shop)
    shop.do(redeliveries.found, "A1", it)
    assert (shop.line().lost, shop.parcels()[0].state) == (0, "in_transit")
    shop.do(shipments.deliver, "A1", shop.parcels()[0].id)
    assert shop.order().stage == "delivered"


def test_of_two_lost_parcels_one_turns_up(shop):
    shop.place("A1", LineIn("1", "노트", 3, "new", total=9000), LineIn("2", "펜", 1, "new", total=1000))
    first, second = lost(shop, 1), lost(shop, 2)
    shop.do(redeliveries.found, "A1", first)
    assert [p.state for p in shop.parcels()] == ["in_transit", "lost"]
    assert (shop.line().lost, claims(shop)[1].state) == (2, "reported")
    shop.do(redeliveries.refund, "A1", second)
    assert refunds(shop) == [(6000, "due")]


@pytest.mark.parametrize(("restock", "left"), [(True, 10), (False, 8)])
def test_a_parcel_that_comes_back_is_sold_to_others_or_not(shop, restock, left):
    stocked(shop, 10)
    shop.place("A1", NOTEBOOKS)
    shop.do(astray.come_back, "A1", send(shop, 2), restock=restock)
    assert (shop.line().returned, shop.parcels()[0].state, on_hand(shop)) == (2, "came_back", left)
    assert (claim(shop).reason, claim(shop).bearer, claim(shop).refund) == ("came_back", "", 6000)
    shop.do(redeliveries.refund, "A1", claim(shop).id)
    assert refunds(shop) == [(6000, "due")]


def test_what_the_customer_has_claimed_already_goes_on_as_it_is(shop):
    shop.place()
    parcel = send(shop)
    mine = report(shop, 2, wants="refund")
    shop.do(astray.lose, "A1", parcel)
    assert [(c.id == mine, c.wants, c.goods) for c in claims(shop)] == [(True, "refund", 6000), (False, "resend", 3000)]
    assert (shop.line().claimed, shop.line().lost) == (3, 3)
    shop.do(redeliveries.withdraw, "A1", mine, by=CUSTOMER)
    report(shop, 2)


def test_a_parcel_all_of_whose_pieces_are_claimed_opens_nothing_new(shop):
    shop.place()
    parcel = send(shop)
    report(shop, 3)
    shop.do(astray.lose, "A1", parcel)
    assert len(claims(shop)) == 1


def test_a_parcel_goes_astray_once_and_on_its_way(shop):
    shop.place()
    here = send(shop, 1, hand_over=False)
    there = send(shop, 2, arrives=True)
    for parcel in (here, there, 99):
        refusal(shop, astray.lose, parcel)
        refusal(shop, astray.come_back, parcel)
    shop.do(shipments.ship, "A1", here)
    shop.do(astray.lose, "A1", here)
    refusal(shop, astray.come_back, here)
    refusal(shop, shipments.unship, here)


def test_what_was_sent_once_more_may_be_lost_as_well(shop):
    shop.place(shipping_fee=3000)
    shop.do(redeliveries.resend, "A1", lost(shop))
    shop.do(astray.lose, "A1", send(shop, 3, line=1))
    assert claim(shop).refund == 12_000  # worth what was paid, not what the second line says
    shop.do(redeliveries.resend, "A1", claim(shop).id)
    assert shop.lines()[2].ordered == 3
    shop.do(astray.lose, "A1", send(shop, 3, line=2))
    shop.do(redeliveries.refund, "A1", claim(shop).id)
    assert refunds(shop) == [(12_000, "due")]
