"""Where a channel's file and the desk disagree: rows with two sides, answered once, closed by a file that agrees again."""

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from wishes import stocked

from sellerweb.channels import WRITERS
from sellerweb.shop import batches, conflicts, history, mine, orders, returns, shipments, telling, verdicts
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused
from sellerweb.shop.returns import Found

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
    answer(shop, verdicts.take)
    assert shop.order("A1").address == BUSAN["address"]
    (parcel,) = shop.parcels("A1")
    assert (parcel.state, parcel.stopped_at is not None) == ("voided", True)
    assert open_() == []
    assert is_clean(audit())


def test_what_was_kept_stays_quiet_until_the_channel_says_another_thing(shop):
    packed(shop)
    tell(shop, line(), **BUSAN)
    answer(shop, verdicts.keep)
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
        answer(shop, verdicts.take)


def test_another_quantity_is_a_row_and_changes_nothing(shop):
    packed(shop)
    tell(shop, line(quantity=3))
    assert open_() == [("quantity_changed", "2", "3")]
    assert shop.line("A1").ordered == 2


def test_an_answer_from_an_old_page_or_a_second_one_changes_nothing(shop):
    packed(shop)
    tell(shop, line(), **BUSAN)
    with pytest.raises(Refused, match="has changed"):
        answer(shop, verdicts.keep, version=1)
    assert len(open_()) == 1
    answer(shop, verdicts.keep)
    with pytest.raises(Refused, match="settled"):
        answer(shop, verdicts.take)


def test_an_address_that_was_changed_here_stays_until_somebody_chooses(shop):
    shop.place("A1", line(), channel="smartstore", address="서울특별시 강남구 1", postcode="06236")
    shop.do(orders.readdress, "A1", BUSAN)
    assert tell(shop, line()) == ["address_again"]
    assert shop.order("A1").address == BUSAN["address"]
    assert open_() == [("address_again", "48058 부산 해운대구", "06236 서울 강남구")]
    answer(shop, verdicts.keep)
    tell(shop, line())
    assert (open_(), shop.order("A1").address) == ([], BUSAN["address"])
    assert is_clean(audit())


def test_an_older_file_does_not_bring_an_older_address_back(shop):
    shop.place("A1", line(), channel="smartstore", address="서울특별시 강남구 1", postcode="06236")
    assert tell(shop, line(), **BUSAN) == []
    assert tell(shop, line()) == ["address_again"]
    assert shop.order("A1").address == BUSAN["address"]
    answer(shop, verdicts.take)
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
    answer(shop, verdicts.keep)
    shop.do(shipments.unpack, "A1", parcel)
    assert tell(shop, line(), **BUSAN) == ["address_again"]
    assert shop.order("A1").address == "서울특별시 강남구 1"


def told_of(shop: Shop, label=CJ, **more) -> int:
    """A parcel of both pieces that SmartStore has been told of, its letter still waiting."""
    shop.place("A1", line(), channel="smartstore", address="서울특별시 강남구 1", postcode="06236", **more)
    parcel = shop.do(shipments.send, "A1", {shop.line("A1").id: 2}, label, hand_over=True)
    with history.act(BOB, "tell") as act:
        batches.by_hand(act, "smartstore", "dispatch", [shop.order("A1").id])
    assert shop.parcels("A1")[0].channel_told_at
    return parcel


def sent(number: str, carrier: str = "cj", **more) -> LineIn:
    return LineIn("1", "노트", 2, "shipping", carrier=carrier, tracking_number=number, **more)


def states_of(shop: Shop) -> list[str]:
    return [row.state for row in shop.rows("SELECT state FROM conflict ORDER BY id")]


def untold() -> list[tuple[str, str, str]]:
    with reader().connect() as conn:
        return [(t.item.number, t.word, t.why) for t in telling.things(conn, "smartstore", "dispatch")]


OTHER = "640310000001"


