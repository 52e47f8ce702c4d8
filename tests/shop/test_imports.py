"""A file taken in: whole, once, and though the power goes in the middle of it."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from bare_shop import MONDAY, Shop
from sqlalchemy import event, text

from sellerweb.shop import history, imports, intake, taking_in
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import db, forget, reader
from sellerweb.shop.incoming import PART, FileError, FileIn, LineIn, OrderIn, RejectedRow, unpacked
from sellerweb.shop.refused import Refused

pytestmark = pytest.mark.both
ORDERS = 120
STATES = ("new", "confirmed", "unpaid", "delivered", "cancelled", "cancel_requested", "shipped")


def order(number: int, state: str = "") -> OrderIn:
    state = state or STATES[number % len(STATES)]
    lines = [
        LineIn(
            f"{number}-{item}", "노트", 1 + item, state, total=1000, tracking_number=f"{number}" * (state == "shipped")
        )
        for item in range(1 + number % 3)
    ]
    name = {
        "receiver_name": f"김손님{number}",
        "phone": f"010-0000-{number:04}",
        "address": f"서울특별시 마포구 {number}",
    }
    return OrderIn(f"N{number}", "KRW", lines, ordered_at=MONDAY + timedelta(minutes=number), **name)


def file(*orders: OrderIn, channel: str = "smartstore") -> FileIn:
    return FileIn(channel, len(orders), list(orders))


def take_in(what: FileIn) -> dict:
    return taking_in.run(imports.receive(what.packed(), "orders.xlsx"))


def test_a_file_comes_in_and_its_report_says_so(shop):
    what = replace(file(order(1), order(2)), rows=6, rejected=[RejectedRow(4, "bad_quantity")])
    report = take_in(what)
    assert report == {
        "rows": 6,
        "rejected": 1,
        "new": 2,
        "updated": 0,
        "unchanged": 0,
        "lines": 5,
        "conflicts": [],
    }
    done = imports.newest()[0]
    assert (done.state, done.done, done.orders) == ("done", 2, 2)
    assert imports.rejected(done.id) == [{"row": 4, "code": "bad_quantity"}]
    assert set(imports.last_finished()) == {"smartstore"}
    assert shop.rows("SELECT * FROM import_part") == []


def test_the_same_file_again_adds_nothing(shop):
    what = file(*map(order, range(40)))
    take_in(what)
    before = everything(shop)
    report = take_in(what)
    assert (report["new"], report["updated"], report["unchanged"]) == (0, 0, 40)
    assert everything(shop) == before


def test_an_empty_file_is_done_at_once(shop):
    assert take_in(file())["new"] == 0


def test_a_conflict_names_its_order(shop):
    take_in(file(order(1, "shipped")))
    report = take_in(file(order(1, "cancelled")))
    assert {"order_no": "N1", "code": "cancelled_after_ship"} in report["conflicts"]


def test_a_second_file_of_the_channel_waits_its_turn(shop):
    imports.receive(file(order(1)).packed(), "first.xlsx")
    with pytest.raises(Refused):
        imports.receive(file(order(2)).packed(), "second.xlsx")
    imports.receive(file(order(2), channel="qoo10").packed(), "another channel's.csv")
    last = imports.receive(file(order(2)).packed(), "second.xlsx", behind=True)
    taking_in.run(last)
    assert [row.state for row in imports.newest()] == ["done", "done", "done"]


def test_a_small_file_of_one_channel_has_its_turn_beside_a_big_one_of_another(shop, monkeypatch):
    monkeypatch.setattr(taking_in, "TURN", 0.0)  # a part a turn
    big = imports.receive(file(*map(order, range(2 * PART))).packed(), "big.xlsx")
    small = imports.receive(file(order(1), channel="qoo10").packed(), "small.csv")
    turns = []
    while (claimed := imports.claim()) is not None:
        taking_in.apply(claimed)
        turns.append(claimed)
        forget()
    assert turns.index(small) < len(turns) - 1 - turns[::-1].index(big)
    assert [imports.get(key).state for key in (big, small)] == ["done", "done"]


def test_a_part_that_another_worker_took_is_not_counted_twice(shop):
    mine = imports.receive(file(order(1), order(2)).packed(), "orders.xlsx")
    imports.claim()
    part = shop.rows("SELECT n, orders FROM import_part")[0]
    for _worker in range(2):
        taking_in._take_part(mine, part.n, unpacked(part.orders))
    forget()
    assert imports.get(mine).report["new"] + imports.get(mine).report["unchanged"] == 2
    assert imports.get(mine).done == 2


def test_a_file_is_read_by_one_worker_and_by_another_when_that_one_dies(shop):
    how = imports.How("smartstore", "", "비밀 0000")
    kept = imports.keep(b"file", "big.xlsx", how)
    assert imports.claim_unread() == imports.Unread(kept, b"file", how)
    assert imports.claim_unread() is None
    shop.sql("UPDATE import SET leased_until = '2026-01-01 00:00:00'")
    assert imports.claim_unread().how == how


def test_the_password_of_a_kept_file_lies_about_sealed_and_goes_with_it(shop):
    kept = imports.keep(b"file", "big.xlsx", imports.How(password="0000"))
    assert "0000" not in str(shop.rows("SELECT how FROM import"))
    imports.refuse(kept, FileError("corrupt_file"))
    row = shop.rows("SELECT how, payload FROM import")[0]
    assert (json.loads(row.how) if isinstance(row.how, str) else row.how, row.payload) == ({}, None)


def test_a_file_whose_password_nobody_gives_is_forgotten_after_a_day(shop):
    kept = imports.keep(b"file", "big.xlsx", imports.How())
    imports.refuse(kept, FileError("password_needed"))
    imports.sweep()
    forget()
    assert imports.get(kept).kept
    shop.sql("UPDATE import SET finished_at = '2026-01-01 00:00:00'")
    imports.sweep()
    forget()
    assert not imports.get(kept).kept


def test_a_file_that_cannot_be_applied_is_failed_and_stands_in_nobodys_way(shop, monkeypatch):
    def stumble(*_args):
        raise ZeroDivisionError

    bad = imports.receive(file(order(1)).packed(), "bad.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(intake, "take_all", stumble)
        with pytest.raises(ZeroDivisionError):
            taking_in.run(bad)
    assert imports.get(bad).state == "failed"
    assert take_in(file(order(1)))["new"] == 1


def test_many_new_orders_take_as_many_statements_as_one(shop):
    """What a file of 10,000 rows lives by: a statement for a chunk, not for an order."""
    sent = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: sent.append(said[2]))

    def statements(*numbers: int) -> int:
        sent.clear()
        with history.act(history.CHANNEL, "import") as act:
            intake.take_all(act, "smartstore", [order(number, "new") for number in numbers])
        return len(sent)

    assert statements(12) == statements(*range(13, 33)) <= 16


KILLED = """
import sys
from sellerweb import config, create_app
from sellerweb.shop import imports, intake, taking_in

