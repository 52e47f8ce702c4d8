"""A channel's file of questions: they come in once, with their order, and their clock runs from when they were asked."""

import io
from datetime import UTC, datetime

import pytest
import time_machine
import xlsxwriter

from sellerweb.shop import question_import

MONDAY = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
HEAD = ["문의번호", "작성일", "상품명", "문의제목", "문의내용", "작성자", "주문번호", "답변여부"]
ROWS = [
    ["1001", "2026-11-23 10:00", "노트", "배송", "언제 오나요?", "kim***", "A1", "N"],
    ["1002", "2026-11-23 11:00", "노트", "재고", "재입고 되나요?", "lee***", "", "미답변"],
    ["1003", "2026-11-20 11:00", "펜", "색", "빨강 있나요?", "", "", "답변완료"],
    ["1004", "언젠가", "펜", "색", "파랑 있나요?", "", "", "N"],
]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def workbook(rows=ROWS, head=HEAD) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([head, *rows]):
            sheet.write_row(n, 0, row)
    return kept.getvalue()


def send(desk, data: bytes, name="qna.xlsx", status=200, channel="smartstore"):
    return desk.post("/threads/import", {"file": (io.BytesIO(data), name), "channel": channel}, status=status)


def test_questions_come_in_once_with_their_order(desk, make_order, rows, broken):
    make_order("A1")
    page = send(desk, workbook())
    assert [dd.text for dd in page.all("dd")] == ["2", "0", "1"]
    assert "Row 5" in page.html
    assert [dd.text for dd in send(desk, workbook()).all("dd")] == ["0", "2", "1"]
    found = rows(
        "SELECT t.source, t.kind, o.code, t.name, t.due_at FROM thread t LEFT JOIN orders o ON o.id = t.order_id ORDER BY t.id"
    )
    assert [(t.source, t.kind, t.code, t.name, str(t.due_at)[:16]) for t in found] == [
        ("import", "where_is_it", "A1", "kim***", "2026-11-24 01:00"),
        ("import", "goods", None, "lee***", "2026-11-24 02:00"),
    ]
    assert "재고재입고 되나요?[노트]" in desk.open("/threads/2").text("#talk")
    assert broken() == {}


def test_a_csv_of_another_language_is_read_too(desk, rows):
    text = "番号,登録日,件名,お問い合わせ内容,注文番号\n7,2026/11/23 09:00,配送,いつ届きますか,123\n"
    send(desk, text.encode("cp932"), "q.csv", channel="qoo10")
    assert [m.words for m in rows("SELECT words FROM message")] == ["配送\n\nいつ届きますか"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (workbook(head=["가", "나"], rows=[["1", "2"]]), "No column of this file"),
        (b"%PDF-1.4", "not an Excel workbook"),
    ],
)
def test_what_is_no_list_of_questions_is_refused_with_a_sentence(desk, rows, data, why):
    assert why in send(desk, data, status=422).text("#file-error")
    assert rows("SELECT * FROM thread") == []


def test_an_answer_to_it_is_noted_and_no_letter(desk, make_order, rows):
    make_order("A1", buyer_email="kim@example.kr")
    send(desk, workbook())
    desk.submit(desk.open("/threads/1"), "/threads/1/reply", words="내일 도착해요")
    assert rows("SELECT * FROM notice") == []
    assert [m.words for m in rows("SELECT words FROM message WHERE sender = 'staff'")] == ["내일 도착해요"]


def test_sent_again_a_long_file_goes_on_where_it_was(desk, rows, monkeypatch):
    monkeypatch.setattr(question_import, "MOST", 1)
    assert "1 more are in the file" in send(desk, workbook()).html
    page = send(desk, workbook())
    assert [dd.text for dd in page.all("dd")] == ["1", "1", "1"]
    assert "more are in the file" not in page.html
    assert len(rows("SELECT id FROM thread")) == 2
