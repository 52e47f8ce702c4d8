"""The timetable against the verbs themselves: every state and every verb, taken or refused."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from bare_shop import MONDAY, OWNER, Shop
from roads import ROADS, claim_in, line, order_in, parcel_in, refund_in
from wishes import FACTS, NUMBERS, nothing_written

from sellerweb.shop import (
    astray,
    cancels,
    clock,
    closing,
    customers,
    deleting,
    follow_ups,
    history,
    links,
    messages,
    orders,
    redeliveries,
    refunds,
    relocating,
    returns,
    shipments,
    states,
)
from sellerweb.shop.refused import Refused
from sellerweb.shop.returns import Found

MOVES = {(move.thing, move.verb) for move in states.TIMETABLE}


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


def answered(shop: Shop, code: str) -> tuple[object, ...]:
    """A letter that was sent, to be sent again."""
    shop.do(messages.answer, code, "네, 있어요.")
    shop.sql("UPDATE notice SET state = 'sent', sent_at = created_at")
    return (shop._of("notice", code, "id")[-1].id,)


def elsewhere(shop: Shop, code: str) -> tuple[object, ...]:
    """Each line is to come from a place that it does not come from yet."""
    place = (shop.rows("SELECT max(id) AS id FROM location")[0].id or 0) + 1
    shop.sql(f"INSERT INTO location (id, name) VALUES ({place}, '창고 {place}')")
    return ({line.id: place for line in shop.lines(code)},)


def linked(shop: Shop, code: str) -> tuple[object, ...]:
    links.make(shop.order(code).id)
    return ()


# Each verb with what it must be given; what it needs beside the state is seen to first.
ORDER_VERBS: dict[str, tuple[Callable, Callable]] = {
    "pay": (orders.pay, lambda *_: ()),
    "expire": (orders.expire, lambda *_: ()),
    "confirm": (orders.confirm, lambda *_: ()),
    "promise": (orders.promise, today),
    "delay": (orders.delay, lambda *_: ("눈이 많이 와서요",)),
    "hold": (orders.hold, lambda *_: ("잠깐",)),
    "release": (orders.release, held),
    "readdress": (orders.readdress, lambda *_: ({"address": "부산광역시 해운대구 2"},)),
    "relocate": (relocating.relocate, elsewhere),
    "ask": (messages.ask, lambda *_: ("언제 오나요?",)),
    "answer": (messages.answer, lambda *_: ("내일이에요.",)),
    "follow_up": (follow_ups.follow_up, lambda *_: ()),
    "note": (customers.note, lambda *_: ("택배함에 넣어 달라고 하심",)),
    "repeat": (orders.repeat, answered),
    "revoke": (links.revoke, linked),
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
    "lose": (astray.lose, lambda: ()),
    "come_back": (astray.come_back, lambda: ()),
    "set_aside": (shipments.set_aside, lambda: ()),
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


def returned(case, it: int) -> None:
    returns.receive(case, it, dict.fromkeys(case.claimed_lines(it), 1))


def inspected(case, it: int) -> None:
    returns.inspect(case, it, dict.fromkeys(case.claimed_lines(it), Found(resellable=2, missing=1)))


def released(case, it: int) -> None:
    case.set_claim(it, held_at=case.act.at)
    returns.release(case, it)


# What a kind of claim may come to; each with what it must be given. Two kinds share the verbs of goods that come back.
BACK = {
    "accept": returns.accept,
    "collect": returns.collect,
    "receive": returned,
    "inspect": inspected,
    "bear": lambda case, it: returns.bear(case, it, "seller", 0, "단골"),
    "refuse": lambda case, it: returns.refuse(case, it, "안 돼요"),
    "withdraw": returns.withdraw,
    "hold": lambda case, it: returns.hold(case, it, "잠깐"),
    "release": released,
    "convert": returns.convert,
    "resend": returns.resend,
    "finish": returns.finish,
}
CLAIM_VERBS: dict[str, dict[str, Callable]] = {
    "cancel": {
        "approve": cancels.approve,
        "refuse": lambda case, it: cancels.refuse(case, it, "안 돼요"),
        "withdraw": cancels.withdraw,
        "reopen": cancels.undo,
    },
    "return": BACK,
    "exchange": BACK,
    "redelivery": {
        "check": redeliveries.check,
        "resend": redeliveries.resend,
        "refund": redeliveries.refund,
        "found": redeliveries.found,
        "refuse": lambda case, it: redeliveries.refuse(case, it, "안 돼요"),
        "withdraw": redeliveries.withdraw,
    },
}
REFUND_VERBS = {
    "hand": refunds.hand,
    "send": refunds.send,
    "settle": refunds.settle,
    "fail": refunds.fail,
}


class NotKept(Exception):
    """Ends an action without keeping anything of it."""


def comes_to(shop: Shop, verb: Callable, code: str, part: str, it: int) -> str:
    """The state that a claim or refund would be in after this verb; "" where the verb says no. Nothing is kept."""
    try:
        with history.act(OWNER, "try") as act:
            case = act.order(code)
            verb(case, it)
            closing.close(case.act)
            state = getattr(case, part)[it].state
            raise NotKept
    except Refused:
        return ""
    except NotKept:
        return state


@pytest.mark.parametrize("kind", states.CLAIM_KINDS)
def test_a_claims_verb_is_taken_where_the_timetable_has_it_and_refused_elsewhere(shop, kind):
    """Also where it begins the verbs of the other kinds: none of them does anything to this one."""
    own = CLAIM_VERBS[kind]
    first = next(iter(ROADS[kind]))
    others = {verb for of in CLAIM_VERBS.values() if of is not own for verb in of.values()}
    for state in states.CLAIM_STATES:
        if state in ROADS[kind]:
            it = claim_in(shop, kind, state, state)
        else:  # no road of this kind leads here
            it = claim_in(shop, kind, first, state)
            shop.sql(f"UPDATE claim SET state = '{state}' WHERE id = {it}")
        with nothing_written(shop):
            for verb, function in own.items():
                may = (kind, verb) in MOVES and states.may(kind, verb, state)
                to = (states.move(kind, verb).to or state) if may else ""
                assert comes_to(shop, function, state, "claims", it) == to, (verb, state)
            if state == first:
                assert not any(comes_to(shop, function, state, "claims", it) for function in others)


def test_the_roads_are_the_states_of_the_timetable():
    for kind in states.CLAIM_KINDS:
        named = {state for m in states.TIMETABLE if m.thing == kind for state in (*m.froms, m.to) if state}
        assert named == set(ROADS[kind])


def test_a_refunds_verb_is_taken_where_the_timetable_has_it_and_refused_elsewhere(shop):
    for state in states.REFUND_STATES:
        it = refund_in(shop, state, state)
        with nothing_written(shop):
            for verb, function in REFUND_VERBS.items():
                to = states.move("refund", verb).to if states.may("refund", verb, state) else ""
                assert comes_to(shop, function, state, "refunds", it) == to, (verb, state)


SOME = {
    ("cancel", "request"): (cancels.request, "wish", ("new", "preparing", "ready", "partly_shipped")),
    ("cancel", "cancel"): (
        cancels.cancel,
        "sold_out",
        ("awaiting_payment", "new", "preparing", "ready", "partly_shipped"),
    ),
    ("return", "request"): (
        partial(returns.request, kind="return"),
        "mind",
        ("partly_shipped", "shipped", "delivered"),
    ),
    ("exchange", "request"): (
        partial(returns.request, kind="exchange"),
        "mind",
        ("partly_shipped", "shipped", "delivered"),
    ),
    ("redelivery", "report"): (redeliveries.report, "missing", ("partly_shipped", "shipped", "delivered")),
}


def test_a_claim_begins_where_there_is_something_to_undo(shop):
    for stage in states.STAGES:
        order_in(shop, stage, stage)
        line = shop.line(stage).id
        with nothing_written(shop):
            for move, (verb, reason, stages) in SOME.items():
                begins = partial(_begun, verb, {line: 1}, reason)
                assert comes_to(shop, begins, stage, "claims", 0) == (
                    states.move(*move).to if stage in stages else ""
                ), move
            owes = comes_to(shop, _owed, stage, "refunds", 0)
            assert owes == ("" if stage in ("awaiting_payment", "expired") else "due")


def _begun(verb: Callable, pieces: dict[int, int], reason: str, case, _it: int) -> None:
    case.claims[0] = case.claims[verb(case, pieces=pieces, reason=reason)]


def _owed(case, _it: int) -> None:
    case.refunds[0] = case.refunds[refunds.owe(case, 1, "other")]


def test_staffs_own_cancel_is_undone_and_a_wish_that_was_approved_is_a_wish_again(shop):
    shop.place("A1", line())
    shop.do(cancels.cancel, "A1", {shop.line("A1").id: 1}, "sold_out")
    own = shop._of("claim", "A1", "id")[-1].id
    assert comes_to(shop, cancels.undo, "A1", "claims", own) == states.move("cancel", "undo").to == "undone"
    wish = claim_in(shop, "cancel", "done", "A2")
    assert comes_to(shop, cancels.undo, "A2", "claims", wish) == states.move("cancel", "reopen").to == "requested"


def test_the_owner_deletes_a_test_order_in_any_stage(shop):
    for stage in states.STAGES:
        order_in(shop, stage, stage)
        shop.sql(f"UPDATE orders SET is_test = true WHERE code = '{stage}'")
        assert states.may("order", "delete", stage)
        with history.act(OWNER, "delete") as act:
            deleting.delete(act, stage)
    assert shop.rows("SELECT code FROM orders") == []


def test_every_verb_of_the_timetable_is_walked_here():
    walked = {("order", v) for v in (*ORDER_VERBS, *CHANNEL_VERBS, "delete")} | {("shipment", v) for v in PARCEL_VERBS}
    walked |= {(kind, verb) for kind, verbs in CLAIM_VERBS.items() for verb in verbs} & MOVES
    walked |= {("refund", verb) for verb in REFUND_VERBS} | {("cancel", "undo")}
    # These begin a thing: intake, and the tests above.
    made = {("order", "place"), ("shipment", "pack"), ("shipment", "sent"), ("refund", "owe"), *SOME}
    # A channel is told of a parcel by a file: tests/shop/test_batches.py.
    # So do disagreements with a channel begin and end, and so does what it counts as returned: tests/shop/test_conflicts.py.
    told = {("shipment", "tell"), ("return", "back")}
    told |= {("order", verb) for verb in ("disagree", "agree", "keep", "follow", "apart")}
    assert MOVES - walked - told == made
    assert all(states.move(*m).froms == ("",) for m in made)


def test_the_timetable_has_each_move_once_between_states_that_exist():
    assert len(MOVES) == len(states.TIMETABLE)
    known = {"order": states.STAGES, "shipment": states.SHIPMENT_STATES, "refund": states.REFUND_STATES}
    known |= dict.fromkeys(states.CLAIM_KINDS, states.CLAIM_STATES)
    for move in states.TIMETABLE:
        assert {*move.froms, move.to} <= {"", *known[move.thing]}, move
