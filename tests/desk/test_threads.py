"""The inbox and a thread at the desk: what is first, answering, what came meanwhile, notes, what staff do, the order beside it."""

import io
from datetime import UTC, datetime

import pytest
import time_machine
from page import filled
from pictures import photo
from sqlalchemy import event

from sellerweb.shop import history, messages, mine, threads
from sellerweb.shop.db import reader

MONDAY = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def asks(app):
    """asks("A1", "…"): a customer writes about that order, from its page."""

    def write(code, words):
        with app.app_context(), history.act(history.CUSTOMER, "ask") as act:
            messages.ask(act.order(code), words)

    return write


@pytest.fixture
def calls(app):
    """calls("phone", "…", order="A1"): a question noted by hand; its thread."""

    def write(source, words, **more):
        with app.app_context(), history.act(history.Actor("staff", role="owner"), "begin") as act:
            return threads.begin(act, source, words, **more).row.id

    return write


@pytest.fixture
def order(make_order):
    return make_order("A1", channel="manual", buyer_email="kim@example.kr")


def rows_of(page):
    return [e.get("id") for e in page.all("li") if (e.get("id") or "").startswith("thread-")]


def send(person, key, words=None, *, htmx=False, page=None, status=None, solve=True, **more):
    page = page or person.open(f"/threads/{key}")
    form = filled(page.form(f"/threads/{key}/reply"))
    values = {**form, **({} if words is None else {"words": words}), **({"solve": "y"} if solve else {}), **more}
    return person.post(f"/threads/{key}/reply", values, htmx=htmx, status=status)


def test_who_must_be_answered_first_is_on_top_and_nobody_is_named(clock, desk, order, asks, calls):
    asks("A1", "언제 오나요?")
    clock.shift(3600)
    calls("talktalk", "재고 있나요?", name="이하늘", contact="010-9876-5432")
    page = desk.open("/threads")
    assert rows_of(page) == ["thread-2", "thread-1"]
    assert [name for name in ("김서준", "이하늘", "010-9876-5432") if name in page.html] == []
    assert "010-****-5432" in page.text("#thread-2")
    assert page.text("#count-threads") == "2"
    assert rows_of(desk.open("/threads?kind=where_is_it")) == ["thread-1"]
    assert rows_of(desk.open("/threads?q=재고")) == ["thread-2"]
    assert rows_of(desk.open("/threads?channel=pigeon&kind=x&tab=y&clock=z")) == ["thread-2", "thread-1"]


def test_the_inbox_answers_in_a_handful_of_statements(app, desk, make_order, asks, calls):
    def count(path):
        said = []
        with app.app_context():
            engine = reader()
        event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        desk.open(path)
        return len(said)

    make_order("A1", channel="manual")
    asks("A1", "언제 오나요?")
    few = count("/threads")
    for n in range(30):
        calls("phone", f"{n}")
    assert count("/threads") <= 2 * few  # the first listener counts too
    assert few <= 12


def test_the_poll_answers_nothing_until_something_is_said(desk, order, asks, clock):
    asks("A1", "언제 오나요?")
    page = desk.open("/threads")
    url = page.find("#threads").get("hx-get")
    desk.open(url, htmx=True, status=204)
    asks("A1", "여보세요?")
    assert "여보세요?" in desk.open(url, htmx=True).text("#threads")


def test_the_suggested_words_are_there_and_the_answer_leads_to_the_next(desk, order, asks, calls, rows, broken, htmx):
    asks("A1", "택배 언제 오나요?")
    calls("phone", "박나래님 전화")
    page = desk.open("/threads/1")
    assert "[가게이름]" in page.text("#words-A1")
    assert "달빛문구" in page.text("#shown-A1")
    done = send(desk, 1, page=page, htmx=htmx)
    if htmx:
        assert (done.headers["HX-Push-Url"], done.headers["HX-Retarget"]) == ("/threads/2", "#threads")
        assert "on its way" in done.text(".toast")
        assert "박나래" in done.text("#talk")
    else:
        assert done.headers["Location"] == "/threads/2"
    assert [letter.letter for letter in rows("SELECT letter FROM notice")] == ["order_answer"]
    assert [t.state for t in rows("SELECT state FROM thread ORDER BY id")] == ["solved", "open"]
    last = send(desk, 2, "지금 알아볼게요", htmx=htmx, solve=False)
    assert "Every message is answered" in (last if htmx else desk.follow(last)).text(".empty")
    assert [letter.letter for letter in rows("SELECT letter FROM notice")] == ["order_answer"]  # a call is no letter
    assert broken() == {}


