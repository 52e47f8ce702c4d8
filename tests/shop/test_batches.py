"""Telling a channel: files that are remembered, what became of each item, and what a parcel says of it."""

import csv
import io

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from sellerweb.channels import WRITERS, leaves_out, own_table
from sellerweb.shop import batches, history, intake, orders, shipments, telling, waiting
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import db, reader
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Notice
from sellerweb.shop.refused import Refused

FIRST = shipments.Label("cj", "632976615493")
SECOND = shipments.Label("epost", "6403100000017")
BOB = history.Actor("staff", None, "manager")
ID_AND_NUMBER = {
    "smartstore": ("상품주문번호", "송장번호"),
    "qoo10": ("注文番号", "送り状番号"),
    "shopify": ("Lineitem name", "Tracking Number"),
}
pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def left(shop: Shop, channel: str = "shopify", order_no: str = "A1", label=FIRST, **more) -> int:
    shop.place(
        order_no,
        LineIn(f"{order_no}-1", "노트", 2, "new"),
        LineIn(f"{order_no}-2", "펜", 1, "new"),
        channel=channel,
        **more,
    )
    return send(shop, {0: 2, 1: 1}, label, order_no)


def send(shop: Shop, pieces: dict[int, int], label=FIRST, order_no: str = "A1") -> int:
    lines = shop.lines(order_no)
    return shop.do(shipments.send, order_no, {lines[i].id: n for i, n in pieces.items()}, label, hand_over=True)


def make(channel: str = "shopify", kind: str = "dispatch") -> int | None:
    with history.act(BOB, "export") as act:
        return batches.make(act, channel, kind, WRITERS[channel, kind])


def settle(batch: int, word: str, which: dict[int, str] | None = None, version: int | None = None) -> int:
    with reader().connect() as conn:
        version = batches.newest(conn, batch) if version is None else version
    with history.act(BOB, "tell") as act:
        return batches.settle(act, batch, version, word, which)


def fresh(channel: str = "shopify", kind: str = "dispatch") -> list[tuple[str, str]]:
    with reader().connect() as conn:
        return [(x.item_no, x.number) for x in batches.fresh(conn, channel, kind, leaves_out)]


def rows(batch: int) -> list:
    with reader().connect() as conn:
        return batches.rows_of(conn, batch)


def told(shop: Shop, order_no: str = "A1") -> list[bool]:
    return [parcel.channel_told_at is not None for parcel in shop.parcels(order_no)]


def test_what_stands_in_a_file_is_in_no_second_one_and_told_once_the_channel_took_it(shop):
    left(shop)
    batch = make()
    assert [row.word for row in rows(batch)] == ["written", "written"]
    assert (make(), fresh(), told(shop)) == (None, [], [False])
    assert settle(batch, "told") == 2
    assert told(shop) == [True]
    assert "tell" in shop.events("A1")[-1]
    assert is_clean(audit())


def test_files_of_the_same_second_have_names_of_their_own(shop):
    left(shop)
    left(shop, order_no="A2", label=SECOND)
    first = make()
    settle(first, "failed", {row.id: "x" for row in rows(first)})
    second = make()
    with reader().connect() as conn:
        names = [batches.get(conn, batch).filename for batch in (first, second)]
    assert names == [f"shopify-dispatch-20261116-100000-{batch}.csv" for batch in (first, second)]


def test_of_two_parcels_each_channel_reads_what_it_takes_and_the_customer_gets_both(shop):
    """Two pieces of the first item in two parcels, the second item in the second one."""
    seen = {}
    for n, channel in enumerate(("smartstore", "qoo10", "shopify")):
        order_no = f"{channel}-1"
        items = LineIn(f"90{n}1", "노트", 2, "new"), LineIn(f"90{n}2", "펜", 1, "new")
        shop.place(order_no, *items, channel=channel, buyer_phone="01012345678")
        one, two = (shipments.Label("other", f"63297661{n}00{k}", "x") for k in (1, 2))
        parcels = send(shop, {0: 1}, one, order_no), send(shop, {0: 1, 1: 1}, two, order_no)
        batch = make(channel)
        with reader().connect() as conn:
            body, wrote = batches.get(conn, batch).body, batches.fresh(conn, channel, "dispatch", leaves_out)
            letters = select(Notice.shipment_id).where(
                Notice.shipment_id.in_(parcels), Notice.letter == "shipment_ship"
            )
            assert sorted(conn.scalars(letters)) == sorted(parcels)
        assert wrote == []
        table = own_table.parse(body)
        place = [table.header.index(name) for name in ID_AND_NUMBER[channel]]
        seen[channel] = [(cells[place[0]], cells[place[1]][-1]) for _number, cells in table.rows]
        settle(batch, "told")
        with reader().connect() as conn:
            assert telling.further(conn, channel) == []
        assert told(shop, order_no) == [True, True]
    assert seen == {
        "smartstore": [("9001", "1"), ("9002", "2")],
        "qoo10": [("9011", "1"), ("9012", "1")],
        "shopify": [("노트", "1"), ("노트", "2"), ("펜", "2")],
    }
    assert is_clean(audit())


