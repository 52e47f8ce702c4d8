"""The verbs of an order, one at a time, with what they write and what they refuse."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bare_shop import MONDAY, Shop

from sellerweb.shop import orders, shipments
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused

CJ = shipments.Label("cj", "632976615493")
UNPAID = LineIn("1", "노트", 3, "unpaid", total=9000)
TUESDAY = (MONDAY + timedelta(days=1)).date()


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def refusal(shop: Shop, verb, code: str, *args) -> Refused:
    """The verb's no, with nothing written."""
    before = shop.dump("orders", "order_line", "shipment", "event", "notice", "action")
    with pytest.raises(Refused) as no:
        shop.do(verb, code, *args)
    assert shop.dump("orders", "order_line", "shipment", "event", "notice", "action") == before
    return no.value


def test_pay_starts_the_clock(shop):
    assert shop.place("A1", UNPAID).ship_due_at is None
    shop.do(orders.pay, "A1")
    order = shop.order("A1")
    assert (order.stage, order.paid_at) == ("new", MONDAY)
    assert order.ship_due_at == datetime(2026, 11, 17, 7, 0, tzinfo=UTC)  # 16:00 in Seoul
    assert shop.notices("A1") == [("order_pay", "waiting")]


def test_pay_stamps_the_end_of_the_cancel_window_where_the_shop_decides(shop):
    for channel in ("manual", "shopify", "smartstore", "qoo10"):
        shop.place(channel, UNPAID, channel=channel)
        shop.do(orders.pay, channel)
    hour = MONDAY + timedelta(hours=1)
    until = {channel: shop.order(channel).cancel_until for channel in ("manual", "shopify", "smartstore", "qoo10")}
    assert until == {"manual": hour, "shopify": hour, "smartstore": None, "qoo10": None}


def test_expire_ends_an_unpaid_order(shop):
    shop.place("A1", UNPAID)
    shop.do(orders.expire, "A1")
    assert shop.order("A1").stage == "expired"
    assert shop.notices("A1") == [("order_expire", "waiting")]


def test_promise_sets_the_day_and_tells_the_customer(shop):
    shop.place()
    shop.do(orders.promise, "A1", TUESDAY)
    order = shop.order()
    assert order.promised_on == TUESDAY
    assert order.ship_due_at == datetime(2026, 11, 17, 15, 0, tzinfo=UTC)  # midnight in Seoul
    assert shop.notices() == [("order_promise", "waiting")]


def test_promise_is_given_once_and_never_changed(shop):
    shop.place()
    shop.do(orders.promise, "A1", TUESDAY)
    assert str(TUESDAY) in str(refusal(shop, orders.promise, "A1", TUESDAY + timedelta(days=1)).why)


@pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, True), (90, True), (91, False)])
def test_promise_takes_days_from_today_to_90_days_ahead(shop, days, taken):
    shop.place()
    day = MONDAY.date() + timedelta(days=days)
    if taken:
        shop.do(orders.promise, "A1", day)
    else:
        assert refusal(shop, orders.promise, "A1", day).field == "day"


def test_promise_knows_that_seoul_is_ahead(shop):
    shop.place()
    with time_machine.travel(datetime(2026, 11, 16, 15, 30, tzinfo=UTC), tick=False):  # Tuesday there
        assert refusal(shop, orders.promise, "A1", MONDAY.date()).field == "day"
        shop.do(orders.promise, "A1", TUESDAY)


def test_hold_stops_packing_and_shipping_until_release(shop):
    shop.place()
    line = shop.line().id
    parcel = shop.do(shipments.send, "A1", {line: 1}, CJ, hand_over=False)
    shop.do(orders.hold, "A1", "전화 확인")
    assert "전화 확인" in str(refusal(shop, shipments.ship, "A1", parcel).why)
    assert "전화 확인" in str(refusal(shop, shipments.pack, "A1", {line: 1}).why)
    refusal(shop, orders.hold, "A1", "또")
    shop.do(orders.release, "A1")
    refusal(shop, orders.release, "A1")
    shop.do(shipments.ship, "A1", parcel)
    assert shop.line().shipped == 1


