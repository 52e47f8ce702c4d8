"""The audit is silent about a sound shop, and names the row when any one invariant is broken behind its back.

Here what was ordered and sent; claims, money back, letters and links: `test_audit_undone`.
"""

import pytest
import time_machine
from bare_shop import MONDAY, Shop

from sellerweb.shop import orders, shipments
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.incoming import LineIn

CJ = shipments.Label("cj", "632976615493")
NAMES = [
    "Q1", "Q2", "Q3", "Q4", "Q5", "H1", "H2", "H3", "D1", "D2", "N1", "N2", "N3", "M1", "M2", "C1", "C2", "C3",
    "K2", "T1", "T2", "S1", "S2", "K1",
]  # fmt: skip


@pytest.fixture
def sound(furnished) -> Shop:
    """A shop with an order in every walk of life."""
    return furnished("pieces", _furnish)


def _furnish(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False):
        shop.place("A1", LineIn("1", "노트", 3, "new", total=9000), LineIn("2", "펜", 1, "new", total=1000))
        shop.place("A2")
        shop.place("A3", LineIn("1", "컵", 1, "cancelled", total=12000))
        shop.place("A4", LineIn("1", "컵", 2, "delivered", total=None, carrier="cj", tracking_number="1"))
        shop.place("Q1", LineIn("9", "가방", 1, "unpaid", total=2500), channel="qoo10", currency="JPY")
        line, other = (line.id for line in shop.lines("A1"))
        parcel = shop.do(shipments.send, "A1", {line: 2, other: 1}, CJ, hand_over=True)
        shop.do(shipments.scan, "A1", parcel)
        shop.do(shipments.deliver, "A1", parcel)
        shop.do(shipments.unpack, "A2", shop.do(shipments.pack, "A2", {shop.line("A2").id: 2}))
        shop.do(orders.promise, "A2", MONDAY.date())
        shop.do(orders.hold, "A2", "전화 확인")
        shop.do(orders.archive, "A3")
        shop.tell("A2", LineIn("1", "노트", 1, "new"), address="부산광역시 1")


def broken(shop: Shop, *statements: str) -> dict[str, dict]:
    """What the audit says after this damage."""
    shop.damage(*statements)
    return {name: row for name, row in audit().items() if row["violations"]}


@pytest.mark.both
def test_a_sound_shop_has_no_violations(sound):
    report = audit()
    assert is_clean(report), {n: r["first"] for n, r in report.items() if r["violations"]}
    assert list(report) == NAMES
    assert all(row["first"] is None for row in report.values())
    assert all(report[name]["checked"] > 0 for name in NAMES if name[0] in "QHM")


@pytest.mark.both
def test_an_empty_shop_has_no_violations(shop):
    assert is_clean(audit())


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("cancelled = 2", "cancelled 2, packed 0, shipped 2 are more than ordered 3"),
        ("packed = -1", "packed is -1"),
        ("delivered = 2, lost = 1", "delivered 2 + lost 1 is more than 2 shipped"),
        ("returned = 3", "returned 3 is more than 2 shipped"),
        ("claimed = 3", "claimed 3 is more than 2 shipped"),
        ("asked = 2", "asked 2 is more than 1 here"),
        ("asked = -1", "asked is -1"),
        ("ordered = 0", "ordered is 0"),
    ],
)
def test_q1_names_the_line_whose_counters_cannot_be(sound, damage, what):
    line = sound.line("A1").id
    first = broken(sound, f"UPDATE order_line SET {damage} WHERE id = {line}")["Q1"]["first"]
    assert first == {"table": "order_line", "id": line, "order": "A1", "seq": None, "what": what}


@pytest.mark.both
def test_q2_names_the_line_whose_parcels_hold_something_else(sound):
    line, parcel = sound.line("A1").id, sound.parcels("A1")[0].id
    wrong = broken(sound, f"UPDATE shipment_line SET quantity = 1 WHERE shipment_id = {parcel} AND line_id = {line}")
    assert list(wrong) == ["Q2"]
    assert (wrong["Q2"]["first"]["table"], wrong["Q2"]["first"]["id"]) == ("order_line", line)
    assert wrong["Q2"]["first"]["what"] == "packed 0, shipped 2, but the parcels hold 0 and 1"


@pytest.mark.both
def test_q2_names_the_parcel_that_is_empty(sound):
    parcel = sound.parcels("A1")[0].id
    wrong = broken(sound, f"DELETE FROM shipment_line WHERE shipment_id = {parcel}")
    assert wrong["Q2"]["first"] == {"table": "shipment", "id": parcel, "order": "A1", "seq": None, "what": "is empty"}


