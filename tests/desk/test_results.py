"""The channel's answer as a file, at the desk: sent, matched, looked over, marked."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from page import filled

from sellerweb.shop import history, result_files, shipments
from sellerweb.shop.incoming import LineIn

LOCKED = Path(__file__).parent.parent / "data/samples/smartstore_orders_encrypted.xlsx"
PAGE = "/channels/tell/1"
SEND = f"{PAGE}/result"


@pytest.fixture
def batch(app, desk, make_order):
    """Three SmartStore orders in one file, answered for by nobody."""
    for n in (1, 2, 3):
        make_order(f"A{n}", channel="smartstore", lines=[LineIn(f"202611260000{n}", "=노트", 1, "new")])
        with app.app_context(), history.act(history.Actor("staff", None, "packer"), "ship") as act:
            case = act.order(f"A{n}")
            label = shipments.Label("other", f"63297661549{n}", "x")
            shipments.send(case, dict.fromkeys(case.lines, 1), label, hand_over=True)
    desk.submit(desk.open("/channels/tell"), "/channels/tell/smartstore/dispatch")


@pytest.fixture
def drop(desk, batch):
    """drop(b"…"): the batch's page with this file sent from it."""

    def send(data, status=None, name="result.csv", **more):
        form = filled(desk.open(PAGE).form(SEND))
        return desk.post(SEND, {**form, "file": (io.BytesIO(data), name), **more}, status=status)

    return send


def csv(*lines):
    return "\r\n".join(lines).encode("cp949")


def workbook(*rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(at, column, cell)
    book.close()
    return file.getvalue()


CLEAR = csv("상품주문번호,처리결과,실패사유", "2026112600001,성공,", "2026112600002,실패,이미 취소된 주문", "1,성공,")


def test_a_clear_file_is_looked_at_and_marked_once(desk, drop, rows, broken):
    look = desk.follow(drop(CLEAR, 303))
    said = look.text("main")
    assert "1 told: the channel took them" in said
    assert "A2 =노트: 이미 취소된 주문" in said
    assert "1 of the file are not of this batch" in said
    assert {t.word for t in rows("SELECT word FROM telling")} == {"written"}
    form = filled(look.form(f"{SEND}/1/mark"))
    assert form["rest"] == [""]  # leave is what nobody has to choose
    for _twice in range(2):
        desk.post(f"{SEND}/1/mark", form, status=303)
    words = rows("SELECT word, why FROM telling ORDER BY id")[3:]
    assert [(t.word, t.why) for t in words] == [("told", ""), ("failed", "이미 취소된 주문")]
    page = desk.open(PAGE)
    assert "1 told" in page.text("main")
    assert not [a for a in page.all("a") if "/result/1" in a.get("href", "")]
    assert rows("SELECT payload FROM result_file")[0].payload is None
    assert broken() == {}


def test_a_list_of_refusals_asks_for_the_rest(desk, drop, rows):
    look = desk.follow(drop(csv("상품주문번호,오류내용", "2026112600002,송장번호 중복"), 303))
    assert "says nothing of 2 rows" in look.text("main")
    desk.submit(look, f"{SEND}/1/mark", rest="told", status=303)
    assert sorted(t.word for t in rows("SELECT word FROM telling WHERE word <> 'written'")) == [
        "failed",
        "told",
        "told",
    ]


def test_columns_that_do_not_say_it_are_asked_for_and_remembered_for_this_channel(desk, drop):
    unsure = csv("번호,코드,비고", "2026112600001,00,", "2026112600002,E7,중복")
    page = desk.follow(drop(unsure, 303))
    assert [th.text for th in page.all("th")] == ["번호", "코드", "비고"]
    bare = desk.submit(page, f"{SEND}/1/columns", status=422, result="", why="")
    assert "or both" in bare.text("main")
    look = desk.follow(desk.submit(bare, f"{SEND}/1/columns", status=303, result="코드", why="비고"))
    assert "“00”" in look.text("main")
    marked = {**filled(look.form(f"{SEND}/1/mark")), "means-0": "told", "means-1": "failed"}
    desk.post(f"{SEND}/1/mark", marked, status=303)
    again = desk.follow(drop(unsure, 303))
    assert "2 known here already" in again.text("main")


def test_what_is_no_answer_to_this_batch_gets_a_sentence_and_marks_nothing(desk, drop, rows):
    locked = bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 600
    for data, sentence in (
        (rows("SELECT body FROM batch")[0].body, "the file that was made here"),
        (csv("상품주문번호,처리결과"), "no row below the header"),
        (csv("상품주문번호,통합배송지,수취인명", "2026112600001,서울,김"), "a list of orders"),
        (csv("상품주문번호,처리결과", "5,성공"), "perhaps it answers another batch"),
        (csv("상품주문번호,처리결과", "2.0261126E+12,성공"), "shortened the numbers"),
        (csv("결과"), "at least two names"),
        (b"%PDF-1.7", "not an Excel workbook"),
        (locked, "damaged"),
        (b"", "not an Excel workbook"),
        (LOCKED.read_bytes(), "has a password"),
    ):
        page = drop(data, 422)
        assert sentence in page.text("main")
    assert rows("SELECT 1 FROM result_file") == []


def test_ten_thousand_rows_formulas_and_doubled_numbers_are_looked_at(desk, drop):
    many = [["상품주문번호", "처리결과"], *([n, "성공"] for n in range(10_000))]
    doubled = [["2026112600001", "성공"], ["2026112600001", "실패"], ["2026112600002", '=IF(1,"성공")']]
    said = desk.follow(drop(workbook(*many, *doubled), 303, name="r.xlsx")).text("main")
    assert "10,000 of the file are not of this batch" in said
    assert "1 said twice in this file, and differently" in said
    assert "What do these words mean?" in said


def test_a_page_from_before_somebody_answered_keeps_what_was_chosen(desk, drop, rows):
    look = desk.follow(drop(CLEAR, 303))
    old = filled(look.form(f"{SEND}/1/mark"))
    form = {**filled(desk.open(PAGE).form(f"{PAGE}/all")), "row": "3", "action_id": "other"}
    desk.post(f"{PAGE}/by_hand", form, status=303)
    stale = desk.post(f"{SEND}/1/mark", {**old, "rest": "told"}, status=409)
    assert "meanwhile" in stale.text(".banner")
    desk.submit(stale, f"{SEND}/1/mark", status=303)
    assert [t.word for t in rows("SELECT word FROM telling WHERE word <> 'written' ORDER BY id")] == ["by_hand", "told", "failed"]  # fmt: skip


def test_a_file_is_put_away_and_is_of_its_own_batch_alone(desk, drop):
    look = desk.follow(drop(CLEAR, 303))
    desk.open("/channels/tell/2/result/1", status=404)
    desk.submit(look, f"{SEND}/1/discard", status=303)
    assert desk.open(f"{SEND}/1", status=303).headers["Location"] == PAGE


def test_columns_that_were_matched_anew_on_another_tablet_are_not_marked_from_an_old_page(
    desk, drop, rows, monkeypatch
):
    look = desk.follow(drop(CLEAR, 303))
    get = result_files.get

    def got(*which):
        row = get(*which)
        result_files.match(row.id, {"id": "상품주문번호", "result": "", "why": "실패사유", "words": {}})
        return row

    monkeypatch.setattr(result_files, "get", got)
    again = desk.submit(look, f"{SEND}/1/mark", status=409)
    assert "matched anew meanwhile" in again.text(".banner")
    assert {t.word for t in rows("SELECT word FROM telling")} == {"written"}