def test_another_number_than_we_told_is_a_row_and_changes_nothing(shop):
    told_of(shop)
    assert tell(shop, sent(OTHER)) == ["other_number"]
    assert open_() == [("other_number", "632976615493 cj", f"{OTHER} cj")]
    assert (shop.parcels("A1")[0].number, len(shop.parcels("A1"))) == ("632976615493", 1)
    tell(shop, sent(OTHER))
    tell(shop, sent(""))  # a layout without the column says nothing of it
    assert states_of(shop) == ["open"]
    assert tell(shop, sent("632976615493")) == []
    assert states_of(shop) == ["agreed"]
    assert is_clean(audit())


def test_another_carrier_is_a_row_but_the_same_number_in_other_signs_is_none(shop):
    told_of(shop)
    assert tell(shop, sent("６３２９-7661-5493")) == []
    assert tell(shop, sent("6329 7661 5493", carrier="대한통운")) == []
    assert tell(shop, sent("632976615493", carrier="lotte")) == ["other_number"]


def test_a_number_of_a_parcel_that_the_channel_was_never_told_of_is_no_row(shop):
    packed(shop, hand_over=True)
    assert tell(shop, sent(OTHER)) == []
    assert untold() == [("632976615493", "", "")]


def two_parcels(shop: Shop) -> None:
    """Qoo10 has been told of the first one's number, for both of its items."""
    shop.place("Q1", line(), LineIn("2", "펜", 1, "new"), channel="qoo10", currency="JPY")
    first, second = (row.id for row in shop.lines("Q1"))
    shop.do(shipments.send, "Q1", {first: 2}, CJ, hand_over=True)
    shop.do(shipments.send, "Q1", {second: 1}, shipments.Label("epost", "6403100000017"), hand_over=True)
    with history.act(BOB, "export") as act:
        batch = batches.make(act, "qoo10", "dispatch", WRITERS["qoo10", "dispatch"])
        batches.settle(act, batch, batches.newest(act.tx, batch), "told")


def qoo10_says(shop: Shop, number: str) -> list[str]:
    pen = LineIn("2", "펜", 1, "shipping", carrier="cj", tracking_number=number)
    return shop.tell("Q1", sent(number), pen, channel="qoo10")[1]


def test_one_number_of_several_parcels_is_no_disagreement_and_another_one_is_one_row(shop):
    two_parcels(shop)
    assert qoo10_says(shop, CJ.number) == []
    assert qoo10_says(shop, OTHER) == ["other_number"]
    with history.act(BOB, "keep") as act:
        verdicts.keep(act, 1, shop.order("Q1").version)
    with reader().connect() as conn:
        assert [t.item.number for t in telling.things(conn, "qoo10", "dispatch")] == [CJ.number] * 2
    assert qoo10_says(shop, OTHER) == []  # answered already
    assert is_clean(audit())


def test_our_number_is_kept_and_told_to_the_channel_again(shop):
    told_of(shop)
    tell(shop, sent(OTHER))
    answer(shop, verdicts.keep)
    ((number, word, why),) = untold()
    assert (number, word, OTHER in why) == ("632976615493", "failed", True)
    tell(shop, sent(OTHER))
    assert states_of(shop) == ["kept"]
    assert tell(shop, sent("632976615493")) == []
    assert untold() == []
    assert is_clean(audit())


def test_their_number_is_a_correction_with_its_letter_and_nothing_left_to_tell(shop):
    told_of(shop, buyer_email="minji@example.com")
    shop.sql("UPDATE notice SET state = 'sent', sent_at = created_at")
    tell(shop, sent("6403100000017", "epost"))
    answer(shop, verdicts.take)
    parcel = shop.parcels("A1")[0]
    assert (parcel.carrier, parcel.number) == ("epost", "6403100000017")
    assert shop.notices("A1")[-1] == ("shipment_correct", "waiting")
    assert (untold(), states_of(shop)) == ([], ["taken"])
    assert tell(shop, sent("6403100000017", "epost")) == []
    assert is_clean(audit())


