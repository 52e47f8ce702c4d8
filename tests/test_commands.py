"""The `sellerweb` command: what it prints, where, and how it exits. Scripts and checks read this."""

import csv
import io
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import click
import pypdf
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from sellerweb.commands import main
from sellerweb.shop import clock, history, orders, shipments
from sellerweb.shop.db import db
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.shipments import Label

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick

SAMPLES = Path(__file__).parent / "data" / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["files"]
CJ = "622344515213"


@pytest.fixture
def run(settings, monkeypatch):
    """run("orders", "--json"): the command on this test's database, in English."""
    known = {
        "DATA_DIR": settings.data_dir,
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": "for tests alone",
        "LANGUAGE": "en",
    }
    for name, value in known.items():
        monkeypatch.setenv(f"SELLERWEB_{name}", str(value))
    return lambda *args: CliRunner().invoke(main, [str(a) for a in args], catch_exceptions=False)


@pytest.fixture
def ship(app):
    def do(code, number=CJ):
        with app.app_context(), history.act(history.Actor("staff", None, "packer"), "ship") as act:
            case = act.order(code)
            pieces = {line.id: line.ordered for line in case.lines.values()}
            shipments.send(case, pieces, Label("cj", number), hand_over=True)

    return do


def commands(group=main, path=()):
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", sorted(commands()), ids=" ".join)
def test_every_command_has_help(path):
    done = CliRunner().invoke(main, [*path, "--help"])
    assert done.exit_code == 0
    assert "Usage:" in done.stdout
    assert len(done.stdout.split("\n\n")[1].strip()) > 10


def test_the_design_s_commands_are_there():
    there = {" ".join(path) for path in commands()}
    promised = "serve worker demo migrate import export orders slips picklist audit backup carriers staff"
    assert set(promised.split()) | {"staff add", "carriers check", "carriers guess"} <= there


