"""The desk's pages about letters: what could not be sent, the switches, the shop's own words and their preview."""

from urllib.parse import urlencode

import pytest

from sellerweb.shop import history, letter_list, orders, outbox
from sellerweb.shop.letters import LETTERS
from sellerweb.shop.own_words import LANGUAGES

EDIT = "/letters/words/order_delay/ko"


@pytest.fixture
def paid(app, make_order, rows):
    """A letter to A1's customer that may leave; its id."""
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    make_order("A1", state="waiting", channel="manual", buyer_email="kim@mail.test")
    with app.app_context(), history.act(history.Actor("staff", role="owner"), "pay") as act:
        orders.pay(act.order("A1"))
    return rows("SELECT id FROM notice")[0].id


@pytest.fixture
def unsure(app, paid):
    with app.app_context():
        taken = outbox.claim()
        outbox.handing(taken, subject="결제 · 김서준", body="김서준님, <b>안녕</b>\n/my/…")
        outbox.unsure(taken, "no_answer")
    return paid


@pytest.fixture
def failed(app, paid):
    with app.app_context():
        outbox.failed(outbox.claim(), "empty_placeholder:송장번호")
    return paid


@pytest.fixture
def state(rows):
    def ask():
        [row] = rows("SELECT state, why FROM notice")
        return row.state, row.why

    return ask


def test_an_unsure_letter_is_listed_with_its_why_and_its_ways_out(desk, unsure):
    page = desk.open("/letters")
    listed = page.text("main")
    assert "Payment received" in listed
    assert "김*준" in listed
    assert "김서준" not in page.html
    assert "It was handed over, and no answer came back. It may have arrived." in listed
    for verb in ("arrived", "again", "drop"):
        page.form(f"/letters/{unsure}/{verb}")
    assert page.text(".menu").startswith("AliceLetters to be looked at: 1")


@pytest.mark.parametrize(
    ("verb", "then"), [("arrived", ("sent", "")), ("again", ("waiting", "")), ("drop", ("suppressed", "dropped"))]
)
def test_staff_say_what_became_of_it_once(desk, unsure, state, verb, then):
    page = desk.open("/letters")
    assert "Nothing: every letter that left was taken." not in page.html
    after = desk.follow(desk.submit(page, f"/letters/{unsure}/{verb}", status=303))
    assert state() == then
    assert "Nothing: every letter that left was taken." in after.html
    again = desk.submit(page, f"/letters/{unsure}/{verb}")
    assert again.status == 303, "the same tap again: the same answer"
    late = desk.post(f"/letters/{unsure}/drop", {}, status=409)
    assert "Somebody has settled this letter already." in late.html
    assert state() == then


def test_a_failed_letter_says_which_gap_it_had_and_cannot_have_arrived(desk, failed, state):
    page = desk.open("/letters")
    assert "[송장번호] would have stayed empty" in page.text("main")
    assert not [f for f in page.all("form") if f.get("action").endswith("/arrived")]
    assert "cannot have arrived" in desk.post(f"/letters/{failed}/arrived", {}, status=409).html
    desk.submit(page, f"/letters/{failed}/again", status=303)
    assert state() == ("waiting", "")


def test_letters_that_nobody_got_are_counted_with_their_reason(app, desk, paid):
    app.config["SMTP_URL"] = ""
    assert "was not sent" not in desk.open("/letters").text("main")
    with app.app_context():
        assert outbox.claim() is None
    page = desk.open("/letters").text("main")
    assert "1 letter of the last seven days was not sent. This medium was switched off or not set up." in page


def test_all_letters_are_found_by_their_order_and_by_what_became_of_them(app, desk, paid, make_order):
    make_order("B2", state="waiting", channel="manual", phone="010-9999-0000", receiver_name="이하늘", buyer_name="")
    with app.app_context(), history.act(history.Actor("staff", role="owner"), "pay") as act:
        orders.pay(act.order("B2"))
    with app.app_context():
        outbox.sent(outbox.claim())  # the mail; the text message has no medium that is on

    def listed(**said):
        page = desk.open(f"/letters?{urlencode(said)}")
        return [e.find(".//a").get("href") for e in page.all(".line")]

    assert listed() == ["/orders/B2", "/orders/A1"]
    assert listed(q="이하늘") == listed(medium="sms") == listed(q="99990000") == ["/orders/B2"]
    assert listed(state="sent") == listed(medium="email") == ["/orders/A1"]
    assert listed(q="nobody") == listed(state="sent", medium="sms") == []
    assert len(listed(state="x", medium="x", after="x")) == 2  # what makes no sense filters nothing
    assert "이하늘" not in desk.open("/letters").html


def test_a_long_list_of_letters_goes_on_with_a_few_statements(app, desk, make_order, monkeypatch):
    monkeypatch.setattr(letter_list, "PAGE", 2)
    for n in range(5):
        make_order(f"C{n}", state="waiting", channel="manual", buyer_email="kim@mail.test")
        with app.app_context(), history.act(history.Actor("staff", role="owner"), "pay") as act:
            orders.pay(act.order(f"C{n}"))
    seen, path = [], "/letters"
    while path:
        page = desk.open(path)
        seen.append(len(page.all(".line")))
        path = page.find(".more").find(".//a").get("href") if page.all(".more") else ""
    assert seen == [2, 2, 1]


