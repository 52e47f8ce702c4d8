"""The audit of what is undone, told and looked at: claims, refunds, letters, links, forms and files. Pieces: `test_audit`."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from wishes import stocked

from sellerweb.channels import WRITERS
from sellerweb.shop import (
    batches,
    cancels,
    history,
    imports,
    links,
    messages,
    orders,
    returns,
    shipments,
    taking_in,
    verdicts,
)
from sellerweb.shop.audit import BY_ORDER, audit, is_clean
from sellerweb.shop.audit.whole import wholes
from sellerweb.shop.db import forget, reader
from sellerweb.shop.incoming import FileIn, LineIn, OrderIn
from sellerweb.shop.models import Event

CUSTOMER = history.CUSTOMER
CJ = shipments.Label("cj", "632976615493")
LATER = "2026-11-16 01:05:00.000000"


@pytest.fixture
def sound(furnished) -> Iterator[Shop]:
    """A shop with a wish in every walk of life; its file of SmartStore is in, its first letters are out."""
    with time_machine.travel(MONDAY, tick=False):
        yield furnished("wishes", _furnish)


def _furnish(shop: Shop) -> None:
    told = {"buyer_email": "b@example.com"}
    notes = LineIn("1", "노트", 3, "new", total=9000)
    for code in ("C1", "C2", "C3", "C4"):
        shop.place(code, notes, **told)
    shop.do(cancels.cancel, "C1", {shop.line("C1").id: 1}, "wish", by=CUSTOMER)
    shop.do(orders.confirm, "C2")
    shop.do(messages.ask, "C2", "언제 오나요?", by=CUSTOMER)
    shop.do(cancels.request, "C2", {shop.line("C2").id: 1}, "wish", by=CUSTOMER)
    wish = shop.do(cancels.request, "C3", {shop.line("C3").id: 2}, "wish", by=CUSTOMER)
    shop.do(cancels.withdraw, "C3", wish, by=CUSTOMER)
    _sent_back(shop, "C4")
    _told_of(shop, "H1")
    _disagreed(shop)
    links.make(shop.order("C1").id)
    file = FileIn("smartstore", 1, [OrderIn("S1", "KRW", [notes], ordered_at=MONDAY)])
    taking_in.run(imports.receive(file.packed(), "orders.xlsx"))
    forget()  # else PostgreSQL waits for this reader before it takes a constraint away
    shop.sql(
        f"UPDATE notice SET state = 'sent', handed_at = '{LATER}', sent_at = '{LATER}', body = 'Where it is: /my/…'"
        " WHERE letter = 'shipment_ship'"
    )


def _sent_back(shop: Shop, code: str) -> None:
    """A parcel that arrived; one of its pieces came back and is paid back, one was refused, of one something else came."""
    line = shop.line(code).id
    parcel = shop.do(shipments.send, code, {line: 3}, CJ, hand_over=True)
    shop.do(shipments.deliver, code, parcel)
    for found in (returns.Found(resellable=1), returns.Found(damaged=1), returns.Found(wrong=1)):
        claim = shop.do(returns.request, code, "return", {line: 1}, "size", by=CUSTOMER)
        shop.do(returns.accept, code, claim)
        shop.do(returns.receive, code, claim, {line: 1})
        shop.do(returns.inspect, code, claim, {line: found})
        if found.resellable:
            shop.do(returns.finish, code, claim)
        else:
            shop.do(returns.refuse, code, claim, "쓰신 흔적이 있어요")


def _told_of(shop: Shop, code: str) -> None:
    """Of two pieces from the shelf one has left, and the channel's file says so; the other one waits."""
    stocked(shop, 10)
    shop.place(code, LineIn("1", "노트", 2, "new", sku="N-1", total=2000), channel="shopify")
    shop.do(shipments.send, code, {shop.line(code).id: 1}, shipments.Label("epost", "6403100000017"), hand_over=True)
    with history.act(history.Actor("staff", None, "manager"), "export") as act:
        batches.make(act, "shopify", "dispatch", WRITERS["shopify", "dispatch"])


def _disagreed(shop: Shop) -> None:
    """The channel has more of two orders than we do; about one somebody has decided."""
    for conflict, code in enumerate(("K1", "K2"), 1):
        shop.place(code, LineIn("1", "노트", 1, "new", total=1000), channel="smartstore")
        shop.tell(code, LineIn("1", "노트", 2, "new"), channel="smartstore")
        if code == "K2":
            with history.act(history.Actor("staff", None, "manager"), "keep") as act:
                verdicts.keep(act, conflict, shop.order(code).version)


