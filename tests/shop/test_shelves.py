"""What the book of a shelf says: every move in it, what waits for it, and what somebody counted."""

from types import SimpleNamespace

import pytest
import time_machine
from bare_shop import MONDAY, PACKER
from sqlalchemy.exc import DatabaseError
from wishes import NUMBERS, counted, on_hand, pieces, send, sound, stocked

from sellerweb.shop import audit, cancels, history, intake, relocating, returns, shipments, stock
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.refused import Refused


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def line(quantity: int = 3, state: str = "new", sku: str = "N-1") -> LineIn:
    return LineIn(sku, "노트", quantity, state, sku=sku, total=9000)


def shelf(shop, location: int = 1) -> SimpleNamespace:
    return shop.rows("SELECT * FROM stock WHERE location_id = :at", at=location)[0]


def book(shop) -> list[tuple[str, int, int]]:
    return [(row.kind, row.quantity, row.after) for row in shop.rows("SELECT * FROM stock_move ORDER BY id")]


@pytest.mark.both
def test_every_move_of_a_piece_is_a_line_in_the_book(shop):
    stocked(shop, 10)
    shop.place("A1", line())
    parcel = send(shop)
    shop.do(shipments.unship, "A1", parcel)
    shop.do(shipments.unpack, "A1", parcel)
    shop.do(cancels.cancel, "A1", pieces(shop, 1), "sold_out", restock=False)
    shop.do(shipments.send, "A1", pieces(shop, 2), next(NUMBERS), hand_over=True)
    claim = shop.do(returns.request, "A1", "return", pieces(shop, 2), "mind")
    shop.do(returns.accept, "A1", claim)
    shop.do(returns.receive, "A1", claim, pieces(shop, 2))
    shop.do(returns.inspect, "A1", claim, {shop.line().id: returns.Found(resellable=1, damaged=1)})
    assert book(shop) == [
        ("count", 10, 10), ("ship", -3, 7), ("unship", 3, 10), ("cancel", -1, 9), ("ship", -2, 7), ("inspect", 1, 8),
    ]  # fmt: skip
    sound()


def test_what_paid_orders_wait_for_is_reserved_until_it_leaves(shop):
    stocked(shop, 10)
    shop.place("A1", line(state="unpaid"))
    assert shelf(shop).reserved == 0  # it may never be paid
    shop.tell("A1", line())
    shop.place("A2", line(4))
    assert shelf(shop).reserved == 7
    shop.do(shipments.pack, "A1", pieces(shop, 2))
    assert shelf(shop).reserved == 7  # packed is still here
    shop.do(cancels.cancel, "A1", pieces(shop, 1), "late")
    shop.do(shipments.send, "A2", {shop.line("A2").id: 4}, next(NUMBERS), hand_over=True)
    assert (shelf(shop).reserved, shelf(shop).on_hand) == (2, 6)
    sound()


def test_a_test_order_neither_waits_nor_takes(shop):
    stocked(shop, 10)
    with history.act(history.CHANNEL, "import") as act:
        intake.place(act, "manual", OrderIn("T1", "KRW", [line()], ordered_at=MONDAY), is_test=True)
    assert shelf(shop).reserved == 0
    shop.do(shipments.send, "T1", {shop.line("T1").id: 3}, next(NUMBERS), hand_over=True)
    assert on_hand(shop) == 10


def test_what_the_channel_sent_itself_leaves_the_shelf_where_it_waited_here(shop):
    stocked(shop, 10)
    shop.place("A1", line())
    shop.place("A2", line(state="delivered"))  # it had left before anybody counted
    assert on_hand(shop) == 10
    shop.tell("A1", line(state="shipped"))
    assert book(shop)[1:] == [("elsewhere", -3, 7)]
    sound()


def test_more_than_was_counted_was_there_after_all(shop):
    stocked(shop, 1)
    shop.place("A1", line())
    parcel = send(shop)
    assert book(shop) == [("count", 1, 1), ("found", 2, 3), ("ship", -3, 0)]
    shop.do(shipments.unship, "A1", parcel)
    assert on_hand(shop) == 3
    sound()