def test_import_says_what_came_in(run):
    done = run("import", "smartstore", SAMPLES / "smartstore_orders.xlsx", "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert list(answer) == ["orders", "lines", "new", "updated", "unchanged", "rejected", "conflicts"]
    assert {k: v for k, v in answer.items() if isinstance(v, int)} == {
        "orders": 15, "lines": 16, "new": 15, "updated": 0, "unchanged": 0,
    }  # fmt: skip
    again = json.loads(run("import", "smartstore", SAMPLES / "smartstore_orders.xlsx", "--json").stdout)
    assert (again["new"], again["unchanged"]) == (0, 15)


def test_import_opens_a_protected_file(run):
    file = SAMPLES / "smartstore_orders_encrypted.xlsx"
    assert json.loads(run("import", "smartstore", file, "--password", "0000", "--json").stdout)["new"] == 15
    for password, code in (("", "password_needed"), ("1", "wrong_password")):
        done = run("import", "smartstore", file, "--password", password, "--json")
        assert done.exit_code == 1
        error = json.loads(done.stdout)["error"]
        assert error["code"] == code
        assert "Nothing was imported" in error["why"]
        assert error["why"] in done.stderr


def test_import_names_rejected_rows_on_stderr(run, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("상품주문번호,주문번호,수취인명,주문상태,상품명,수량\n,20261,김하늘,신규주문,머그컵,1\n")
    answer = json.loads(run("import", "smartstore", file, "--json").stdout)
    (row,) = answer["rejected"]
    assert list(row) == ["row", "code", "why"]
    assert (row["row"], row["code"]) == (2, "missing_item_no")
    plain = run("import", "smartstore", file)
    assert "row 2: The item number is empty" in plain.stderr
    assert "row 2" not in plain.stdout


@pytest.mark.parametrize(
    "args",
    [
        ("import", "nowhere", __file__), ("import", "smartstore", "/no/such/file"), ("import",), ("orders", "--stage", "x"),
        ("staff", "add", "Dora"), ("staff", "add", "Dora", "--role", "king"), ("slips",), ("nothing",), ("export", "smartstore"),
        ("import", "qoo10", __file__, "--encoding", "klingon"), ("export", "manual", "--out", "x"),
        ("export", "shopify", "--kind", "promise", "--out", "x"), ("export", "qoo10", "--kind", "gossip", "--out", "x"),
    ],
    ids=lambda args: " ".join(args[:4:2]),
)  # fmt: skip
def test_wrong_usage_exits_2_and_speaks_on_stderr(run, args):
    done = run(*args)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Error" in done.stderr or "Usage" in done.stderr


@pytest.mark.parametrize("name", EXPECTED)
def test_every_sample_comes_in_as_expected_json_says_whoever_names_its_channel(run, name):
    expected = EXPECTED[name]
    password = ("--password", expected["password"]) if "password" in expected else ()
    answer = json.loads(run("import", "auto", SAMPLES / name, "--json", *password).stdout)
    counts = expected["counts"]
    assert (answer["channel"], answer["orders"], answer["lines"], answer["new"], len(answer["rejected"])) == (
        expected["channel"], counts["orders"], counts["items"], counts["orders"], counts["rejected"],
    )  # fmt: skip
    again = json.loads(run("import", expected["channel"], SAMPLES / name, "--json", *password).stdout)
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, counts["orders"])
    assert "channel" not in again
    there = EXPECTED[expected.get("same_orders_as", name)]["orders"]
    listed = json.loads(run("orders", "--json").stdout)
    assert [order["order_no"] for order in listed] == [order["order_no"] for order in there]
    for order, says in zip(listed, there, strict=True):
        assert [line["ordered"] for line in order["lines"]] == [item["qty"] for item in says["items"]]
        if order["stage"] != "awaiting_payment":  # before payment nobody is told who gets it
            assert (order["receiver_name"], order["phone"], order["postcode"]) == (
                says["receiver"],
                says["phone"],
                says["zip"],
            )
        if says["to_ship"] in (True, False):
            free = order["stage"] in ("new", "preparing", "partly_shipped") and not order["channel_block"]
            assert free == says["to_ship"]


def test_all_samples_of_qoo10_one_after_another_complete_each_other(run):
    for name in sorted(name for name in EXPECTED if name.startswith("qoo10")):
        answer = json.loads(run("import", "qoo10", SAMPLES / name, "--json").stdout)
        assert answer["conflicts"] == []
    orders = {order["order_no"]: order for order in json.loads(run("orders", "--channel", "qoo10", "--json").stdout)}
    for name in ("qoo10_DeliveryManagement_detail_20261007_1000_cp932.csv", "qoo10_detail_korean_ui_utf8bom.csv"):
        for says in EXPECTED[name]["orders"]:
            order = orders[says["order_no"]]
            assert order["total"] == sum(item["total"] for item in says["items"])
            assert (order["address"], order["message"]) == (says["address"], says["message"])
    assert run("audit").exit_code == 0


def test_a_file_of_one_s_own_comes_in_where_its_columns_say_what_they_are(run, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("주문번호,받는분,주소,상품명,수량\nA-1,김하늘,서울특별시 강남구 1,머그컵,2\n", encoding="cp949")
    done = run("import", "auto", file, "--json")
    assert "상품명 = Product" in done.stderr
    answer = json.loads(done.stdout)
    assert (answer["channel"], answer["new"]) == ("manual", 1)
    assert json.loads(run("import", "manual", file, "--json").stdout)["unchanged"] == 1
    file.write_text("하나,둘\n1,2\n")
    refused = run("import", "auto", file, "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]["code"]) == (1, "columns_unknown")


def test_letters_in_doubt_are_asked_about_and_told(run, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("order no,name,product\nA-1,山田,mug\n", encoding="cp932")
    refused = run("import", "manual", file, "--json")
    assert json.loads(refused.stdout)["error"]["code"] == "unsure_encoding"
    assert json.loads(run("import", "manual", file, "--encoding", "cp932", "--json").stdout)["new"] == 1
    assert json.loads(run("orders", "--json").stdout)[0]["receiver_name"] == "山田"


def test_a_file_of_another_channel_is_named(run):
    done = run("import", "qoo10", SAMPLES / "smartstore_orders.xlsx", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["code"] == "other_channel"
    assert "a file of SmartStore" in done.stderr


def test_an_older_file_after_a_newer_one_steps_nothing_back(run, tmp_path):
    new = (SAMPLES / "shopify_orders_export.csv").read_text(encoding="utf-8")
    old = tmp_path / "old.csv"
    old.write_text(
        new.replace(",fulfilled,", ",unfulfilled,")
        .replace(",paid,2026", ",pending,")
        .replace(",20.00,Sample", ",0.00,Sample")
    )
    run("import", "shopify", SAMPLES / "shopify_orders_export.csv")
    before = json.loads(run("orders", "--json").stdout)
    run("import", "shopify", old)
    after = json.loads(run("orders", "--json").stdout)
    for name in ("stage", "channel_block", "paid_at", "refunded"):
        assert [order[name] for order in after] == [order[name] for order in before], name
    assert run("audit").exit_code == 0


def test_a_file_that_is_none_exits_1(run):
    done = run("import", "smartstore", __file__, "--json")
    assert done.exit_code == 1
    assert set(json.loads(done.stdout)) == {"error"}


def test_orders_gives_lines_and_counters(run, make_order, ship):
    make_order("A1", quantity=3)
    make_order("Q1", channel="qoo10")
    ship("A1")
    everything = json.loads(run("orders", "--json").stdout)
    assert [o["code"] for o in everything] == ["A1", "Q1"]
    (line,) = everything[0]["lines"]
    counters = ("ordered", "cancelled", "packed", "shipped", "delivered", "returned", "lost", "open")
    assert [line[name] for name in counters] == [3, 0, 0, 3, 0, 0, 0, 0]
    assert everything[0]["stage"] == "shipped"
    assert [o["code"] for o in json.loads(run("orders", "--channel", "qoo10", "--json").stdout)] == ["Q1"]
    assert [o["code"] for o in json.loads(run("orders", "--stage", "shipped", "--json").stdout)] == ["A1"]
    assert run("orders").stdout.splitlines()[0].split("\t")[:3] == ["A1", "smartstore", "shipped"]


def test_slips_are_one_pdf_and_are_counted(run, make_order, tmp_path):
    make_order("A1")
    make_order("A2")
    file = tmp_path / "slips.pdf"
    for number in (1, 2):
        assert run("slips", "A1", "A2", "--out", file, "--size", "a6").exit_code == 0
        texts = [page.extract_text() for page in pypdf.PdfReader(file).pages]
        assert ["A1" in texts[0], "A2" in texts[1]] == [True, True]
        assert ("Reprint 2" in texts[0]) == (number == 2)


def test_a_slip_of_nothing_exits_1_and_prints_nothing(run, make_order, tmp_path):
    make_order("A1")
    make_order("U1", state="unpaid")
    file = tmp_path / "slips.pdf"
    for order in ("nothing", "U1"):
        done = run("slips", "A1", order, "--out", file)
        assert done.exit_code == 1
        assert order in done.stderr
        assert not file.exists()


def test_a_pick_list_takes_all_that_is_to_be_packed(run, make_order, tmp_path):
    file = tmp_path / "pick.pdf"
    assert run("picklist", "--out", file).exit_code == 1
    make_order("A1", quantity=2)
    make_order("A2", quantity=3, state="confirmed")
    assert run("picklist", "--out", file).exit_code == 0
    text = pypdf.PdfReader(file).pages[0].extract_text()
    assert "A1" in text
    assert "A2" in text


def test_audit_is_clean_and_says_what_is_not(run, app, make_order):
    make_order("A1")
    done = run("audit", "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert {"Q1", "Q2", "Q3", "Q4", "Q5", "H1", "H2", "H3", "M1"} <= set(answer)
    assert all(set(found) == {"checked", "violations", "first"} for found in answer.values())
    assert all(found["violations"] == 0 for found in answer.values())
    with app.app_context(), db.engine.begin() as tx:
        tx.exec_driver_sql("UPDATE orders SET stage = 'shipped'")
    broken = run("audit", "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["Q5"]["first"]["order"] == "A1"
    assert "BROKEN" in run("audit").stderr


def test_export_writes_what_the_channel_takes_back(run, make_order, ship, tmp_path):
    make_order("A1")
    ship("A1")
    file = tmp_path / "dispatch.xlsx"
    done = run("export", "smartstore", "--out", file)
    assert done.exit_code == 0
    assert done.stdout.startswith("1 dispatch rows")
    assert file.read_bytes().startswith(b"PK")
    assert run("export", "smartstore", "--dry-run").stdout == ""
    again = tmp_path / "again.xlsx"
    assert run("export", "smartstore", "--batch", 1, "--out", again).exit_code == 0
    assert again.read_bytes() == file.read_bytes()
    assert "batch 1" in run("export", "smartstore", "--out", again).stderr


def test_a_dry_run_writes_nothing(run, make_order, ship, tmp_path):
    make_order("A1")
    ship("A1")
    for _ in range(2):
        assert run("export", "smartstore", "--dry-run").stdout.startswith("A1\tA1-1\t")
    assert run("export", "smartstore").exit_code == 2


def test_backup_is_a_whole_copy_and_never_writes_over_one(run, make_order, tmp_path):
    make_order("A1")
    file = tmp_path / "copy.db"
    assert run("backup", file).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(file) as copy:
        assert copy.execute("SELECT code FROM orders").fetchall() == [("A1",)]
    copy.close()
    again = run("backup", file)
    assert again.exit_code == 1
    assert "exists already" in again.stderr


def test_staff_add_prints_a_one_time_password(run, client):
    done = run("staff", "add", "김도라", "--role", "packer")
    assert done.exit_code == 0
    from person import Person

    dora = Person(client, "김도라")
    assert dora.sign_in(password=done.stdout.strip()).status == 303
    assert dora.open("/orders", status=303).headers["Location"].startswith("/password")
    again = run("staff", "add", "김도라", "--role", "owner")
    assert again.exit_code == 1
    assert again.stderr.strip()
    assert again.stdout == ""


def test_refusals_are_said_in_the_shops_language(run, monkeypatch, tmp_path):
    monkeypatch.setenv("SELLERWEB_LANGUAGE", "ko")
    (tmp_path / "x.db").touch()
    assert "있" in run("backup", tmp_path / "x.db").stderr


def test_a_setting_that_cannot_be_used_is_named(run, monkeypatch):
    monkeypatch.setenv("SELLERWEB_UNDO_SECONDS", "soon")
    done = run("audit")
    assert done.exit_code == 2
    assert "SELLERWEB_UNDO_SECONDS" in done.stderr


def test_a_database_without_tables_is_a_sentence_not_a_trace(run, monkeypatch, tmp_path):
    monkeypatch.setenv("SELLERWEB_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    done = run("orders", "--json")
    assert done.exit_code == 1
    assert "migrate" in done.stderr


def test_orders_hide_who_gets_an_unpaid_order_and_write_down_who_was_shown(run, make_order, app):
    make_order("A1", state="unpaid")
    make_order("A2")
    unpaid, paid = json.loads(run("orders", "--json").stdout)
    assert [unpaid[name] for name in ("phone", "address", "postcode", "town", "buyer_phone")] == [""] * 5
    assert "테헤란로" in paid["address"]
    with app.app_context():
        looks = db.session.execute(text("SELECT order_id, what FROM access")).all()
    assert looks == [(paid["id"], "export")]


def test_a_person_gets_a_new_one_time_password(run, cast):
    done = run("staff", "reset", "Carol")
    assert (done.exit_code, len(done.stdout.strip()) > 10) == (0, True)
    assert run("staff", "reset", "Nobody").exit_code == 1


def test_a_demo_never_goes_into_a_shop_that_has_people(run):
    run("staff", "add", "나사장", "--role", "owner")
    assert run("demo", "--if-empty").exit_code == 0
    assert run("demo").exit_code == 1
    assert json.loads(run("orders", "--json").stdout) == []


def test_a_file_that_cannot_be_written_is_a_sentence(run, make_order):
    make_order("A1")
    done = run("export", "smartstore", "--out", "/dev/null/x.xlsx")
    assert (done.exit_code, "Traceback" in done.output) == (1, False)


@pytest.mark.parametrize(("channel", "kind"), [("qoo10", "dispatch"), ("qoo10", "promise"), ("shopify", "dispatch")])
def test_export_writes_each_channel_s_file(run, app, make_order, ship, tmp_path, channel, kind):
    make_order("1001", channel=channel)
    if kind == "dispatch":
        ship("1001")
    else:
        with app.app_context(), history.act(history.Actor("staff", None, "manager"), "promise") as act:
            orders.promise(act.order("1001"), clock.now().date() + timedelta(days=3))
    file = tmp_path / "out.csv"
    done = run("export", channel, "--kind", kind, "--out", file)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"1 {kind} rows of {channel}")
    head, row = csv.reader(
        io.StringIO(file.read_bytes().decode("cp932" if channel == "qoo10" else "utf-8"), newline="")
    )
    said = dict(zip(head, row, strict=True))
    assert said["注文番号" if channel == "qoo10" else "Name"] in ("1001-1", "1001")
    if kind == "dispatch":
        assert CJ in row
    else:
        assert said["発送予定日"] == f"{clock.now().date() + timedelta(days=3):%Y/%m/%d}"


def test_what_left_without_a_number_is_named_and_not_in_qoo10_s_file(run, app, make_order, tmp_path):
    make_order("Q1", lines=[LineIn("1", "노트", 1, "new", method="direct")], channel="qoo10")
    with app.app_context(), history.act(history.Actor("staff", None, "packer"), "ship") as act:
        case = act.order("Q1")
        shipments.send(case, dict.fromkeys(case.lines, 1), Label("direct", ""), hand_over=True)
    done = run("export", "qoo10", "--out", tmp_path / "out.csv")
    assert done.stdout.startswith("0 dispatch rows")
    assert "Q1 left without a number" in done.stderr
