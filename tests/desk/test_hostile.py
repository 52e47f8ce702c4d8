"""Whatever people type or channels send is shown as text, on every page that shows it, and kept to the letter."""

import pytest

from sellerweb.shop.incoming import LineIn

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick

SCRIPT = "<script>alert(1)</script>"
QUOTE = "\"><img src=x onerror=alert(1)>'"
EMOJI = "👩‍👩‍👧 😀 한글 漢字"
TURNED = "\u202eDLROW"
TEXTS = [SCRIPT, QUOTE, EMOJI, TURNED, "{{ 7*7 }}{% raw %}", "a\x00b", "%(reason)s %s", "&lt;b&gt;"]
CJ = "622344515213"


def shown(text):
    """How a cleaned text reads on a page."""
    return " ".join(text.replace("\u202e", "").replace("\x00", "").split())


def safe(page):
    """No element came to life: the tree has none of theirs, and the text is not run."""
    assert "<script>alert" not in page.html
    assert not [e for e in page.all("img") if e.get("onerror")]


@pytest.mark.parametrize("text", TEXTS)
def test_a_hold_reason_is_text_everywhere(desk, make_order, rows, text, htmx):
    make_order("A1")
    desk.fill("/orders/A1/hold", reason=text)
    assert rows("SELECT hold_reason FROM orders")[0].hold_reason == shown(text)
    for path in ("/orders/A1", "/orders/A1/look", "/orders"):
        page = desk.open(path)
        safe(page)
    assert shown(text) in desk.open("/orders/A1").text("main")
    values = {"number": CJ, "carrier": "cj", "pieces-0-line": "1", "pieces-0-quantity": "1"}
    no = desk.post("/orders/A1/ship", values, htmx=htmx, status=409)
    safe(no)
    assert shown(text) in no.text(".said")


@pytest.mark.parametrize("text", TEXTS)
def test_a_hold_reason_is_text_at_the_handover(desk, make_order, send, text):
    make_order("A1")
    send(desk, verb="label", number=CJ)
    desk.fill("/orders/A1/hold", reason=text)
    page = desk.fill("/orders/handover")
    safe(page)
    assert shown(text) in page.text(".hint")


@pytest.mark.parametrize("text", TEXTS)
def test_an_address_is_text_where_it_is_shown(desk, make_order, text):
    make_order("A1")
    desk.fill("/orders/A1/readdress", receiver_name=text, phone=text[:40], postcode=text[:20], address=text)
    for path in ("/orders", "/orders/A1", "/orders/A1/slip", "/orders/A1/readdress"):
        safe(desk.open(path))
    page = desk.submit(desk.open("/orders/A1"), "/orders/A1/reveal", htmx=True)
    safe(page)
    assert shown(text) in page.text("#person-A1")
    printed = desk.submit(desk.open("/orders/A1/slip"), "/orders/A1/slip")
    assert printed.status == 200


@pytest.mark.parametrize("text", TEXTS)
def test_a_channels_words_are_text(desk, make_order, send, text):
    line = LineIn("L1", text, 1, "new", option=text, sku=text, gift=text)
    make_order(
        "A1", lines=[line], receiver_name=text, buyer_name=text, address=text + " " + text, message=text, phone=text
    )
    for path in ("/orders", "/orders/A1", "/orders/A1/ship", "/orders/A1/look", "/orders/A1/slip"):
        safe(desk.open(path))
        safe(desk.open(path, htmx=True))
    send(desk, verb="label", number=CJ)
    safe(desk.open("/orders/handover"))
    safe(desk.open("/orders?tab=ready"))


@pytest.mark.parametrize("text", [*TEXTS, "%", "_", "!", '"', "*", "NEAR(a b)", "-", "a" * 5000, " ", "가", "　"])
def test_any_text_can_be_searched_for(desk, make_order, text, htmx):
    make_order("A1", receiver_name="김서준")
    page = desk.client.get("/orders", query_string={"q": text}, headers=desk._headers(htmx, {}))
    assert page.status_code == 200
    assert b"<script>alert" not in page.data


@pytest.mark.parametrize("code", ["A1%00", "..%2f..", "%3Cscript%3E", "A1'--", "%F0%9F%98%80", "x" * 3000, "A1%0d%0aX"])
def test_any_text_for_an_order_number_is_not_found(desk, make_order, code, htmx):
    make_order("A1")
    for page in ("", "/ship", "/look", "/slip"):
        assert "<script>" not in desk.open(f"/orders/{code}{page}", htmx=htmx, status=404).html


QUERY = [
    "tab",
    "channel",
    "due",
    "promised",
    "since",
    "until",
    "by",
    "memo",
    "door",
    "after",
    "q",
    "stamp",
    "new",
    "open",
    "print",
    "shipment",
    "size",
]


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "9" * 5000, "1.9" + "9" * 18, "0." + "9" * 5000, SCRIPT])
@pytest.mark.parametrize("path", ["/orders", "/orders/poll", "/orders/filter", "/orders/A1/slip", "/orders/A1/correct"])
def test_any_text_in_an_address_is_answered(desk, make_order, path, value, htmx):
    make_order("A1")
    everything = dict.fromkeys(QUERY, value)
    for query in (everything, everything | {"q": ""}, everything | {"q": "A1"}):
        answer = desk.client.get(path, query_string=query, headers=desk._headers(htmx, {}))
        assert answer.status_code in (200, 204, 404)
        assert b"<script>alert" not in answer.data
