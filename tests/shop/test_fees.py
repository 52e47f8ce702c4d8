"""What undoing costs and gives back: the golden table of reasons, and sums that add up whatever the steps."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerweb.shop import fees, policy
from sellerweb.shop.undone import CUSTOMER, NOTHING, SELLER, Undone

RULES = policy.DEFAULTS["manual"]
FREE_FROM_50_000 = replace(RULES, free_shipping_from={"KRW": 50_000})
# One way, as our policy has it; what the goods cost.
FEE = {"KRW": 3000, "JPY": 700, "USD": 1500}
GOODS = {"KRW": 30_000, "JPY": 4_000, "USD": 4_999}


def order(**values):
    usual = {"currency": "KRW", "total": 30_000, "shipping_fee": 0, "refunded": 0, "paid_at": "yes"}
    return SimpleNamespace(**{**usual, **values})


def line(id=1, ordered=3, total=30_000, **values):
    usual = {"cancelled": 0, "packed": 0, "shipped": 0, "claim_id": None, "item_no": str(id)}
    return SimpleNamespace(id=id, ordered=ordered, total=total, **{**usual, **values})


# kind, reason: who bears the fee, ways with free and with paid shipping, photo, urgent, note, and what goes back of
# goods (G), shipping paid (S) and fees (F).
GOLDEN = [
    ("cancel", "wish", CUSTOMER, 0, 0, "", "G", "G+S"),
    ("cancel", "option", CUSTOMER, 0, 0, "", "G", "G+S"),
    ("cancel", "late", SELLER, 0, 0, "", "G", "G+S"),
    ("cancel", "sold_out", SELLER, 0, 0, "", "G", "G+S"),
    ("cancel", "fraud", "", 0, 0, "note", "G", "G+S"),
    ("cancel", "other", "", 0, 0, "note", "G", "G+S"),
    ("return", "mind", CUSTOMER, 2, 1, "", "G-2F", "G-F"),
    ("return", "size", CUSTOMER, 2, 1, "", "G-2F", "G-F"),
    ("return", "ordered_wrongly", CUSTOMER, 2, 1, "", "G-2F", "G-F"),
    ("return", "defective", SELLER, 0, 0, "photo", "G", "G+S"),
    ("return", "broken", SELLER, 0, 0, "photo", "G", "G+S"),
    ("return", "wrong_item", SELLER, 0, 0, "photo urgent", "G", "G+S"),
    ("return", "wrong_option", SELLER, 0, 0, "photo urgent", "G", "G+S"),
    ("return", "differs", SELLER, 0, 0, "photo urgent", "G", "G+S"),
    ("return", "other", "", 0, 0, "note", "G", "G"),
    ("exchange", "mind", CUSTOMER, 2, 2, "", "0", "0"),
    ("exchange", "size", CUSTOMER, 2, 2, "", "0", "0"),
    ("exchange", "ordered_wrongly", CUSTOMER, 2, 2, "", "0", "0"),
    ("exchange", "defective", SELLER, 0, 0, "photo", "0", "0"),
    ("exchange", "broken", SELLER, 0, 0, "photo", "0", "0"),
    ("exchange", "wrong_item", SELLER, 0, 0, "photo urgent", "0", "0"),
    ("exchange", "wrong_option", SELLER, 0, 0, "photo urgent", "0", "0"),
    ("exchange", "differs", SELLER, 0, 0, "photo urgent", "0", "0"),
    ("exchange", "other", "", 0, 0, "note", "0", "0"),
    ("redelivery", "missing", SELLER, 0, 0, "", "G", "G+S"),
    ("redelivery", "lost", SELLER, 0, 0, "", "G", "G+S"),
    ("redelivery", "broken", SELLER, 0, 0, "photo", "G", "G+S"),
    ("redelivery", "came_back", "", 0, 0, "", "G", "G"),
    ("redelivery", "other", "", 0, 0, "note", "G", "G"),
]


def test_the_golden_table_has_every_reason_once_in_the_order_to_show_them():
    assert [row[:2] for row in GOLDEN] == [(kind, r.code) for kind, reasons in fees.REASONS.items() for r in reasons]


@pytest.mark.parametrize("currency", FEE)
@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: "-".join(row[:2]))
def test_a_reason_says_who_bears_what_is_asked_and_what_goes_back(row, currency):
    kind, code, bearer, ways_free, ways_paid, asks, back_free, back_paid = row
    goods, fee = GOODS[currency], FEE[currency]
    lines = [line(total=goods, **({} if kind == "cancel" else {"shipped": 3}))]
    for shipping, ways, back in ((0, ways_free, back_free), (fee, ways_paid, back_paid)):
        whole = order(currency=currency, total=goods, shipping_fee=shipping)
        quote = _quote(kind, whole, lines, {1: 3}, code)
        should = {"0": 0, "G": goods, "G+S": goods + shipping, "G-F": goods - fee, "G-2F": goods - 2 * fee}[back]
        assert (quote.bearer, quote.ways, quote.fee, quote.goods) == (bearer, ways, ways * fee, goods)
        assert " ".join(n for n in ("photo", "urgent", "note") if getattr(quote, n)) == asks
        assert quote.refund == should
        if kind == "return":
            named = [("shipping", shipping)] * bool(shipping and "S" not in back) + [("return_fee", quote.fee)] * bool(
                ways
            )
            assert list(quote.kept) == named


def _quote(kind, whole, lines, pieces, code, rules=RULES, undone=NOTHING):
    if kind == "cancel":
        return fees.quote_cancel(whole, lines, pieces, code, rules, undone)
    return fees.quote_return(whole, lines, pieces, code, rules, undone, kind)


@pytest.mark.parametrize("kind", fees.REASONS)
def test_nothing_goes_back_of_what_was_not_paid_or_was_paid_to_a_marketplace(kind):
    lines = [line(shipped=0 if kind == "cancel" else 3)]
    assert _quote(kind, order(paid_at=None), lines, {1: 3}, "other").refund == 0
    for channel in ("smartstore", "qoo10"):
        assert _quote(kind, order(), lines, {1: 3}, "other", policy.DEFAULTS[channel]).refund == 0


def test_no_more_goes_back_than_is_left():
    assert _quote("cancel", order(refunded=29_000), [line()], {1: 3}, "wish").refund == 1000
    assert _quote("return", order(refunded=30_000), [line(shipped=3)], {1: 3}, "defective").refund == 0


def test_a_fee_dearer_than_the_goods_asks_for_no_money():
    quote = _quote("return", order(total=5000), [line(total=5000, shipped=3)], {1: 3}, "mind")
    assert (quote.fee, quote.refund) == (6000, 0)


def test_a_currency_without_a_rule_costs_nothing():
    assert _quote("return", order(currency="EUR"), [line(shipped=3)], {1: 3}, "mind").refund == 30_000


def test_an_order_without_amounts_gives_back_what_is_known():
    whole = order(total=None, shipping_fee=3000)
    assert _quote("cancel", whole, [line(total=None)], {1: 1}, "wish").refund == 0
    assert _quote("cancel", whole, [line(total=None)], {1: 3}, "wish").refund == 3000


def test_the_shipping_fee_comes_back_with_the_last_piece_alone():
    paid = order(shipping_fee=3000)
    assert _quote("cancel", paid, [line()], {1: 2}, "wish").shipping == 0
    assert _quote("cancel", paid, [line(cancelled=2)], {1: 1}, "wish").shipping == 3000
    assert _quote("cancel", paid, [line(shipped=2)], {1: 1}, "wish").shipping == 0  # something has left with it
    assert _quote("return", paid, [line(shipped=3)], {1: 2}, "defective").shipping == 0
    assert _quote("return", paid, [line(shipped=3)], {1: 1}, "defective", undone=Undone({1: 2})).shipping == 3000


def test_staff_decide_bearer_and_ways():
    lines, whole = [line(shipped=3)], order()
    told = {"code": "mind", "rules": RULES, "undone": NOTHING, "kind": "return"}
    assert fees.quote_return(whole, lines, {1: 3}, **told, bearer=SELLER, ways=0).refund == 30_000
    assert fees.quote_return(whole, lines, {1: 3}, **told, bearer=CUSTOMER, ways=1).refund == 27_000


@pytest.mark.parametrize(
    ("code", "cancelled", "pieces", "fee"),
    [
        ("wish", 0, 1, 3000),  # 60,000 becomes 40,000
        ("option", 0, 1, 3000),
        ("wish", 1, 1, 0),  # it was below before: paid for once
        ("wish", 0, 3, 0),  # nothing is sent, so nothing is paid for
        ("sold_out", 0, 1, 0),
        ("late", 0, 1, 0),
        ("other", 0, 1, 0),
    ],
)
def test_who_cancels_below_free_shipping_pays_for_it_once(code, cancelled, pieces, fee):
    whole, lines = order(total=60_000), [line(total=60_000, cancelled=cancelled)]
    quote = fees.quote_cancel(whole, lines, {1: pieces}, code, FREE_FROM_50_000, NOTHING)
    assert (quote.fee, quote.refund) == (fee, 20_000 * pieces - fee)
    assert quote.kept == ((("free_shipping", fee),) if fee else ())


@pytest.mark.parametrize(("total", "fee"), [(74_998, 3000), (74_999, 0), (49_999, 0)])
def test_free_shipping_ends_just_below_its_threshold(total, fee):
    # A third is cancelled: 49,999 or 50,000 stay. What never was free costs nothing.
    quote = fees.quote_cancel(order(total=total), [line(total=total)], {1: 1}, "wish", FREE_FROM_50_000, NOTHING)
    assert quote.fee == fee


def test_shipping_that_was_paid_for_is_not_charged_again():
    quote = fees.quote_cancel(
        order(total=60_000, shipping_fee=3000), [line(total=60_000)], {1: 1}, "wish", FREE_FROM_50_000, NOTHING
    )
    assert quote.fee == 0


@pytest.mark.parametrize("kind", ["cancel", "return"])
def test_what_was_kept_for_shipping_comes_back_when_it_was_for_nothing(kind):
    """Of 60,000 two thirds were cancelled and 3,000 of them kept; the last piece is sold out, or comes back defective."""
    whole, kept = order(total=60_000, refunded=37_000), Undone(kept=3000)
    last = [line(total=60_000, cancelled=2, shipped=int(kind == "return"))]
    code = "sold_out" if kind == "cancel" else "defective"
    quote = _quote(kind, whole, last, {1: 1}, code, FREE_FROM_50_000, kept)
    assert (quote.fee, quote.shipping, quote.refund) == (0, 3000, 23_000)
    # What staff gave back already does not come twice.
    whole.refunded = 40_000
    assert _quote(kind, whole, last, {1: 1}, code, FREE_FROM_50_000, kept).refund == 20_000


def test_shipping_comes_back_when_all_that_left_was_for_nothing():
    """One came defective, the rest is sold out."""
    paid, defective = order(total=20_000, shipping_fee=3000), Undone({1: 1})
    lines = [line(ordered=2, total=20_000, shipped=1)]
    assert _quote("cancel", paid, lines, {1: 1}, "sold_out", undone=defective).refund == 13_000
    minded = Undone({1: 1}, in_vain=False)
    assert _quote("cancel", paid, lines, {1: 1}, "sold_out", undone=minded).refund == 10_000


def test_a_lost_piece_whose_replacement_is_sold_out_was_sent_for_nothing():
    lines = [
        line(ordered=1, total=1000, shipped=1),
        line(id=2, ordered=1, total=0, claim_id=7, item_no=fees.replacement_no(7, 1)),
    ]
    quote = _quote("cancel", order(total=1000, shipping_fee=3000), lines, {2: 1}, "sold_out", undone=Undone({1: 1}))
    assert quote.refund == 4000


@pytest.mark.parametrize("borne", [Undone(way_out=True), Undone(kept=3000)])
def test_the_way_out_is_paid_for_once(borne):
    quote = _quote("return", order(), [line(shipped=3)], {1: 1}, "mind", undone=borne)
    assert (quote.ways, quote.fee) == (1, 3000)
    assert _quote("exchange", order(), [line(shipped=3)], {1: 1}, "mind", undone=borne).ways == 2  # it goes out again
    cancelled = _quote("cancel", order(total=60_000), [line(total=60_000)], {1: 1}, "wish", FREE_FROM_50_000, borne)
    assert cancelled.fee == (0 if borne.way_out else 3000)


def test_a_piece_that_replaces_another_is_worth_what_that_one_was():
    lines = [line(shipped=3), line(id=2, ordered=1, total=0, claim_id=7, item_no=fees.replacement_no(7, 1))]
    assert _quote("cancel", order(), lines, {2: 1}, "sold_out", undone=Undone({1: 1})).refund == 10_000
    lines[1].shipped = 1
    lines.append(line(id=3, ordered=1, total=0, shipped=1, claim_id=8, item_no=fees.replacement_no(8, 2)))
    assert _quote("return", order(), lines, {3: 1}, "broken", undone=Undone({1: 1, 2: 1})).refund == 10_000


def test_what_replaces_a_piece_stays_with_the_customer():
    """One of two was exchanged, the other one goes back: the shipping fee was not paid for nothing."""
    lines = [
        line(ordered=2, total=20_000, shipped=2),
        line(id=2, ordered=1, total=0, shipped=1, claim_id=7, item_no=fees.replacement_no(7, 1)),
    ]
    whole = order(total=20_000, shipping_fee=3000)
    quote = _quote("return", whole, lines, {1: 1}, "defective", undone=Undone({1: 1}))
    assert (quote.goods, quote.shipping) == (10_000, 0)


AMOUNTS = st.integers(0, 10**9)


@given(total=AMOUNTS, shipping=AMOUNTS, steps=st.lists(st.integers(1, 7), min_size=1, max_size=6))
def test_cancelled_step_by_step_exactly_what_was_paid_goes_back(total, shipping, steps):
    it = line(ordered=sum(steps), total=total)
    whole = order(total=total, shipping_fee=shipping)
    for step in steps:
        whole.refunded += fees.quote_cancel(whole, [it], {1: step}, "wish", RULES, NOTHING).refund
        it.cancelled += step
    assert whole.refunded == total + shipping


@given(
    total=AMOUNTS,
    shipping=AMOUNTS,
    steps=st.lists(
        st.tuples(st.sampled_from(["cancel", "return", "redelivery"]), st.integers(1, 5)), min_size=1, max_size=6
    ),
)
def test_undone_in_any_way_all_pieces_together_are_worth_the_line(total, shipping, steps):
    away = sum(q for kind, q in steps if kind != "cancel")
    it = line(ordered=sum(q for _, q in steps), total=total, shipped=away)
    whole, goods, back = order(total=total, shipping_fee=shipping), 0, 0
    for kind, step in steps:
        undone = Undone({1: back})
        quote = _quote(kind, whole, [it], {1: step}, "late" if kind == "cancel" else "broken", undone=undone)
        goods += quote.goods
        whole.refunded += quote.refund
        it.cancelled += step if kind == "cancel" else 0
        back += 0 if kind == "cancel" else step
    assert goods == total
    assert whole.refunded == total + shipping
