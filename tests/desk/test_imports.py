"""Files at the desk: dropped, read at once, taken in behind, and reported so that people can act."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from sellerweb import worker
from sellerweb.desk import imports

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["files"]
HEADER = "상품주문번호,주문번호,수취인명,주문상태,상품명,수량,통합배송지,우편번호,수취인연락처1\n"
GOOD = "2026100710000111,2026100710000011,김하늘,신규주문,머그컵,1,서울특별시 강남구 가상대로 1,06001,010-0000-0001\n"


@pytest.fixture
def work(app):
    """work(): what the worker does behind the desk, until there is nothing left."""

    def run():
        with app.app_context():
            while worker.step():
                pass

    return run


def drop(desk, data, name="orders.xlsx", password="", status=None):
    desk.open("/imports")
    if isinstance(data, str):
        data = data.encode()
    values = {"file": (io.BytesIO(data), name), "password": password, "csrf_token": desk.token()}
    answer = desk.client.post("/imports", data=values, content_type="multipart/form-data")
    return desk._seen(answer, status)


def sample(name):
    return (SAMPLES / name).read_bytes()


def figures(page):
    return [int(e.text) for e in page.find(".figures").iter("dd")]


@pytest.mark.parametrize("name", ["smartstore_orders.xlsx", "smartstore_orders_27col.xlsx"])
def test_a_dropped_file_comes_in_behind(desk, rows, work, broken, name):
    answer = drop(desk, sample(name), name, status=303)
    running = desk.follow(answer)
    orders = len(EXPECTED[name]["orders"])
    assert f"0 of {orders} orders" in running.text("#report")
    assert running.find("#report").get("hx-get") == answer.headers["Location"]
    assert rows("SELECT * FROM orders") == []
    work()
    done = desk.open(answer.headers["Location"], htmx=True)
    assert figures(done) == [orders, 0, 0, len(EXPECTED[name]["rejected"])]
    assert done.find("#report").get("hx-trigger") is None
    assert len(rows("SELECT * FROM orders")) == orders
    assert broken() == {}


def test_a_file_with_its_password_comes_in(desk, rows, work):
    drop(desk, sample("smartstore_orders_encrypted.xlsx"), password="0000", status=303)
    work()
    assert len(rows("SELECT * FROM orders")) == 15
    assert rows("SELECT payload FROM import")[0].payload is None


@pytest.mark.parametrize(("password", "says"), [("", "This file has a password"), ("0001", "does not open this file")])
def test_a_missing_or_wrong_password_is_said_at_its_field(desk, rows, password, says):
    page = drop(desk, sample("smartstore_orders_encrypted.xlsx"), password=password, status=422)
    assert says in page.text("#password-error")
    assert page.find("#password").get("aria-invalid") == "true"
    assert page.find("#password").get("value", "") == ""
    assert rows("SELECT * FROM import") == []


@pytest.fixture
def behind(monkeypatch):
    """Every file counts as too big to be read while somebody waits."""
    monkeypatch.setattr(imports, "AT_ONCE", 0)


def test_a_big_file_is_read_behind_the_desk(desk, rows, work, broken, behind):
    answer = drop(desk, sample("smartstore_orders.xlsx"), status=303)
    reading = desk.follow(answer)
    assert "Reading the file" in reading.text("#report")
    assert reading.find("#report").get("hx-get") == answer.headers["Location"]
    assert "being read" in desk.open("/imports").text(".files")
    work()
    done = desk.follow(answer)
    assert figures(done) == [15, 0, 0, 0]
    assert rows("SELECT payload, how FROM import")[0].payload is None
    assert broken() == {}


def test_a_file_that_takes_too_long_goes_on_behind_the_desk(desk, work, monkeypatch):
    monkeypatch.setattr(imports, "PATIENCE", 0.01)
    answer = drop(desk, sample("smartstore_orders.xlsx"), status=303)
    assert "Reading the file" in desk.follow(answer).text("#report")
    work()
    assert figures(desk.follow(answer)) == [15, 0, 0, 0]


def test_a_big_file_asks_for_its_password_and_is_not_dropped_again(desk, rows, work, behind):
    answer = drop(desk, sample("smartstore_orders_encrypted.xlsx"), status=303)
    at = answer.headers["Location"]
    work()
    assert "This file has a password" in desk.open(at).text("#password-error")
    desk.fill(at, password="0001", status=303)
    work()
    assert "does not open this file" in desk.open(at).text("#password-error")
    desk.fill(at, password="0000", status=303)
    work()
    assert figures(desk.open(at)) == [15, 0, 0, 0]


def test_a_big_file_that_cannot_be_read_says_why(desk, rows, work, behind):
    answer = drop(desk, sample("smartstore_orders.xlsx")[:5000], status=303)
    work()
    page = desk.follow(answer)
    assert "damaged" in page.text(".banner")
    assert page.find("#report").get("hx-get") is None
    assert "could not be read" in desk.open("/imports").text(".files")
    assert rows("SELECT payload FROM import")[0].payload is None


def test_a_big_table_of_ones_own_asks_for_its_columns(desk, work, behind):
    answer = drop(desk, "번호,이름,무엇\nA-1,김하늘,머그컵\n", "own.csv", status=303)
    work()
    page = desk.follow(desk.open(answer.headers["Location"], status=303))
    assert "Which column is which?" in page.text("h1")


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", "<Types/>")
        zipped.writestr("xl/workbook.xml", "<workbook/>")
        zipped.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "name", "says"),
    [
        (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "orders.xls", "not an Excel workbook"),
        (lambda: sample("smartstore_orders.xlsx")[:5000], "orders.xlsx", "damaged"),
        (lambda: b"", "orders.xlsx", ""),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 999, "orders.png", "not an Excel workbook"),
        (lambda: "one column\n1\n2\n", "orders.csv", "header row"),
        (bomb, "bomb.xlsx", "unpacks to more"),
        (lambda: ",".join(f"c{n}" for n in range(900)) + "\n" + ",".join("1" * 900), "wide.csv", "header row"),
    ],
    ids=["html", "truncated", "empty", "picture", "no header", "bomb", "900 columns"],
)
def test_a_file_that_cannot_be_read_says_why_at_its_field(desk, rows, make, name, says):
    page = drop(desk, make(), name, status=422)
    assert says in page.text("#file-error")
    assert "Nothing was imported" in page.text("#file-error") or not says
    assert rows("SELECT * FROM import") == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(desk, rows):
    said = {"CONTENT_LENGTH": str(33 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = desk.client.post("/imports", environ_overrides=said)
    assert answer.status_code == 413
    assert "files may have 32 MB" in answer.get_data(as_text=True)
    assert rows("SELECT * FROM import") == []


def test_no_file_at_all_is_said_at_the_field(desk):
    page = desk.fill("/imports", status=422)
    assert "Choose a file first" in page.text("#file-error")


def test_a_second_file_while_one_comes_in_is_refused_with_a_sentence(desk, rows, work):
    drop(desk, sample("smartstore_orders.xlsx"), status=303)
    page = drop(desk, sample("smartstore_orders_27col.xlsx"), status=409)
    assert "still coming in" in page.text("#file-error")
    assert len(rows("SELECT * FROM import")) == 1
    work()
    drop(desk, sample("smartstore_orders_27col.xlsx"), status=303)


def test_the_same_file_again_adds_nothing(desk, rows, work):
    drop(desk, sample("smartstore_orders.xlsx"))
    work()
    before = rows("SELECT id, version FROM orders ORDER BY id"), rows("SELECT id FROM event")
    again = drop(desk, sample("smartstore_orders.xlsx"))
    work()
    assert figures(desk.follow(again)) == [0, 0, 15, 0]
    assert (rows("SELECT id, version FROM orders ORDER BY id"), rows("SELECT id FROM event")) == before


REJECTED = HEADER + GOOD + GOOD.replace("111,", "112,").replace(",1,", ",0,") + GOOD.replace("2026100710000111", "")


def test_rejected_rows_are_named_with_their_number_and_reason(desk, work):
    answer = drop(desk, REJECTED, "orders.csv", status=303)
    work()
    page = desk.follow(answer)
    assert figures(page) == [1, 0, 0, 2]
    said = page.text(".rejected")
    assert "Row 3 The quantity is not a whole number" in said
    assert "Row 4 The item number is empty" in said


def test_rejected_rows_can_be_taken_home_as_csv(desk, work):
    answer = drop(desk, REJECTED, "orders.csv", status=303)
    work()
    link = next(a.get("href") for a in desk.follow(answer).all("a") if a.get("href", "").endswith(".csv"))
    file = desk.client.get(link)
    assert file.mimetype == "text/csv"
    assert "attachment" in file.headers["Content-Disposition"]
    table = list(csv.reader(io.StringIO(file.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row[:2] for row in table] == [["Row", "Code"], ["3", "bad_quantity"], ["4", "missing_item_no"]]
    assert "Correct it" in table[1][2]


def test_a_conflict_links_to_its_order(desk, work, send):
    drop(desk, HEADER + GOOD, "orders.csv")
    work()
    send(desk, "2026100710000011", verb="label", number="622344515213", status=303)
    moved = drop(desk, HEADER + GOOD.replace("가상대로 1", "가상대로 99"), "orders.csv")
    work()
    page = desk.follow(moved)
    assert "a label is on the parcel already" in page.text("#report")
    assert any("q=2026100710000011" in a.get("href", "") for a in page.all("a"))


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.csv", "../../etc/passwd", "C:\\x\\주문 목록.csv", "a" * 5000]
)
def test_a_file_name_is_shown_as_text(desk, rows, name):
    page = desk.follow(drop(desk, HEADER + GOOD, name, status=303))
    assert "<script>alert" not in page.html
    assert "/" not in rows("SELECT filename FROM import")[0].filename.replace("</script>", "")


def test_the_list_shows_what_was_taken_in(desk, work):
    assert "Files taken in" not in desk.open("/imports").html
    drop(desk, REJECTED, "orders.csv")
    assert "0 / 1" in desk.open("/imports").text(".files")
    work()
    assert "2 rows rejected" in desk.open("/imports").text(".files")
    assert "Last file" in desk.open("/orders").text(".sync")


@pytest.mark.parametrize("path", ["/imports/999", "/imports/999/rejected.csv", "/imports/9999999999999999999999"])
def test_an_import_that_does_not_exist_is_not_found(desk, path):
    desk.open(path, status=404)
