"""The timetable against the verbs themselves, and the stage as a truth table."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from bare_shop import MONDAY, OWNER, Shop

from sellerweb.shop import clock, orders, shipments, states
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused

FACTS = ("orders", "order_line", "shipment", "shipment_line", "event", "notice", "action", "stage_tally")
NUMBERS = (shipments.Label("epost", f"6{n:012}") for n in range(10**6))


def line(state: str = "new") -> LineIn:
    return LineIn("1", "노트", 3, state, total=9000)


def order_in(shop: Shop, stage: str, code: str) -> None:
    """An order that has come to this stage by its verbs."""
    first = {"awaiting_payment": "unpaid", "expired": "unpaid", "cancelled": "cancelled"}.get(stage, "new")
    shop.place(code, line(first))
    if stage == "preparing":
        shop.do(orders.confirm, code)
    if stage == "expired":
        shop.do(orders.expire, code)
    if stage in ("ready", "partly_shipped", "shipped", "delivered"):
        some = 1 if stage == "partly_shipped" else 3
        parcel = shop.do(shipments.send, code, {shop.line(code).id: some}, next(NUMBERS), hand_over=stage != "ready")
        if stage == "delivered":
            shop.do(shipments.deliver, code, parcel)
    assert shop.order(code).stage == stage


def parcel_in(shop: Shop, state: str, code: str) -> int:
    """A parcel that has come to this state; those that no verb leads to are put there."""
    shop.place(code, line())
    parcel = shop.do(shipments.pack, code, {shop.line(code).id: 2})
    shop.sql(f"UPDATE shipment SET carrier = 'epost' WHERE id = {parcel}")  # handing over needs one, whatever the state
    if state != "packing":
        shop.do(shipments.label, code, parcel, next(NUMBERS))
    if state == "voided":
        shop.do(shipments.unpack, code, parcel)
    if state in ("shipped", "in_transit", "delivered"):
        shop.do(shipments.ship, code, parcel)
    if state in ("in_transit", "delivered"):
        shop.do({"in_transit": shipments.scan, "delivered": shipments.deliver}[state], code, parcel)
    if state in ("lost", "came_back"):
        shop.sql(f"UPDATE shipment SET state = '{state}' WHERE id = {parcel}")
    return parcel


def today(_shop: Shop, _code: str) -> tuple[object, ...]:
    return (clock.now().date() + timedelta(days=2),)


def held(shop: Shop, code: str) -> tuple[object, ...]:
    if shop.order(code).stage in states.OPEN:
        shop.do(orders.hold, code, "잠깐")
    return ()


def archived(shop: Shop, code: str) -> tuple[object, ...]:
    if shop.order(code).stage in states.FINISHED:
        shop.do(orders.archive, code)
    return ()


# Each verb with what it must be given; what it needs beside the state is seen to first.
ORDER_VERBS: dict[str, tuple[Callable, Callable]] = {
    "pay": (orders.pay, lambda *_: ()),
    "expire": (orders.expire, lambda *_: ()),
    "confirm": (orders.confirm, lambda *_: ()),
    "promise": (orders.promise, today),
    "hold": (orders.hold, lambda *_: ("잠깐",)),
    "release": (orders.release, held),
    "readdress": (orders.readdress, lambda *_: ({"address": "부산광역시 해운대구 2"},)),
    "archive": (orders.archive, lambda *_: ()),
    "unarchive": (orders.unarchive, archived),
}
PARCEL_VERBS: dict[str, tuple[Callable, Callable]] = {
    "label": (shipments.label, lambda: (next(NUMBERS),)),
    "unpack": (shipments.unpack, lambda: ()),
    "ship": (shipments.ship, lambda: ()),
    "unship": (shipments.unship, lambda: ()),
    "correct": (shipments.correct, lambda: (next(NUMBERS), "잘못 적음")),
    "scan": (shipments.scan, lambda: ()),
    "deliver": (shipments.deliver, lambda: ()),
}
# This comes from a channel alone, in its own words.
CHANNEL_VERBS = {"update": {"ship_due_at": MONDAY + timedelta(days=9)}}


def refused(shop: Shop, verb: Callable, code: str, *args: object) -> bool:
    """Whether the verb said no, having written nothing."""
    before = shop.dump(*FACTS)
    try:
        shop.do(verb, code, *args, by=OWNER)
    except Refused:
        assert shop.dump(*FACTS) == before
        return True
    return False


@pytest.mark.parametrize("verb", ORDER_VERBS)
def test_an_order_verb_is_taken_where_the_timetable_has_it_and_refused_elsewhere(shop, verb):
    function, needs = ORDER_VERBS[verb]
    for stage in states.STAGES:
        order_in(shop, stage, stage)
        args, before = needs(shop, stage), shop.events(stage).count(f"order {verb}")
        assert refused(shop, function, stage, *args) != states.may("order", verb, stage), stage
        assert shop.events(stage).count(f"order {verb}") - before == states.may("order", verb, stage), stage
        to = states.move("order", verb).to
        if to and states.may("order", verb, stage):
            assert shop.order(stage).stage == to


@pytest.mark.parametrize("verb", CHANNEL_VERBS)
def test_a_channels_word_is_a_move_only_where_the_timetable_has_it(shop, verb):
    for stage in states.STAGES:
        order_in(shop, stage, stage)
        before = shop.events(stage).count(f"order {verb}")
        shop.tell(stage, line(), **CHANNEL_VERBS[verb])
        after = shop.events(stage).count(f"order {verb}")
        assert (after > before) == states.may("order", verb, stage), stage


@pytest.mark.parametrize("verb", PARCEL_VERBS)
def test_a_parcel_verb_is_taken_where_the_timetable_has_it_and_refused_elsewhere(shop, verb):
    function, needs = PARCEL_VERBS[verb]
    for state in states.SHIPMENT_STATES:
        parcel = parcel_in(shop, state, state)
        assert refused(shop, function, state, parcel, *needs()) != states.may("shipment", verb, state), state
        to = states.move("shipment", verb).to if states.may("shipment", verb, state) else ""
        assert shop.parcels(state)[0].state == (to or state)


def test_pieces_are_packed_only_from_open_orders_that_have_some_left(shop):
    for stage in states.STAGES:
        order_in(shop, stage, stage)
        taken = not refused(shop, shipments.pack, stage, {shop.line(stage).id: 1})
        assert taken == (stage in ("new", "preparing", "partly_shipped")), stage


def test_every_verb_of_the_timetable_is_walked_here():
    walked = {("order", v) for v in (*ORDER_VERBS, *CHANNEL_VERBS)} | {("shipment", v) for v in PARCEL_VERBS}
    made = {
        ("order", "place"),
        ("shipment", "pack"),
        ("shipment", "sent"),
    }  # these begin a thing: intake, the test above
    assert {(m.thing, m.verb) for m in states.TIMETABLE} - walked == made
    assert all(states.move(*m).froms == ("",) for m in made)


def test_the_timetable_has_each_move_once_between_states_that_exist():
    assert len({(m.thing, m.verb) for m in states.TIMETABLE}) == len(states.TIMETABLE)
    known = {"order": {"", *states.STAGES}, "shipment": {"", *states.SHIPMENT_STATES}}
    for move in states.TIMETABLE:
        assert {*move.froms, move.to} <= known[move.thing], move


NOW = datetime(2026, 11, 16, tzinfo=UTC)
ALL_GONE = {"cancelled": 2}


@pytest.mark.parametrize(
    ("stage", "counters", "facts"),
    [
        ("new", {}, {}),
        ("awaiting_payment", {}, {"paid_at": None}),
        ("expired", {}, {"paid_at": None, "expired_at": NOW}),
        ("preparing", {}, {"confirmed_at": NOW}),
        ("preparing", {"packed": 1}, {"parcels": ["packing"]}),
        ("preparing", {"packed": 1}, {"parcels": ["labelled"]}),
        ("preparing", {"packed": 2}, {"parcels": ["labelled", "packing"]}),
        ("ready", {"packed": 2}, {"parcels": ["labelled"]}),
        ("ready", {"packed": 2}, {"parcels": ["labelled", "voided"]}),
        ("ready", {"packed": 1, "cancelled": 1}, {"parcels": ["labelled"]}),
        ("partly_shipped", {"shipped": 1}, {"parcels": ["shipped"]}),
        ("partly_shipped", {"shipped": 1, "packed": 1}, {"parcels": ["shipped", "labelled"]}),
        ("partly_shipped", {"shipped": 1, "delivered": 1}, {"parcels": ["delivered"]}),
        ("shipped", {"shipped": 2}, {"parcels": ["shipped"]}),
        ("shipped", {"shipped": 1, "cancelled": 1}, {"parcels": ["shipped"]}),
        ("shipped", {"shipped": 2, "delivered": 1}, {"parcels": ["shipped", "delivered"]}),
        ("delivered", {"shipped": 2, "delivered": 2}, {"parcels": ["delivered"]}),
        ("delivered", {"shipped": 1, "delivered": 1, "cancelled": 1}, {"parcels": ["delivered"]}),
        ("cancelled", ALL_GONE, {}),
        # Where several would fit, the first of the list is meant.
        ("cancelled", ALL_GONE, {"paid_at": None, "expired_at": NOW}),
        ("cancelled", ALL_GONE, {"confirmed_at": NOW, "parcels": ["voided"]}),
        ("expired", {"packed": 2}, {"expired_at": NOW, "parcels": ["labelled"]}),
        ("awaiting_payment", {"shipped": 2, "delivered": 2}, {"paid_at": None, "parcels": ["delivered"]}),
    ],
)
def test_the_stage_that_facts_make(stage, counters, facts):
    record = {"ordered": 2, "cancelled": 0, "packed": 0, "shipped": 0, "delivered": 0, **counters}
    told = {"paid_at": NOW, "expired_at": None, "confirmed_at": None, "parcels": (), **facts}
    assert states.stage(lines=[SimpleNamespace(**record)], **told) == stage


def test_the_stage_looks_at_all_lines_together():
    lines = [
        SimpleNamespace(ordered=1, cancelled=1, packed=0, shipped=0, delivered=0),
        SimpleNamespace(ordered=2, cancelled=0, packed=0, shipped=1, delivered=0),
    ]
    told = {"paid_at": NOW, "expired_at": None, "confirmed_at": None, "parcels": ("shipped",)}
    assert states.stage(lines=lines, **told) == "partly_shipped"
