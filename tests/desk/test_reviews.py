"""Reviews at the desk: files and notes, low ones first and in the inbox, good ones marked to show."""

import io
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import event

from sellerweb.shop import deleting, history, inbox, reviews
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import read, reader
from sellerweb.shop.incoming import ReviewIn

MONDAY = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
HEADER = "리뷰글번호,상품명,구매자평점,리뷰상세내용,등록자,리뷰등록일,상품주문번호\n"
FILE = HEADER + (
    "1,달빛 노트,5,예뻐요,moon****,2026-11-20,\n"
    "2,달빛 노트,1,배송 중에 찢어졌어요,star****,2026-11-21,A1-1\n"
    "3,달빛 노트,3,그냥 그래요,sun****,2026-01-02,\n"
    "4,달빛 노트,나쁨,별로,sun****,2026-11-21,\n"
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def upload(person, text, status=200, **values):
    page = person.open("/reviews/import")
    action = next(
        e.get("value") for e in page.all("input") if e.get("name") == "action_id" and len(e.get("value")) == 26
    )
    file = (io.BytesIO(text.encode()), "reviews.csv")
    return person.post(
        "/reviews/import", {"channel": "smartstore", "action_id": action, "file": file, **values}, status=status
    )


def kept(rows):
    return [(row.ref, row.stars, row.words) for row in rows("SELECT ref, stars, words FROM review ORDER BY id")]


def noted(person, **said):
    values = {"stars": "2", "words": "얇아요", "channel": "manual", **said}
    return person.fill("/reviews/new", status=303, **values)


@pytest.mark.both
def test_a_file_comes_in_once_and_its_low_fresh_ones_stand_in_the_inbox(app, desk, make_order, rows):
    make_order("A1")
    page = upload(desk, FILE)
    assert [e.text for e in page.all("dd")] == ["3", "0", "0", "1"]
    assert "not a number from 1 to 5" in page.html
    assert [ref for ref, _stars, _words in kept(rows)] == ["1", "2", "3"]
    [thread] = rows("SELECT source, kind, order_id, due_at, subject FROM thread")
    assert (thread.source, thread.kind, thread.order_id, thread.subject) == ("import", "damaged", 1, "★ 달빛 노트")
    assert thread.due_at is not None
    again = upload(desk, FILE)
    assert [e.text for e in again.all("dd")] == ["0", "0", "3", "0"]
    assert (len(kept(rows)), len(rows("SELECT id FROM thread"))) == (3, 1)
    with app.app_context():
        assert is_clean(audit())


def test_a_file_that_was_broken_off_is_completed_by_taking_it_in_again(app, desk, make_order, rows, monkeypatch):
    make_order("A1")
    monkeypatch.setattr(reviews, "CHUNK", 1)
    add, seen = reviews._add, []

    def stumble(*args):
        seen.append(args)
        if len(seen) == 2:
            raise ZeroDivisionError
        return add(*args)

    monkeypatch.setattr(reviews, "_add", stumble)
    with pytest.raises(ZeroDivisionError):
        upload(desk, FILE)
    assert [ref for ref, _stars, _words in kept(rows)] == ["1"]
    upload(desk, FILE)
    assert [ref for ref, _stars, _words in kept(rows)] == ["1", "2", "3"]


def test_a_review_that_was_changed_there_follows_and_is_shown_no_more_when_it_fell(desk, rows):
    upload(desk, FILE)
    page = desk.open("/reviews?tab=good")
    desk.submit(page, "/reviews/1/show", status=303)
    upload(desk, HEADER + "1,달빛 노트,2,뜯어졌어요,moon****,2026-11-20,\n")
    assert kept(rows)[0] == ("1", 2, "뜯어졌어요")
    assert rows("SELECT shown FROM review WHERE id = 1")[0].shown in (0, False)


@pytest.mark.both
def test_low_ones_come_first_and_pages_go_on_where_they_ended(desk, rows, monkeypatch):
    monkeypatch.setattr(reviews, "PAGE", 2)
    for stars in ("4", "1", "5", "2", "1"):
        noted(desk, stars=stars, words=f"{stars} {len(kept(rows))}")
    first = desk.open("/reviews")
    assert [e.get("id") for e in first.all("li") if "review-" in (e.get("id") or "")] == ["review-5", "review-2"]
    more = next(a.get("href") for a in first.all("a") if "after=" in (a.get("href") or ""))
    assert [e.get("id") for e in desk.open(more).all("li") if "review-" in (e.get("id") or "")] == [
        "review-4",
        "review-1",
    ]
    desk.open("/reviews?after=9999999999.99999999999&tab=odd")


def test_unknown_columns_are_asked_for_and_remembered(desk, rows):
    text = "그것,저것\n5,좋아요\n2,싫어요\n"
    asked = upload(desk, text, status=422)
    assert "choose the file once more" in asked.text("#file-error")
    assert kept(rows) == []
    upload(desk, text, **{"columns-0": "stars", "columns-1": "words"})
    assert [(stars, words) for _ref, stars, words in kept(rows)] == [(5, "좋아요"), (2, "싫어요")]
    upload(desk, "그것,저것\n4,음\n")
    assert len(kept(rows)) == 3


@pytest.mark.parametrize("text", ["", "%PDF-1.4 no table", "x" * 1000])
def test_what_is_no_table_is_refused_with_a_sentence(desk, rows, text):
    assert upload(desk, text, status=422).text("#file-error")
    assert kept(rows) == []


def test_a_note_by_hand_is_answered_in_its_thread(at_desk, make_order, rows):
    carol = at_desk("Carol")
    make_order("A1", channel="manual")
    noted(carol, order="A1", product="노트")
    page = carol.open("/reviews?tab=waiting")
    assert "/threads/1" in [a.get("href") for a in page.all("a")]
    assert "얇아요" in carol.open("/threads/1").html


def test_a_good_one_gets_a_thread_when_somebody_wants_to_answer_it(desk, rows):
    noted(desk, stars="5", words="예뻐요")
    assert rows("SELECT id FROM thread") == []
    page = desk.open("/reviews")
    for _twice in range(2):
        there = desk.submit(page, "/reviews/1/answer", status=303)
    assert len(rows("SELECT id FROM thread")) == 1
    assert "★★★★★" in rows("SELECT subject FROM thread")[0].subject
    assert there.status == 303


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"stars": None}, "stars"),
        ({"words": " "}, "words"),
        ({"order": "nowhere"}, "order"),
        ({"words": "가" * 4001}, "words"),
    ],
)
def test_what_cannot_be_noted_comes_back_as_it_was_typed(desk, rows, said, field):
    values = {"stars": "2", "words": "얇아요", "channel": "manual", "product": "노트 A5", "action_id": "a1", **said}
    page = desk.post("/reviews/new", {k: v for k, v in values.items() if v is not None}, status=422)
    assert "노트 A5" in page.html
    assert kept(rows) == []