def test_the_next_one_is_of_the_same_filter(desk, order, asks, calls):
    asks("A1", "취소해 주세요")
    calls("phone", "환불 언제 되나요?")
    calls("phone", "주문 취소하고 싶대요")
    page = desk.open("/threads/1?kind=cancel")
    form = filled(page.form("/threads/1/reply"))
    done = desk.post("/threads/1/reply?kind=cancel", {**form, "words": "네"})
    assert done.headers["Location"] == "/threads/3?kind=cancel"


def test_an_answer_to_a_thread_that_moved_on_asks_first_and_keeps_its_words(desk, order, asks, rows, htmx):
    asks("A1", "언제 오나요?")
    page = desk.open("/threads/1")
    asks("A1", "그냥 취소해 주세요")
    no = send(desk, 1, "내일 도착해요.", page=page, htmx=htmx, status=409)
    assert "그냥 취소해 주세요" in no.text("#came")
    assert no.text("#words-A1") == "내일 도착해요."
    assert rows("SELECT * FROM message WHERE sender = 'staff'") == []
    send(desk, 1, page=no, htmx=htmx, status=200 if htmx else 303)
    assert [m.words for m in rows("SELECT words FROM message WHERE sender = 'staff'")] == ["내일 도착해요."]


def test_what_a_colleague_did_with_the_order_is_shown_first_and_what_i_did_is_not(at_desk, order, asks, htmx):
    alice, bob = at_desk("Alice"), at_desk("Bob")
    asks("A1", "언제 오나요?")
    page = alice.open("/threads/1")
    alice.fill("/orders/A1/promise", day="2026-11-30")
    bob.fill("/orders/A1/hold", reason="주소 확인")
    no = send(alice, 1, "30일에 보내요.", page=page, htmx=htmx, status=409)
    assert "Put on hold · Bob" in no.text("#came")
    assert "promised" not in no.text("#came")
    mine = alice.open("/threads/1")
    alice.submit(alice.open("/orders/A1"), "/orders/A1/release")
    send(alice, 1, "30일에 보내요.", page=mine, htmx=htmx, status=200 if htmx else 303)


@pytest.mark.parametrize("words", ["", "x" * 4001, "[없는말] 확인", "[송장번호]"])
def test_an_answer_that_cannot_leave_is_kept(desk, order, asks, rows, words, htmx):
    asks("A1", "언제 오나요?")
    no = send(desk, 1, words, htmx=htmx, status=422)
    assert no.find("#words-A1").get("aria-invalid") == "true"
    assert no.text("#words-A1") == words
    assert rows("SELECT * FROM notice") == []


def test_words_that_blame_are_pointed_at_before_they_leave(desk, order, asks, rows, htmx):
    asks("A1", "언제 오나요?")
    no = send(desk, 1, "고객님 잘못이에요.", htmx=htmx, status=422)
    assert "blame" in no.text("#words-A1-error")
    send(desk, 1, page=no, htmx=htmx, sure="y", status=200 if htmx else 303)
    assert len(rows("SELECT * FROM notice")) == 1


def test_a_photo_goes_with_the_answer_and_stays_out_of_what_is_noted(desk, order, asks, calls, rows):
    asks("A1", "색이 어떤가요?")
    send(desk, 1, "이 색이에요", photos=(io.BytesIO(photo()), "p.jpg"), status=303)
    (kept,) = rows("SELECT message_id, order_id FROM attachment")
    assert kept.message_id == rows("SELECT id FROM message WHERE sender = 'staff'")[0].id
    assert f"/files/{rows('SELECT key FROM attachment')[0].key}/small" in desk.open("/threads/1").html
    calls("phone", "전화", order="A1")
    send(desk, 2, "말로 했어요", photos=(io.BytesIO(photo()), "p.jpg"), status=303)
    assert len(rows("SELECT * FROM attachment")) == 1


def test_a_double_tap_answers_once(desk, order, asks, rows):
    asks("A1", "언제 오나요?")
    page = desk.open("/threads/1")
    for _tap in range(2):
        send(desk, 1, "네", page=page)
    assert len(rows("SELECT * FROM message WHERE sender = 'staff'")) == 1


def test_a_note_looks_different_and_reaches_nobody(desk, order, asks, rows, htmx):
    asks("A1", "언제 오나요?")
    desk.submit(desk.open("/threads/1"), "/threads/1/note", note="VIP, 조심", htmx=htmx)
    page = desk.open("/threads/1")
    assert "VIP, 조심" in page.text(".internal")
    assert rows("SELECT * FROM notice") == []
    assert "VIP" in desk.open("/orders/A1").text("#whole")