def test_readdress_moves_the_address_version_and_what_follows_from_it(shop):
    before = shop.place()
    shop.do(orders.readdress, "A1", {"address": "부산광역시 해운대구 달맞이길 2", "receiver_name": "최하늘"})
    after = shop.order()
    assert (after.address_version, after.town) == (before.address_version + 1, "부산 해운대구")
    assert after.door != before.door
    assert "readdress" in shop.events()[-1]


def test_readdress_leaves_nothing_personal_in_the_history(shop):
    shop.place()
    shop.do(orders.readdress, "A1", {"address": "부산광역시 해운대구 달맞이길 2", "phone": "010-9999-8888"})
    told = str(shop.dump("event"))
    assert "해운대" not in told
    assert "9999" not in told


def test_readdress_waits_until_the_label_is_off(shop):
    shop.place()
    parcel = shop.do(shipments.send, "A1", {shop.line().id: 3}, CJ, hand_over=False)
    assert "label" in str(refusal(shop, orders.readdress, "A1", {"address": "부산광역시 2"}).why)
    shop.do(shipments.unpack, "A1", parcel)
    shop.do(orders.readdress, "A1", {"address": "부산광역시 2"})


def test_readdress_to_the_same_address_is_no_change(shop):
    order = shop.place()
    assert refusal(shop, orders.readdress, "A1", {"address": order.address}).field == "address"


def test_readdress_of_the_rest_is_possible_once_a_part_has_left(shop):
    shop.place()
    shop.do(shipments.send, "A1", {shop.line().id: 1}, CJ, hand_over=True)
    shop.do(orders.readdress, "A1", {"address": "부산광역시 2"})
    assert shop.order().stage == "partly_shipped"


def test_archive_takes_a_finished_order_out_of_the_counts_and_unarchive_brings_it_back(shop):
    shop.place("A1", LineIn("1", "노트", 1, "cancelled"))
    count = "SELECT COALESCE(SUM(n), 0) AS n FROM stage_tally WHERE stage = 'cancelled'"
    assert shop.rows(count)[0].n == 1
    shop.do(orders.archive, "A1")
    assert (shop.order().archived_at, shop.rows(count)[0].n) == (MONDAY, 0)
    refusal(shop, orders.archive, "A1")
    shop.do(orders.unarchive, "A1")
    assert (shop.order().archived_at, shop.rows(count)[0].n) == (None, 1)
    refusal(shop, orders.unarchive, "A1")


@pytest.mark.parametrize(
    ("address", "country", "town"),
    [
        ("서울특별시 마포구 월드컵로 1", "KR", "서울 마포구"),
        ("경기도 성남시 분당구 판교로 2", "", "경기 성남시"),
        ("東京都渋谷区神南1-2-3", "JP", "東京都 渋谷区"),
        ("神奈川県横浜市中区1-1", "", "神奈川県 横浜市"),
        ("大阪府大阪市北区梅田1", "JP", "大阪府 大阪市"),
        ("10 Downing Street, London", "GB", "GB"),
        ("", "KR", ""),
    ],
)
def test_a_row_tells_the_town_and_no_door(address, country, town):
    assert orders.town(address, country) == town


@pytest.mark.parametrize(
    ("order_no", "code"),
    [("2026111612345", "2026111612345"), ("#1001", "1001"), ("A 1/2", "A12"), ("주문-7", "-7")],
)
def test_a_code_is_the_number_without_signs(order_no, code):
    assert orders.code_of(order_no) == code


def test_two_channels_with_the_same_number_get_two_codes(shop):
    shop.place("#1001", channel="shopify")
    shop.place("1001", channel="manual")
    assert {row.code for row in shop.rows("SELECT code FROM orders")} == {"1001", "1001-2"}


def test_a_stale_page_changes_nothing(shop):
    version = shop.place().version
    shop.do(orders.hold, "A1", "잠깐")

    def release_as_drawn(case):
        orders.release(case.act.order("A1", version))

    refusal(shop, release_as_drawn, "A1")
    assert shop.order().held_at == MONDAY


def test_an_order_that_staff_mark_as_paid_can_be_packed(shop):
    shop.place("A1", LineIn("1", "노트", 2, "unpaid"))
    shop.do(orders.pay, "A1")
    shop.do(shipments.pack, "A1", {shop.line().id: 2})
    assert shop.line().packed == 2
    assert shop.order().channel_block == ""
