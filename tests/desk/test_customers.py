"""A customer's history at the desk: shown by a POST that is written down, paged, and with notes that nobody overwrites."""

import pytest
from sqlalchemy import event

from sellerweb.shop import customers, history, messages
from sellerweb.shop.db import reader

MINE = {"buyer_name": "김서준", "buyer_phone": "010-1234-5678", "buyer_email": "seojun@example.kr"}
AT = "/customers/1"


@pytest.fixture
def known(app, make_order):
    """A1 (which is order 1) and A2 of one person, and B1 of somebody who has the same name."""
    make_order("A1", channel="manual", **MINE)
    make_order("A2", channel="shopify", **MINE | {"buyer_phone": ""})
    make_order("B1", channel="manual", phone="010-8888-1212")
    with app.app_context(), history.act(history.CUSTOMER, "ask") as act:
        messages.ask(act.order("A2"), "색을 바꿀 수 있나요?")


def noted(rows):
    return [row.words for row in rows("SELECT words FROM customer_note ORDER BY id")]


def write_note(person, page, words, htmx=False, status=200):
    return person.submit(page, f"{AT}/note", htmx=htmx, status=status, words=words)


def test_the_order_leads_to_the_history_which_shows_nothing_by_itself(desk, known, rows):
    page = desk.open("/orders/A1")
    assert AT in [a.get("href") for a in page.all("a")]
    masked = desk.open(AT)
    for secret in ("김서준", "5678", "색을 바꿀", "A2"):
        assert secret not in masked.text("#history")
    assert rows("SELECT * FROM access") == []


def test_a_look_shows_all_that_is_theirs_and_is_a_row_for_each_order(at_desk, known, rows, htmx):
    carol = at_desk("Carol")
    page = carol.submit(carol.open(AT), AT, htmx=htmx, status=200)
    for there in ("김서준", "A1", "A2", "색을 바꿀 수 있나요?", "same e-mail", "s***@example.kr"):
        assert there in page.text("#history")
    for not_theirs in ("B1", "010-1234-5678", "seojun@"):
        assert not_theirs not in page.text("#history")
    seen = rows(
        "SELECT o.code, a.what, s.name FROM access a JOIN orders o ON o.id = a.order_id JOIN staff s ON s.id = a.staff_id"
    )
    assert sorted((row.code, row.what, row.name) for row in seen) == [
        ("A1", "history", "Carol"),
        ("A2", "history", "Carol"),
    ]
    assert page.headers["Cache-Control"] == "no-store"


def test_what_was_cancelled_and_sent_back_is_there(desk, known):
    desk.fill("/orders/A1/cancel", reason="wish")
    page = desk.submit(desk.open(AT), AT)
    assert "Cancellation" in page.text("#claims")


def test_an_unpaid_order_tells_nobodys_phone(desk, make_order):
    make_order("U1", state="unpaid", **MINE)
    history = desk.submit(desk.open(AT), AT).text("#history")
    assert "5678" not in history
    assert "김서준" not in history


def test_a_long_history_comes_in_pages_and_each_page_is_a_look(desk, make_order, rows, monkeypatch, htmx):
    monkeypatch.setattr("sellerweb.desk.customers.PAGE", 2)
    monkeypatch.setattr(customers, "PAGE", 2)
    for n in range(1, 6):
        make_order(f"A{n}", **MINE)
    page = desk.submit(desk.open("/customers/5"), "/customers/5", htmx=htmx)
    assert [f"A{n}" for n in range(1, 6) if f"A{n}" in page.text("#orders")] == ["A4", "A5"]
    older = desk.submit(page, "/customers/5/orders", htmx=htmx, status=200)
    assert "A3" in older.html
    assert "A1<" not in older.html
    assert len(rows("SELECT DISTINCT order_id FROM access")) == 4
    assert "A1" in desk.submit(older, "/customers/5/orders", htmx=htmx, status=200).html


def test_the_statements_do_not_grow_with_the_history(app, desk, make_order):
    def counted(path):
        page, seen = desk.open(path), []
        with app.app_context():
            event.listen(reader(), "before_cursor_execute", lambda *said: seen.append(said[2]))
        desk.submit(page, path, status=200)
        return len(seen)

    make_order("A1", **MINE)
    one = counted(AT)
    for n in range(2, 12):
        make_order(f"A{n}", **MINE)
    assert counted(AT) == one
    assert one < 20


def test_a_note_is_written_once_and_read_by_the_next(at_desk, known, rows, htmx):
    carol = at_desk("Carol")
    page = carol.submit(carol.open("/customers/2"), "/customers/2")
    form = page.form("/customers/2/note")
    sent = {"words": "택배함에 넣어 주세요", "action_id": "n1", "version": "", "before": ""}
    for _again in range(2):
        answer = carol.post(form.get("action"), sent, htmx=htmx, status=200)
    assert noted(rows) == ["택배함에 넣어 주세요"]
    assert "Carol" in answer.text("#notes")
    assert "택배함에" in carol.submit(carol.open(AT), AT).text("#notes")  # by way of A1
    assert [e.verb for e in rows("SELECT verb FROM event WHERE order_id = 2 ORDER BY seq")][-1] == "note"


def test_a_note_that_somebody_changed_meanwhile_is_kept_beside_theirs(at_desk, known, rows, htmx):
    carol, bob = at_desk("Carol"), at_desk("Bob")
    first = write_note(carol, carol.submit(carol.open(AT), AT), "하나")
    change = f"{AT}/note/1/change"
    bob.submit(bob.submit(bob.open(AT), AT), change, status=200, words="밥의 말")
    no = carol.submit(first, change, htmx=htmx, status=409, words="캐럴의 말")
    assert "밥의 말" in no.text("#notes")
    assert no.text("#words-1") == "캐럴의 말"
    carol.submit(no, change, htmx=htmx, status=200, words="둘의 말")
    assert noted(rows) == ["둘의 말"]


def test_what_was_typed_over_a_removed_note_stays_for_a_new_one(at_desk, known, rows, htmx):
    carol, bob = at_desk("Carol"), at_desk("Bob")
    first = write_note(carol, carol.submit(carol.open(AT), AT), "하나")
    bob.submit(bob.submit(bob.open(AT), AT), f"{AT}/note/1/remove", htmx=htmx, status=200)
    no = carol.submit(first, f"{AT}/note/1/change", htmx=htmx, status=409, words="캐럴의 말")
    assert no.text("#words-new") == "캐럴의 말"
    assert noted(rows) == []


def test_a_note_of_somebody_else_cannot_be_reached_from_here(desk, known, rows):
    first = write_note(desk, desk.submit(desk.open(AT), AT), "하나")
    values = {e.get("name"): e.get("value") for e in first.form(f"{AT}/note/1/change").iter("input")}
    desk.post("/customers/3/note/1/change", {**values, "words": "남의 말"}, status=409)
    assert noted(rows) == ["하나"]


def test_words_of_customers_are_shown_as_text(app, desk, known):
    with app.app_context(), history.act(history.CUSTOMER, "ask") as act:
        messages.ask(act.order("A1"), "<script>alert(1)</script>")
    page = write_note(desk, desk.submit(desk.open(AT), AT), "<img src=x onerror=alert(1)></textarea><b>")
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html


@pytest.mark.parametrize("path", ["/customers/99", "/customers/2147483648", "/customers/x"])
def test_nobody_is_not_found(desk, known, path):
    desk.open(path, status=404)
