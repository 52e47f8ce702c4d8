"""Missing, lost, broken, come back: a report, and what the shop does about it. Parcels that did not arrive: test_astray."""

from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from wishes import (
    CUSTOMER,
    NOTEBOOKS,
    ask_back,
    claim,
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

from sellerweb.shop import redeliveries, returns, sealed


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


def test_a_report_is_urgent_and_tells_what_it_comes_to(shop):
    delivered(shop, shipping_fee=3000)
    report(shop, 3, "broken", wants="refund", account="국민 1234567 김민지")
    row = claim(shop)
    assert (row.kind, row.state, row.urgent, row.photo, row.wants) == ("redelivery", "reported", True, True, "refund")
    assert (row.bearer, row.goods, row.refund) == ("seller", 9000, 12_000)
    assert sealed.unseal(row.account) == "국민 1234567 김민지"
    assert (shop.order().claim_flag, shop.line().claimed) == ("redelivery_asked", 3)


def test_a_report_is_about_pieces_that_have_left_for_a_reason_of_its_own(shop):
    shop.place()
    assert refusal(shop, redeliveries.report, pieces(shop, 1), "missing", by=CUSTOMER).field == "quantity"
    send(shop, 2)
    assert refusal(shop, redeliveries.report, pieces(shop, 3), "missing", by=CUSTOMER).field == "quantity"
    assert refusal(shop, redeliveries.report, pieces(shop, 1), "came_back", by=CUSTOMER).field == "reason"
    assert refusal(shop, redeliveries.report, pieces(shop, 1), "mind").field == "reason"
    assert refusal(shop, redeliveries.report, pieces(shop, 1), "other").field == "note"
    assert refusal(shop, redeliveries.report, pieces(shop, 1), "missing", wants="gold").field == "wants"
    assert refusal(shop, redeliveries.report, {}, "missing").field == "quantity"


def test_a_marketplaces_customer_reports_there(shop):
    delivered(shop, channel="qoo10")
    assert "marketplace" in str(refusal(shop, redeliveries.report, pieces(shop, 1), "missing", by=CUSTOMER))
    it = report(shop, by=shop.packer)
    shop.do(redeliveries.refund, "A1", it)
    assert (refunds(shop), claim(shop).refund) == ([], 0)


@pytest.mark.both
def test_what_is_missing_is_sent_once_more(shop):
    stocked(shop, 10)
    shop.place("A1", NOTEBOOKS)
    send(shop, arrives=True)
    it = report(shop, 2)
    shop.do(redeliveries.check, "A1", it)
    shop.do(redeliveries.resend, "A1", it)
    new = shop.lines()[1]
    assert (new.ordered, new.total, new.sku, new.product_id, new.claim_id) == (2, 0, "N-1", shop.line().product_id, it)
    assert (shop.order().stage, claim(shop).state, claim(shop).refund) == ("partly_shipped", "resent", 0)
    send(shop, 2, line=1, arrives=True)
    assert (shop.order().stage, on_hand(shop), refunds(shop)) == ("delivered", 5, [])
    assert letters(shop) == ["redelivery_report", "redelivery_resend"]


def test_or_its_money_goes_back(shop):
    delivered(shop)
    it = report(shop, 2, account="국민 1234567 김민지")
    for wrong in (-1, 9001):
        assert refusal(shop, redeliveries.refund, it, wrong).field == "refund"
    shop.do(redeliveries.refund, "A1", it)
    row = shop._of("refund", "A1", "id")[0]
    assert (row.amount, sealed.unseal(row.account), claim(shop).account) == (6000, "국민 1234567 김민지", "")
    other = report(shop, 1)
    shop.do(redeliveries.refund, "A1", other, 1000)
    assert [amount for amount, _ in refunds(shop)] == [6000, 1000]
    refusal(shop, redeliveries.refund, other)
    assert letters(shop)[-1] == "redelivery_refund"


@pytest.mark.parametrize(
    ("verb", "args"),
    [(redeliveries.found, ()), (redeliveries.refuse, ("배송 사진이 있어요",)), (redeliveries.withdraw, ())],
)
def test_or_it_is_over_and_the_pieces_are_free_to_ask_about(shop, verb, args):
    delivered(shop)
    it = report(shop, 2, account="국민 1234567 김민지")
    if args:
        assert refusal(shop, verb, it, "").field == "answer"
    shop.do(verb, "A1", it, *args)
    assert (shop.line().claimed, claim(shop).account, shop.order().claim_flag) == (0, "", "")
    assert claim(shop).closed_at == MONDAY
    report(shop, 3)


def test_what_came_back_as_a_return_is_not_reported_missing(shop):
    delivered(shop)
    it = ask_back(shop, 2)
    come_in(shop, it, 2)
    shop.do(returns.finish, "A1", it)
    refusal(shop, redeliveries.report, pieces(shop, 2), "missing", by=CUSTOMER)
    report(shop, 1)


# --- how long one can report


@pytest.mark.parametrize(
    ("reason", "arrives", "days"), [("broken", True, 90), ("missing", True, 90), ("lost", False, 120)]
)
def test_the_time_to_report_ends_with_the_one_to_send_back_faulty_goods(shop, monday, reason, arrives, days):
    """What never arrived counts from the day that it should have: thirty days after it left."""
    shop.place()
    send(shop, arrives=arrives)
    end = (MONDAY + timedelta(days=days)).replace(hour=15, minute=0)  # midnight in Seoul
    monday.move_to(end - timedelta(seconds=1))
    assert would(shop, redeliveries.report, "A1", pieces(shop, 1), reason, by=CUSTOMER)
    monday.move_to(end)
    assert "is over" in str(refusal(shop, redeliveries.report, pieces(shop, 1), reason, "please", by=CUSTOMER))
    assert refusal(shop, redeliveries.report, pieces(shop, 1), reason).field == "note"  # staff may, and say why
    report(shop, reason=reason, by=shop.packer, note="단골 손님")
