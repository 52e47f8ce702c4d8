"""What a channel says, first and again: what comes in, what it may change, and where the desk stays as it is."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from bare_shop import MONDAY, Shop

from sellerweb.shop import orders, shipments
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.incoming import STATES, LineIn

CJ = shipments.Label("cj", "632976615493")
TABLES = (
    "orders",
    "order_line",
    "shipment",
    "shipment_line",
    "event",
    "notice",
    "order_key",
    "order_text",
    "customer_key",
)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def sound_afterwards(shop, monday):
    yield
    report = audit()
    assert is_clean(report), {name: row["first"] for name, row in report.items() if row["violations"]}


def line(state: str = "new", quantity: int = 3, **more) -> LineIn:
    return LineIn("1", "노트", quantity, state, **{"total": 9000, **more})


def send(shop: Shop, q: int, code: str = "A1", label=CJ, *, hand_over: bool = True) -> int:
    return shop.do(shipments.send, code, {shop.line(code).id: q}, label, hand_over=hand_over)


@pytest.mark.parametrize(
    ("state", "stage", "block"),
    [
        ("unpaid", "awaiting_payment", "unpaid"),
        ("waiting", "awaiting_payment", ""),
        ("gift_waiting", "new", "gift_waiting"),
        ("new", "new", ""),
        ("confirmed", "preparing", ""),
        ("part_shipped", "preparing", ""),
        ("shipping", "shipped", ""),
        ("shipped", "shipped", ""),
        ("delivered", "delivered", ""),
        ("done", "delivered", ""),
        ("cancel_requested", "new", "cancel_requested"),
        ("cancelled", "cancelled", ""),
        ("return_requested", "delivered", "return_requested"),
        ("returned", "delivered", ""),
        ("exchange_requested", "delivered", "exchange_requested"),
        ("exchanged", "delivered", ""),
        ("refunded", "cancelled", ""),
        ("void", "cancelled", ""),
        ("unknown", "new", "unknown"),
    ],
)
def test_an_order_comes_in_where_the_channel_has_it(shop, state, stage, block):
    order = shop.place("A1", line(state), channel="smartstore")
    assert (order.stage, order.channel_block) == (stage, block)
    assert shop.notices() == []


@pytest.mark.parametrize("state", STATES)
def test_the_same_word_again_changes_nothing(shop, state):
    told = {"address": "서울특별시 마포구 1", "phone": "010-1234-5678", "ordered_at": MONDAY, "receiver_name": "김민지"}
    shop.place("A1", line(state), **told)
    before = shop.dump(*TABLES)
    outcome, _ = shop.tell("A1", line(state), **told)
    assert outcome == "unchanged"
    assert shop.dump(*TABLES) == before


def test_a_place_is_one_event(shop):
    shop.place("A1", line("unpaid"))
    assert shop.events() == ["order place"]


def test_a_masked_name_never_covers_a_full_one(shop):
    shop.place("A1", receiver_name="김민지", phone="010-1234-5678")
    shop.tell("A1", line(), receiver_name="김*지", phone="010-****-5678", address="서울특별시 마포구 1")
    order = shop.order()
    assert (order.receiver_name, order.phone, order.address_version) == ("김민지", "010-1234-5678", 1)


@pytest.mark.parametrize("masked", ["김＊지", "김●지"])
def test_a_name_is_masked_by_other_signs_too(shop, masked):
    shop.place("A1", receiver_name="김민지")
    shop.tell("A1", line(), receiver_name=masked)
    assert shop.order().receiver_name == "김민지"


def test_an_address_in_other_spaces_and_widths_is_no_news(shop):
    shop.place("A1", address="서울특별시 마포구 1, 12층")
    assert shop.tell("A1", line(), address="서울특별시  마포구　１, 12층 ") == ("unchanged", [])
    assert shop.order().address_version == 1


def test_nothing_never_covers_something(shop):
    shop.place("A1", receiver_name="김민지", postcode="04001")
    shop.tell("A1", line(), receiver_name="", postcode="")
    assert (shop.order().receiver_name, shop.order().postcode) == ("김민지", "04001")


def test_a_new_address_comes_in_and_makes_slips_stale(shop):
    shop.place("A1")
    assert shop.tell("A1", line(), address="부산광역시 해운대구 2") == ("updated", [])
    assert (shop.order().address_version, shop.order().town) == (2, "부산 해운대구")


def test_a_new_address_under_a_live_label_is_a_conflict(shop):
    shop.place("A1")
    send(shop, 1, hand_over=False)
    outcome, conflicts = shop.tell("A1", line(), address="부산광역시 해운대구 2")
    assert (outcome, conflicts) == ("unchanged", ["address_after_label"])
    assert shop.order().address == "서울특별시 마포구 1"


def test_a_new_address_is_for_what_has_not_left(shop):
    shop.place("A1")
    send(shop, 1)
    assert shop.tell("A1", line(), address="부산광역시 해운대구 2") == ("updated", [])
    send(shop, 2, label=shipments.Label("epost", "6403100000017"))
    assert shop.tell("A1", line(), address="대구광역시 중구 3") == ("unchanged", [])
    assert shop.order().address == "부산광역시 해운대구 2"


def test_payment_comes_in_and_starts_the_clock(shop, monday):
    shop.place("A1", line("unpaid"))
    paid = datetime(2026, 11, 16, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    shop.tell("A1", line("new"), paid_at=paid)
    order = shop.order()
    assert (order.stage, order.paid_at, order.channel_block) == ("new", paid, "")
    assert order.ship_due_at == datetime(2026, 11, 17, 7, 0, tzinfo=UTC)
    assert shop.events() == ["order place", "order pay", "order update"]


def test_the_channels_own_date_moves_what_is_due_but_no_promise(shop):
    due = MONDAY + timedelta(days=9)
    shop.place("A1")
    shop.tell("A1", line(), ship_due_at=due)
    assert shop.order().ship_due_at == due
    shop.do(orders.promise, "A1", MONDAY.date())
    shop.tell("A1", line(), ship_due_at=due + timedelta(days=1))
    assert shop.order().ship_due_at == datetime(2026, 11, 16, 15, tzinfo=UTC)


@pytest.mark.parametrize("state", ["new", "confirmed", "cancel_requested"])
def test_what_has_left_is_never_taken_back_by_an_older_word(shop, state):
    shop.place("A1")
    send(shop, 3)
    shop.tell("A1", line(state))
    assert (shop.line().shipped, shop.order().stage, shop.order().channel_block) == (3, "shipped", "")


@pytest.mark.parametrize("state", ["new", "confirmed", "shipped"])
def test_what_was_cancelled_stays_cancelled(shop, state):
    shop.place("A1", line("cancelled"))
    shop.tell("A1", line(state))
    assert (shop.line().cancelled, shop.line().shipped, shop.order().stage) == (3, 0, "cancelled")


def test_a_cancel_takes_the_open_pieces(shop):
    shop.place("A1")
    assert shop.tell("A1", line("cancelled")) == ("updated", [])
    assert (shop.line().cancelled, shop.order().stage) == (3, "cancelled")


def test_a_cancel_takes_packed_pieces_too_and_voids_their_parcel(shop):
    shop.place("A1")
    send(shop, 2, hand_over=False)
    assert shop.tell("A1", line("cancelled")) == ("updated", ["cancelled_after_label"])
    assert (shop.line().cancelled, shop.line().packed, shop.parcels()[0].state) == (3, 0, "voided")
    assert shop.order().stage == "cancelled"


def test_a_cancel_that_voids_a_parcel_frees_the_other_line_in_it(shop):
    other = LineIn("2", "펜", 1, "new")
    shop.place("A1", line(), other)
    first, second = (row.id for row in shop.lines())
    shop.do(shipments.send, "A1", {first: 3, second: 1}, CJ, hand_over=False)
    shop.tell("A1", line("cancelled"), other)
    assert [(row.cancelled, row.packed) for row in shop.lines()] == [(3, 0), (0, 0)]
    assert shop.order().stage == "new"


def test_a_cancel_leaves_shipped_pieces_and_a_conflict(shop):
    shop.place("A1")
    send(shop, 2)
    assert shop.tell("A1", line("cancelled")) == ("updated", ["cancelled_after_ship"])
    assert (shop.line().cancelled, shop.line().shipped, shop.order().stage) == (1, 2, "shipped")


def test_a_smaller_quantity_is_a_cancel_of_the_difference(shop):
    shop.place("A1")
    assert shop.tell("A1", line(quantity=1)) == ("updated", [])
    assert (shop.line().ordered, shop.line().cancelled) == (3, 2)
    assert shop.tell("A1", line(quantity=1)) == ("unchanged", [])


def test_a_smaller_quantity_of_what_is_packed_is_a_conflict(shop):
    shop.place("A1")
    send(shop, 3, hand_over=False)
    assert shop.tell("A1", line(quantity=1)) == ("unchanged", ["quantity_changed"])
    assert shop.line().cancelled == 0


def test_a_larger_quantity_is_a_conflict(shop):
    shop.place("A1")
    assert shop.tell("A1", line(quantity=5)) == ("unchanged", ["quantity_changed"])
    assert shop.line("A1").ordered == 3


def test_a_line_whose_row_was_rejected_before_comes_in_with_the_mended_file(shop):
    shop.place("A1", line())
    assert shop.tell("A1", line(), LineIn("2", "펜", 2, "new", total=3000)) == ("updated", [])
    assert [row.ordered for row in shop.rows("SELECT ordered FROM order_line ORDER BY position")][-1] == 2
    assert shop.order("A1").lines_count == 2
    assert is_clean(audit())
    assert shop.tell("A1", line(), LineIn("2", "펜", 2, "new", total=3000)) == ("unchanged", [])


def test_a_new_line_of_an_order_that_has_left_is_a_conflict(shop):
    shop.place("A1", line("shipping"))
    assert shop.tell("A1", line("shipping"), LineIn("2", "펜", 1, "new"))[1] == ["new_line"]


def test_what_the_channel_shipped_becomes_its_parcel(shop):
    shop.place("A1")
    left = MONDAY - timedelta(hours=1)
    shop.tell("A1", line("shipped", carrier="cj", tracking_number="632976615493", shipped_at=left))
    parcel = shop.parcels()[0]
    assert (parcel.state, parcel.number, parcel.shipped_at, parcel.channel_told_at) == (
        "shipped",
        "632976615493",
        left,
        left,
    )
    assert shop.notices() == []


def test_what_we_shipped_ourselves_is_not_shipped_again(shop):
    shop.place("A1")
    send(shop, 3)
    shop.tell("A1", line("shipped", carrier="cj", tracking_number="632976615493"))
    assert (shop.line().shipped, len(shop.parcels())) == (3, 1)


def test_two_lines_that_the_channel_sent_under_one_number_are_both_shipped(shop):
    told = {"carrier": "cj", "tracking_number": "632976615493"}
    shop.place("A1", line("shipped", **told), LineIn("2", "펜", 1, "shipped", **told))
    assert shop.order().stage == "shipped"


def test_delivered_and_returned_follow_what_the_channel_says(shop):
    shop.place("A1")
    send(shop, 3)
    shop.tell("A1", line("delivered"))
    assert (shop.line().delivered, shop.order().stage) == (3, "delivered")
    shop.tell("A1", line("returned"))
    assert shop.line().returned == 3


def test_an_expired_order_stays_expired_when_the_channel_cancels_it(shop):
    shop.place("A1", line("unpaid"))
    shop.do(orders.expire, "A1")
    shop.tell("A1", line("cancelled"))
    assert shop.order().stage == "expired"


def test_a_product_is_known_by_its_sku(shop):
    shop.sql(
        "INSERT INTO product (id, sku, name, option, barcode, shelf, carrier) VALUES (7, 'N-1', '', '', '', '', '')"
    )
    shop.place("A1", line(sku="N-1"))
    assert shop.line().product_id == 7


def test_a_total_is_the_sum_of_the_lines_or_unknown(shop):
    assert shop.place("A1", line(), LineIn("2", "펜", 1, "new", total=1)).total == 9001
    assert shop.place("A2", line(), LineIn("2", "펜", 1, "new")).total is None


@pytest.mark.both
def test_a_text_longer_than_its_place_is_cut_and_does_not_stop_the_import(shop):
    shop.place(
        "A1",
        line(option="가" * 3000, sku="S" * 500, carrier="택배" * 100),
        receiver_name="김" * 500,
        address="서울 " * 900,
        message="문 앞 " * 900,
        phone="0" * 100,
    )
    shop.tell("A1", line(), address="부산 " * 900, receiver_name="이" * 300)
    assert (len(shop.order().address), len(shop.line().option)) == (1000, 1000)
    assert shop.order().receiver_name == "이" * 200


@pytest.mark.both
def test_a_cut_text_told_again_is_no_change(shop):
    told = {"address": "서울 " * 900, "receiver_name": "김" * 500, "ordered_at": MONDAY, "phone": "1"}
    shop.place("A1", line(), **told)
    assert shop.tell("A1", line(), **told) == ("unchanged", [])


@pytest.mark.both
def test_instants_in_any_zone_are_told_in_one(shop):
    paid = datetime(2026, 11, 16, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    shop.place("A1", line("unpaid"))
    shop.tell("A1", line("new"), paid_at=paid)
    changes = shop._of("event", "A1", "seq")[1].changes
    assert changes["order"]["paid_at"] == [None, "2026-11-16T00:30:00+00:00"]


def test_what_the_channel_confirmed_is_not_new_again_by_an_older_word(shop):
    shop.place("A1", line("confirmed"))
    assert shop.tell("A1", line("new")) == ("unchanged", [])
    assert shop.line().channel_state == "confirmed"
    assert shop.tell("A1", line("cancel_requested")) == ("updated", [])
