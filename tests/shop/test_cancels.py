"""The verbs of a cancel: money, shelves, letters, the way back for half a minute, and what stops meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from sqlalchemy import text
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
    would,
)

from sellerweb.shop import cancels, history, orders, redeliveries, sealed, shipments
from sellerweb.shop import refunds as money
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn

UNDO = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def sound_afterwards(shop, monday):
    yield
    sound()


def line(state: str = "new", quantity: int = 3, **more) -> LineIn:
    return LineIn("1", "노트", quantity, state, **{"total": 9000, **more})


def ask(shop: Shop, q: int = 3, reason: str = "wish", by=CUSTOMER, **more) -> int:
    return shop.do(cancels.request, "A1", pieces(shop, q), reason, by=by, **more)


def cancel(shop: Shop, q: int = 3, reason: str = "sold_out", **more) -> int:
    return shop.do(cancels.cancel, "A1", pieces(shop, q), reason, **more)


def letters(shop: Shop) -> list[tuple[str, str]]:
    return [(n.letter, n.state) for n in shop._of("notice", "A1", "id")]


# --- at once


def test_a_customer_cancels_all_of_it_at_once(shop):
    shop.place(shipping_fee=3000)
    cancel(shop, reason="wish", by=CUSTOMER, account="국민 1234567 김민지")
    order, wish = shop.order(), claim(shop)
    assert (order.stage, order.refunded, order.claim_flag) == ("cancelled", 12_000, "")
    assert (wish.kind, wish.state, wish.asked_by, wish.refund, wish.closed_at) == (
        "cancel",
        "done",
        "customer",
        12_000,
        MONDAY,
    )
    assert wish.account == ""
    row = shop._of("refund", "A1", "id")[0]
    assert (row.amount, row.currency, row.state, row.claim_id) == (12_000, "KRW", "due", wish.id)
    assert sealed.unseal(row.account) == "국민 1234567 김민지"
    assert shop.events() == ["order place", "cancel cancel", "refund owe"]
    notice = shop._of("notice", "A1", "id")[0]
    assert (notice.letter, notice.not_before, notice.claim_id) == ("cancel_cancel", MONDAY, wish.id)
    assert (notice.values["refund"], notice.values["kept"]) == (12_000, [])


def test_part_after_part_gives_back_exactly_what_was_paid(shop):
    shop.place("A1", line(total=10_000), shipping_fee=2500)
    said = []
    for _ in range(3):
        cancel(shop, 1)
        said.append(money.payment(shop.order()))
    assert [amount for amount, _ in refunds(shop)] == [3333, 3333, 3334 + 2500]
    assert said == ["partly_refunded", "partly_refunded", "refunded"]


def test_sold_out_on_one_line_ships_the_rest(shop):
    shop.place("A1", line(), LineIn("2", "펜", 1, "new", total=2000), shipping_fee=3000)
    shop.do(cancels.cancel, "A1", pieces(shop, 1, line=1), "sold_out", restock=False)
    send(shop)
    assert (shop.order().stage, refunds(shop)) == ("shipped", [(2000, "due")])
    assert letters(shop) == [("cancel_cancel", "waiting"), ("shipment_ship", "waiting")]


def test_staff_choose_the_sum_within_what_is_left(shop):
    shop.place(shipping_fee=3000)
    for wrong in (12_001, -1, 10**30):
        assert refusal(shop, cancels.cancel, pieces(shop, 1), "sold_out", refund=wrong).field == "refund"
    cancel(shop, 1, refund=0)
    cancel(shop, 1, refund=5000)
    assert refusal(shop, cancels.cancel, pieces(shop, 1), "sold_out", refund=7001).field == "refund"
    cancel(shop, 1, refund=7000)
    assert refunds(shop) == [(5000, "due"), (7000, "due")]
    assert [c.refund for c in claims(shop)] == [0, 5000, 7000]
    assert money.payment(shop.order()) == "refunded"


def test_a_marketplace_pays_back_by_itself(shop):
    shop.place(channel="smartstore")
    cancel(shop, 1)
    cancel(shop, 1, refund=3000)
    assert (refunds(shop), [c.refund for c in claims(shop)]) == ([], [0, 0])
    assert money.payment(shop.order()) == "paid"


def test_what_was_not_paid_is_cancelled_without_money(shop):
    shop.place("A1", line("unpaid"))
    assert refusal(shop, cancels.cancel, pieces(shop, 1), "sold_out", refund=1).field == "refund"
    cancel(shop, 1, reason="wish", by=CUSTOMER)
    assert (shop.order().stage, refunds(shop)) == ("awaiting_payment", [])
    cancel(shop, 2, reason="wish", by=CUSTOMER)
    assert (shop.order().stage, refunds(shop)) == ("cancelled", [])


def test_yen_and_dollars_are_whole_numbers_of_their_own(shop):
    shop.place("A1", line(total=1001), channel="shopify", currency="JPY", shipping_fee=701)
    cancel(shop, 2)
    cancel(shop, 1)
    assert [amount for amount, _ in refunds(shop)] == [667, 334 + 701]
    assert {r.currency for r in shop._of("refund", "A1", "id")} == {"JPY"}


@pytest.mark.parametrize(
    ("reason", "note", "by", "field"),
    [
        ("sold_out", "", CUSTOMER, "reason"),
        ("fraud", "수상함", CUSTOMER, "reason"),
        ("nonsense", "", CUSTOMER, "reason"),
        ("mind", "", CUSTOMER, "reason"),
        ("other", "", CUSTOMER, "note"),
        ("fraud", "", history.Actor("staff"), "note"),
    ],
)
def test_a_reason_is_one_that_this_person_may_give(shop, reason, note, by, field):
    shop.place()
    assert refusal(shop, cancels.cancel, pieces(shop, 1), reason, note, by=by).field == field
    assert refusal(shop, cancels.request, pieces(shop, 1), reason, note, by=by).field == field


@pytest.mark.parametrize("some", [{}, {1: 0}, {1: -1}, {1: 2, 99: -1}])
def test_at_least_one_piece_is_meant(shop, some):
    shop.place()
    assert refusal(shop, cancels.cancel, some, "sold_out").field == "quantity"
    assert refusal(shop, cancels.request, some, "wish").field == "quantity"


def test_more_than_there_is_is_refused_with_what_has_happened(shop):
    shop.place()
    assert refusal(shop, cancels.cancel, pieces(shop, 4), "sold_out").field == "quantity"
    ask(shop, 2)
    assert "asked" in str(refusal(shop, cancels.cancel, pieces(shop, 2), "sold_out"))
    shop.do(cancels.approve, "A1", claim(shop).id)
    send(shop, 1)
    assert "left" in str(refusal(shop, cancels.cancel, pieces(shop, 1), "sold_out"))


def test_a_second_cancel_hears_that_it_is_cancelled(shop):
    shop.place()
    cancel(shop)
    assert "cancelled already" in str(refusal(shop, cancels.cancel, pieces(shop, 1), "sold_out"))
    assert "cancelled already" in str(refusal(shop, cancels.cancel, pieces(shop, 1), "wish", by=CUSTOMER))


# --- shelves


def test_what_is_put_back_stays_on_the_shelf_and_what_is_sold_out_was_never_there(shop):
    stocked(shop, 10)
    shop.place("A1", NOTEBOOKS)
    cancel(shop, 1)
    assert on_hand(shop) == 10
    cancel(shop, 2, restock=False)
    assert on_hand(shop) == 8
    shop.do(cancels.undo, "A1", claim(shop).id)
    assert on_hand(shop) == 10


# --- told, or not


def test_staff_choose_whether_the_customer_is_told(shop):
    shop.place()
    cancel(shop, 1, tell=False)
    assert letters(shop) == []
    cancel(shop, 1)
    assert shop._of("notice", "A1", "id")[0].not_before == MONDAY + UNDO
    ask(shop, 1)
    shop.do(cancels.approve, "A1", claim(shop).id, tell=False)
    assert letters(shop) == [("cancel_cancel", "waiting"), ("cancel_request", "waiting")]


# --- undo


@pytest.mark.both
def test_undo_within_half_a_minute_puts_everything_back(shop, monday):
    stocked(shop, 10)
    shop.place("A1", NOTEBOOKS, shipping_fee=3000)
    before = shop.order(), shop.line()
    cancel(shop, restock=False)
    monday.shift(UNDO - SECOND)
    shop.do(cancels.undo, "A1", claim(shop).id)
    after = shop.order(), shop.line()
    assert after[1] == before[1]
    assert vars(after[0]) | {"version": 0} == vars(before[0]) | {"version": 0}
    assert on_hand(shop) == 10
    assert (claim(shop).state, refunds(shop), letters(shop)) == (
        "undone", [(12_000, "failed")], [("cancel_cancel", "suppressed")],
    )  # fmt: skip
    refusal(shop, cancels.undo, claim(shop).id)
    refusal(shop, money.again, shop._of("refund", "A1", "id")[0].id)  # not owed after all
    cancel(shop)
    assert shop.order().refunded == 12_000


@pytest.mark.both
@pytest.mark.parametrize("tell", [True, False])
def test_undo_is_over_at_the_thirtieth_second(shop, monday, tell):
    shop.place()
    cancel(shop, tell=tell)
    monday.shift(UNDO)
    refusal(shop, cancels.undo, claim(shop).id)
    assert refunds(shop) == [(9000, "due")]


@pytest.mark.parametrize("state", ["sending", "sent", "unsure"])
def test_undo_is_over_once_a_worker_has_the_letter(shop, state):
    shop.place()
    cancel(shop)
    lease = {"sending": "leased_until = '2026-11-16 01:05:00'", "unsure": "handed_at = created_at"}
    shop.sql(f"UPDATE notice SET state = '{state}', {lease.get(state, 'sent_at = created_at')}")
    assert "told" in str(refusal(shop, cancels.undo, claim(shop).id))


def test_undo_does_not_wait_for_a_letter_that_was_never_owed(shop):
    shop.place(phone="")
    cancel(shop)
    shop.do(cancels.undo, "A1", claim(shop).id)
    assert shop.order().stage == "new"


def test_what_a_customer_cancelled_at_once_is_not_undone_by_the_shop(shop):
    shop.place()
    cancel(shop, reason="wish", by=CUSTOMER)
    refusal(shop, cancels.undo, claim(shop).id)


@pytest.mark.parametrize("by", [CUSTOMER, Shop.packer])
def test_what_was_approved_is_a_wish_again(shop, monday, by):
    """Whoever wrote it down: a wish on the telephone is written down by staff."""
    shop.place()
    wish = ask(shop, 2, by=by, account="국민 1234567 김민지")
    monday.shift(60)
    shop.do(cancels.approve, "A1", wish)
    shop.do(cancels.undo, "A1", wish)
    row, it = claim(shop), shop.line()
    assert (row.state, row.closed_at, row.decided_at, row.due_at) == (
        "requested",
        None,
        None,
        MONDAY + timedelta(days=1),  # the clock of the one who waits goes on
    )
    assert (it.asked, it.cancelled, shop.order().claim_flag, shop.order().refunded) == (2, 0, "cancel_asked", 0)
    assert sealed.unseal(row.account) == "국민 1234567 김민지"  # it will be needed after all
    shop.do(cancels.approve, "A1", wish)
    assert refunds(shop) == [(6000, "failed"), (6000, "due")]
    assert sealed.unseal(shop._of("refund", "A1", "id")[1].account) == "국민 1234567 김민지"
    refusal(shop, money.again, shop._of("refund", "A1", "id")[0].id)


def test_undo_of_a_cancel_whose_order_has_left_meanwhile_opens_the_order_again(shop, monday):
    shop.place()
    cancel(shop, 1)
    send(shop, 2)
    assert shop.order().stage == "shipped"
    monday.shift(UNDO - SECOND)
    shop.do(cancels.undo, "A1", claim(shop).id)
    assert (shop.order().stage, shop.line().cancelled) == ("partly_shipped", 0)
    send(shop, 1)
    assert shop.order().stage == "shipped"


def test_undo_brings_an_order_out_of_the_archive(shop):
    shop.place("A1", line("unpaid"))
    cancel(shop)
    shop.do(orders.archive, "A1")
    shop.do(cancels.undo, "A1", claim(shop).id)
    assert (shop.order().stage, shop.order().archived_at) == ("awaiting_payment", None)


def test_two_cancels_are_undone_one_by_one(shop):
    shop.place()
    first, second = cancel(shop, 1), cancel(shop, 2)
    shop.do(cancels.undo, "A1", first)
    assert (shop.line().cancelled, shop.order().refunded) == (2, 6000)
    shop.do(cancels.undo, "A1", second)
    assert (shop.line().cancelled, shop.order().refunded) == (0, 0)


# --- approve, refuse, withdraw


@pytest.mark.both
def test_approve_takes_packed_pieces_out_of_their_parcels_and_warns_the_bench(shop):
    shop.place("A1", line(quantity=6, total=18_000), shipping_fee=3000)
    first, second, third = send(shop, 2, hand_over=False), send(shop, 1, hand_over=False), send(shop, 1)
    packing = shop.do(shipments.pack, "A1", pieces(shop, 1))
    wish = ask(shop, 3)
    assert refunds(shop) == []
    shop.do(cancels.approve, "A1", wish)
    states = {p.id: (p.state, p.stopped_at) for p in shop.parcels()}
    # One is open, one was only being packed; for the third a label goes, and no more than one.
    assert states == {
        packing: ("voided", None), first: ("voided", MONDAY), second: ("labelled", None), third: ("shipped", None),
    }  # fmt: skip
    it = shop.line()
    assert (it.cancelled, it.asked, it.packed, it.shipped, it.ordered) == (3, 0, 1, 1, 6)
    assert (refunds(shop), shop.order().claim_flag) == ([(9000, "due")], "")
    shop.do(shipments.set_aside, "A1", first)
    refusal(shop, shipments.set_aside, first)
    assert all(p.stopped_at is None for p in shop.parcels())


def test_approve_leaves_labels_alone_where_open_pieces_are_enough(shop):
    shop.place()
    parcel = send(shop, 2, hand_over=False)
    shop.do(cancels.approve, "A1", ask(shop, 1))
    assert (shop.parcels()[0].id, shop.parcels()[0].state) == (parcel, "labelled")
    assert shop.order().stage == "ready"


def test_a_parcel_that_holds_two_of_the_lines_is_opened_once(shop):
    shop.place("A1", line(), LineIn("2", "펜", 1, "new", total=1000))
    both = pieces(shop, 3) | pieces(shop, 1, line=1)
    parcel = shop.do(shipments.send, "A1", both, shipments.Label("cj", "632976615493"), hand_over=False)
    cancel(shop, 1)
    assert [(p.id, p.state, p.stopped_at) for p in shop.parcels()] == [(parcel, "voided", MONDAY)]
    assert [(x.cancelled, x.packed) for x in shop.lines()] == [(1, 0), (0, 0)]
    shop.do(cancels.undo, "A1", claim(shop).id)
    # The label stays void: the pieces are packed again, and the bench still looks for the parcel.
    assert (shop.order().stage, shop.parcels()[0].stopped_at) == ("new", MONDAY)


def test_approve_asks_for_the_sum_of_now(shop):
    shop.place()
    wish = ask(shop, 2)
    cancel(shop, 1, refund=5000)
    assert refusal(shop, cancels.approve, wish, refund=4001).field == "refund"
    shop.do(cancels.approve, "A1", wish)
    assert (refunds(shop), shop.order().stage) == ([(5000, "due"), (4000, "due")], "cancelled")


def test_refuse_needs_a_sentence_or_a_parcel_that_has_left(shop):
    shop.place()
    left, here = send(shop, 1), send(shop, 1, hand_over=False)
    wish = ask(shop, 1, account="국민 1234567 김민지")
    assert refusal(shop, cancels.refuse, wish, "").field == "answer"
    assert refusal(shop, cancels.refuse, wish, "", here).field == "answer"
    assert refusal(shop, cancels.refuse, wish, "", 99).field == "answer"
    shop.do(cancels.refuse, "A1", wish, "", left)
    row, notice = claim(shop), shop._of("notice", "A1", "id")[-1]
    assert (row.state, row.account, shop.line().asked, shop.order().claim_flag) == ("refused", "", 0, "")
    assert (notice.letter, notice.shipment_id) == ("cancel_refuse", left)
    shop.do(cancels.refuse, "A1", ask(shop, 1), "이미 포장했어요")
    assert claim(shop).answer == "이미 포장했어요"
    for verb in (cancels.approve, cancels.withdraw):
        refusal(shop, verb, wish)


@pytest.mark.both
def test_a_long_answer_is_kept_whole_where_it_belongs(shop):
    shop.place()
    shop.do(cancels.refuse, "A1", ask(shop, 1), "가" * 900)
    assert claim(shop).answer == "가" * 900
    assert shop.rows("SELECT note FROM event WHERE verb = 'refuse'")[0].note == "가" * 500


@pytest.mark.both
def test_withdraw_gives_the_order_its_place_back_and_marks_it(shop, monday):
    for code in ("B1", "A1", "C1"):
        shop.place(code, ordered_at=MONDAY - timedelta(days="CAB".index(code[0])))
    ahead = _queue(shop)
    due = shop.order().ship_due_at
    wish = ask(shop, 1)
    assert (shop.order().claim_flag, claim(shop).due_at) == ("cancel_asked", MONDAY + timedelta(days=1))
    monday.shift(3600)
    shop.do(cancels.withdraw, "A1", wish, by=CUSTOMER)
    assert (_queue(shop), shop.order().ship_due_at) == (ahead, due)
    assert (shop.order().claim_flag, shop.line().asked, claim(shop).state) == ("cancel_withdrawn", 0, "withdrawn")
    send(shop, 1)
    assert shop.order().claim_flag == ""  # it was not forgotten
    assert letters(shop)[:2] == [("cancel_request", "waiting"), ("cancel_withdraw", "waiting")]


def _queue(shop: Shop) -> list[str]:
    with reader().connect() as conn:
        return [row.code for row in conn.execute(text("SELECT code FROM orders ORDER BY ship_due_at, id"))]


def test_a_wish_is_about_an_order_that_can_still_leave(shop):
    shop.place("A1", line("unpaid"))
    refusal(shop, cancels.request, pieces(shop, 1), "wish")
    refusal(shop, cancels.request, pieces(shop, 1), "wish", by=CUSTOMER)
    shop.do(orders.expire, "A1")
    assert "unpaid" in str(refusal(shop, cancels.cancel, pieces(shop, 1), "wish"))


@pytest.mark.parametrize("channel", ["smartstore", "qoo10"])
def test_a_marketplaces_customer_asks_there(shop, channel):
    shop.place(channel=channel)
    assert "marketplace" in str(refusal(shop, cancels.request, pieces(shop, 1), "wish", by=CUSTOMER))
    assert "marketplace" in str(refusal(shop, cancels.cancel, pieces(shop, 1), "wish", by=CUSTOMER))
    ask(shop, 1, by=shop.packer)  # what staff heard on the telephone


# --- what a live wish stops


@pytest.mark.both
def test_a_live_wish_stops_exactly_its_pieces(shop):
    shop.place("A1", line(quantity=4), LineIn("2", "펜", 1, "new", total=1000))
    parcel = send(shop, 2, hand_over=False)
    ask(shop, 1)
    refusal(shop, shipments.pack, pieces(shop, 2))
    assert would(shop, shipments.pack, "A1", pieces(shop, 1))
    assert would(shop, shipments.pack, "A1", pieces(shop, 1, line=1))
    shop.do(shipments.ship, "A1", parcel)  # its two are not the one that is asked about
    ask(shop, 1)
    no = refusal(shop, shipments.pack, pieces(shop, 1))
    assert "cancel" in str(no)
    shop.do(cancels.withdraw, "A1", claims(shop)[0].id)
    send(shop, 1)
    assert (shop.line().shipped, shop.line().asked) == (3, 1)
    refusal(shop, shipments.pack, pieces(shop, 1))


def test_a_labelled_parcel_waits_for_the_answer(shop):
    shop.place()
    parcel = send(shop, hand_over=False)
    wish = ask(shop, 1)
    assert "Do not hand this over" in str(refusal(shop, shipments.ship, parcel))
    shop.do(cancels.refuse, "A1", wish, "이미 나갔어요")
    shop.do(shipments.ship, "A1", parcel)


def test_a_piece_is_asked_about_once(shop):
    shop.place()
    ask(shop, 2)
    refusal(shop, cancels.request, pieces(shop, 2), "wish", by=CUSTOMER)
    refusal(shop, cancels.request, pieces(shop, 2), "wish")
    refusal(shop, cancels.cancel, pieces(shop, 2), "wish", by=CUSTOMER)
    ask(shop, 1)
    assert shop.line().asked == 3


# --- what a channel says


def test_an_imported_cancel_settles_the_wish_that_waits(shop):
    shop.place(channel="shopify")
    ask(shop, 2)
    shop.tell("A1", line("cancelled"), channel="shopify")
    assert (shop.order().stage, shop.line().asked, shop.order().claim_flag) == ("cancelled", 0, "")
    assert [(c.state, c.asked_by) for c in claims(shop)] == [("withdrawn", "customer"), ("done", "channel")]
    assert letters(shop) == [("cancel_request", "waiting")]  # what a channel tells us, it has told the customer
    assert refunds(shop) == []


def test_a_wish_about_other_pieces_goes_on(shop):
    told = (line(), LineIn("2", "펜", 1, "new", total=1000))
    shop.place("A1", *told, channel="shopify")
    wish = shop.do(cancels.request, "A1", pieces(shop, 2) | pieces(shop, 1, line=1), "wish", by=CUSTOMER)
    shop.tell("A1", line("cancelled"), told[1], channel="shopify")
    assert [(x.asked, x.cancelled) for x in shop.lines()] == [(0, 3), (1, 0)]
    assert (claims(shop)[0].state, claims(shop)[0].refund, shop.order().claim_flag) == (
        "requested",
        1000,
        "cancel_asked",
    )
    refusal(shop, shipments.pack, pieces(shop, 1, line=1))
    shop.do(cancels.approve, "A1", wish)
    assert (shop.order().stage, refunds(shop)) == ("cancelled", [(1000, "due")])


@pytest.mark.parametrize(("fewer", "left"), [(1, 1), (2, 0), (3, 0)])
def test_a_smaller_quantity_settles_so_much_of_the_wish(shop, fewer, left):
    shop.place("A1", line(quantity=4), channel="shopify")
    ask(shop, 2)
    shop.tell("A1", line(quantity=4 - fewer), channel="shopify")
    assert (shop.line().asked, shop.line().cancelled) == (left, fewer)
    assert claims(shop)[0].state == ("requested" if left else "withdrawn")


def test_what_the_channel_has_sent_is_not_asked_about_any_more(shop):
    shop.place()
    ask(shop, 2)
    shop.tell("A1", line("shipped"))
    assert (shop.order().stage, shop.line().asked, shop.order().claim_flag) == ("shipped", 0, "")


def test_an_imported_cancel_voids_labels_and_leaves_what_has_left(shop):
    shop.place()
    send(shop, 1)
    parcel = send(shop, 1, hand_over=False)
    ask(shop, 2)
    assert shop.tell("A1", line("cancelled")) == ("updated", ["cancelled_after_label", "cancelled_after_ship"])
    assert {p.id: (p.state, p.stopped_at) for p in shop.parcels()}[parcel] == ("voided", MONDAY)
    assert (shop.line().cancelled, shop.line().shipped, shop.order().stage) == (2, 1, "shipped")


# --- what replaces a piece


def test_staff_may_cancel_what_was_to_replace_a_lost_piece_and_its_money_goes_back_once(shop):
    shop.place()
    shop.do(redeliveries.resend, "A1", lost(shop))
    shop.do(cancels.cancel, "A1", pieces(shop, 1, line=1), "sold_out")
    shop.do(cancels.cancel, "A1", pieces(shop, 2, line=1), "sold_out")
    assert (refunds(shop), shop.order().stage) == ([(3000, "due"), (6000, "due")], "shipped")
    refusal(shop, cancels.cancel, pieces(shop, 1, line=1), "sold_out")
