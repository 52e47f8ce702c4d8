"""The link and the cookie: what opens one's own order, and that everything else is answered alike."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pictures
import pytest

from sellerweb import create_app
from sellerweb.shop import clock, links

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def plain(answer):
    """An answer without what is different in each: form tokens, and the time it took to make them."""
    body = re.sub(r'(csrf_token" value="|X-CSRFToken": ")[^"]+', r"\1", answer.get_data(as_text=True))
    headers = {k: v for k, v in answer.headers if k not in ("Content-Length", "Set-Cookie", "Date")}
    return answer.status_code, body, headers


def test_a_link_becomes_a_cookie_for_this_order_at_its_clean_address(stranger, place, link):
    place()
    secret = link()
    answer = stranger.client.get(f"/my/{secret}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/my/orders/A1"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"order={secret}; ")
    for word in ("Path=/my/orders/A1", "HttpOnly", "SameSite=Lax", "Max-Age="):
        assert word in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie
    page = stranger.open("/my/orders/A1")
    assert secret not in page.html


def test_on_https_the_cookie_is_secure_and_forms_work_without_a_referrer(settings, place, link):
    place()
    app = create_app(replace(settings, base_url="https://shop.example.kr"))
    client, here = app.test_client(), {"base_url": "https://shop.example.kr"}
    answer = client.get(f"/my/{link()}", **here)
    assert "Secure" in answer.headers["Set-Cookie"]
    page = client.get("/my/orders/A1/ask", **here).get_data(as_text=True)
    known = {n: re.search(rf'name="{n}" value="([^"]*)"', page)[1] for n in ("csrf_token", "action_id", "version")}
    sent = client.post("/my/orders/A1/ask", data={**known, "words": "Is it in the box?"}, **here)
    assert sent.status_code == 303


def test_only_the_digest_of_a_link_is_kept(place, link, dump):
    place()
    secret = link()
    assert len(secret) >= 22  # 128 bits, six to a letter
    assert secret not in repr(dump())


@pytest.fixture
def dead(place, link, change, staff):
    """Links that open nothing, by what is wrong with them."""
    place()
    place("A2")
    secret, expired, revoked = link(), link(), link("A2")
    change("UPDATE order_link SET expires_at = made_at WHERE id = (SELECT max(id) - 1 FROM order_link)")
    staff("revoke", "A2")
    other = "b" if secret[5] != "b" else "c"
    return {
        "unknown": "x" * 22,
        "one letter off": secret[:5] + other + secret[6:],
        "other case": secret.swapcase(),
        "truncated": secret[:-1],
        "longer": secret + "A",
        "with a line break": secret + "%0A",
        "expired": expired,
        "revoked": revoked,
        "the word orders": "orders",
        "empty-looking": "%20",
        "hostile": "%3Cscript%3E",
        "not ASCII": "%F0%9F%98%80",
    }


def test_every_dead_link_has_the_same_answer(stranger, dead):
    stranger.open("/my/")
    answers = {why: stranger.client.get(f"/my/{secret}") for why, secret in dead.items()}
    first = plain(answers.pop("unknown"))
    assert first[0] == 404
    assert "/my/" in first[1]
    assert {why: plain(answer) == first for why, answer in answers.items()} == dict.fromkeys(answers, True)


@pytest.mark.parametrize("page", ["", "/cancel", "/return", "/exchange", "/redelivery", "/readdress", "/ask"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_anothers_order_and_none_are_the_same(stranger, place, link, page, headers):
    place()
    place("A2")
    stranger.open("/my/")
    client = stranger.client
    nothing = plain(client.get(f"/my/orders/NONE{page}", headers=headers))
    assert nothing[0] == 404
    assert plain(client.get(f"/my/orders/A2{page}", headers=headers)) == nothing
    # One's own secret under another's address: no browser sends it there, but somebody might.
    for cookie in (link("A1"), "", "x" * 3000, "<script>"):
        client.set_cookie("order", cookie, path="/my/orders/A2")
        assert plain(client.get(f"/my/orders/A2{page}", headers=headers)) == nothing
    assert plain(client.get("/my/orders/a2" + page, headers=headers)) == nothing
    assert plain(client.get("/my/no/such/page", headers=headers)) == nothing


@pytest.mark.parametrize("verb", ["cancel", "cancel/quote", "return", "return/quote", "withdraw", "readdress", "ask"])
def test_no_form_opens_to_a_stranger(stranger, place, link, dump, verb):
    place()
    place("A2")
    token = stranger.token()
    stranger.client.set_cookie("order", link("A1"), path="/my/orders/A2")
    before = dump()
    sent = {"csrf_token": token, "words": "x", "line": "1", "reason": "wish", "how": "now"}
    answers = [stranger.client.post(f"/my/orders/{code}/{verb}", data=sent) for code in ("A2", "NONE")]
    assert plain(answers[0]) == plain(answers[1])
    assert answers[0].status_code == 404
    assert dump() == before


def test_a_cookie_opens_its_own_order_alone(stranger, place, link):
    place()
    place("A12")
    stranger.arrive(link("A1"))
    stranger.open("/my/orders/A12", status=404)
    stranger.arrive(link("A12"))
    stranger.open("/my/orders/A1")
    stranger.open("/my/orders/A12")


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 404), (1, 404)])
def test_a_link_ends_at_its_second_and_its_cookie_with_it(stranger, place, link, at, seconds, status):
    place()
    begin = clock.now()
    at(begin)
    stranger.arrive(link())
    at(begin + timedelta(days=links.DAYS, seconds=seconds))
    stranger.open("/my/orders/A1", status=status)


def test_a_revoked_link_closes_the_page_that_it_opened(stranger, place, link, staff):
    place()
    stranger.arrive(link())
    staff("revoke")
    stranger.open("/my/orders/A1", status=404)
    gone = stranger.open("/my/orders/A1?stamp=0", status=404, htmx=True)
    assert gone.headers["HX-Retarget"] == "#main"
    assert gone.text("h1") == "We cannot open this page"


@pytest.mark.both
def test_a_link_opens_its_order_whatever_becomes_of_it(stranger, place, link, staff, send, rows, at):
    place()
    stranger.client.set_cookie("my_lang", "en", path="/my")
    secret = link()
    lines = {line.id: line.ordered for line in rows("SELECT id, ordered FROM order_line ORDER BY position")}
    staff("cancel", "A1", dict([lines.popitem()]), "sold_out")
    at(clock.now() + timedelta(seconds=30))
    assert stranger.arrive(secret).text("h1") == "We have received your order"
    send()
    assert stranger.arrive(secret).text("h1") == "Your order is on its way"


def test_an_order_in_the_archive_still_opens(stranger, place, link, staff, send):
    place()
    stranger.client.set_cookie("my_lang", "en", path="/my")
    secret = link()
    send(delivered=True)
    staff("archive")
    assert stranger.arrive(secret).text("h1") == "Your order has arrived"


def test_everything_below_my_keeps_quiet(stranger, place, link):
    place()
    client = stranger.client
    for path in ("/my/", f"/my/{link()}", "/my/orders/A1", "/my/orders/A1/cancel", "/my/nothing", "/my/orders/A2"):
        answer = client.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
        assert answer.headers["Cache-Control"] == "no-store", path
    assert client.post("/my/nothing").headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.both
def test_scanners_and_every_get_change_nothing(app, stranger, place, customer, link, send, rows, dump):
    for code in ("A1", "A2"):
        place(code)
        photo = [(BytesIO(pictures.photo()), "a.jpg")]
        customer(code).fill(f"/my/orders/{code}/ask", words="Look", photos=photo)
    keys = dict(zip(("A1", "A2"), (kept.key for kept in rows("SELECT key FROM attachment ORDER BY id")), strict=True))
    send("A2", delivered=True)
    secrets = {"A1": link("A1"), "A2": link("A2")}
    before = dump()
    opened = 0
    for secret in (*secrets.values(), "x" * 22):
        for method in ("HEAD", "GET", "GET", "GET"):
            assert stranger.client.open(f"/my/{secret}", method=method).status_code in (303, 404)
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/my/") or "GET" not in rule.methods:
            continue
        for code, secret in secrets.items():
            for kind in ("return", "exchange", "redelivery") if "kind" in rule.arguments else ("",):
                known = {"code": code, "token": secret, "kind": kind, "key": keys[code]}
                with app.test_request_context():
                    path = app.url_map.bind("localhost").build(rule.endpoint, {a: known[a] for a in rule.arguments})
                for query in ("", "?lang=ja", "?done=cancel&stamp=1.0.0&line=1&reason=wish"):
                    for headers in ({}, HTMX):
                        status = stranger.client.get(path + query, headers=headers).status_code
                        assert status in (200, 303), (path, status)
                        opened += status == 200
                    assert stranger.client.head(path + query).status_code in (200, 303)
    assert opened > 50
    assert dump() == before


def test_staff_and_customers_live_in_one_browser(at_desk, place, link):
    alice = at_desk("Alice")
    place()
    assert alice.client.get(f"/my/{link()}").status_code == 303
    page = alice.open("/my/orders/A1")
    assert not page.all(".rail")
    assert "Alice" not in page.html
    alice.fill("/my/orders/A1/ask", words="Hello?", status=303)
    assert alice.open("/orders").find(".rail") is not None
    alice.open("/my/nothing", status=404)
    alice.fill("/orders/A1/hold", reason="so")  # what the desk says to staff is kept for the desk
    assert "hold" not in alice.open("/my/orders/A1").html
    assert "hold" in alice.open("/orders/A1").text("#toasts")


def test_another_site_cannot_post(customer, place, dump):
    place()
    person = customer()
    before = dump()
    answer = person.client.post("/my/orders/A1/ask", data={"words": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert dump() == before


def test_without_a_token_nothing_is_done_and_nothing_typed_is_lost(customer, place, dump, htmx):
    place()
    person = customer()
    form = person.open("/my/orders/A1/ask").form("/my/orders/A1/ask")
    before = dump()
    for token in ("", "x" * 90):
        answer = person.client.post(
            "/my/orders/A1/ask", data={"csrf_token": token, "words": "Is it vegan?"}, headers=HTMX if htmx else {}
        )
        page = person._seen(answer, 400)
        assert page.text("textarea") == "Is it vegan?"
        assert "open for too long" in page.text(".said")
    assert dump() == before
    person.submit(page, form.get("action"), status=303)