def test_an_import_makes_the_product_once_and_a_person_at_the_desk_does_not(shop):
    shop.place("A1", line(), LineIn("2", "노트", 1, "new", sku="N-1"), LineIn("3", "이름만", 1, "new"))
    shop.place("A2", line(sku="N-2"))
    assert [row.sku for row in shop.rows("SELECT sku FROM product ORDER BY id")] == ["N-1", "N-2"]
    assert shop.lines("A1")[1].product_id == shop.lines("A1")[0].product_id
    assert shop.lines("A1")[2].product_id is None
    with history.act(PACKER, "new_order") as act:
        intake.place(act, "manual", OrderIn("M1", "KRW", [line(sku="TYPO")], ordered_at=MONDAY))
    assert len(shop.rows("SELECT sku FROM product")) == 2


@pytest.mark.both
def test_the_first_count_finds_what_waits_already(shop):
    shop.place("A1", line())
    shop.sql("INSERT INTO location (id, name) VALUES (1, 'A'), (2, 'B')", "UPDATE order_line SET location_id = 2")
    shop.place("A2", line(4))
    counted(shop, 5)
    assert [(row.on_hand, row.reserved) for row in shop.rows("SELECT * FROM stock ORDER BY location_id")] == [
        (5, 4),
        (0, 3),
    ]
    sound()


def test_a_count_says_what_stands_there_where_pieces_moved_meanwhile(shop):
    stocked(shop, 10)
    drawn = shelf(shop).version
    shop.place("A1", line())
    send(shop)
    with pytest.raises(stock.Changed) as no, history.act(PACKER, "count") as act:
        stock.count(act, 1, 1, 9, "stocktake", drawn=drawn)
    assert no.value.on_hand == on_hand(shop) == 7
    with history.act(PACKER, "count") as act:
        stock.count(act, 1, 1, 9, "damaged", "모서리", drawn=shelf(shop).version)
    assert book(shop)[-1] == ("count", 2, 9)


def test_carried_pieces_are_in_one_place_or_the_other(shop):
    stocked(shop, 10)
    shop.sql("INSERT INTO location (id, name) VALUES (2, 'B')")
    with history.act(PACKER, "carry") as act:
        stock.carry(act, 1, 1, 2, 4)
    assert (shelf(shop).on_hand, shelf(shop, 2).on_hand) == (6, 4)
    with pytest.raises(Refused, match="6"), history.act(PACKER, "carry") as act:
        stock.carry(act, 1, 1, 2, 7)
    sound()


@pytest.mark.both
def test_what_lies_in_a_parcel_stays_where_the_rest_of_the_line_comes_from_another_place(shop):
    stocked(shop, 10)
    shop.sql("INSERT INTO location (id, name) VALUES (2, 'B')")
    counted(shop, 4, location=2)
    shop.place("A1", line())
    parcel = shop.do(shipments.send, "A1", pieces(shop, 2), next(NUMBERS), hand_over=False)
    with pytest.raises(Refused, match="there already"):
        shop.do(relocating.relocate, "A1", {shop.line().id: 1})  # its home, though the line does not say so
    assert shop.do(relocating.relocate, "A1", {shop.line().id: 2}) == 2
    assert [(row.on_hand, row.reserved) for row in (shelf(shop), shelf(shop, 2))] == [(8, 0), (6, 3)]
    shop.do(shipments.ship, "A1", parcel)
    shop.do(shipments.send, "A1", pieces(shop, 1), next(NUMBERS), hand_over=True)
    assert (on_hand(shop), shelf(shop, 2).on_hand) == (8, 3)  # two were taken here, one there
    sound()


@pytest.mark.both
def test_nobody_rewrites_the_book_and_the_audit_sees_who_goes_round_it(shop):
    stocked(shop, 10)
    shop.place("A1", line())
    for statement in ("UPDATE stock_move SET quantity = 9", "DELETE FROM stock_move"):
        with pytest.raises(DatabaseError, match="insert-only"):
            shop.sql(statement)
    shop.sql("UPDATE stock SET on_hand = 9, reserved = 2")
    report = audit.audit()
    assert report["S1"]["first"]["what"] == "9 on hand, but the moves are 10"
    assert report["S2"]["first"]["what"] == "2 reserved, but 3 pieces wait"