@pytest.mark.both
def test_q2_names_the_parcel_with_pieces_of_another_order(sound):
    parcel, line = sound.parcels("A1")[0].id, sound.line("A2").id
    wrong = broken(sound, f"INSERT INTO shipment_line (shipment_id, line_id, quantity) VALUES ({parcel}, {line}, 1)")
    assert wrong["Q2"]["first"]["id"] == [parcel, line]


@pytest.mark.both
def test_q3_and_q4_name_the_move_that_took_a_piece_twice(sound):
    # Shipped two of three; a history in which two more were cancelled, and given back later, was not possible.
    line = sound.line("A1").id
    changes = f'{{"lines": {{"{line}": {{"cancelled": [0, 2]}}}}}}'
    back = f'{{"lines": {{"{line}": {{"cancelled": [2, 0]}}}}}}'
    wrong = broken(sound, *_more_events(sound, "A1", changes, back))
    seq = sound.order("A1").version - 1
    assert set(wrong) == {"Q3", "Q4"}
    assert wrong["Q3"]["first"]["seq"] == wrong["Q4"]["first"]["seq"] == seq
    assert wrong["Q3"]["first"]["what"] == "open is -1 after cancelled 2, packed 0, shipped 2"
    assert wrong["Q4"]["first"]["what"] == "1 pieces are shipped and cancelled"


@pytest.mark.both
def test_q3_adds_up_steps_and_does_not_believe_their_ends(sound):
    line = sound.line("A2").id
    again = f'{{"lines": {{"{line}": {{"packed": [0, 1]}}}}}}'
    wrong = broken(sound, *_more_events(sound, "A2", again, again))
    assert {"Q3", "H2"} <= set(wrong)


@pytest.mark.both
def test_q5_names_the_order_whose_stage_is_not_what_the_facts_say(sound):
    wrong = broken(sound, "UPDATE orders SET stage = 'shipped' WHERE code = 'A2'")
    assert list(wrong) == ["Q5"]
    assert wrong["Q5"]["first"]["order"] == "A2"
    assert wrong["Q5"]["first"]["what"] == "stage is shipped, the facts say new"


@pytest.mark.both
def test_q5_names_the_tally_that_miscounts(sound):
    wrong = broken(sound, "INSERT INTO stage_tally (channel, stage, n) VALUES ('manual', 'new', 4)")
    assert wrong["Q5"]["first"]["id"] == ["manual", "new"]
    assert wrong["Q5"]["first"]["what"] == "the tally says 5 orders, there are 1"


@pytest.mark.both
def test_h1_names_the_event_after_a_gap(sound):
    wrong = broken(sound, f"DELETE FROM event WHERE seq = 2 AND order_id = {sound.order('A2').id}")
    assert (wrong["H1"]["first"]["table"], wrong["H1"]["first"]["order"], wrong["H1"]["first"]["seq"]) == (
        "event",
        "A2",
        3,
    )


@pytest.mark.both
def test_h1_names_the_order_whose_version_ran_away(sound):
    wrong = broken(sound, "UPDATE orders SET version = version + 1 WHERE code = 'A2'")
    assert list(wrong) == ["H1"]
    assert wrong["H1"]["first"]["what"].startswith("version is ")


@pytest.mark.both
def test_h1_names_the_event_of_no_order(sound):
    wrong = broken(
        sound,
        "INSERT INTO event SELECT 999, 999, 1, at, thing, verb, actor, staff_id, action_id, changes, note"
        " FROM event WHERE id = 1",
    )
    assert list(wrong) == ["H1"]
    assert wrong["H1"]["first"] == {
        "table": "event",
        "id": 999,
        "order": "",
        "seq": None,
        "what": "belongs to no order",
    }


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "table"),
    [
        ("UPDATE orders SET held_at = NULL WHERE code = 'A2'", "orders"),
        ("UPDATE orders SET promised_on = '2026-11-30' WHERE code = 'A2'", "orders"),
        ("UPDATE order_line SET channel_state = 'void' WHERE order_id = {order}", "order_line"),
        ("UPDATE shipment SET number = '1' WHERE order_id = {order}", "shipment"),
    ],
)
def test_h2_names_the_row_that_changed_without_an_event(sound, damage, table):
    wrong = broken(sound, damage.format(order=sound.order("A2").id))
    assert list(wrong) == ["H2"]
    assert (wrong["H2"]["first"]["table"], wrong["H2"]["first"]["order"]) == (table, "A2")


