"""Messages at the desk: what waits for an answer, the answer; a letter once more; the customer's own link."""

from datetime import UTC, datetime

import pytest
import time_machine

from sellerweb.shop import history, links, messages

MONDAY = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def asks(app, make_order):
    """asks("A1", "…"): a customer writes about that order."""

    def write(code, words):
        with app.app_context(), history.act(history.CUSTOMER, "ask") as act:
            messages.ask(act.order(code), words)

    make_order("A1", channel="manual", buyer_email="kim@example.kr")
    return write


def test_the_old_address_leads_to_the_inbox(desk):
    assert desk.open("/messages", status=301).headers["Location"] == "/threads"


def test_an_answer_goes_out_as_a_letter_and_nothing_waits_any_more(at_desk, asks, answered, rows, broken, htmx):
    carol = at_desk("Carol")
    asks("A1", "언제 오나요?")
    page = carol.open("/orders/A1/answer", htmx=htmx)
    assert "언제 오나요?" in page.text("#panel-A1")
    done = answered(carol.submit(page, "/orders/A1/answer", htmx=htmx, words="내일 보내 드려요.\n고맙습니다."), carol)
    assert "on its way" in done.text(".toast")
    (letter,) = rows("SELECT letter FROM notice")
    assert letter.letter == "order_answer"
    assert "Every message is answered" in carol.open("/threads").text(".empty")
    assert "내일 보내 드려요." in carol.open("/orders/A1").text("#whole")
    assert broken() == {}


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_an_answer_that_says_nothing_or_too_much_is_refused_and_kept(desk, asks, rows, words, htmx):
    page = desk.open("/orders/A1/answer", htmx=htmx)
    no = desk.submit(page, "/orders/A1/answer", htmx=htmx, words=words, status=422)
    assert no.find("#words-A1").get("aria-invalid") == "true"
    assert no.text("#words-A1") == words.strip()
    assert rows("SELECT * FROM notice") == []


def test_a_stale_answer_keeps_its_words(at_desk, asks, rows, htmx):
    alice, carol = at_desk("Alice"), at_desk("Carol")
    page = carol.open("/orders/A1/answer", htmx=htmx)
    asks("A1", "하나 더 물어볼게요")
    no = carol.submit(page, "/orders/A1/answer", htmx=htmx, words="네, 그래요.", status=409)
    assert "customer · The customer wrote" in no.text(".said")
    assert no.text("#words-A1") == "네, 그래요."
    assert "하나 더 물어볼게요" in no.text("#panel-A1")
    carol.submit(no, "/orders/A1/answer", htmx=htmx)
    assert [m.words for m in rows("SELECT words FROM message WHERE sender = 'staff'")] == ["네, 그래요."]
    assert alice


def test_a_double_tap_answers_once(desk, asks, rows, htmx):
    page = desk.open("/orders/A1/answer", htmx=htmx)
    for _tap in range(2):
        desk.submit(page, "/orders/A1/answer", htmx=htmx, words="네")
    assert len(rows("SELECT * FROM message")) == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", "%(n)s %s", '"><img src=x>'])
def test_a_customers_words_are_text(desk, asks, text, htmx):
    asks("A1", text)
    for path in ("/threads", "/threads/1", "/orders/A1", "/orders/A1/answer"):
        html = desk.open(path, htmx=htmx).html
        assert "<script>alert" not in html
        assert "<img src=x>" not in html
    assert text in desk.open("/threads").text(".list")


def test_a_letter_leaves_once_more(at_desk, asks, change, rows, htmx):
    bob = at_desk("Bob")
    bob.fill("/orders/A1/promise", day="2026-11-30")
    waits = bob.post("/orders/A1/repeat", {"notice": "1", "action_id": "1"}, htmx=htmx, status=409)
    assert "still on its way" in waits.text(".said")
    change("UPDATE notice SET state = 'sent'")
    assert bob.post("/orders/A1/repeat", {"notice": "1", "action_id": "2"}, htmx=htmx).status == (200 if htmx else 303)
    assert [n.letter for n in rows("SELECT letter FROM notice")] == ["order_promise", "order_promise"]
    at_desk("Carol").post("/orders/A1/repeat", {"notice": "1"}, htmx=htmx, status=403)


@pytest.mark.parametrize("notice", ["7", "", "x", "-1", "9" * 40])
def test_a_foreign_letter_is_not_sent(desk, asks, rows, notice, htmx):
    desk.post("/orders/A1/repeat", {"notice": notice, "action_id": "1"}, htmx=htmx, status=409)
    assert rows("SELECT * FROM notice") == []


def test_the_customers_link_is_shown_once_and_opens_this_order(app, at_desk, asks, rows):
    bob = at_desk("Bob")
    page = bob.submit(bob.open("/orders/A1"), "/orders/A1/link", status=200)
    link = page.text(".once")
    assert link.startswith("http://localhost/my/")
    assert page.headers["Cache-Control"] == "no-store"
    with app.app_context():
        assert links.open_(link.rpartition("/")[2]) == "A1"
    assert link not in bob.open("/orders/A1").html
    assert [look.what for look in rows("SELECT what FROM access")] == ["link"]
    at_desk("Carol").post("/orders/A1/link", {}, status=403)


@pytest.mark.both
def test_links_in_the_wrong_hands_are_closed_and_a_new_one_is_offered(app, at_desk, asks, rows, broken):
    bob = at_desk("Bob")
    old = bob.submit(bob.open("/orders/A1"), "/orders/A1/link").text(".once").rpartition("/")[2]
    page = bob.follow(bob.submit(bob.open("/orders/A1"), "/orders/A1/revoke", status=303))
    assert "No link opens this order now." in page.text("main")
    new = bob.submit(page, "/orders/A1/link", status=200).text(".once").rpartition("/")[2]
    with app.app_context():
        assert (links.open_(old), links.open_(new)) == (None, "A1")
    assert "Customer's links closed" in bob.open("/orders/A1").text("main")
    bob.post("/orders/A1/revoke", {"action_id": "1"})
    again = bob.follow(bob.post("/orders/A1/revoke", {"action_id": "2"}, status=303))
    assert "Nothing was changed." in again.text("body")
    assert rows("SELECT verb FROM event WHERE verb = 'revoke'") == rows(
        "SELECT verb FROM event WHERE verb = 'revoke' LIMIT 2"
    )
    at_desk("Carol").post("/orders/A1/revoke", {}, status=403)
    assert broken() == {}