def found(shop: Shop, *statements: str) -> dict[str, tuple]:
    """What the audit says after this damage: {invariant: (table, order, what)} of the first row that breaks it."""
    shop.damage(*statements)
    firsts = {name: row["first"] for name, row in audit().items() if row["violations"]}
    return {name: (first["table"], first["order"], first["what"]) for name, first in firsts.items()}


def of(shop: Shop, code: str) -> str:
    return f"order_id = {shop.order(code).id}"


@pytest.mark.both
def test_a_sound_shop_has_no_violations(sound):
    report = audit()
    assert is_clean(report), {n: r["first"] for n, r in report.items() if r["violations"]}
    assert [name for name, row in report.items() if not row["checked"]] == []


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        ("asked = 0", "asked 0, claimed 0, but the claims are about 1 and 0"),
        ("claimed = 1, shipped = 1", "asked 1, claimed 1, but the claims are about 1 and 0"),
    ],
)
def test_q2_names_the_line_whose_claims_are_about_something_else(sound, damage, wrong):
    broken = found(sound, f"UPDATE order_line SET {damage} WHERE {of(sound, 'C2')}")
    assert "Q2" in broken
    assert any(first[1] == "C2" for first in broken.values())
    assert wrong in {f["what"] for f in _all_of(sound, "Q2")}


@pytest.mark.both
def test_q2_names_the_cancel_whose_pieces_are_not_cancelled(sound):
    line = sound.line("C1").id
    broken = found(sound, f"UPDATE claim_line SET quantity = 2 WHERE line_id = {line}")
    assert broken == {"Q2": ("order_line", "C1", "cancelled 1, but done cancels are about 2")}


@pytest.mark.both
def test_q2_counts_of_what_was_looked_at_only_what_is_here(sound):
    line = sound.line("C4").id
    broken = found(sound, f"UPDATE claim_line SET wrong = 0, damaged = 1 WHERE line_id = {line} AND wrong = 1")
    assert broken == {"Q2": ("order_line", "C4", "asked 0, claimed 2, but the claims are about 0 and 3")}


@pytest.mark.both
def test_q2_names_the_claim_about_nothing(sound):
    claim = sound.rows(f"SELECT id FROM claim WHERE {of(sound, 'C3')}")[0].id
    assert found(sound, f"DELETE FROM claim_line WHERE claim_id = {claim}") == {
        "Q2": ("claim", "C3", "is about nothing")
    }


@pytest.mark.both
@pytest.mark.parametrize(
    ("code", "flag", "should"),
    [("C2", "", "'cancel_asked'"), ("C3", "", "'cancel_withdrawn'"), ("C1", "return_asked", "''")],
)
def test_q5_names_the_order_whose_flag_is_not_what_its_claims_say(sound, code, flag, should):
    broken = found(sound, f"UPDATE orders SET claim_flag = '{flag}' WHERE code = '{code}'")
    assert broken == {"Q5": ("orders", code, f"claim_flag is {flag!r}, the claims say {should}")}


def test_q5_lets_a_parcel_that_left_end_the_flag_of_a_wish_taken_back(sound):
    sound.do(shipments.send, "C3", {sound.line("C3").id: 1}, shipments.Label("epost", "6000000000000"), hand_over=True)
    assert sound.order("C3").claim_flag == ""
    assert is_clean(audit())


@pytest.mark.both
def test_d1_names_the_event_of_an_action_that_was_over(sound):
    first = f"(SELECT action_id FROM event WHERE {of(sound, 'C3')} AND seq = 1)"
    broken = found(sound, f"UPDATE event SET action_id = {first} WHERE {of(sound, 'C3')} AND verb = 'withdraw'")
    assert broken["D1"][:2] == ("event", "C3")
    assert broken["D1"][2].endswith("was over")


@pytest.mark.both
def test_d1_names_the_form_that_did_its_deed_twice(sound):
    order = sound.order("C2")
    columns = "order_id, seq, at, thing, verb, actor, staff_id, action_id, changes, note"
    again = columns.replace("seq", "seq + 1", 1).replace("changes", "'{}'")
    broken = found(
        sound,
        f"INSERT INTO event ({columns}) SELECT {again} FROM event WHERE order_id = {order.id} AND seq = {order.version}",
        f"UPDATE orders SET version = version + 1 WHERE id = {order.id}",
    )
    assert list(broken) == ["D1"]
    assert broken["D1"][2].endswith("had done a cancel request already")


@pytest.mark.both
def test_d2_names_the_order_that_came_in_twice(sound):
    _without_key(sound, "orders", "uq_orders_channel_order_no")
    broken = found(sound, "UPDATE orders SET order_no = 'C1' WHERE code = 'C3'")
    assert broken == {"D2": ("orders", "C3", "there are 2 of manual C1")}


