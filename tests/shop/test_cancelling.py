"""Who may cancel when: the button, the server and the sentence for every channel and column, and both sides of every edge."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from wishes import CUSTOMER, claim, lost, pieces, refusal, send, sound, would

from sellerweb.shop import astray, cancelling, cancels, history, orders, redeliveries, returns, shipments
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.policy import CHANNELS

SECOND = timedelta(seconds=1)
OURS = ("shopify", "manual")
NOW, REQUEST, RETURN = "now", "request", "return"

# Section 4, as it was agreed. A dash: marketplaces have no window that could close.
SAID = """
            unpaid  new  window_closed  preparing  delayed  packed_delayed  ready    ready_delayed  shipped
qoo10       now     now  -              request    now      now             request  now            return
smartstore  now     now  -              request    request  request         request  request        return
shopify     now     now  request        request    now      request         request  request        return
manual      now     now  request        request    now      request         request  request        return
"""
COLUMNS, *ROWS = (row.split() for row in SAID.strip().splitlines())
CELLS = {(channel, c): said for channel, *row in ROWS for c, said in zip(COLUMNS, row, strict=True) if said != "-"}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def door(shop: Shop, code: str = "A1") -> cancelling.Door:
    with history.act(CUSTOMER, "look") as act:
        return cancelling.of(act.order(code))


def bring(shop: Shop, clock, channel: str, column: str) -> str:
    """An order of three pieces of this channel, brought to this column by its verbs; its code."""
    clock.move_to(MONDAY)
    code = f"{channel}-{column}"
    shop.place(code, LineIn("1", "노트", 3, "unpaid" if column == "unpaid" else "new", total=9000), channel=channel)
    if column in ("preparing", "delayed"):
        if channel == "qoo10":  # it takes a day for it
            shop.do(orders.promise, code, MONDAY.date())
        shop.do(orders.confirm, code)
    if column == "packed_delayed":
        shop.do(shipments.pack, code, pieces(shop, 3, code))
    if column in ("ready", "ready_delayed", "shipped"):
        send(shop, code=code, hand_over=column == "shipped")
    if column == "window_closed":
        clock.move_to(shop.order(code).cancel_until)
    if column.endswith("delayed"):
        clock.move_to(shop.order(code).ship_due_at + SECOND)
    return code


def test_every_cell_of_the_table_is_the_one_agreed():
    assert tuple(COLUMNS) == cancelling.COLUMNS
    assert tuple(sorted(row[0] for row in ROWS)) == tuple(sorted(CHANNELS))
    assert {cell: cancelling.TABLE[cell[0]][cell[1]] for cell in CELLS} == CELLS
    assert {channel for channel in CHANNELS if cancelling.decides_here(channel)} == set(OURS)


@pytest.mark.both
@pytest.mark.parametrize("channel", CHANNELS)
def test_in_every_cell_the_button_the_server_and_the_sentence_say_the_same(shop, monday, channel):
    for column in (c for of, c in CELLS if of == channel):
        code, said = bring(shop, monday, channel, column), CELLS[channel, column]
        this, some = door(shop, code), pieces(shop, 3, code)
        assert (this.answer, this.why) == (said, column)
        assert (this.now, this.request, this.claim) == tuple(
            some if said == it else {} for it in (NOW, REQUEST, RETURN)
        )
        ours = channel in OURS
        assert would(shop, cancels.cancel, code, some, "wish", by=CUSTOMER) == (ours and said == NOW)
        asks = ours and said in (NOW, REQUEST) and column != "unpaid"  # what is not paid is cancelled, not asked about
        assert would(shop, cancels.request, code, some, "wish", by=CUSTOMER) == asks
        assert would(shop, returns.request, code, "return", some, "mind", by=CUSTOMER) == (ours and said == RETURN)
        # Staff may whatever has not left.
        assert would(shop, cancels.cancel, code, some, "sold_out") == (said != RETURN)
        for language in ("en", "ko", "ja"):
            with force_locale(language):
                _check(cancelling.sentence(this, lambda at: f"<{at:%d %H:%M}>"), this)


def _check(sentence: str, this: cancelling.Door) -> None:
    assert sentence
    assert "%" not in sentence
    assert "{" not in sentence
    assert "<>" not in sentence
    times = [at for at in (this.since, this.until) if at]
    assert all(f"<{at:%d %H:%M}>" in sentence for at in times)
    assert ("<" in sentence) == bool(times)


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_every_sentence_is_whole_with_and_without_its_times(context, language):
    times = (None, MONDAY)
    with force_locale(language):
        for why in (*cancelling.COLUMNS, "asked", "cancelled", "expired"):
            for since, until, now in ((s, u, n) for s in times for u in times for n in ({}, {1: 1})):
                this = cancelling.Door(now, {}, {}, why, since, until)
                text = cancelling.sentence(this, lambda at: f"<{at:%H:%M}>")
                assert text
                assert not any(sign in text for sign in "%{}"), text


def test_a_sentence_says_what_is_possible_and_not_the_opposite():
    def said(why: str, **now: object) -> str:
        return cancelling.sentence(cancelling.Door(now, {}, {}, why, MONDAY), str)

    with force_locale("en"):
        for late in ("delayed", "packed_delayed", "ready_delayed"):
            assert "at once" in said(late, x=1)
            assert "at once" not in said(late)
            assert "ask" in said(late)


@pytest.mark.both
def test_the_window_is_over_at_its_very_end(shop, monday):
    shop.place()
    end = shop.order().cancel_until
    assert end == MONDAY + timedelta(hours=1)
    for at, answer in ((end - SECOND, NOW), (end, REQUEST), (end + SECOND, REQUEST)):
        monday.move_to(at)
        this = door(shop)
        assert (this.answer, this.until, this.since) == ((NOW, end, None) if answer == NOW else (REQUEST, None, end))
        assert would(shop, cancels.cancel, "A1", pieces(shop, 3), "wish", by=CUSTOMER) == (answer == NOW)
        assert would(shop, cancels.request, "A1", pieces(shop, 3), "wish", by=CUSTOMER)
    no = refusal(shop, cancels.cancel, pieces(shop, 3), "wish", by=CUSTOMER)
    assert ("ask for it" in str(no), no.field) == (True, "")  # 409: somebody was faster, the clock


@pytest.mark.both
@pytest.mark.parametrize("column", ["delayed", "packed_delayed", "ready_delayed"])
def test_an_order_is_late_the_second_after_it_was_due(shop, monday, column):
    for channel in CHANNELS:
        code = bring(shop, monday, channel, column)
        due = shop.order(code).ship_due_at
        for at, answer in ((due - SECOND, REQUEST), (due, REQUEST), (due + SECOND, CELLS[channel, column])):
            monday.move_to(at)
            assert door(shop, code).answer == answer
            taken = would(shop, cancels.cancel, code, pieces(shop, 3, code), "wish", by=CUSTOMER)
            assert taken == (answer == NOW and channel in OURS)


def test_the_moment_counts_at_which_the_order_is_locked(shop, monday):
    """A form that waited for another one's lock is judged by the clock after the wait."""
    shop.place()
    end = shop.order().cancel_until
    monday.move_to(end - SECOND)

    def press_and_wait(case):
        monday.move_to(end)
        cancels.cancel(case, pieces(shop, 3), "wish")

    refusal(shop, press_and_wait, by=CUSTOMER)