def test_a_verb_redraws_head_and_talk_and_leaves_the_answer_alone(desk, order, asks, rows, cast, broken):
    asks("A1", "음")
    page = desk.open("/threads/1")
    sorted_ = desk.submit(page, "/threads/1/sort", htmx=True, kind="late", status=200)
    assert not [e for e in sorted_.all("form") if e.get("id") == "answer"]
    assert "Kind: Late" in sorted_.text("#talk")
    assert sorted_.find("#choose-A1") is not None
    desk.submit(page, "/threads/1/assign", htmx=True, staff=str(cast["Bob"]), status=200)
    assert "Bob takes care of it" in desk.open("/threads/1").text("#talk")
    desk.submit(page, "/threads/1/wait", htmx=True, status=200)
    no = desk.submit(page, "/threads/1/wait", htmx=True, status=409, action_id="x")
    assert "no clock is running" in no.text("#head")
    desk.submit(desk.open("/threads/1"), "/threads/1/solve", status=303)
    desk.submit(desk.open("/threads/1"), "/threads/1/reopen", status=303)
    assert broken() == {}


def test_solving_leads_to_the_next_but_loses_no_answer_that_was_begun(desk, order, asks, calls, rows):
    asks("A1", "잘 받았어요")
    calls("phone", "다음 전화")
    form = filled(desk.open("/threads/1").form("/threads/1/solve"))
    no = desk.post("/threads/1/solve", {**form, "words": "쓰던 답"}, htmx=True, status=409)
    assert "begun an answer" in no.text("#head")
    done = desk.post("/threads/1/solve", form, htmx=True, status=200)
    assert (done.headers["HX-Push-Url"], "다음 전화" in done.text("#talk")) == ("/threads/2", True)


def test_what_the_clock_does_is_no_news(app, desk, order, asks):
    asks("A1", "언제 오나요?")
    page = desk.open("/threads/1")
    with app.app_context(), history.act(history.CLOCK, "hand") as act:
        case = act.order("A1")
        case.record("refund", "hand", told=False)
    send(desk, 1, "내일이에요", page=page, status=303)


def test_put_off_until_tomorrow_it_is_gone_from_the_inbox(desk, order, asks, rows, htmx):
    asks("A1", "언제 오나요?")
    desk.post("/threads/1/snooze", {**filled(desk.open("/threads/1").form("/threads/1/snooze")), "until": "tomorrow"}, htmx=htmx)  # fmt: skip
    assert rows_of(desk.open("/threads")) == []
    assert rows_of(desk.open("/threads?tab=snoozed")) == ["thread-1"]
    desk.post("/threads/1/snooze", {"until": "never"}, status=400)


def test_tied_to_its_order_what_was_typed_stays(desk, order, calls, make_order, rows, broken, htmx):
    make_order("A2", channel="manual")
    key = calls("phone", "주소 변경", name="이하늘")
    page = desk.open(f"/threads/{key}")
    assert "No order is known" in page.text(".beside")
    no = desk.submit(page, f"/threads/{key}/tie", htmx=htmx, order="B-7", status=409)
    assert "no order with this number" in no.text("#head")
    desk.submit(page, f"/threads/{key}/tie", htmx=True, order="A1", status=200)
    page = desk.open(f"/threads/{key}")
    form = {**filled(page.form(f"/threads/{key}/tie")), "order": "A2", "words": "쓰던 말"}
    tied = desk.post(f"/threads/{key}/tie", form, htmx=True, status=200)
    assert tied.text("#words-A2") == "쓰던 말"
    assert tied.find("#order-A2") is not None
    assert broken() == {}


def test_two_conversations_of_one_order_become_one(desk, order, asks, calls, broken):
    asks("A1", "언제 오나요?")
    calls("talktalk", "톡으로도 물어봐요", order="A1")
    desk.submit(desk.open("/threads/1"), "/threads/1/join", other="2", status=303)
    page = desk.open("/threads/1")
    assert "톡으로도 물어봐요" in page.text("#talk")
    assert desk.open("/threads/2", status=301).headers["Location"] == "/threads/1"
    assert rows_of(desk.open("/threads")) == ["thread-1"]
    assert broken() == {}