def test_packers_have_no_part_in_it(at_desk, unsure):
    carol = at_desk("Carol")
    for path in ("/letters", "/letters/words", EDIT):
        carol.open(path, status=403)
    for path in (f"/letters/{unsure}/again", EDIT, f"{EDIT}/reset", f"{EDIT}/preview", "/letters/switch"):
        carol.post(path, {}, status=403)
    assert "Letters to be looked at" not in carol.open("/orders").html


def test_only_the_owner_turns_a_switch(app, desk, at_desk, rows):
    bob = at_desk("Bob")
    bob.post("/letters/switch", {"name": "mail", "on": ""}, status=403)
    assert "Not set up yet: the server needs SELLERWEB_SMTP_URL." in desk.open("/letters").html
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    page = desk.follow(desk.submit(desk.open("/letters"), "/letters/switch", status=303))
    assert "E-mail: off." in page.text("#toasts")
    assert rows("SELECT name FROM setting")[0].name == "mail"
    page = desk.follow(desk.submit(page, "/letters/switch", status=303))
    assert "E-mail: on." in page.text("#toasts")
    desk.post("/letters/switch", {"name": "pigeon"}, status=400)


def test_every_letter_can_be_opened_in_every_language(desk):
    page = desk.open("/letters/words")
    links = [a.get("href") for a in page.all("a") if a.get("href").startswith("/letters/words/")]
    assert len(links) == len(LETTERS) * len(LANGUAGES)
    for link in links[::13]:
        assert desk.open(link).all("#preview")
    for odd in ("/letters/words/order_hold/ko", "/letters/words/order_pay/fr"):
        desk.open(odd, status=404)
        desk.post(odd, {}, status=404)


def test_own_words_are_saved_shown_and_taken_back(desk, at_desk):
    bob = at_desk("Bob")
    page = bob.fill(EDIT, subject="[가게이름] 조금 늦어요", status=303)
    page = bob.follow(page)
    assert page.find("#subject").get("value") == "[가게이름] 조금 늦어요"
    assert "달빛문구 조금 늦어요" in page.text("#preview")
    assert "your words" in bob.open("/letters/words").html
    page = bob.follow(bob.submit(page, f"{EDIT}/reset", status=303))
    assert "발송이 늦어져요" in page.find("#subject").get("value")
    assert "your words" not in page.html


@pytest.mark.parametrize(
    ("field", "words", "why"),
    [
        ("body", "안녕 [쿠폰]", "[쿠폰] is not a placeholder."),
        ("sms", "{{ 7*7 }} [고객명.__class__]", "[고객명.__class__] is not a placeholder."),
        ("subject", "", "Write something here"),
        ("subject", "가" * 201, "at most 200 characters"),
        ("body", "[사유] [송장번호]", "[송장번호] has nothing to say in this letter"),
        ("body", "a\n---\nb", "three hyphens"),
        ("body", "가" * 4000, "That is too long"),
    ],
)
def test_words_that_could_not_be_sent_are_refused_at_their_field(desk, field, words, why, rows):
    page = desk.fill(EDIT, **{field: words}, status=422)
    assert why in page.text(f"#{field}-error")
    assert rows("SELECT * FROM letter") == []


def test_the_preview_follows_what_is_typed_and_saves_nothing(desk, htmx, rows):
    action = f"{EDIT}/preview"
    typed = {"subject": "[가게이름]", "body": "<i>[고객명]</i> {{ 7*7 }} [사유]\n[안내]", "sms": "짧게"}
    shown = desk.post(action, typed, htmx=htmx, status=200)
    assert "<i>김서준</i> {{ 7*7 }} 품절배송비 3,000원을 돌려드려요." in shown.text("#preview")
    assert "4 bytes · short message, up to 90 bytes" in shown.text("#preview")
    assert len(shown.all("h1")) == (0 if htmx else 1)
    refused = desk.post(action, {**typed, "body": "[쿠폰]"}, htmx=htmx, status=200)
    assert "[쿠폰] is not a placeholder." in refused.text("#preview")
    assert rows("SELECT body FROM letter") == []


def test_an_orders_letters_are_shown_with_the_name_masked(desk, unsure, rows):
    page = desk.open("/orders/A1")
    assert "김*준님, <b>안녕</b>" in page.text("main")
    assert "김서준" not in page.html
    desk.submit(page, f"/letters/{unsure}/again", status=303)
    assert rows("SELECT state FROM notice")[0].state == "waiting"


def test_a_ship_that_was_told_is_sent_again_from_the_orders_page(app, desk, paid, rows):
    with app.app_context():
        taken = outbox.claim()
        outbox.handing(taken)
        outbox.sent(taken)
    page = desk.open("/orders/A1")
    desk.submit(page, "/orders/A1/repeat", status=303)
    assert [(n.letter, n.state) for n in rows("SELECT * FROM notice ORDER BY id")] == [
        ("order_pay", "sent"),
        ("order_pay", "waiting"),
    ]