@pytest.mark.both
def test_d2_names_the_line_that_came_in_twice(sound):
    sound.place("D1", LineIn("1", "노트", 1, "new", total=1), LineIn("2", "펜", 1, "new", total=1))
    _without_key(sound, "order_line", "uq_order_line_order_id_item_no")
    broken = found(sound, f"UPDATE order_line SET item_no = '1' WHERE {of(sound, 'D1')}")
    assert broken == {"D2": ("order_line", "D1", "2 lines are item 1")}


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("done = 2", "2 of 1 orders are in"),
        ("done = 0", "0 orders are in, its report counts 1"),
        ("orders = 2", "is done with 1 of 2 orders"),
        (
            "state = 'running', orders = 2",
            "is running with nothing to take in",
        ),
        (
            "filename = 'x'; INSERT INTO import_part (import_id, n, orders) SELECT id, 1, 'x' FROM import",
            "holds orders beside the 1 that are in",
        ),
    ],
)
def test_d2_names_the_file_that_came_in_by_halves(sound, damage, what):
    assert found(sound, *f"UPDATE import SET {damage}".split("; ")) == {"D2": ("import", "", what)}


@pytest.mark.both
def test_n1_names_the_second_letter_of_an_event(sound):
    _without_key(sound, "notice", "uq_notice_event_id_medium_recipient")
    broken = found(
        sound,
        f"UPDATE notice SET event_id = (SELECT min(event_id) FROM notice WHERE {of(sound, 'C3')})"
        f" WHERE {of(sound, 'C3')}",
    )
    assert broken["N1"][:2] == ("notice", "C3")
    assert "is a second email of event" in broken["N1"][2]


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (f"created_at = '{LATER}'", "was written at another moment than its event"),
        ("letter = 'order_pay'", "order_pay is not the letter of cancel_cancel"),
        ("event_id = (SELECT id FROM event WHERE {of} AND verb = 'owe')", "refund_owe by customer is not told"),
    ],
)
def test_n1_names_the_letter_that_its_event_does_not_owe(sound, damage, what):
    damage = damage.format(of=of(sound, "C1"))
    broken = found(sound, f"UPDATE notice SET {damage} WHERE {of(sound, 'C1')} AND letter = 'cancel_cancel'")
    assert broken == {"N1": ("notice", "C1", what)}


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("state = 'gone'", "state is 'gone'"),
        ("state = 'sending'", "is being sent by nobody"),
        ("state = 'sent'", "was sent at no time"),
        ("state = 'unsure'", "is unsure, and was never handed over"),
    ],
)
def test_n2_names_the_letter_that_did_not_end(sound, damage, what):
    broken = found(sound, f"UPDATE notice SET {damage} WHERE {of(sound, 'C1')}")
    assert broken == {"N2": ("notice", "C1", what)}


@pytest.mark.both
@pytest.mark.parametrize(("minutes", "broken"), [(10, []), (11, ["N2"])])
def test_n2_names_the_letter_that_a_dead_worker_keeps(sound, minutes, broken):
    lease = (MONDAY - timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S.000000")
    damage = f"UPDATE notice SET state = 'sending', leased_until = '{lease}' WHERE {of(sound, 'C1')}"
    assert list(found(sound, damage)) == broken


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        # Sent a moment before the parcel left: what counts is how it was then.
        ("handed_at = '2026-11-16 00:59:59.000000'", "which was not there"),
        ("state = 'waiting', handed_at = NULL, sent_at = NULL, shipment_id = 999", "which is not there"),
    ],
)
def test_n3_names_the_letter_about_a_parcel_that_has_not_left(sound, damage, what):
    broken = found(sound, f"UPDATE notice SET {damage} WHERE letter = 'shipment_ship'")
    assert list(broken) == ["N3"]
    assert broken["N3"][:2] == ("notice", "C4")
    assert broken["N3"][2].endswith(what)


@pytest.mark.both
def test_n3_names_the_letter_that_waits_for_a_parcel_that_was_taken_back(sound):
    parcel = sound.do(
        shipments.send, "C3", {sound.line("C3").id: 1}, shipments.Label("epost", "6000000000000"), hand_over=True
    )
    sound.do(shipments.unship, "C3", parcel)
    broken = found(sound, f"UPDATE notice SET state = 'waiting' WHERE shipment_id = {parcel}")
    assert broken == {"N3": ("notice", "C3", f"tells of parcel {parcel}, which is labelled")}