def test_all_that_can_be_done_with_the_order_stands_beside_it(at_desk, order, asks, rows):
    bob = at_desk("Bob")
    asks("A1", "언제 오나요?")
    page = bob.open("/threads/1")
    hrefs = {a.get("href") for a in page.all("a")}
    assert {f"/orders/A1/{verb}" for verb in ("ship", "promise", "readdress", "cancel", "hold", "delay")} <= hrefs
    here = {"HX-Current-URL": "http://localhost/threads/1"}
    panel = bob.open("/orders/A1/promise", htmx=True, **here)
    form = {**filled(panel.form("/orders/A1/promise")), "day": "2026-11-30"}
    done = bob.post("/orders/A1/promise", form, htmx=True, status=200, **here)
    assert "poll" in done.headers["HX-Trigger"]
    assert "Promised for" in done.text("#panel-A1")
    assert "History" not in done.text("#whole")
    link = bob.submit(bob.open("/threads/1"), "/orders/A1/link", htmx=True, status=200)
    assert link.text(".once").startswith("http://localhost/my/")


def test_what_was_said_and_what_happened_stand_in_one_line_of_time(clock, desk, order, asks):
    asks("A1", "언제 오나요?")
    clock.shift(60)
    desk.fill("/orders/A1/promise", day="2026-11-30")
    clock.shift(60)
    asks("A1", "고마워요")
    said = [" ".join("".join(li.itertext()).split()) for li in desk.open("/threads/1").find("#talk").findall("li")]
    where = [
        next(n for n, text in enumerate(said) if word in text) for word in ("언제 오나요?", "promised", "고마워요")
    ]
    assert where == sorted(where)


def test_a_call_is_noted_by_hand(desk, order, rows, broken):
    no = desk.fill("/threads/new", source="phone", words="", status=422)
    assert "Write something" in no.text("#words-error")
    no = desk.fill("/threads/new", source="phone", words="어디쯤인가요", order="B 9", status=422)
    assert (no.text("#words"), "no order with this number" in no.text("#order-error")) == ("어디쯤인가요", True)
    done = desk.fill("/threads/new", source="talktalk", words="어디쯤인가요", order="A1", status=303)
    assert done.headers["Location"] == "/threads/1"
    assert [(t.source, t.kind) for t in rows("SELECT source, kind FROM thread")] == [("talktalk", "where_is_it")]
    assert broken() == {}


def test_the_rates_say_how_many_in_time_bring_it_back(desk, order, asks, calls, clock, change):
    for n in range(4):
        calls("phone", f"{n}")
    for key in (1, 2, 3):
        send(desk, key, "네")
    clock.shift(25 * 3600)
    desk.sign_in()
    assert "75 %" in desk.open("/threads").text(".rates")
    assert "6 more in time" in desk.open("/threads").text(".rates")


def test_a_question_about_the_goods_gets_no_words_that_may_be_untrue(desk, order, asks):
    asks("A1", "재고 있나요?")
    assert desk.open("/threads/1").text("#words-A1") == ""


@pytest.mark.parametrize("path", ["/threads/99", "/threads/99/poll", "/threads/9999999999"])
def test_what_is_not_there_is_not_there(desk, path):
    desk.open(path, status=404)


def test_the_customer_sees_neither_notes_nor_what_was_noted(app, desk, order, asks, calls):
    asks("A1", "언제 오나요?")
    desk.submit(desk.open("/threads/1"), "/threads/1/note", note="안 보여요")
    calls("phone", "전화로 화내심", order="A1")
    with app.app_context(), reader().connect() as conn:
        assert [m.words for m in mine.of(conn, 1, MONDAY).messages] == ["언제 오나요?"]


def test_what_is_written_in_a_page_of_a_joined_conversation_goes_to_the_other(
    desk, order, asks, calls, broken, rows, htmx
):
    asks("A1", "언제 오나요?")
    calls("phone", "같은 일로 전화", order="A1")
    old = desk.open("/threads/2")
    desk.submit(desk.open("/threads/1"), "/threads/1/join", other="2")
    assert send(desk, 2, "곧 도착해요", page=old, htmx=htmx).status == 409
    again = send(desk, 2, "곧 도착해요", page=old)
    assert "곧 도착해요" in again.html
    assert desk.submit(old, "/threads/2/assign", staff="1", htmx=htmx).status == 409
    assert desk.submit(old, "/threads/2/note", note="메모").status == 303
    assert send(desk, 1, page=again, status=303)
    assert {row.thread_id for row in rows("SELECT thread_id FROM message")} == {1}
    assert broken() == {}


def test_a_note_that_is_refused_stays_in_its_field(desk, order, asks):
    asks("A1", "언제 오나요?")
    page = desk.open("/threads/1")
    desk.submit(page, "/threads/1/note", note="하나", status=303)
    no = desk.submit(page, "/threads/1/note", note="다른 메모", status=409)
    assert no.text("#note-1") == "다른 메모"
    no = desk.submit(page, "/threads/1/note", note="긴" * 4001, status=422)
    assert no.text("#note-1") == "긴" * 4001
