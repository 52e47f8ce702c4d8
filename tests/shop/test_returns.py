"""Returns and exchanges: the road there and back, what is found on the table, windows and clocks, and what must not happen twice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from wishes import (
    CUSTOMER,
    NOTEBOOKS,
    ask_back,
    claim,
    claims,
    come_in,
    delivered,
    on_hand,
    pieces,
    refunds,
    refusal,
    send,
    sound,
    stocked,
    would,
)

from sellerweb.shop import astray, cancels, orders, redeliveries, returns, sealed, shipments
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.returns import Found

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def sound_afterwards(shop, monday):
    yield
    sound()


def do(shop: Shop, verb, claim: int, *args, **more) -> None:
    shop.do(verb, "A1", claim, *args, **more)


def wish_letters(shop: Shop) -> list[str]:
    return [n.letter for n in shop._of("notice", "A1", "id") if not n.letter.startswith("shipment")]


# --- the road


@pytest.mark.both
def test_a_return_from_the_wish_to_the_money(shop, monday):
    stocked(shop, 10)
    shop.place("A1", NOTEBOOKS, shipping_fee=3000)
    send(shop, arrives=True)
    line = shop.line().id
    it = ask_back(shop, note="너무 커요", account="국민 1234567 김민지")
    row = claim(shop)
    assert (row.state, row.bearer, row.ways, row.fee, row.goods, row.refund) == (
        "requested",
        "customer",
        1,
        3000,
        9000,
        6000,
    )
    assert (row.due_at, row.note, row.photo, row.urgent) == (MONDAY + timedelta(days=1), "너무 커요", False, False)
    assert sealed.unseal(row.account) == "국민 1234567 김민지"
    assert (shop.order().claim_flag, shop.line().claimed) == ("return_asked", 3)
    do(shop, returns.accept, it, "문 앞에 두세요")
    assert (claim(shop).due_at, claim(shop).answer) == (None, "문 앞에 두세요")
    do(shop, returns.collect, it, "cj", "632976615493")
    monday.shift(timedelta(days=2))
    do(shop, returns.receive, it, {line: 2})
    back = claim(shop)
    assert back.received_at == MONDAY + timedelta(days=2)
    assert back.due_at == datetime(2026, 11, 23, 15, tzinfo=UTC)  # Wednesday + 3 business days, till midnight in Seoul
    monday.shift(timedelta(days=1))
    do(shop, returns.receive, it, {line: 1})
    assert (claim(shop).received_at, claim(shop).due_at) == (
        back.received_at,
        back.due_at,
    )  # the first piece started it
    do(shop, returns.inspect, it, {line: Found(resellable=2, damaged=1)})
    assert (shop.line().returned, on_hand(shop), claim(shop).refund) == (3, 9, 6000)
    do(shop, returns.finish, it)
    row = claim(shop)
    assert (row.state, row.refund, row.account, row.due_at) == ("done", 6000, "", None)
    assert (refunds(shop), shop.order().stage, shop.order().claim_flag) == ([(6000, "due")], "delivered", "")
    assert wish_letters(shop) == ["return_request", "return_accept", "return_receive", "return_finish"]


def test_an_exchange_ends_when_the_other_piece_has_left(shop):
    delivered(shop)
    it = ask_back(shop, 2, "size", "exchange", option="L")
    assert (claim(shop).refund, claim(shop).fee, claim(shop).option) == (0, 6000, "L")
    come_in(shop, it, 2)
    refusal(shop, returns.finish, it)
    do(shop, returns.resend, it, "XL")
    new = shop.lines()[1]
    assert (new.ordered, new.total, new.option, new.claim_id, new.name) == (2, 0, "XL", it, "노트")
    assert (shop.order().stage, shop.order().claim_flag) == ("partly_shipped", "exchange_asked")
    assert "left" in str(refusal(shop, returns.finish, it))
    send(shop, 1, line=1)
    refusal(shop, returns.finish, it)
    send(shop, 1, line=1)
    do(shop, returns.finish, it)
    assert (claim(shop).state, refunds(shop), shop.order().claim_flag) == ("done", [], "")
    refusal(shop, returns.request, "return", pieces(shop, 2), "mind")  # two of the three are here


def test_one_that_cannot_be_sent_after_all_is_cancelled_and_paid_back(shop):
    delivered(shop)
    it = ask_back(shop, 1, "size", "exchange", option="L")
    come_in(shop, it, 1)
    do(shop, returns.resend, it)
    shop.do(cancels.cancel, "A1", pieces(shop, 1, line=1), "sold_out")
    do(shop, returns.finish, it)
    assert refunds(shop) == [(3000, "due")]


@pytest.mark.both
@pytest.mark.parametrize("looked_at", [False, True])
def test_an_exchange_for_something_sold_out_becomes_a_return_at_the_shops_cost(shop, looked_at):
    delivered(shop)
    it = ask_back(shop, 3, "size", "exchange", option="L")
    if looked_at:
        come_in(shop, it, 3, Found(resellable=1, damaged=1, missing=1))
    do(shop, returns.convert, it)
    row = claim(shop)
    assert (row.kind, row.bearer, row.ways, row.fee) == ("return", "seller", 0, 0)
    assert (row.state, row.refund) == (("inspected", 6000) if looked_at else ("requested", 9000))
    assert shop.order().claim_flag == "return_asked"
    refusal(shop, returns.convert, it)
    refusal(shop, returns.resend, it)
    if not looked_at:
        come_in(shop, it)
    do(shop, returns.finish, it)
    assert refunds(shop) == [(6000 if looked_at else 9000, "due")]
    assert "exchange_convert" in wish_letters(shop)


@pytest.mark.parametrize("kind", ["return", "exchange"])
def test_refuse_and_withdraw_give_the_pieces_back_to_ask_for(shop, kind):
    delivered(shop)
    it = ask_back(shop, kind=kind, account="국민 1234567 김민지")
    assert refusal(shop, returns.refuse, it, "").field == "answer"
    do(shop, returns.refuse, it, "사용한 상품이에요")
    assert (claim(shop).state, claim(shop).account, shop.line().claimed) == ("refused", "", 0)
    it = ask_back(shop, kind=kind)
    do(shop, returns.accept, it)
    do(shop, returns.collect, it)
    do(shop, returns.withdraw, it, by=CUSTOMER)
    assert (claim(shop).state, shop.line().claimed, shop.order().claim_flag) == ("withdrawn", 0, "")
    ask_back(shop, kind=kind)


# --- what inspection finds


def test_every_piece_is_found_to_be_something(shop):
    delivered(shop)
    it = ask_back(shop)
    do(shop, returns.accept, it)
    do(shop, returns.receive, it, pieces(shop, 3))
    assert refusal(shop, returns.inspect, it, {}).field == "quantity"
    for found in (Found(), Found(resellable=2), Found(resellable=4), Found(4, -1), Found(damaged=2, missing=2)):
        assert refusal(shop, returns.inspect, it, {shop.line().id: found}).field == "quantity"


def test_what_has_not_come_back_can_only_be_missing(shop):
    delivered(shop)
    it = ask_back(shop)
    do(shop, returns.accept, it)
    refusal(shop, returns.receive, it, pieces(shop, 4))
    do(shop, returns.receive, it, pieces(shop, 2))
    refusal(shop, returns.receive, it, pieces(shop, 2))
    line = shop.line().id
    for wrong in (Found(resellable=3), Found(damaged=3), Found(resellable=2, wrong=1)):
        assert refusal(shop, returns.inspect, it, {line: wrong}).field == "quantity"
    do(shop, returns.inspect, it, {line: Found(resellable=2, missing=1)})
    assert (claim(shop).goods, claim(shop).refund) == (6000, 0)  # the fee is both ways


@pytest.mark.both
def test_what_stayed_away_can_be_sent_back_later_and_is_paid_once(shop):
    delivered(shop)
    it = ask_back(shop, 3, "defective")
    come_in(shop, it, 2, Found(resellable=1, wrong=1, missing=1))
    do(shop, returns.finish, it)
    assert (refunds(shop), shop.line().claimed, shop.line().returned) == ([(3000, "due")], 1, 1)
    refusal(shop, returns.request, "return", pieces(shop, 3), "defective")
    it = ask_back(shop, 2, "defective")
    come_in(shop, it, 2)
    do(shop, returns.finish, it)
    assert (refunds(shop), shop.line().claimed, shop.line().returned) == ([(3000, "due"), (6000, "due")], 3, 3)


def test_where_nothing_of_ours_came_back_nothing_is_paid_and_nothing_exchanged(shop):
    delivered(shop)
    it = ask_back(shop, 1, "size", "exchange")
    come_in(shop, it, 1, Found(wrong=1))
    refusal(shop, returns.resend, it)
    do(shop, returns.refuse, it, "다른 상품이 왔어요")
    assert (shop.line().claimed, shop.line().returned) == (0, 0)
    it = ask_back(shop, 1)
    come_in(shop, it, 1, Found(wrong=1))
    do(shop, returns.finish, it)
    assert (refunds(shop), claim(shop).refund) == ([], 0)


def test_what_was_looked_at_and_refused_is_not_sent_back_a_second_time(shop):
    delivered(shop)
    it = ask_back(shop, 2)
    come_in(shop, it, 2, Found(damaged=1, missing=1))
    do(shop, returns.refuse, it, "사용 흔적이 있어요")
    assert (shop.line().claimed, refunds(shop)) == (1, [])
    refusal(shop, returns.request, "return", pieces(shop, 3), "mind")
    ask_back(shop, 2)


# --- money


def test_staff_choose_the_sum_within_what_is_left(shop):
    delivered(shop)
    it = ask_back(shop, 3, "defective")
    come_in(shop, it)
    for wrong in (-1, 9001):
        assert refusal(shop, returns.finish, it, wrong).field == "refund"
    do(shop, returns.finish, it, 8500)
    assert (refunds(shop), claim(shop).refund) == ([(8500, "due")], 8500)


def test_staff_decide_otherwise_who_bears_the_fee_and_say_why(shop):
    delivered(shop)
    it = ask_back(shop)
    assert refusal(shop, returns.bear, it, "nobody", 1, "단골").field == "bearer"
    assert refusal(shop, returns.bear, it, "customer", 3, "단골").field == "bearer"
    assert refusal(shop, returns.bear, it, "seller", 0, "").field == "note"
    do(shop, returns.bear, it, "customer", 1, "단골")
    assert (claim(shop).ways, claim(shop).fee, claim(shop).refund) == (1, 3000, 6000)
    do(shop, returns.bear, it, "seller", 2, "단골")
    assert (claim(shop).ways, claim(shop).fee, claim(shop).refund) == (0, 0, 9000)
    come_in(shop, it, 3, Found(resellable=2, missing=1))
    assert (claim(shop).bearer, claim(shop).refund) == ("seller", 6000)  # what was decided stays decided
    do(shop, returns.bear, it, "customer", 1, "아니었네요")
    assert claim(shop).refund == 3000
    do(shop, returns.finish, it)
    assert refunds(shop) == [(3000, "due")]


def test_a_piece_cancelled_and_a_piece_returned_come_to_what_was_paid(shop):
    shop.place("A1", LineIn("1", "노트", 3, "new", total=10_000), shipping_fee=3000)
    shop.do(cancels.cancel, "A1", pieces(shop, 1), "sold_out")
    send(shop, 2, arrives=True)
    first = ask_back(shop, 1, "defective")
    come_in(shop, first, 1)
    do(shop, returns.finish, first)
    refusal(shop, cancels.cancel, pieces(shop, 1), "sold_out")
    refusal(shop, redeliveries.report, pieces(shop, 2), "missing")
    second = ask_back(shop, 1, "defective")
    come_in(shop, second, 1)
    do(shop, returns.finish, second)
    assert refunds(shop) == [(3333, "due"), (3333, "due"), (3334 + 3000, "due")]
    assert shop.order().refunded == 13_000


def test_a_replacement_that_is_broken_too_is_worth_what_was_paid(shop):
    delivered(shop, shipping_fee=3000)
    it = ask_back(shop, 3, "broken", "exchange")
    come_in(shop, it)
    do(shop, returns.resend, it)
    send(shop, 3, line=1, arrives=True)
    do(shop, returns.finish, it)
    shop.do(returns.request, "A1", "return", pieces(shop, 3, line=1), "broken", by=CUSTOMER)
    assert (claim(shop).goods, claim(shop).refund) == (9000, 12_000)


def test_a_marketplaces_return_moves_no_money_here(shop):
    delivered(shop, channel="smartstore")
    assert "marketplace" in str(refusal(shop, returns.request, "return", pieces(shop, 1), "mind", by=CUSTOMER))
    it = ask_back(shop, 1, by=shop.packer)
    come_in(shop, it, 1)
    do(shop, returns.finish, it, 3000)
    assert (refunds(shop), claim(shop).refund) == ([], 0)


# --- once


def test_a_piece_is_asked_about_once_and_stays_where_it_is_meanwhile(shop):
    shop.place()
    refusal(shop, returns.request, "return", pieces(shop, 1), "mind", by=CUSTOMER)  # it has not left
    parcel = send(shop, 2)
    assert refusal(shop, returns.request, "return", pieces(shop, 3), "mind").field == "quantity"
    it = ask_back(shop, 2)
    for verb, args in ((returns.request, ("return",)), (returns.request, ("exchange",)), (redeliveries.report, ())):
        refusal(shop, verb, *args, pieces(shop, 1), "broken", by=CUSTOMER)
    refusal(shop, shipments.unship, parcel)  # it is out there, somebody has told us
    do(shop, returns.withdraw, it)
    shop.do(shipments.unship, "A1", parcel)
    assert (shop.line().shipped, shop.line().packed) == (0, 2)


def test_verbs_are_for_claims_of_this_order_and_kind(shop):
    delivered(shop, "A1")
    delivered(shop, "A2")
    other = ask_back(shop, 1, code="A2")
    for verb in (returns.accept, returns.withdraw, cancels.approve, redeliveries.check):
        refusal(shop, verb, other)
        refusal(shop, verb, 99)
    for verb in (cancels.approve, cancels.withdraw, redeliveries.check, redeliveries.withdraw):
        refusal(shop, verb, other, code="A2")


@pytest.mark.both
def test_what_came_back_unopened_is_counted_and_shelved_once(shop):
    """The customer asked for a return while it was on its way, and then did not open the door."""
    stocked(shop, 10)
    shop.place("A1", NOTEBOOKS)
    parcel = send(shop)
    it = ask_back(shop, 2)
    shop.do(astray.come_back, "A1", parcel)
    assert (shop.line().returned, on_hand(shop), len(claims(shop))) == (3, 10, 2)  # the third piece is a redelivery
    come_in(shop, it, 2)
    assert (shop.line().returned, on_hand(shop)) == (3, 10)
    do(shop, returns.finish, it)


def test_what_the_channel_has_counted_as_returned_is_looked_at_all_the_same(shop):
    stocked(shop, 10)
    shop.place("A1", NOTEBOOKS, channel="smartstore")
    send(shop, arrives=True)
    it = ask_back(shop, 2, by=shop.packer)
    shop.tell("A1", LineIn("1", "노트", 3, "returned", sku="N-1", total=9000), channel="smartstore")
    assert (shop.line().returned, on_hand(shop)) == (3, 7)
    come_in(shop, it, 2, Found(resellable=1, damaged=1))
    assert (shop.line().returned, on_hand(shop)) == (3, 8)


# --- hold


def test_a_hold_says_why_and_is_over_when_the_claim_is(shop):
    delivered(shop)
    it = ask_back(shop)
    assert refusal(shop, returns.hold, it, "").field == "reason"
    refusal(shop, returns.release, it)
    do(shop, returns.hold, it, "사진을 기다려요")
    refusal(shop, returns.hold, it, "또")
    do(shop, returns.release, it)
    do(shop, returns.hold, it, "사진을 기다려요")
    do(shop, returns.withdraw, it)
    assert (claim(shop).held_at, claim(shop).hold_reason) == (None, "")
    assert wish_letters(shop).count("return_hold") == 2


# --- windows and clocks


@pytest.mark.both
@pytest.mark.parametrize(("reason", "days"), [("mind", 7), ("defective", 90)])
def test_the_time_to_send_it_back_ends_with_the_shops_day(shop, monday, reason, days):
    delivered(shop)
    end = (MONDAY + timedelta(days=days + 1)).replace(hour=15, minute=0) - timedelta(days=1)  # midnight in Seoul
    for at, taken in ((end - SECOND, True), (end, False), (end + SECOND, False)):
        monday.move_to(at)
        for kind in ("return", "exchange"):
            assert would(shop, returns.request, "A1", kind, pieces(shop, 1), reason, by=CUSTOMER) == taken
            assert would(shop, returns.request, "A1", kind, pieces(shop, 1), reason)  # staff know why
    assert "over" in str(refusal(shop, returns.request, "return", pieces(shop, 1), reason, by=CUSTOMER))


def test_the_time_to_send_it_back_begins_when_the_last_parcel_arrives(shop, monday):
    shop.place()
    first, second = send(shop, 1), send(shop, 2)
    monday.shift(timedelta(days=30))
    assert would(shop, returns.request, "A1", "return", pieces(shop, 3), "mind", by=CUSTOMER)  # nothing is there yet
    shop.do(shipments.deliver, "A1", first)
    monday.shift(timedelta(days=8))
    assert not would(shop, returns.request, "A1", "return", pieces(shop, 1), "mind", by=CUSTOMER)
    shop.do(shipments.deliver, "A1", second)
    assert would(shop, returns.request, "A1", "return", pieces(shop, 1), "mind", by=CUSTOMER)


def test_a_wish_brings_an_order_out_of_the_archive_until_all_of_it_is_settled(shop):
    delivered(shop)
    shop.do(orders.archive, "A1")
    it = ask_back(shop)
    assert shop.order().archived_at is None
    refusal(shop, orders.archive)
    come_in(shop, it)
    do(shop, returns.finish, it)
    assert "open" in str(refusal(shop, orders.archive))  # the refund is owed