def test_each_piece_of_a_part_shipped_order_is_asked_about_by_itself(shop, monday):
    pen = LineIn("2", "펜", 1, "new", total=1000)
    shop.place("A1", LineIn("1", "노트", 6, "new", total=9000), pen)
    book, other = (line.id for line in shop.lines())
    send(shop, 2, arrives=True)
    send(shop, 1, hand_over=False)
    shop.do(shipments.pack, "A1", {book: 1})
    this = door(shop)
    assert (this.now, this.request, this.claim, this.why) == ({}, {book: 4, other: 1}, {book: 2}, "preparing")
    monday.move_to(shop.order().ship_due_at + SECOND)
    this = door(shop)
    assert (this.now, this.request, this.claim, this.why) == ({book: 2, other: 1}, {book: 2}, {book: 2}, "delayed")
    assert would(shop, cancels.cancel, "A1", {book: 2, other: 1}, "late", by=CUSTOMER)
    assert not would(shop, cancels.cancel, "A1", {book: 3}, "late", by=CUSTOMER)
    assert would(shop, cancels.request, "A1", {book: 4, other: 1}, "late", by=CUSTOMER)
    assert not would(shop, cancels.request, "A1", {book: 5}, "late", by=CUSTOMER)


def test_what_is_asked_already_is_not_offered_again(shop, monday):
    shop.place()
    line = shop.line().id
    monday.move_to(shop.order().cancel_until)
    shop.do(cancels.request, "A1", {line: 2}, "wish", by=CUSTOMER)
    assert (door(shop).request, door(shop).why) == ({line: 1}, "window_closed")
    shop.do(cancels.request, "A1", {line: 1}, "wish", by=CUSTOMER)
    this = door(shop)
    assert (this.now, this.request, this.answer, this.why) == ({}, {}, "closed", "asked")
    refusal(shop, cancels.request, {line: 1}, "wish", by=CUSTOMER)
    sound()