@pytest.mark.both
def test_m2_names_the_order_whose_refunds_do_not_add_up(sound):
    broken = found(sound, "UPDATE orders SET refunded = refunded + 1 WHERE code = 'C2'")
    assert broken["M2"] == ("orders", "C2", "refunded is 1, the refunds add up to 0")
    assert set(broken) == {"M2", "H2"}  # nor does an event tell of it


@pytest.mark.both
def test_m2_names_the_refund_in_another_currency(sound):
    broken = found(sound, f"UPDATE refund SET currency = 'JPY' WHERE {of(sound, 'C1')}")
    assert broken == {"M2": ("refund", "C1", "is in JPY, the order in KRW")}


@pytest.mark.both
def test_m2_names_the_claim_that_is_paid_back_twice(sound):
    claim = sound.rows(f"SELECT claim_id AS id FROM refund WHERE {of(sound, 'C1')}")[0].id
    broken = found(
        sound,
        "INSERT INTO refund (order_id, claim_id, amount, currency, reason, state, not_before, created_at, account, note)"
        " SELECT order_id, claim_id, amount, currency, reason, state, not_before, created_at, account, note FROM refund"
        f" WHERE claim_id = {claim}",
    )
    assert broken["M2"] == ("refund", "C1", f"claim {claim} is paid back 2 times")


@pytest.mark.both
def test_m2_names_the_event_after_which_more_was_to_go_back_than_was_paid(sound):
    # Two refunds of the whole, one of which failed later: the rows of today add up, the history does not.
    refund = sound.rows(f"SELECT id, amount FROM refund WHERE {of(sound, 'C1')}")[0]
    twice = f'{{"refunds": {{"{refund.id}": {{"amount": [{refund.amount}, 9001]}}}}}}'
    back = f'{{"refunds": {{"{refund.id}": {{"amount": [9001, {refund.amount}]}}}}}}'
    order = sound.order("C1")
    columns = "order_id, seq, at, thing, verb, actor, staff_id, action_id, changes, note"
    inserts = [
        f"INSERT INTO event ({columns}) SELECT order_id, seq + 1, at, thing, 'hand', actor, staff_id, action_id,"
        f" '{changes}', '' FROM event WHERE order_id = {order.id} ORDER BY seq DESC LIMIT 1"
        for changes in (twice, back)
    ]
    broken = found(sound, *inserts, f"UPDATE orders SET version = version + 2 WHERE id = {order.id}")
    assert broken["M2"] == ("event", "C1", "9001 were to go back of 9000 paid")


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("digest = upper(digest)", "its digest is no SHA-256"),
        ("digest = substr(digest, 2)", "its digest is no SHA-256"),
        ("expires_at = made_at", "was over before it was made"),
    ],
)
def test_c1_names_the_link_that_cannot_be(sound, damage, what):
    assert found(sound, f"UPDATE order_link SET {damage}") == {"C1": ("order_link", "C1", what)}


@pytest.mark.both
def test_c1_names_the_link_that_opens_two_orders(sound):
    links.make(sound.order("C2").id)
    _without_key(sound, "order_link", "uq_order_link_digest")
    same = "(SELECT digest FROM order_link ORDER BY id LIMIT 1)"
    broken = found(sound, f"UPDATE order_link SET digest = {same}")
    assert broken == {"C1": ("order_link", "", "2 links have its digest")}


@pytest.mark.both
@pytest.mark.parametrize("column", ["subject", "body"])
@pytest.mark.parametrize("whose", ["C4", "C1"])
def test_c1_names_the_letter_that_keeps_the_secret_of_any_link(sound, whose, column):
    secret = links.make(sound.order(whose).id)
    letter = sound.rows("SELECT id FROM notice WHERE letter = 'shipment_ship'")[0].id
    broken = found(sound, f"UPDATE notice SET {column} = 'See http://localhost/my/{secret} .' WHERE id = {letter}")
    assert broken == {"C1": ("notice", "C4", "keeps the secret of a link")}


@pytest.mark.both
@pytest.mark.parametrize(("seconds", "broken"), [(1, []), (0, ["C2"]), (-1, ["C2"])])
def test_c2_names_the_cancel_at_the_end_of_the_window_or_after(sound, seconds, broken):
    until = (MONDAY + timedelta(seconds=seconds)).isoformat()
    damage = (
        f"UPDATE event SET changes = {_json(sound, 'C1', 'cancel_until', until)} WHERE {of(sound, 'C1')} AND seq = 1"
    )
    wrong = found(sound, damage)
    assert [name for name in wrong if name != "H2"] == broken  # the row itself still has the true end
    if broken:
        assert wrong["C2"][:2] == ("event", "C1")
        assert wrong["C2"][2].startswith("cancelled at once while window_closed")


