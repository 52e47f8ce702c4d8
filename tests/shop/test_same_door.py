"""Orders for the same door in one parcel: who is offered, all or none, and all back again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from bare_shop import PACKER

from sellerweb.shop import history, orders, queries, same_door, shipments
from sellerweb.shop.audit import audit
from sellerweb.shop.db import forget, read
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused

pytestmark = pytest.mark.both
CJ = shipments.Label("cj", "622344515213")
DOOR = {"receiver_name": "김서준", "phone": "010-1234-5678", "postcode": "04157", "address": "서울특별시 마포구 1"}
OTHERS = {
    "receiver_name": ("김서진", "김서준 ", "김*준", ""),
    "phone": ("010-1234-5679", "01012345678", "010-****-5678", ""),
    "postcode": ("04158", ""),
    "address": ("서울특별시 마포구 2", "서울특별시  마포구 1"),
}


def place(shop, number, *lines, **more):
    return shop.place(number, *lines, **{**DOOR, **more})


def beside(shop, number="A1"):
    forget()
    return [row.order_no for row in same_door.beside(read(), shop.order(number))]


def send(shop, code="A1", *along, label=CJ, hand_over=True, action="", versions=None):
    pieces = {line.id: queries.open_pieces(line) for line in shop.lines(code)}
    seen = {other: (versions or {}).get(other, shop.order(other).version) for other in along}
    with history.act(PACKER, "ship", action) as act:
        return same_door.send(act, code, shop.order(code).version, pieces, label, seen, hand_over=hand_over)


def undo(shop, code="A1"):
    with history.act(PACKER, "unship") as act:
        return same_door.undo(act, code, None, shop.parcels(code)[-1].id)


def parcels(shop, *numbers):
    return [(p.state, p.number) for number in numbers for p in shop.parcels(number)]


def test_orders_for_the_same_door_are_offered_whatever_their_channel(shop):
    place(shop, "A1")
    place(shop, "A2", channel="smartstore")
    place(shop, "A3", channel="shopify", currency="USD")
    assert beside(shop) == ["A2", "A3"]
    assert beside(shop, "A3") == ["A1", "A2"]


@pytest.mark.parametrize(("field", "text"), [(field, text) for field, texts in OTHERS.items() for text in texts])
def test_one_character_of_difference_is_another_door(shop, field, text):
    place(shop, "A1")
    place(shop, "A2", **{field: text})
    assert beside(shop) == beside(shop, "A2") == []


@pytest.mark.parametrize(
    ("field", "text"), [("receiver_name", "김*준"), ("phone", "010-****-5678"), ("receiver_name", ""), ("phone", "")]
)
def test_what_is_masked_or_missing_twice_is_no_door(shop, field, text):
    place(shop, "A1", **{field: text})
    place(shop, "A2", **{field: text})
    assert beside(shop) == []


def test_only_what_can_be_sent_now_is_offered(shop):
    place(shop, "A1")
    for number in ("SENT", "HELD", "ASKED", "UNPAID", "LABEL"):
        place(shop, number, *([LineIn("1", "노트", 1, "waiting")] if number == "UNPAID" else []))
    place(shop, "WISH", LineIn("1", "노트", 1, "cancel_requested"))
    send(shop, "SENT")
    shop.do(orders.hold, "HELD", "색상 확인")
    line = shop.line("LABEL")
    with history.act(PACKER, "label") as act:
        case = act.order("LABEL")
        shipments.send(case, {line.id: 3}, shipments.Label("cj", "585562040256"), hand_over=False)
    shop.sql("UPDATE orders SET claim_flag = 'cancel_asked' WHERE order_no = 'ASKED'")
    assert beside(shop) == []
    shop.do(orders.release, "HELD")
    assert beside(shop) == ["HELD"]


def test_a_test_order_and_a_real_one_never_share(shop):
    place(shop, "A1")
    place(shop, "A2")
    shop.sql("UPDATE orders SET is_test = true WHERE order_no = 'A2'")
    assert beside(shop) == []
    with pytest.raises(Refused, match="another door"):
        send(shop, "A1", "A2")


def test_the_pieces_that_are_offered_are_those_that_are_open(shop):
    place(shop, "A1")
    place(shop, "A2", LineIn("1", "노트", 3, "new"), LineIn("2", "펜", 2, "new"))
    first = shop.lines("A2")[0]
    with history.act(PACKER, "ship") as act:
        shipments.send(act.order("A2"), {first.id: 1}, shipments.Label("cj", "585562040256"), hand_over=True)
    forget()
    (row,) = same_door.beside(read(), shop.order("A1"))
    assert (row.pieces, row.version) == (4, shop.order("A2").version)
    send(shop, "A1", "A2")
    assert [(x.ordered, x.shipped) for x in shop.lines("A2")] == [(3, 3), (2, 2)]


@pytest.mark.parametrize("hand_over", [True, False])
def test_each_order_has_a_parcel_with_the_same_number(shop, hand_over):
    for number in ("A1", "A2", "A3"):
        place(shop, number)
    send(shop, "A2", "A1", "A3", hand_over=hand_over)
    state = "shipped" if hand_over else "labelled"
    assert parcels(shop, "A1", "A2", "A3") == [(state, CJ.number)] * 3
    assert [p.same_parcel for n in ("A1", "A2", "A3") for p in shop.parcels(n)] == [True, False, True]
    assert audit_is_quiet()


def test_each_customer_hears_of_their_own(shop):
    place(shop, "A1", buyer_email="a@example.com")
    place(shop, "A2", buyer_email="b@example.com")
    send(shop, "A1", "A2")
    assert shop.notices("A1") == shop.notices("A2") == [("shipment_ship", "waiting")]


def test_one_action_and_a_history_each(shop):
    place(shop, "A1")
    place(shop, "A2")
    send(shop, "A1", "A2", action="tap")
    assert shop.events("A1") == shop.events("A2") == ["order place", "shipment pack", "shipment label", "shipment ship"]
    assert {e.action_id for e in shop.rows("SELECT action_id FROM event WHERE verb = 'ship'")} == {"tap"}


def test_all_or_none(shop):
    for number in ("A1", "A2", "A3"):
        place(shop, number)
    shop.do(orders.hold, "A3", "색상 확인")
    before = shop.dump("orders", "order_line", "shipment", "event", "notice", "stage_tally")
    with pytest.raises(
        Refused, match="A3 cannot go along, so nothing was sent: This order is on hold: 색상 확인"
    ) as no:
        send(shop, "A1", "A2", "A3")
    assert no.value.field == "along"
    assert shop.dump("orders", "order_line", "shipment", "event", "notice", "stage_tally") == before


def test_an_order_that_has_changed_since_is_not_sent_unseen(shop):
    place(shop, "A1")
    place(shop, "A2")
    with pytest.raises(Refused, match="has changed since"):
        send(shop, "A1", "A2", versions={"A2": shop.order("A2").version - 1})
    assert parcels(shop, "A1", "A2") == []


def test_an_address_that_was_changed_meanwhile_is_another_door(shop):
    place(shop, "A1")
    place(shop, "A2")
    shop.do(orders.readdress, "A2", {"address": "서울특별시 마포구 3"})
    with pytest.raises(Refused, match="goes to another door"):
        send(shop, "A1", "A2")
    assert parcels(shop, "A1", "A2") == []


@pytest.mark.parametrize("other", ["NOTHING", ""])
def test_an_order_that_is_not_there_is_not_sent(shop, other):
    place(shop, "A1")
    with pytest.raises(Refused, match="no order"), history.act(PACKER, "ship") as act:
        same_door.send(act, "A1", None, {shop.line("A1").id: 1}, CJ, {other: 1}, hand_over=True)
    assert parcels(shop, "A1") == []


def test_an_order_does_not_go_along_with_itself(shop):
    place(shop, "A1")
    send(shop, "A1", "A1")
    assert parcels(shop, "A1") == [("shipped", CJ.number)]


def test_undo_takes_back_all(shop):
    for number in ("A1", "A2", "A3"):
        place(shop, number)
    before = [vars(shop.line(n)) for n in ("A1", "A2", "A3")]
    send(shop, "A2", "A1", "A3")
    assert undo(shop, "A2") == ["A1", "A3"]
    assert [vars(shop.line(n)) for n in ("A1", "A2", "A3")] == before
    assert parcels(shop, "A1", "A2", "A3") == [("voided", CJ.number)] * 3
    assert audit_is_quiet()


def test_undo_from_the_one_that_went_along_takes_back_all_too(shop):
    place(shop, "A1")
    place(shop, "A2")
    send(shop, "A1", "A2")
    assert undo(shop, "A2") == ["A1"]
    assert parcels(shop, "A1", "A2") == [("voided", CJ.number)] * 2


def test_undo_is_all_or_none(shop):
    place(shop, "A1")
    place(shop, "A2")
    send(shop, "A1", "A2")
    shop.do(shipments.scan, "A2", shop.parcels("A2")[0].id)
    with pytest.raises(Refused, match="A2 lies in the same parcel and has moved on"):
        undo(shop, "A1")
    assert parcels(shop, "A1", "A2") == [("shipped", CJ.number), ("in_transit", CJ.number)]


def test_what_was_taken_apart_by_itself_is_left_alone(shop):
    place(shop, "A1")
    place(shop, "A2")
    send(shop, "A1", "A2", hand_over=False)
    shop.do(shipments.unpack, "A2", shop.parcels("A2")[0].id)
    assert undo(shop, "A1") == []
    assert parcels(shop, "A1", "A2") == [("voided", CJ.number)] * 2


def test_undo_of_a_parcel_of_its_own_touches_no_neighbour(shop):
    place(shop, "A1")
    place(shop, "A2")
    send(shop, "A2", label=shipments.Label("cj", "585562040256"))
    send(shop, "A1")
    assert undo(shop, "A1") == []
    assert parcels(shop, "A2") == [("shipped", "585562040256")]


def test_two_tablets_that_send_each_others_order_do_not_block(shop):
    """One parcel leaves, whichever tablet was faster; neither waits for the other for ever."""
    place(shop, "A1")
    place(shop, "A2")
    versions = {number: shop.order(number).version for number in ("A1", "A2")}
    start, refused = Barrier(2), []

    def press(pair):
        code, other = pair
        with shop.app.app_context():
            pieces = {line.id: 3 for line in shop.lines(code)}
            start.wait()
            try:
                with history.act(PACKER, "ship") as act:
                    same_door.send(act, code, versions[code], pieces, CJ, {other: versions[other]}, hand_over=True)
            except Refused as no:
                refused.append(no)

    with ThreadPoolExecutor(2) as tablets:
        list(tablets.map(press, [("A1", "A2"), ("A2", "A1")]))
    assert len(refused) == 1
    assert parcels(shop, "A1", "A2") == [("shipped", CJ.number)] * 2


def audit_is_quiet():
    return not [name for name, found in audit().items() if found["violations"]]
