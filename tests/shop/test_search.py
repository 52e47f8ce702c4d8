"""What is typed into the search, and which orders it finds."""

import pytest
from bare_shop import Shop
from sqlalchemy import event, text

from sellerweb.shop import orders, search, shipments
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn

pytestmark = pytest.mark.both
CJ = shipments.Label("cj", "632976615493")


@pytest.fixture
def full(shop: Shop) -> Shop:
    """Three orders that have little in common."""
    shop.place(
        "2026111698765",
        LineIn("2026111698765001", "달빛 노트 A5 라인", 2, "new", option="색상: 새벽 블루 / M", sku="NOTE-A5-BL"),
        receiver_name="김민지",
        buyer_name="박서연",
        phone="010-2345-6789",
        channel="smartstore",
    )
    shop.place(
        "#1001",
        LineIn("1", "Moon Mug 100%", 1, "new", sku="MUG_01"),
        receiver_name="Emma O'Neil",
        phone="+1 206-555-0147",
    )
    shop.place(
        "770011223",
        LineIn("880022", "ムーンライト トートバッグ", 1, "new", sku="TOTE-1"),
        receiver_name="佐藤 花子",
        phone="090-1111-6789",
        channel="qoo10",
    )
    return shop


KIM, EMMA, SATO = "2026111698765", "#1001", "770011223"


def found(shop: Shop, words: str) -> list[str]:
    with reader().connect() as conn:
        ids = search.find(conn, words)
    names = {row.id: row.order_no for row in shop.rows("SELECT id, order_no FROM orders")}
    return [names[id] for id in ids]


@pytest.mark.parametrize(
    ("words", "orders_"),
    [
        # numbers of orders and items, whole and in part
        ("2026111698765", [KIM]),
        ("2026111698765001", [KIM]),
        ("98765", [KIM]),
        ("#1001", [EMMA]),
        ("1001", [EMMA]),
        # names: whole, given name of two syllables, family name with it, the buyer's
        ("김민지", [KIM]),
        ("민지", [KIM]),
        ("박서연", [KIM]),
        ("서연", [KIM]),
        ("emma", [EMMA]),
        ("O'Neil", [EMMA]),
        ("佐藤花子", [SATO]),
        ("佐藤", [SATO]),
        ("花子", [SATO]),
        # phones: as written, plain, with wide digits, the last four
        ("010-2345-6789", [KIM]),
        ("01023456789", [KIM]),
        ("０１０２３４５６７８９", [KIM]),
        ("2345-6789", [KIM]),
        ("6789", [SATO, KIM]),
        ("0147", [EMMA]),
        # goods: SKU, words of Korean, Japanese and English, pieces of them
        ("NOTE-A5-BL", [KIM]),
        ("note-a5", [KIM]),
        ("노트", [KIM]),
        ("달빛 노트", [KIM]),
        ("빛 노트", [KIM]),
        ("새벽 블루", [KIM]),
        ("블루 / M", [KIM]),
        ("노트 a", [KIM]),
        ("トート", [SATO]),
        ("ムーンライト トートバッグ", [SATO]),
        ("ﾑｰﾝﾗｲﾄ", [SATO]),
        ("moon mug", [EMMA]),
        ("moon m", [EMMA]),
        ("oon", [EMMA]),
        # signs mean themselves
        ("100%", [EMMA]),
        ("%", []),
        ("_", []),
        ("mug_01", [EMMA]),
        ("mugx01", []),
        ("note_a5", []),
        ('"', []),
        ("' OR 1=1 --", []),
        ("달빛* OR 노트", []),
        # nothing and nobody
        ("", []),
        ("   ", []),
        ("없는사람", []),
        ("99999999", []),
        ("민", []),
    ],
)
def test_words_find(full, words, orders_):
    assert found(full, words) == orders_


def test_a_part_of_a_number_with_hyphens_finds_it(shop):
    shop.place("20261-116-77")
    assert found(shop, "20261-116") == ["20261-116-77"]
    assert found(shop, "20261-116-77") == ["20261-116-77"]


def test_a_tracking_number_finds_its_order_even_after_it_was_taken_off(full):
    line = full.line(KIM).id
    parcel = full.do(shipments.send, full.order(KIM).code, {line: 1}, CJ, hand_over=False)
    assert found(full, "6329-7661-5493") == [KIM]
    assert found(full, "61549") == [KIM]
    full.do(shipments.unpack, full.order(KIM).code, parcel)
    assert found(full, "632976615493") == [KIM]
    full.do(orders.readdress, full.order(KIM).code, {"address": "부산광역시 2"})
    assert found(full, "61549") == [KIM]


def test_a_new_receiver_is_found_and_the_old_one_no_more(full):
    full.do(orders.readdress, full.order(KIM).code, {"receiver_name": "최하늘", "phone": "010-7777-4321"})
    assert found(full, "하늘") == [KIM]
    assert found(full, "4321") == [KIM]
    assert found(full, "민지") == []
    assert found(full, "2345") == []


def test_the_newest_fifty_come_first_and_the_rest_after(shop):
    for number in range(55):
        shop.place(f"A{number:02}", receiver_name="김민지")
    with reader().connect() as conn:
        first = search.find(conn, "민지")
        rest = search.find(conn, "민지", before=first[-1])
    assert len(first) == search.LIMIT
    assert first == sorted(first, reverse=True)
    assert len(rest) == 5
    assert max(rest) < min(first)


@pytest.mark.parametrize("words", ["김민지", "노트", "6789", "note-a5", "달빛 노트"])
def test_no_search_reads_a_whole_table(full, words):
    plans = []

    def explain(_conn, cursor, statement, parameters, *_more):
        if not statement.startswith("EXPLAIN"):
            plans.append((statement, parameters))

    with reader().connect() as conn:
        event.listen(conn, "before_cursor_execute", explain)
        search.find(conn, words)
        event.remove(conn, "before_cursor_execute", explain)
        assert plans
        if conn.dialect.name == "postgresql":
            # A planner with three rows reads them all; asked not to, it must have an index to turn to.
            conn.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in plans:
            word = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN"
            plan = "\n".join(str(row) for row in conn.exec_driver_sql(f"{word} {statement}", parameters))
            assert "Seq Scan" not in plan, plan
            for table in ("orders", "order_text", "order_key", " t'", " t "):
                assert f"SCAN {table}" not in plan, plan
