"""The `sellerweb` command: what it prints, where, and how it exits. Scripts and checks read this."""

import json
import sqlite3
from pathlib import Path

import click
import pypdf
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from sellerweb.commands import main
from sellerweb.shop import history, shipments
from sellerweb.shop.db import db
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
        ("import", "qoo10", __file__),
    ],
    ids=lambda args: " ".join(args[:2]),
)  # fmt: skip
def test_wrong_usage_exits_2_and_speaks_on_stderr(run, args):
    done = run(*args)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Error" in done.stderr or "Usage" in done.stderr


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
