"""Looking at people: only by the eye, always written down, never before payment. And looking changes nothing else."""

import pytest
from sqlalchemy import text

from sellerweb.shop.db import reader
from sellerweb.shop.models import Base

CJ = "622344515213"


def looks(rows):
    return rows("SELECT a.what, s.name, o.code FROM access a JOIN orders o ON o.id = a.order_id "
                "LEFT JOIN staff s ON s.id = a.staff_id ORDER BY a.id")  # fmt: skip


def test_the_eye_shows_the_person_and_writes_it_down(at_desk, make_order, rows, htmx):
    carol = at_desk("Carol")
    make_order("A1")
    page = carol.submit(carol.open("/orders/A1/ship", htmx=htmx), "/orders/A1/reveal", htmx=htmx, status=200)
    said = page.text("#person-A1")
    for secret in ("김서준", "010-1234-5678", "06236", "테헤란로 152, 12층"):
        assert secret in said
    assert [vars(look) for look in looks(rows)] == [{"what": "address", "name": "Carol", "code": "A1"}]


def test_what_was_shown_is_masked_again(desk, make_order, rows):
    make_order("A1")
    page = desk.submit(desk.open("/orders/A1"), "/orders/A1/reveal", htmx=True)
    masked = desk.open(page.find("#person-A1").get("data-remask"), htmx=True)
    assert "김서준" not in masked.html
    assert masked.form("/orders/A1/reveal") is not None
    assert len(looks(rows)) == 1


def test_each_look_is_a_row(desk, make_order, rows):
    make_order("A1")
    for _look in range(3):
        desk.submit(desk.open("/orders/A1"), "/orders/A1/reveal")
    assert len(looks(rows)) == 3


def test_nothing_is_shown_before_payment(desk, make_order, rows, htmx):
    make_order("A1", state="unpaid")
    page = desk.open("/orders/A1", htmx=htmx)
    assert "/orders/A1/reveal" not in [f.get("action") for f in page.all("form")]
    no = desk.post("/orders/A1/reveal", {}, htmx=htmx, status=409)
    assert "김서준" not in no.html
    assert looks(rows) == []


@pytest.mark.parametrize(
    "path", ["/orders", "/orders/A1", "/orders/A1/look", "/orders/A1/slip", "/orders/A1/readdress"]
)
def test_an_unpaid_order_shows_no_person_anywhere(desk, make_order, path, htmx):
    make_order("A1", state="unpaid")
    html = desk.open(path, htmx=htmx).html
    assert [secret for secret in ("김서준", "1234-5678", "테헤란로", "06236") if secret in html] == []


def test_a_page_that_shows_a_person_is_not_kept_by_the_browser(desk, make_order):
    make_order("A1")
    page = desk.submit(desk.open("/orders/A1"), "/orders/A1/reveal", htmx=True)
    assert page.headers["Cache-Control"] == "no-store"


def test_a_printed_slip_is_a_look(desk, make_order, rows):
    make_order("A1")
    desk.fill("/orders/A1/slip", size="a6")
    assert [look.what for look in looks(rows)] == ["slip"]


def test_opening_every_page_writes_nothing(app, desk, make_order, send, change):
    """Every GET of the address map, as a page and as a fragment; the tables are the same to the letter."""
    make_order("A1", quantity=2)
    make_order("A2")
    make_order("U1", state="unpaid")
    send(desk, "A1", number=CJ, **{"pieces-0-quantity": "1"})
    desk.fill("/orders/A2/slip", size="a6")
    desk.fill("/orders/A2/request-cancel", reason="wish")
    desk.fill("/orders/A1/claim", reason="broken")
    make_order("A3", channel="manual")
    desk.fill("/orders/A3/cancel", reason="wish")
    change(
        "INSERT INTO import (id, channel, filename, state, orders, done, report, created_at) VALUES (1, 'smartstore', "
        "'x.xlsx', 'done', 0, 0, :report, '2026-01-01 00:00:00')",
        report='{"rows": 0, "rejected": 0, "new": 0, "updated": 0, "unchanged": 0, "lines": 0, "conflicts": []}',
    )
    desk.open("/orders")

    def dump():
        with app.app_context(), reader().connect() as conn:
            return {
                t: conn.execute(text(f'SELECT * FROM "{t}" ORDER BY 1, 2')).fetchall() for t in Base.metadata.tables
            }

    before, opened, paths = dump(), 0, set()
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.startswith(("static", "selfservice.")):
            continue  # customers' pages have a test of their own (tests/selfservice/test_door.py)
        verbs = rule._converters["verb"].items if "verb" in rule.arguments else ["look"]
        for code, n, verb in [
            ("A1", 1, "look"),
            ("U1", 9, "look"),
            *(("A2", n, verb) for n in (1, 2) for verb in verbs),
        ]:
            known = {"code": code, "claim": n, "refund": n, "import_id": 1, "staff_id": 1, "verb": verb}
            known |= {"letter": "order_pay", "language": "ko", "channel": "manual"}
            if "verb" in rule.arguments and verb not in verbs:
                continue
            with app.test_request_context():
                url = app.url_map.bind("localhost").build(rule.endpoint, {a: known.get(a, 1) for a in rule.arguments})
            if url in paths:
                continue  # it says neither order nor number: once is enough
            paths.add(url)
            for path in (url, url + "?shipment=1&print=1&q=A1&after=0.1&open=A1&stamp=0"):
                for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
                    status = desk.client.get(path, headers=headers).status_code
                    assert status in (200, 204, 301, 303, 308, 404, 409), (path, status)
                    opened += status == 200
    assert opened > 100
    assert dump() == before