@pytest.mark.both
def test_h2_names_the_event_that_begins_elsewhere(sound):
    line = sound.line("A1").id
    changes = f'{{"lines": {{"{line}": {{"shipped": [1, 2]}}}}}}'
    wrong = broken(sound, *_more_events(sound, "A1", changes))
    assert wrong["H2"]["first"]["seq"] == sound.order("A1").version
    assert wrong["H2"]["first"]["what"] == f"lines {line}: shipped was 2, the event says 1"


@pytest.mark.both
def test_h2_names_the_parcel_that_no_event_tells_of(sound):
    columns = "order_id, state, carrier, carrier_name, number, same_parcel, override_reason, created_at"
    values = f"{sound.order('A2').id}, 'voided', '', '', '', false, '', '2026-11-16 01:00:00.000000'"
    wrong = broken(sound, f"INSERT INTO shipment ({columns}) VALUES ({values})")
    assert wrong["H2"]["first"]["what"] == "no event tells of it"


@pytest.mark.both
def test_h3_names_the_event_without_its_action(sound):
    wrong = broken(sound, "UPDATE event SET action_id = NULL WHERE verb = 'hold'")
    assert list(wrong) == ["H3"]
    assert wrong["H3"]["first"]["order"] == "A2"


@pytest.mark.both
def test_h3_names_the_event_of_another_moment_than_its_action(sound):
    wrong = broken(sound, "UPDATE event SET at = '2026-11-20 00:00:00.000000' WHERE verb = 'hold'")
    assert list(wrong) == ["H3"]


@pytest.mark.both
def test_h3_names_the_notice_of_another_orders_event(sound):
    wrong = broken(sound, f"UPDATE notice SET order_id = {sound.order('A1').id} WHERE letter = 'order_promise'")
    assert (wrong["H3"]["first"]["table"], wrong["H3"]["first"]["order"]) == ("notice", "A1")


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("currency = 'XQX'", "currency is 'XQX'"),
        ("currency = 'krw'", "currency is 'krw'"),
        ("total = 1", "total is 1, its lines add up to 10000"),
        ("total = NULL", "total is None, its lines add up to 10000"),
        ("shipping_fee = -1", "an amount is below zero"),
    ],
)
def test_m1_names_the_order_whose_money_does_not_add_up(sound, damage, what):
    wrong = broken(sound, f"UPDATE orders SET {damage} WHERE code = 'A1'")
    assert list(wrong) == ["M1"]
    assert (wrong["M1"]["first"]["order"], wrong["M1"]["first"]["what"]) == ("A1", what)


def test_m1_names_the_row_that_holds_a_fraction(sound):
    line = sound.line("A2").id
    wrong = broken(sound, f"UPDATE order_line SET total = 0.5 WHERE id = {line}")
    assert wrong["M1"]["violations"] == 2  # the fraction, and the order's total
    wrong = broken(sound, f"UPDATE order_line SET position = 0.5 WHERE id = {line}")
    assert wrong["M1"]["violations"] == 3


@pytest.mark.both
def test_m1_names_the_column_of_a_kind_with_fractions(sound):
    wrong = broken(sound, "ALTER TABLE order_line ADD COLUMN discount NUMERIC")
    assert wrong["M1"]["first"]["what"] == "discount is of type NUMERIC"


def test_a_row_that_cannot_be_reckoned_with_is_a_finding_and_no_crash(sound):
    wrong = broken(sound, "UPDATE order_line SET total = 'much' WHERE id = 1")
    assert wrong["M1"]["first"]["what"].startswith("cannot be followed")


def _more_events(shop: Shop, code: str, *changes: str) -> list[str]:
    """Statements that add events with these changes to the end of an order's history, as sound as they can be."""
    order = shop.order(code)
    columns = "order_id, seq, at, thing, verb, actor, staff_id, action_id, changes, note"
    keep = "order_id, seq + 1, at, thing, verb, actor, staff_id, action_id"
    one = (
        "INSERT INTO event ({columns}) SELECT {keep}, '{change}', '' FROM event WHERE order_id = {id}"
        " ORDER BY seq DESC LIMIT 1"
    )
    inserts = [one.format(columns=columns, keep=keep, change=change, id=order.id) for change in changes]
    return [*inserts, f"UPDATE orders SET version = version + {len(changes)} WHERE id = {order.id}"]