def test_what_replaces_a_lost_piece_is_not_offered_to_customers(shop):
    shop.place()
    shop.do(redeliveries.resend, "A1", lost(shop))
    new = shop.lines()[1]
    assert (new.ordered, new.claim_id) == (3, claim(shop).id)
    this = door(shop)
    assert (this.now, this.request, this.claim, this.answer, this.why) == ({}, {}, {}, "closed", "shipped")
    refusal(shop, cancels.cancel, {new.id: 3}, "wish", by=CUSTOMER)
    refusal(shop, cancels.request, {new.id: 3}, "wish", by=CUSTOMER)
    send(shop, 3, line=1, arrives=True)
    assert door(shop).claim == {new.id: 3}  # it may be broken too
    sound()


def test_pieces_of_another_order_are_never_possible(shop):
    shop.place("A1")
    shop.place("A2")
    refusal(shop, cancels.cancel, pieces(shop, 1, "A2"), "wish", by=CUSTOMER)
    refusal(shop, cancels.request, pieces(shop, 1, "A2"), "wish", by=CUSTOMER)
    refusal(shop, cancels.cancel, pieces(shop, 1, "A2"), "wish")
    refusal(shop, cancels.request, pieces(shop, 1, "A2"), "wish")


@pytest.mark.parametrize(("way", "stage"), [("cancel", "cancelled"), ("expire", "expired")])
def test_a_door_that_is_over_says_so(shop, monday, way, stage):
    shop.place("A1", LineIn("1", "노트", 3, "unpaid", total=9000))
    monday.shift(SECOND)
    if way == "cancel":
        shop.do(cancels.cancel, "A1", pieces(shop, 3), "wish", by=CUSTOMER)
    else:
        shop.do(orders.expire, "A1")
    this = door(shop)
    assert (this.answer, this.why) == ("closed", stage)
    assert this.since == (MONDAY + SECOND if stage == "expired" else None)
    refusal(shop, cancels.cancel, pieces(shop, 3), "wish", by=CUSTOMER)
    refusal(shop, cancels.request, pieces(shop, 3), "wish", by=CUSTOMER)


def test_a_closed_door_says_since_when(shop, monday):
    shop.place()
    monday.shift(60)
    shop.do(shipments.pack, "A1", pieces(shop, 1))
    assert (door(shop).why, door(shop).since) == ("preparing", MONDAY + timedelta(minutes=1))
    shop.do(shipments.unpack, "A1", shop.parcels()[0].id)
    monday.shift(60)
    send(shop, 1)
    monday.shift(60)
    send(shop, 2, hand_over=False)
    assert (door(shop).why, door(shop).since) == ("ready", MONDAY + timedelta(minutes=3))
    shop.do(shipments.ship, "A1", shop.parcels()[-1].id)
    assert (door(shop).why, door(shop).since) == ("shipped", MONDAY + timedelta(minutes=2))


def test_pieces_of_a_parcel_that_came_back_or_was_lost_are_their_claims_business(shop):
    shop.place()
    shop.do(astray.come_back, "A1", send(shop, 1))
    shop.do(astray.lose, "A1", send(shop, 2))
    assert (door(shop).claim, door(shop).answer) == ({}, "closed")


COUNTS = st.integers(0, 4)


@given(
    channel=st.sampled_from(CHANNELS), stage=st.sampled_from(["new", "preparing", "partly_shipped"]), paid=st.booleans(),
    counts=st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=3), hours=st.integers(-2, 2),
)  # fmt: skip
def test_no_piece_is_ever_offered_twice(channel, stage, paid, counts, hours):
    """Whatever the facts: what can be undone at once, by request or as a return is there, and free, and counted once."""
    lines, packing, labelled = [], {}, {}
    for number, (open_, in_packing, in_labelled, gone, cancelled, asked) in enumerate(counts):
        here = open_ + in_packing + in_labelled
        packing[number], labelled[number] = in_packing, in_labelled
        counters = {
            "packed": in_packing + in_labelled,
            "shipped": gone,
            "cancelled": cancelled,
            "asked": min(asked, here),
        }
        lines.append(SimpleNamespace(id=number, ordered=here + gone + cancelled, claimed=0, claim_id=None, **counters))
    now = datetime(2026, 11, 16, tzinfo=UTC)
    times = {"created_at": now, "labelled_at": now, "shipped_at": now}
    parcels = [
        (SimpleNamespace(state="packing", **times), packing),
        (SimpleNamespace(state="labelled", **times), labelled),
    ]
    at = now + timedelta(hours=hours)
    facts = {"paid_at": now if paid else None, "expired_at": None, "confirmed_at": None}
    order = SimpleNamespace(channel=channel, stage=stage, cancel_until=at, ship_due_at=at, **facts)
    this = cancelling.door(order, lines, parcels, now)
    for line in lines:
        free = line.ordered - line.cancelled - line.shipped - line.asked
        assert this.now.get(line.id, 0) + this.request.get(line.id, 0) == free
        assert this.claim.get(line.id, 0) == line.shipped
        if channel in OURS:  # customers take nothing out of a parcel at once
            assert this.now.get(line.id, 0) <= line.ordered - line.cancelled - line.shipped - line.packed or not paid
