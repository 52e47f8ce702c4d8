"""Whatever customers, channels or strangers send is text or a sentence, never a broken page."""

from itertools import product

import pytest
from page import filled

from sellerweb.shop.incoming import LineIn

SCRIPT = "<script>alert(1)</script>"
QUOTE = "\"><img src=x onerror=alert(1)>'"
EMOJI = "👩‍👩‍👧 😀 한글 漢字"
TEXTS = [SCRIPT, QUOTE, EMOJI, "\u202eDLROW", "{{ 7*7 }}{% raw %}", "a\x00b", "%(reason)s %s", "&lt;b&gt;"]
HERE = "/my/orders/A1"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def safe(page):
    assert "<script>alert" not in page.html
    assert not [e for e in page.all("img") if e.get("onerror")]
    return page


@pytest.mark.both
@pytest.mark.parametrize("text", TEXTS)
def test_what_a_customer_writes_is_text(customer, place, text):
    place()
    person = customer()
    shown = " ".join(text.replace("\u202e", "").replace("\x00", "").split())
    person.fill(f"{HERE}/ask", words=text, status=303)
    assert shown in safe(person.open(f"{HERE}/ask")).text(".talk")
    safe(person.fill(f"{HERE}/cancel", note=text, bank=text[:40], account=text[:40], status=422))
    person.fill(f"{HERE}/cancel", reason="other", note=text, status=303)
    safe(person.open(HERE))
    safe(person.fill("/my/", number=text, phone=text[:40]))


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_channel_said_is_text(customer, place, send, text):
    place("A1", lines=[LineIn("1", text, 2, "new", option=text, total=9000)], receiver_name=text, buyer_name=text)
    person = customer()
    for path in ("", "/cancel", "/readdress", "/ask"):
        safe(person.open(HERE + path))
    send(delivered=True)
    for path in ("", "/return", "/exchange", "/redelivery"):
        safe(person.open(HERE + path))


@pytest.mark.parametrize("length", [1000, 1001, 5000])
def test_a_long_reason_is_kept_up_to_what_is_said(customer, place, rows, length):
    place()
    page = customer().fill(f"{HERE}/cancel", reason="other", note="가" * length)
    assert page.status == (303 if length == 1000 else 422)
    if page.status == 422:
        assert "1000 characters at most" in page.text("#note-error")
        assert len(page.text("#note")) == length
    assert len(rows("SELECT * FROM claim")) == (length == 1000)


@pytest.mark.parametrize(
    ("verb", "typed"),
    [("cancel", {"note": "가" * 1001}), ("cancel", {}), ("readdress", {"address": "가" * 501}), ("readdress", {})],
)
def test_a_form_with_a_mistake_that_is_over_meanwhile_says_so(customer, place, send, verb, typed):
    place()
    person = customer()
    page = person.open(f"{HERE}/{verb}")
    send()
    page = person.submit(page, f"{HERE}/{verb}", status=422, **typed)
    assert "not possible any more" in page.text(".said")
    assert page.text("#kept") == "".join(typed.values()) if typed else not page.all("#kept")


@pytest.mark.parametrize("words", [" ", "\u3000", "\n\n", "\u200b\u200b"])
def test_only_spaces_are_no_reason(customer, place, rows, words):
    place()
    page = customer().fill(f"{HERE}/cancel", reason="other", note=words, status=422)
    assert "Say in a few words why." in page.text("#note-error")


def test_any_text_in_an_address_is_answered(customer, place):
    place()
    person = customer()
    values = ("", "x", "-1", "9" * 300, "1.9", SCRIPT, "가")
    for value, path in product(values, ("/my/", HERE, f"{HERE}/cancel", f"{HERE}/ask")):
        for headers in ({}, HTMX):
            query = dict.fromkeys(("stamp", "done", "lang", "line", "reason", "code"), value)
            answer = person.client.get(path, query_string=query, headers=headers)
            assert answer.status_code == 200
            assert b"<script>alert" not in answer.data


@pytest.mark.parametrize("verb", ["cancel", "cancel/quote", "return", "return/quote", "withdraw", "readdress", "ask"])
def test_any_text_in_a_form_is_answered(customer, place, verb):
    place()
    person = customer()
    names = ("version", "action_id", "line", "quantity-1", "reason", "note", "how", "sums", "claim", "words", "address",
             "postcode", "phone", "receiver_name", "bank", "account", "holder", "option", "wants", "is_admin")  # fmt: skip
    token = person.token()
    for value in ("", "x", "-1", "9" * 300, SCRIPT, "가", "\x00", "\ud800"):
        sent = dict.fromkeys(names, value.encode("utf-8", "surrogatepass")) | {"csrf_token": token}
        for headers in ({}, HTMX):
            answer = person.client.post(f"{HERE}/{verb}", data=sent, headers=headers)
            assert answer.status_code in (200, 303, 400, 409, 422), (value, answer.status_code)
            assert b"<script>alert" not in answer.data


def test_a_body_that_is_no_form_or_too_long_is_refused_in_words(customer, place):
    place()
    person = customer()
    odd = person._seen(person.client.post(f"{HERE}/ask", json={"words": "x"}), 400)
    assert odd.text("h1") == "That did not work"
    long = person._seen(person.client.post(f"{HERE}/ask", data={"words": "x" * 1_100_000}), 413)
    assert long.text("h1") == "Too long"
    for page in (odd, long):
        assert not page.all(".rail")


def test_what_goes_wrong_says_so_in_the_customers_words(customer, place, app, monkeypatch):
    from sqlalchemy.exc import TimeoutError

    from sellerweb.shop import mine

    place()
    person = customer()
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(error):
        def raising(*_):
            raise error

        monkeypatch.setattr(mine, "of", raising)

    fail(RuntimeError("김서준 lives at 테헤란로"))
    page = person.open(HERE, status=500)
    assert page.text("h1") == "Our mistake, sorry"
    assert "김서준" not in page.html
    assert page.headers["X-Request-ID"] in page.text("main")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    fail(TimeoutError("pool"))
    page = person.open(HERE, status=503)
    assert page.text("h1") == "One moment, please"
    assert page.headers["Retry-After"] == "3"
    banner = person.open(HERE, status=503, htmx=True)
    assert banner.headers["HX-Retarget"] == "#banner"


def test_a_busy_moment_keeps_what_was_typed(customer, place, monkeypatch):
    from sqlalchemy.exc import TimeoutError

    from sellerweb.shop import messages

    place()
    person = customer()
    page = person.open(f"{HERE}/ask")
    with monkeypatch.context() as patch:
        patch.setattr(messages, "ask", lambda *_: (_ for _ in ()).throw(TimeoutError("pool")))
        busy = person.submit(page, f"{HERE}/ask", words="Is it vegan?", status=503)
    assert filled(busy.form(f"{HERE}/ask"))["words"] == ["Is it vegan?"]
    person.submit(busy, f"{HERE}/ask", status=303)