def test_a_number_that_cannot_be_the_carriers_is_not_taken(shop):
    told_of(shop)
    tell(shop, sent("632976615494"))
    with pytest.raises(Refused, match="cannot be taken: The last digit"):
        answer(shop, verdicts.take)
    assert (shop.parcels("A1")[0].number, states_of(shop)) == ("632976615493", ["open"])


def test_another_parcel_of_the_channel_is_both_right_and_quiet(shop):
    told_of(shop)
    tell(shop, sent(OTHER))
    answer(shop, verdicts.apart)
    tell(shop, sent(OTHER))
    assert (states_of(shop), untold()) == (["apart"], [])
    assert is_clean(audit())


def test_the_number_of_the_channels_own_parcel_is_filled_in(shop):
    shop.place("A1", line(), channel="smartstore")
    tell(shop, sent("", carrier=""))
    assert shop.parcels("A1")[0].number == ""
    assert tell(shop, sent("632976615493")) == []
    assert (shop.parcels("A1")[0].carrier, shop.parcels("A1")[0].number) == ("cj", "632976615493")
    assert is_clean(audit())


def test_the_history_tells_who_disagreed_and_how_it_ended(shop):
    packed(shop)
    tell(shop, line(), **BUSAN)
    tell(shop, line(), address="대구광역시 중구 3", postcode="41900")
    answer(shop, verdicts.keep, 2)
    told = [
        (e.verb, e.actor, sorted(facts["state"][1] for facts in e.changes["conflicts"].values()))
        for e in shop._of("event", "A1", "seq")
        if "conflicts" in e.changes
    ]
    assert told == [
        ("disagree", "channel", ["open"]),
        ("disagree", "channel", ["open", "over"]),
        ("keep", "staff", ["kept"]),
    ]
    assert "부산" not in str([e.changes for e in shop._of("event", "A1", "seq")])
    assert is_clean(audit())


def test_a_file_of_other_lines_ends_no_disagreement(shop):
    shop.place("A1", line(), LineIn("2", "펜", 1, "new"), channel="smartstore", address="서울특별시 강남구 1")
    assert tell(shop, line(quantity=3)) == ["quantity_changed"]
    tell(shop, LineIn("2", "펜", 1, "new"), address="", postcode="")
    assert states_of(shop) == ["open"]


def test_an_address_of_what_has_left_is_asked_about_no_more(shop):
    packed(shop)
    tell(shop, line(), **BUSAN)
    tell(shop, line("shipping"), address="대구광역시 중구 3", postcode="41900")
    shop.do(shipments.ship, "A1", shop.parcels("A1")[0].id)
    tell(shop, line("shipping"), **BUSAN)
    assert states_of(shop) == ["over", "over"]


def test_an_address_in_the_file_that_says_it_has_left_is_nobodys_question(shop):
    shop.place("A1", line(), channel="smartstore", address="서울특별시 강남구 1", postcode="06236")
    shop.do(orders.readdress, "A1", BUSAN)
    assert tell(shop, line("shipping")) == []
    assert states_of(shop) == []


def test_two_lines_that_we_have_not_are_two_rows_each_once(shop):
    packed(shop, hand_over=True)
    more = [LineIn("2", "펜", 1, "shipping"), LineIn("3", "컵", 1, "shipping")]
    for _ in range(2):
        shop.tell("A1", sent(CJ.number), *more, channel="smartstore")
    assert [theirs for _code, _ours, theirs in open_()] == ["펜 × 1", "컵 × 1"]


@pytest.mark.parametrize(("wish", "older"), [("cancel_requested", "new"), ("unknown", "confirmed")])
def test_a_wish_still_stops_after_an_older_file_until_somebody_says_that_it_was_withdrawn(shop, wish, older):
    shop.place("A1", line(wish), channel="smartstore", address="서울특별시 강남구 1")
    assert tell(shop, line(older)) == ["wish_withdrawn"]
    assert shop.order("A1").channel_block == wish
    with pytest.raises(Refused):
        packed_again(shop)
    answer(shop, verdicts.keep)
    assert shop.order("A1").channel_block == wish
    tell(shop, line(older))  # an answer of yesterday says nothing of today
    answer(shop, verdicts.take, 2)
    assert (shop.order("A1").channel_block, shop.line("A1").channel_state) == ("", older)
    packed_again(shop)
    assert is_clean(audit())