def test_a_refused_item_is_in_the_next_file_and_its_parcel_untold(shop):
    left(shop)
    batch = make()
    refused, taken = rows(batch)
    settle(batch, "failed", {refused.id: "이미 취소된 주문"})
    settle(batch, "told", {taken.id: ""})
    assert told(shop) == [False]
    assert fresh() == [("A1-1", FIRST.number)]
    second = make()
    with pytest.raises(Refused, match="another file says more"):
        settle(batch, "by_hand", {rows(batch)[0].id: ""})
    settle(second, "told")
    assert told(shop) == [True]
    assert is_clean(audit())


def test_a_refusal_needs_the_channel_s_words(shop):
    left(shop)
    batch = make()
    with pytest.raises(Refused) as no:
        settle(batch, "failed", {rows(batch)[0].id: ""})
    assert no.value.field == "why"


def test_an_answer_from_an_old_page_changes_nothing(shop):
    left(shop)
    batch = make()
    version = rows(batch)[-1].id
    settle(batch, "failed", {rows(batch)[0].id: "x"})
    with pytest.raises(Refused, match="meanwhile"):
        settle(batch, "told", version=version)
    assert told(shop) == [False]


def test_a_corrected_number_is_untold_again(shop):
    parcel = left(shop)
    settle(make(), "told")
    shop.do(shipments.correct, "A1", parcel, SECOND, "오기")
    assert told(shop) == [False]
    assert fresh() == [("A1-1", SECOND.number), ("A1-2", SECOND.number)]


def test_a_number_corrected_while_the_file_is_away_goes_into_the_next(shop):
    parcel = left(shop)
    batch = make()
    shop.do(shipments.correct, "A1", parcel, SECOND, "오기")
    settle(batch, "told")
    assert told(shop) == [False]
    assert fresh() == [("A1-1", SECOND.number), ("A1-2", SECOND.number)]
    assert is_clean(audit())


def test_a_corrected_first_number_of_a_qoo10_order_is_told_anew_for_all_its_items(shop):
    shop.place("A1", LineIn("1", "マグ", 1, "new"), LineIn("2", "皿", 1, "new"), channel="qoo10")
    first = send(shop, {0: 1})
    send(shop, {1: 1}, SECOND)
    settle(make("qoo10"), "told")
    assert told(shop) == [True, True]
    third = shipments.Label("cj", "632976615504")
    shop.do(shipments.correct, "A1", first, third, "誤記")
    assert fresh("qoo10") == [("1", third.number), ("2", third.number)]


def test_a_further_parcel_of_a_told_item_waits_until_the_customer_knows(shop):
    shop.place("A1", LineIn("1", "노트", 2, "new"), channel="smartstore")
    send(shop, {0: 1})
    settle(make("smartstore"), "told")
    second = send(shop, {0: 1}, SECOND)
    assert fresh("smartstore") == []
    with reader().connect() as conn:
        assert [row.id for row in telling.further(conn, "smartstore")] == [second]
    with history.act(BOB, "tell") as act:
        batches.by_hand(act, "smartstore", "dispatch", [shop.parcels("A1")[0].order_id])
    assert told(shop) == [True, True]
    assert is_clean(audit())


def test_a_parcel_that_stands_in_a_file_cannot_be_taken_back(shop):
    parcel = left(shop)
    make()
    with pytest.raises(Refused, match="file for the channel"):
        shop.do(shipments.unship, "A1", parcel)
    assert shop.parcels("A1")[0].state == "shipped"