app, taken = create_app(config.read()), 0
begin = intake._begin

def slow(*args):
    global taken
    taken += 1
    if taken == int(sys.argv[2]):
        print("half-way", flush=True)
        sys.stdin.read()   # here the power goes
    return begin(*args)

intake._begin = slow
with app.app_context():
    taking_in.run(int(sys.argv[1]))
"""


def test_a_part_holds_no_more_lines_than_it_may(shop):
    many = [replace(order(n), lines=[LineIn(f"{n}-{i}", "노트", 1, "new") for i in range(300)]) for n in range(3)]
    read = file(*many, *map(order, range(3, 6))).packed()
    assert [len(unpacked(part)) for part in read.parts] == [1, 1, 4]
    assert read.orders == [*many, *map(order, range(3, 6))]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(1, marks=pytest.mark.slow),
        pytest.param(26, marks=pytest.mark.slow),
        60,
        pytest.param(ORDERS, marks=pytest.mark.slow),
    ],
)
def test_an_import_killed_anywhere_and_run_again_equals_an_undisturbed_one(shop, settings, at):
    one, two = file(*map(order, range(ORDERS))), file(*(order(n) for n in range(ORDERS, ORDERS + 30)))
    killed = imports.receive(one.packed(), "orders.xlsx")
    kill_at(settings, killed, at)
    assert imports.get(killed).state == "running"
    assert imports.get(killed).done == (at - 1) // PART * PART
    shop.sql("UPDATE import SET leased_until = created_at")  # its lease runs out
    report = take_in_behind(two)
    assert imports.get(killed).report["new"] == ORDERS
    assert report["new"] == 30
    assert is_clean(audit())
    disturbed = everything(shop)
    empty(shop)
    take_in(one)
    take_in(two)
    assert everything(shop) == disturbed


def kill_at(settings, import_id: int, at: int) -> None:
    env = {
        **os.environ,
        "SELLERWEB_DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "SELLERWEB_DATA_DIR": str(settings.data_dir),
    }
    args = [sys.executable, "-c", KILLED, str(import_id), str(at)]
    with subprocess.Popen(args, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "half-way\n"
        process.send_signal(signal.SIGKILL)
    time.sleep(0.1)  # the server notices that its client is gone


def take_in_behind(what: FileIn) -> dict:
    return taking_in.run(imports.receive(what.packed(), "orders.xlsx", behind=True))


# What an import writes, without what differs between any two runs: keys, clocks, and names given at random.
EVERYTHING = {
    "orders": "code, channel, order_no, stage, version, paid_at, confirmed_at, channel_block, total, receiver_name, goods",
    "order_line": "item_no, position, ordered, cancelled, packed, shipped, delivered, returned, channel_state",
    "shipment": "state, carrier, number, same_parcel, shipped_at",
    "shipment_line": "quantity",
    "event": "seq, thing, verb, actor, note",
    "notice": "letter, medium, recipient, state",
    "customer_key": "kind, value, role",
    "order_key": "key",
    "order_text": "text",
}


def everything(shop: Shop) -> dict[str, list]:
    with reader().connect() as conn:
        said = {
            table: sorted(map(repr, map(tuple, conn.execute(text(f"SELECT {columns} FROM {table}")))))
            for table, columns in EVERYTHING.items()
        }
        tallies = text("SELECT channel, stage, CAST(SUM(n) AS integer) FROM stage_tally GROUP BY channel, stage")
        return {**said, "tallies": sorted(map(tuple, conn.execute(tallies)))}


def empty(shop: Shop) -> None:
    if shop.url.startswith("sqlite"):
        tables = (
            "notice",
            "event",
            "shipment_line",
            "shipment",
            "customer_key",
            "order_key",
            "order_text",
            "claim_line",
            "order_line",
            "claim",
            "stage_tally",
        )
        shop.sql("DROP TRIGGER event_no_delete", *(f"DELETE FROM {table}" for table in tables))
        shop.sql(
            "DELETE FROM orders",
            "INSERT INTO order_gram (order_gram) VALUES ('delete-all')",
            "DELETE FROM import_part",
            "DELETE FROM import",
        )
    else:
        forget()  # what was read last would still hold its tables
        shop.sql("TRUNCATE orders, import_part, import, stage_tally CASCADE")
