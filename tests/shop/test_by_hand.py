"""An order that the shop takes itself: its number between several tablets, and the products it may name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from bare_shop import PACKER

from sellerweb.shop import by_hand, history
from sellerweb.shop.db import forget, read
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.refused import Refused

pytestmark = pytest.mark.both
DAY = date(2026, 11, 23)


def told(number):
    return OrderIn(number, "KRW", [LineIn("1", "노트", 1, "new", total=1000)], receiver_name="김서준")


def place(number, action="", **more):
    with history.act(PACKER, "place", action, [number]) as act:
        return by_hand.place(act, told(number), DAY, **more).order.order_no


def next_number():
    forget()
    return by_hand.next_number(read(), DAY)


def test_the_next_number_is_the_first_that_is_free(shop):
    for n in range(1, 53):
        assert next_number() == f"M20261123-{n:02}"
        place(next_number())
    place("M20261123-99")
    assert next_number() == "M20261123-53"


def test_numbers_of_other_channels_are_theirs(shop):
    shop.place("M20261123-01", channel="shopify")
    assert next_number() == "M20261123-01"


def test_several_tablets_at_one_moment_get_a_number_each(shop):
    """All were shown the same number."""
    number, start = next_number(), Barrier(4)

    def press(_tablet):
        with shop.app.app_context():
            start.wait()
            return place(number, proposed=number)

    with ThreadPoolExecutor(4) as tablets:
        got = sorted(tablets.map(press, range(4)))
    assert got == [f"M20261123-{n:02}" for n in range(1, 5)]


def test_one_number_typed_twice_at_one_moment_is_one_order(shop):
    start, refused = Barrier(4), []

    def press(_tablet):
        with shop.app.app_context():
            start.wait()
            try:
                place("B-1")
            except Refused as no:
                refused.append(no.field)

    with ThreadPoolExecutor(4) as tablets:
        list(tablets.map(press, range(4)))
    assert refused == ["order_no"] * 3
    assert len(shop.rows("SELECT * FROM orders")) == 1


def test_an_action_remembers_what_it_placed(shop):
    place("B-1", "tap")
    with pytest.raises(history.Repeated):
        place("B-1", "tap")
    forget()
    assert by_hand.made_by(read(), "tap") == "B-1"
    assert by_hand.made_by(read(), "another") is None


def test_products_are_found_in_any_case_and_signs_mean_themselves(shop):
    shop.sql(
        "INSERT INTO product (sku, name, option, barcode, shelf, carrier) VALUES"
        " ('Note_1', 'Kraft', '', '', '', ''), ('note-2', 'Plain', '', '', '', ''), ('X', '노트 100_5', '', '', '', '')"
    )

    def found(words):
        return [row.sku for row in by_hand.products(read(), words)]

    assert found("NOTE") == ["Note_1", "note-2"]
    assert found("kra") == ["Note_1"]
    assert found("e_1") == ["Note_1"]
    assert found("%") == []
    assert found("0_5") == ["X"]
    assert found("") == []
    assert by_hand.by_sku(read(), "note-2").name == "Plain"
    assert by_hand.by_sku(read(), "NOTE-2") is None