def packed_again(shop: Shop) -> None:
    shop.do(shipments.pack, "A1", {shop.line("A1").id: 1})


def test_a_wish_that_the_channel_has_settled_is_followed(shop):
    shop.place("A1", line("cancel_requested"), channel="smartstore", address="서울특별시 강남구 1")
    tell(shop, line("new"))
    assert tell(shop, line("cancel_requested")) == []
    assert states_of(shop) == ["agreed"]
    assert tell(shop, line("cancelled")) == []
    assert shop.order("A1").stage == "cancelled"


def test_a_cancel_that_came_too_late_is_a_row_until_the_channel_knows_of_the_parcel(shop):
    packed(shop, hand_over=True)
    assert tell(shop, line("cancel_requested")) == ["asked_after_ship"]
    tell(shop, sent(CJ.number))
    assert tell(shop, line("cancel_requested")) == []


def test_an_older_word_ends_no_cancel_of_what_has_left(shop):
    packed(shop, hand_over=True)
    tell(shop, line("cancelled"))
    for older in ("new", "shipping"):
        assert tell(shop, line(older)) == ["cancelled_after_ship"]
    assert (states_of(shop), shop.line("A1").channel_state) == (["open"], "cancelled")


def test_an_earlier_day_is_asked_about_and_a_file_of_other_lines_moves_none(shop):
    day, week = MONDAY.replace(day=18), MONDAY.replace(day=25)
    shop.place("A1", line(), LineIn("2", "펜", 1, "new"), channel="smartstore", ship_due_at=day)
    shop.tell("A1", LineIn("2", "펜", 1, "new"), channel="smartstore", ship_due_at=week)
    assert shop.order("A1").ship_due_at == day
    shop.tell("A1", line(), LineIn("2", "펜", 1, "new"), channel="smartstore", ship_due_at=week)
    assert shop.order("A1").ship_due_at == week
    assert tell(shop, line(), ship_due_at=day) == ["due_earlier"]
    assert shop.order("A1").ship_due_at == week
    answer(shop, verdicts.take)
    assert shop.order("A1").ship_due_at == day
    assert is_clean(audit())


def test_what_the_channel_counts_as_returned_waits_to_be_looked_at_and_fills_no_shelf(shop):
    stocked(shop, 10)
    shop.place("A1", LineIn("1", "노트", 3, "new", sku="N-1"), channel="smartstore")
    shop.do(shipments.send, "A1", {shop.line("A1").id: 3}, CJ, hand_over=True)
    for _ in range(2):
        shop.tell("A1", LineIn("1", "노트", 3, "returned"), channel="smartstore")
    assert (shop.line("A1").returned, on_hand(shop)) == (3, 7)
    (claim,) = shop._of("claim", "A1", "id")
    assert (claim.kind, claim.state, claim.asked_by, shop.order("A1").claim_flag) == (
        "return",
        "received",
        "channel",
        "return_asked",
    )
    shop.do(returns.inspect, "A1", claim.id, {shop.line("A1").id: Found(resellable=1, damaged=1, missing=1)})
    with reader().connect() as conn:
        assert mine.of(conn, shop.order("A1").id, MONDAY).claims == []  # the channel has told the customer
    (claim,) = shop._of("claim", "A1", "id")
    assert (claim.state, on_hand(shop), shop._of("refund", "A1", "id")) == ("done", 8, [])
    assert shop.notices("A1")[1:] == []  # the channel has told the customer
    assert is_clean(audit())


def test_what_came_in_as_returned_is_nobodys_work(shop):
    shop.place("A1", LineIn("1", "노트", 3, "returned"), channel="smartstore")
    assert (shop.line("A1").returned, shop._of("claim", "A1", "id")) == (3, [])


def on_hand(shop: Shop) -> int:
    return shop.rows("SELECT on_hand FROM stock")[0].on_hand
