"""Where a channel's file and the desk disagree: rows with two sides, answered once, closed by a file that agrees again."""

import pytest
import time_machine
from bare_shop import MONDAY, Shop

from sellerweb.shop import conflicts, history, orders, shipments
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused

CJ = shipments.Label("cj", "632976615493")
BUSAN = {"address": "부산광역시 해운대구 2", "postcode": "48058"}
BOB = history.Actor("staff", None, "manager")
pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def line(state: str = "new", quantity: int = 2) -> LineIn:
    return LineIn("1", "노트", quantity, state)


def packed(shop: Shop, *, hand_over: bool = False) -> int:
    shop.place("A1", line(), channel="smartstore", address="서울특별시 강남구 1", postcode="06236")
    return shop.do(shipments.send, "A1", {shop.line("A1").id: 2}, CJ, hand_over=hand_over)


def tell(shop: Shop, said: LineIn, **more) -> list[str]:
    return shop.tell(
        "A1", said, channel="smartstore", **{"address": "서울특별시 강남구 1", "postcode": "06236", **more}
    )[1]


def open_() -> list[tuple[str, str, str]]:
    with reader().connect() as conn:
        return [(row.code, row.ours, row.theirs) for row in conflicts.listed(conn)]


def answer(shop: Shop, verb, conflict: int = 1, version: int | None = None) -> None:
    with history.act(BOB, verb.__name__) as act:
        verb(act, conflict, shop.order("A1").version if version is None else version)


def test_a_file_that_says_it_twice_makes_one_row_and_one_that_agrees_closes_it(shop):
    packed(shop)
    for _ in range(2):
        assert tell(shop, line(), **BUSAN) == ["address_after_label"]
    assert open_() == [("address_after_label", "06236 서울 강남구", "48058 부산 해운대구")]
    assert tell(shop, line()) == []
    assert open_() == []
    tell(shop, line(), **BUSAN)
    assert len(open_()) == 1


def test_theirs_is_taken_by_the_ordinary_verbs(shop):
    packed(shop)
    tell(shop, line(), **BUSAN)
    answer(shop, conflicts.take)
    assert shop.order("A1").address == BUSAN["address"]
    (parcel,) = shop.parcels("A1")
    assert (parcel.state, parcel.stopped_at is not None) == ("voided", True)
    assert open_() == []
    assert is_clean(audit())


def test_what_was_kept_stays_quiet_until_the_channel_says_another_thing(shop):
    packed(shop)
    tell(shop, line(), **BUSAN)
    answer(shop, conflicts.keep)
    tell(shop, line(), **BUSAN)
    assert open_() == []
    assert shop.order("A1").address == "서울특별시 강남구 1"
    tell(shop, line(), address="대구광역시 중구 3", postcode="41900")
    assert len(open_()) == 1


def test_a_cancel_after_the_parcel_left_is_a_row_and_unships_nothing(shop):
    packed(shop, hand_over=True)
    tell(shop, line("cancelled"))
    assert open_() == [("cancelled_after_ship", "2", "0")]
    assert (shop.line("A1").shipped, shop.line("A1").cancelled) == (2, 0)
    with pytest.raises(Refused, match="on the order itself"):
        answer(shop, conflicts.take)


def test_another_quantity_is_a_row_and_changes_nothing(shop):
    packed(shop)
    tell(shop, line(quantity=3))
    assert open_() == [("quantity_changed", "2", "3")]
    assert shop.line("A1").ordered == 2


def test_an_answer_from_an_old_page_or_a_second_one_changes_nothing(shop):
    packed(shop)
    tell(shop, line(), **BUSAN)
    with pytest.raises(Refused, match="has changed"):
        answer(shop, conflicts.keep, version=1)
    assert len(open_()) == 1
    answer(shop, conflicts.keep)
    with pytest.raises(Refused, match="settled"):
        answer(shop, conflicts.take)


def test_an_address_that_was_changed_here_stays_until_somebody_chooses(shop):
    shop.place("A1", line(), channel="smartstore", address="서울특별시 강남구 1", postcode="06236")
    shop.do(orders.readdress, "A1", BUSAN)
    assert tell(shop, line()) == ["address_again"]
    assert shop.order("A1").address == BUSAN["address"]
    assert open_() == [("address_again", "48058 부산 해운대구", "06236 서울 강남구")]
    answer(shop, conflicts.keep)
    tell(shop, line())
    assert (open_(), shop.order("A1").address) == ([], BUSAN["address"])
    assert is_clean(audit())


def test_an_older_file_does_not_bring_an_older_address_back(shop):
    shop.place("A1", line(), channel="smartstore", address="서울특별시 강남구 1", postcode="06236")
    assert tell(shop, line(), **BUSAN) == []
    assert tell(shop, line()) == ["address_again"]
    assert shop.order("A1").address == BUSAN["address"]
    answer(shop, conflicts.take)
    assert shop.order("A1").address == "서울특별시 강남구 1"
    assert tell(shop, line()) == []


def test_an_address_that_was_masked_is_filled_in_however_often_it_changed(shop):
    shop.place(
        "A1", line(), channel="smartstore", receiver_name="김*지", address="서울특별시 강남구 1", postcode="06236"
    )
    shop.do(orders.readdress, "A1", BUSAN)
    assert tell(shop, line(), receiver_name="김민지", **BUSAN) == []
    assert shop.order("A1").receiver_name == "김민지"


def test_an_address_that_was_kept_stays_when_the_label_comes_off(shop):
    parcel = packed(shop)
    tell(shop, line(), **BUSAN)
    answer(shop, conflicts.keep)
    shop.do(shipments.unpack, "A1", parcel)
    assert tell(shop, line(), **BUSAN) == ["address_again"]
    assert shop.order("A1").address == "서울특별시 강남구 1"