def test_the_same_note_twice_is_one(desk, rows):
    noted(desk)
    values = {"stars": "2", "words": "얇아요", "channel": "manual", "action_id": "other"}
    assert "here already" in desk.post("/reviews/new", values, status=422).html
    assert len(kept(rows)) == 1


def test_of_two_who_mark_one_the_second_is_told(at_desk, rows):
    alice, bob = at_desk("Alice"), at_desk("Bob")
    noted(alice, stars="5")
    hers, his = alice.open("/reviews"), bob.open("/reviews")
    bob.submit(his, "/reviews/1/show", status=303)
    no = alice.submit(hers, "/reviews/1/show", status=409)
    assert "changed this review meanwhile" in no.html
    assert "/reviews/1/hide?tab=all" in [f.get("action") for f in no.all("form")]


def test_a_low_one_cannot_be_marked_to_show(desk, rows):
    noted(desk)
    desk.post("/reviews/1/show", {"version": "1", "action_id": "s1"}, status=409)
    assert not rows("SELECT shown FROM review")[0].shown


def test_words_of_a_review_are_text(desk):
    noted(desk, words="<script>alert(1)</script>", product="<b>x", name="<i>y")
    html = desk.open("/reviews").html
    assert "<script>alert" not in html
    assert "<b>x" not in html


def test_a_list_of_fifty_costs_as_much_as_a_list_of_one(app, desk):
    def counted():
        seen = []
        with app.app_context():
            event.listen(reader(), "before_cursor_execute", lambda *said: seen.append(said[2]))
        desk.open("/reviews")
        return len(seen)

    noted(desk)
    one = counted()
    for n in range(5):
        noted(desk, words=f"{n}")
    assert counted() == one


@pytest.mark.both
def test_a_deleted_test_order_takes_its_review_along_and_frees_one_that_is_only_talked_of(
    app, make_order, rows, change
):
    make_order("A1", channel="manual")
    change("UPDATE orders SET is_test = true")
    alice = history.Actor("staff", role="owner")
    with app.app_context():
        with history.act(alice, "take") as act:
            reviews.take_in(act, "manual", [ReviewIn(1, "하나", order="A1"), ReviewIn(1, "둘", name="다른 분")])
        with history.act(alice, "tie") as act:
            from sellerweb.shop import talk, threads

            threads.tie(talk.take(act, 2, orders=[1]), "A1")
        with history.act(alice, "delete") as act:
            deleting.delete(act, "A1")
        assert inbox.counts(read(), 0, MONDAY).tab["waiting"] == 0
    assert [(row.words, row.thread_id) for row in rows("SELECT words, thread_id FROM review")] == [("둘", None)]
