"""Who comes second hears what has happened to these very pieces, whatever becomes of the rest of the order."""

import pytest
from bare_shop import PACKER, Shop

from sellerweb.shop import cancels, history, orders, shipments
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused

LABEL = shipments.Label("epost", "6000000000000")


@pytest.fixture
def two(shop: Shop) -> Shop:
    """An order of two lines, so that it stays open whatever becomes of the first."""
    shop.place("A1", LineIn("1", "노트", 1, "new", total=9000), LineIn("2", "펜", 3, "new", total=3000))
    return shop


def refused(shop: Shop, verb, *args) -> Refused:
    with pytest.raises(Refused) as no:
        shop.do(verb, "A1", *args)
    return no.value


def piece(shop: Shop) -> dict[int, int]:
    return {shop.line("A1").id: 1}


def test_packing_a_piece_that_was_cancelled(two):
    two.do(cancels.cancel, "A1", piece(two), "wish")
    no = refused(two, shipments.pack, piece(two))
    assert "This was cancelled. Do not send it" in str(no)
    assert no.field == ""  # not a number that was typed wrongly: the fresh row comes back


def test_packing_a_piece_that_is_in_another_parcel(two):
    two.do(shipments.pack, "A1", piece(two))
    no = refused(two, shipments.pack, piece(two))
    assert "in a parcel already" in str(no)
    assert no.field == ""


def test_packing_more_than_were_ordered_is_about_the_number_that_was_typed(two):
    assert refused(two, shipments.pack, dict.fromkeys(piece(two), 2)).field == "quantity"


def test_cancelling_a_piece_that_is_cancelled(two):
    two.do(cancels.cancel, "A1", piece(two), "wish")
    assert "cancelled already" in str(refused(two, cancels.cancel, piece(two), "sold_out"))


def test_cancelling_what_is_here_of_an_order_of_which_something_else_has_left(two):
    two.do(shipments.send, "A1", {two.lines("A1")[1].id: 1}, LABEL, hand_over=True)
    two.do(cancels.cancel, "A1", piece(two), "wish")
    no = refused(two, cancels.cancel, piece(two), "sold_out")
    assert "cancelled already" in str(no)
    assert "has left" not in str(no)


@pytest.mark.parametrize(
    ("undo", "late", "said"),
    [
        (lambda shop: _cancel_all(shop), orders.confirm, "This order was cancelled"),
        (lambda shop: shop.do(shipments.unpack, "A1", 1), lambda case: shipments.ship(case, 1), "Do not hand it over"),
        (lambda shop: shop.do(shipments.ship, "A1", 1), lambda case: shipments.unpack(case, 1), "It has left already"),
    ],
)
def test_a_move_that_comes_too_late_hears_the_state_that_was_faster(two, undo, late, said):
    two.do(shipments.send, "A1", piece(two), LABEL, hand_over=False)
    undo(two)
    with pytest.raises(Refused, match=said), history.act(PACKER, "late") as act:
        late(act.order("A1"))


def _cancel_all(shop: Shop) -> None:
    shop.do(cancels.cancel, "A1", {line.id: line.ordered for line in shop.lines("A1")}, "wish")