@pytest.mark.both
def test_c2_lets_a_late_order_be_cancelled_after_the_window(sound):
    late = MONDAY + timedelta(days=3)
    with time_machine.travel(late, tick=False):
        sound.do(cancels.cancel, "C1", {sound.line("C1").id: 1}, "late", by=CUSTOMER)
    assert is_clean(audit())
    due = (late + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.000000")
    assert list(found(sound, f"UPDATE orders SET ship_due_at = '{due}' WHERE code = 'C1'")) == ["C2"]


@pytest.mark.both
def test_c2_names_the_cancel_of_an_order_that_its_marketplace_decides_about(sound):
    broken = found(sound, "UPDATE orders SET channel = 'qoo10' WHERE code = 'C1'")
    assert broken["C2"] == ("event", "C1", "customers cannot cancel orders of qoo10 here")


@pytest.mark.both
def test_c3_names_the_customers_move_that_no_form_brought(sound):
    action = f"(SELECT action_id FROM event WHERE {of(sound, 'C2')} AND verb = 'request')"
    broken = found(sound, f"UPDATE action SET body = '' WHERE id = {action}")
    assert broken == {"C3": ("event", "C2", "a customer's move without a customer's form")}


@pytest.mark.both
def test_c3_names_the_move_that_is_not_the_customers(sound):
    broken = found(sound, f"UPDATE event SET actor = 'customer' WHERE {of(sound, 'C2')} AND verb = 'confirm'")
    assert broken == {"C3": ("event", "C2", "order confirm is no move of customers")}


@pytest.mark.both
def test_h1_names_the_letter_and_the_link_of_no_order(sound):
    broken = found(sound, "UPDATE order_link SET order_id = 999")
    assert broken == {"H1": ("order_link", "", "belongs to no order")}


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        ("UPDATE conflict SET line_id = 1 WHERE id = 1", {"H2": "line_id is 1", "K2": "is about line 1 of another order"}),
        ("UPDATE conflict SET state = 'taken' WHERE id = 2", {"H2": "state is taken", "K2": "is taken, and event 3 says keep by staff"}),
        ("UPDATE conflict SET answered_at = seen_at, state = 'kept' WHERE id = 1", {"H2": "state is kept", "K2": "says disagree by channel"}),
        (f"UPDATE conflict SET answered_at = '{LATER}' WHERE id = 2", {"K2": "at another moment than event 3"}),
        ("DELETE FROM conflict WHERE id = 2", {"H2": "events tell of a row that is not there"}),
        (
            "INSERT INTO conflict SELECT 9, order_id, line_id, code, ours, theirs, said, state, seen_at, answered_at, staff_id"
            " FROM conflict WHERE id = 1",
            {"H2": "no event tells of it", "K2": "no event tells of it"},
        ),
        ("UPDATE conflict SET order_id = 999 WHERE id = 1", {"H1": "belongs to no order", "H2": "row that is not there"}),
    ],
)  # fmt: skip
def test_k2_names_the_disagreement_that_is_not_as_the_events_tell(sound, damage, wrong):
    broken = found(sound, damage)
    assert broken.keys() == wrong.keys()
    assert all(words in broken[name][2] for name, words in wrong.items()), broken


def _all_of(shop: Shop, name: str) -> list[dict]:
    """Every finding of an invariant's checks."""
    with reader().connect() as conn:
        checks = [check for named, check in BY_ORDER if named == name]
        return [f.as_dict() for whole in wholes(conn) for check in checks for f in check(whole) if f]


def _json(shop: Shop, code: str, fact: str, value: str) -> str:
    """The first event's changes, with another value of one fact of the order, as an SQL literal."""
    changes = shop._typed(Event.__table__.select().where(Event.order_id == shop.order(code).id, Event.seq == 1))[
        0
    ].changes
    changes["order"][fact][1] = value
    return "'" + json.dumps(changes).replace("'", "''") + "'"


def _without_key(shop: Shop, table: str, key: str) -> None:
    """The table as before, but for this key, which only the database itself keeps."""
    if shop.url.startswith("postgresql"):
        shop.sql(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
        return
    whole = shop.rows(f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'")[0].sql
    without = re.sub(rf",\s*CONSTRAINT {key} UNIQUE \([^)]*\)", "", whole)
    assert without != whole
    shop.damage(
        re.sub(rf'CREATE TABLE "?{table}"?', "CREATE TABLE without", without),
        f"INSERT INTO without SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE without RENAME TO {table}",
    )
