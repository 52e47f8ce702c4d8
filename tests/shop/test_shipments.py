"""The verbs of a parcel: what leaves, under which number, and what can be taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY, OWNER, PACKER, Shop

from sellerweb.shop import beginnings, history, orders, shipments, too_few, verdicts
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused
from sellerweb.shop.shipments import Doubt, Label, SameParcel

CJ = Label("cj", "6329-7661-5493")
CJ_OTHER = Label("cj", "632976615143")
WRONG = Label("cj", "632976615494")
RARE = Label("fedex", "5096672442")
TABLES = ("orders", "order_line", "shipment", "shipment_line", "event", "notice", "action")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def send(shop: Shop, code: str = "A1", q: int = 3, label: Label = CJ, *, by=PACKER, hand_over: bool = True) -> int:
    return shop.do(shipments.send, code, {shop.line(code).id: q}, label, hand_over=hand_over, by=by)


def refusal(shop: Shop, verb, code: str, *args, by=PACKER, **more) -> Refused:
    before = shop.dump(*TABLES)
    with pytest.raises(Refused) as no:
        shop.do(verb, code, *args, by=by, **more)
    assert shop.dump(*TABLES) == before
    return no.value


def no_to(shop: Shop, label: Label, code: str = "A1", by=PACKER) -> Refused:
    return refusal(shop, shipments.send, code, {shop.line(code).id: 1}, label, by=by, hand_over=True)


def test_ship_tells_the_customer_after_the_undo_window(shop):
    shop.place()
    send(shop)
    parcel = shop.parcels()[0]
    assert (parcel.state, parcel.carrier, parcel.number) == ("shipped", "cj", "632976615493")
    assert shop.order().stage == "shipped"
    notice = shop.rows("SELECT * FROM notice")[0]
    assert (notice.letter, notice.medium, notice.recipient) == ("shipment_ship", "sms", "010-1234-5678")
    assert str(notice.not_before).startswith("2026-11-16 01:00:30")


def test_ship_of_a_part_leaves_the_rest_open(shop):
    shop.place()
    send(shop, q=2)
    line = shop.line()
    assert (line.shipped, line.packed, line.ordered) == (2, 0, 3)
    assert shop.order().stage == "partly_shipped"
    send(shop, q=1, label=CJ_OTHER)
    assert shop.order().stage == "shipped"


def test_more_pieces_than_are_open_are_refused(shop):
    shop.place()
    assert refusal(shop, shipments.pack, "A1", {shop.line().id: 4}).field == "quantity"


@pytest.mark.parametrize("quantity", [0, -1])
def test_no_pieces_are_refused(shop, quantity):
    shop.place()
    send(shop, q=1)
    assert refusal(shop, shipments.pack, "A1", {shop.line().id: quantity}).field == "quantity"


def test_a_line_of_another_order_is_refused(shop):
    shop.place("A1")
    shop.place("A2")
    refusal(shop, shipments.pack, "A1", {shop.line("A2").id: 1})


def test_a_parcel_of_another_order_is_refused(shop):
    shop.place("A1")
    shop.place("A2")
    parcel = send(shop, "A2", hand_over=False)
    refusal(shop, shipments.ship, "A1", parcel)


def test_a_wrong_number_is_refused_with_its_field(shop):
    shop.place()
    no = no_to(shop, WRONG)
    assert (no.field, type(no)) == ("number", Refused)
    assert no_to(shop, Label("cj", "")).field == "number"
    assert no_to(shop, Label("", "632976615493")).field == "carrier"


def test_an_unusual_number_is_asked_about_and_then_taken(shop):
    shop.place()
    no = no_to(shop, RARE)
    assert (no.field, type(no)) == ("number", Doubt)
    send(shop, label=replace(RARE, sure=True))
    assert shop.rows("SELECT note FROM event WHERE verb = 'label'")[0].note == "confirmed"


def test_an_owner_may_insist_on_a_refused_number_with_a_reason(shop):
    shop.place()
    insisting = replace(WRONG, reason="창구에서 받은 번호")
    assert no_to(shop, insisting, by=PACKER).field == "number"
    assert no_to(shop, WRONG, by=OWNER).field == "number"
    send(shop, label=insisting, by=OWNER)
    assert shop.parcels()[0].override_reason == "창구에서 받은 번호"
    assert shop.rows("SELECT note FROM event WHERE verb = 'label'")[0].note == "override: 창구에서 받은 번호"


def test_nobody_insists_against_a_carriers_own_rule(shop):
    shop.place()
    assert no_to(shop, Label("lotte", "400000000001", reason="맞는 번호"), by=OWNER).field == "number"


def test_a_number_on_a_live_parcel_is_refused_unless_it_is_the_same_parcel(shop):
    shop.place("A1")
    shop.place("A2")
    send(shop, "A1", hand_over=False)
    no = no_to(shop, CJ, "A2")
    assert (no.field, type(no)) == ("number", SameParcel)
    assert "A1" in str(no.why)
    send(shop, "A2", label=replace(CJ, same_parcel=True))
    assert is_clean(audit())


def test_a_number_taken_off_a_parcel_is_free_again(shop):
    shop.place("A1")
    shop.place("A2")
    shop.do(shipments.unpack, "A1", send(shop, "A1", hand_over=False))
    send(shop, "A2")
    assert shop.parcels("A2")[0].number == "632976615493"


def test_a_way_that_nobody_can_follow_is_refused_unless_the_listing_promised_it(shop):
    shop.place("A1")
    shop.place("A2", LineIn("1", "노트", 1, "new", method="pickup"))
    assert no_to(shop, Label("direct")).field == "carrier"
    send(shop, "A2", q=1, label=Label("direct"))
    assert shop.parcels("A2")[0].state == "shipped"


@pytest.mark.parametrize("state", sorted(too_few.STOPPED))
def test_a_line_that_the_channel_stops_is_not_packed(shop, state):
    shop.place("A1", LineIn("1", "노트", 2, state))
    if shop.order().stage == "new":
        assert str(refusal(shop, shipments.pack, "A1", {shop.line().id: 1}).why) == str(too_few.STOPPED[state])
    else:
        refusal(shop, shipments.pack, "A1", {shop.line().id: 1})


@pytest.mark.parametrize("state", ["cancel_requested", "unknown"])
def test_a_parcel_with_a_line_that_the_channel_stops_is_not_handed_over(shop, state):
    shop.place("A1", LineIn("1", "노트", 2, "new"))
    parcel = send(shop, q=2, hand_over=False)
    shop.tell("A1", LineIn("1", "노트", 2, state))
    assert str(refusal(shop, shipments.ship, "A1", parcel).why) == str(too_few.STOPPED[state])
    shop.tell(
        "A1", LineIn("1", "노트", 2, "new")
    )  # an older file, or the wish is withdrawn: a person looks there, and says
    assert str(refusal(shop, shipments.ship, "A1", parcel).why) == str(too_few.STOPPED[state])
    with history.act(PACKER, "take") as act:
        verdicts.take(act, shop.rows("SELECT id FROM conflict")[0].id, shop.order().version)
    shop.do(shipments.ship, "A1", parcel)


def test_a_wish_to_cancel_stops_the_rest_of_a_line_that_has_left_in_part(shop):
    shop.place("A1", LineIn("1", "노트", 3, "new"))
    send(shop, q=1)
    shop.tell("A1", LineIn("1", "노트", 3, "cancel_requested"))
    assert shop.order().channel_block == "cancel_requested"
    refusal(shop, shipments.pack, "A1", {shop.line().id: 1})


def test_unship_within_30_seconds_restores_everything(shop, monday):
    shop.place()
    parcel = send(shop, hand_over=False)
    before = shop.order(), shop.line(), shop.parcels()
    shop.do(shipments.ship, "A1", parcel)
    monday.shift(timedelta(seconds=30))
    shop.do(shipments.unship, "A1", parcel)
    after = shop.order(), shop.line(), shop.parcels()
    assert after[1:] == before[1:]
    assert vars(after[0]) | {"version": 0} == vars(before[0]) | {"version": 0}
    assert shop.notices() == [("shipment_ship", "suppressed")]
    assert is_clean(audit())


def test_unship_is_refused_at_31_seconds(shop, monday):
    shop.place()
    parcel = send(shop)
    monday.shift(timedelta(seconds=31))
    refusal(shop, shipments.unship, "A1", parcel)
    assert shop.notices() == [("shipment_ship", "waiting")]


def test_unship_is_refused_once_the_customer_was_told(shop):
    shop.place()
    parcel = send(shop)
    shop.sql("UPDATE notice SET state = 'sent'")
    refusal(shop, shipments.unship, "A1", parcel)


def test_unship_is_refused_once_the_carrier_has_it(shop):
    shop.place()
    parcel = send(shop)
    shop.do(shipments.scan, "A1", parcel)
    refusal(shop, shipments.unship, "A1", parcel)


def test_shipped_again_after_unship_owes_one_new_letter(shop):
    shop.place()
    parcel = send(shop)
    shop.do(shipments.unship, "A1", parcel)
    shop.do(shipments.ship, "A1", parcel)
    assert shop.notices() == [("shipment_ship", "suppressed"), ("shipment_ship", "waiting")]


def test_undo_of_the_one_form_that_packed_and_shipped_opens_the_pieces(shop):
    shop.place()
    parcel = send(shop)
    shop.do(shipments.undo, "A1", parcel)
    line = shop.line()
    assert (line.packed, line.shipped, shop.order().stage) == (0, 0, "new")
    assert shop.parcels()[0].state == "voided"
    assert is_clean(audit())


def test_unpack_opens_the_pieces_again(shop):
    shop.place()
    shop.do(shipments.unpack, "A1", send(shop, q=2, hand_over=False))
    assert (shop.line().packed, shop.parcels()[0].state, shop.order().stage) == (0, "voided", "new")


def test_a_label_can_be_replaced_before_the_parcel_leaves(shop):
    shop.place()
    parcel = send(shop, hand_over=False)
    shop.do(shipments.label, "A1", parcel, CJ_OTHER)
    assert shop.parcels()[0].number == "632976615143"
    assert shop.notices() == []


def test_correct_puts_another_number_and_keeps_the_reason(shop):
    shop.place()
    parcel = send(shop)
    shop.sql("UPDATE notice SET state = 'sent'")
    shop.do(shipments.correct, "A1", parcel, CJ_OTHER, "라벨이 바뀜")
    assert shop.parcels()[0].number == "632976615143"
    assert shop.rows("SELECT note FROM event WHERE verb = 'correct'")[0].note == "라벨이 바뀜"
    assert shop.notices() == [("shipment_ship", "sent"), ("shipment_correct", "waiting")]


def test_correct_before_the_first_letter_owes_no_second_one(shop):
    shop.place()
    shop.do(shipments.correct, "A1", send(shop), CJ_OTHER, "라벨이 바뀜")
    assert shop.notices() == [("shipment_ship", "waiting")]


def test_correct_to_the_same_number_is_no_change(shop):
    shop.place()
    parcel = send(shop)
    assert refusal(shop, shipments.correct, "A1", parcel, CJ, "그냥").field == "number"


def test_deliver_makes_the_order_delivered_when_all_is_there(shop):
    shop.place()
    first = send(shop, q=2)
    second = send(shop, q=1, label=CJ_OTHER)
    shop.do(shipments.deliver, "A1", first)
    assert (shop.line().delivered, shop.order().stage) == (2, "shipped")
    shop.do(shipments.scan, "A1", second)
    shop.do(shipments.deliver, "A1", second)
    assert shop.order().stage == "delivered"


def test_what_a_channel_did_is_not_told_twice(shop):
    shop.place()
    with history.act(history.CHANNEL, "import") as act:
        case = act.order("A1")
        orders.promise(case, MONDAY.date())
        parcel = shipments.send(case, {shop.line().id: 3}, CJ, hand_over=True)
        shipments.deliver(case, parcel)
    assert shop.notices() == []


def test_a_letter_goes_to_the_address_before_the_phone_and_to_nobody_without_either(shop):
    shop.place("A1", buyer_email="kim@example.com")
    shop.place("A2", phone="")
    send(shop, "A1")
    send(shop, "A2", label=CJ_OTHER)
    rows = shop.rows("SELECT medium, recipient FROM notice")
    assert [(row.medium, row.recipient) for row in rows] == [("email", "kim@example.com")]


def test_the_same_form_sent_twice_ships_once(shop):
    shop.place()
    line = shop.line().id

    def press(body):
        with history.act(PACKER, "ship", "form-1", body) as act:
            shipments.send(act.order("A1"), {line: 1}, CJ, hand_over=True)

    press({"q": 1})
    with pytest.raises(history.Repeated):
        press({"q": 1})
    with pytest.raises(Refused):
        press({"q": 2})
    assert (shop.line().shipped, len(shop.parcels())) == (1, 1)


def test_an_order_that_is_not_there_is_said_so(shop):
    with pytest.raises(history.NotThere):
        shop.do(orders.confirm, "nobody")


def test_goods_tell_the_first_line_on_one_line():
    assert beginnings.goods([LineIn("1", "노트\n라인", 1, "new", option="블루")]) == "노트 라인 · 블루"


def test_the_same_parcel_never_goes_to_two_addresses(shop):
    shop.place("A1")
    shop.place("A2", address="서울특별시 마포구 2")
    send(shop, "A1")
    no = no_to(shop, replace(CJ, same_parcel=True), "A2")
    assert (no.field, "another address" in str(no.why), isinstance(no, SameParcel)) == ("number", True, False)


def test_a_parcel_line_never_leaves_untracked_beside_a_pick_up_line(shop):
    shop.place("A1", LineIn("1", "노트", 1, "new", method="pickup"), LineIn("2", "펜", 1, "new", method="parcel"))
    lines = {line.item_no: line.id for line in shop.rows("SELECT id, item_no FROM order_line")}
    both = shop_refusal(shop, {lines["1"]: 1, lines["2"]: 1})
    assert both.field == "carrier"
    shop.do(shipments.send, "A1", {lines["1"]: 1}, Label("direct"), hand_over=True)


def shop_refusal(shop: Shop, pieces: dict[int, int]) -> Refused:
    return refusal(shop, shipments.send, "A1", pieces, Label("direct"), hand_over=True)