def test_an_order_by_hand_has_nobody_to_be_told(shop):
    left(shop, "manual")
    assert told(shop) == [True]


def test_a_promised_day_is_told_once(shop):
    shop.place("A1", LineIn("1", "マグ", 1, "new"), channel="qoo10")
    shop.do(orders.promise, "A1", MONDAY.date().replace(day=20))
    batch = make("qoo10", "promise")
    assert fresh("qoo10", "promise") == []
    settle(batch, "told")
    assert fresh("qoo10", "promise") == []
    assert make("qoo10", "promise") is None


def test_days_that_are_to_be_told_are_counted_until_the_channel_knows_them(shop):
    def counted() -> int:
        with reader().connect() as conn:
            orders_ = {thing.item.order_id for thing in telling.things(conn, "qoo10", "promise")}
            assert waiting.waiting(conn).untold == len(orders_)  # nothing has left
        assert is_clean(audit())
        return len(orders_)

    day = MONDAY.date().replace(day=20)
    for order_no in ("A1", "A2", "A3"):
        shop.place(order_no, LineIn(f"{order_no}-1", "マグ", 1, "new"), channel="qoo10")
        shop.do(orders.promise, order_no, day)
    shop.place("S1", LineIn("1", "머그", 1, "new"), channel="smartstore")
    shop.do(orders.promise, "S1", day)
    assert counted() == 3
    batch = make("qoo10", "promise")
    settle(batch, "failed", {rows(batch)[0].id: "日付"})
    assert counted() == 3
    settle(batch, "told")
    assert counted() == 1
    with history.act(BOB, "tell") as act:
        batches.by_hand(act, "qoo10", "promise", [shop.order("A1").id])
    assert counted() == 0
    due = MONDAY.replace(day=22, hour=15)
    shop.tell("A2", LineIn("A2-1", "マグ", 1, "confirmed"), channel="qoo10", ship_due_at=due)
    assert counted() == 0
    shop.place("A4", LineIn("A4-1", "マグ", 1, "new"), channel="qoo10")
    shop.do(orders.promise, "A4", day)
    assert counted() == 1
    shop.tell(
        "A4", LineIn("A4-1", "マグ", 1, "confirmed"), channel="qoo10", ship_due_at=MONDAY.replace(day=20, hour=15)
    )
    assert counted() == 0
    shop.sql("UPDATE orders SET day_untold = (1 = 1) WHERE order_no = 'A4'")
    assert audit()["K1"]["first"]["table"] == "orders"


def test_a_file_that_says_it_back_tells_the_parcel(shop):
    """The round trip: our file, what the channel would see of it, and the file that it gives then."""
    left(shop, "qoo10")
    batch = make("qoo10")
    with reader().connect() as conn:
        body = batches.get(conn, batch).body
    seen = list(csv.DictReader(io.StringIO(body.decode("cp932"), newline="")))
    assert [(r["注文番号"], r["カート番号"], r["送り状番号"]) for r in seen] == [
        ("A1-1", "A1", FIRST.number),
        ("A1-2", "A1", FIRST.number),
    ]
    back = [
        LineIn(r["注文番号"], r["商品名"], int(r["数量"]), "shipping", carrier="cj", tracking_number=r["送り状番号"])
        for r in seen
    ]
    with history.act(history.CHANNEL, "import") as act:
        outcome, conflicts = intake.take(act, "qoo10", OrderIn("A1", "JPY", back))
    assert (outcome, conflicts, told(shop)) == ("updated", [], [True])
    assert [(line.shipped, line.ordered) for line in shop.lines("A1")] == [(2, 2), (1, 1)]
    assert is_clean(audit())


def test_a_batch_is_never_rewritten(shop):
    left(shop)
    make()
    for statement in (
        "UPDATE batch SET rows = 9",
        "DELETE FROM telling",
        "UPDATE telling SET word = 'told'",
        "DELETE FROM batch",
    ):
        with pytest.raises(DatabaseError, match="insert-only"), db.engine.begin() as tx:
            tx.execute(text(statement))


def test_the_audit_names_a_parcel_that_is_told_too_early(shop):
    left(shop)
    make()
    shop.sql("UPDATE shipment SET channel_told_at = shipped_at")
    found = audit()["K1"]
    assert (found["violations"], found["first"]["table"]) == (2, "shipment")
