"""Pages of the queue, and what they cost: each order once, few statements, no scan."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import event

from sellerweb.shop import clock, history, intake, messages
from sellerweb.shop.db import db, reader
from sellerweb.shop.incoming import LineIn, OrderIn

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick

MANY = 130


@pytest.fixture
def crowd(app):
    """A hundred and thirty orders, ten of each deadline."""
    now = clock.now()
    with app.app_context(), history.act(history.CHANNEL, "import") as act:
        for n in range(MANY):
            line = LineIn(f"{n}-1", "노트", 1, "new", total=1000)
            due = now + timedelta(hours=n // 10)
            at = now - timedelta(hours=1)
            told = OrderIn(f"N{n:03}", "KRW", [line], ordered_at=at, paid_at=at, ship_due_at=due)
            told.receiver_name, told.address = "김서준", "서울특별시 강남구 테헤란로"
            intake.place(act, "smartstore", told)
    return [f"N{n:03}" for n in range(MANY)]


@contextmanager
def statements(app):
    """What is sent to either engine meanwhile, without BEGIN and the like: [(statement, values)]."""
    sent = []

    def note(_conn, _cursor, statement, parameters, _context, _many):
        sent.append((statement, parameters))

    with app.app_context():
        engines = {db.engine, reader()}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
        sent[:] = [s for s in sent if not s[0].upper().startswith(("BEGIN", "PRAGMA", "EXPLAIN"))]


def codes(page):
    return [e.get("id").removeprefix("order-") for e in page.all(".row")]


def walk(desk, path, htmx, between=lambda page: None):
    """All codes over all pages, by the link at each page's end."""
    seen = []
    while path:
        page = desk.open(path, htmx=htmx)
        seen.append(codes(page))
        between(page)
        path = page.find("#more").find("a").get("href") if page.all("#more") else ""
    return seen


@pytest.mark.parametrize("tab", ["", "?tab=new", "?q=김서준", "?q=노트", "?channel=smartstore"])
def test_every_order_stands_on_exactly_one_page(desk, crowd, tab, htmx):
    pages = walk(desk, "/orders" + tab, htmx)
    assert [len(p) for p in pages] == [50, 50, 30]
    assert sorted(chain.from_iterable(pages)) == crowd


def test_no_order_is_missed_while_others_leave(desk, crowd, send, change, htmx):
    gone = set()

    def ship_the_first(page):
        code = codes(page)[0]
        gone.add(code)
        send(desk, code, carrier="more", more="logen", number="", status=422)
        change("UPDATE orders SET stage = 'shipped' WHERE code = :code", code=code)

    seen = list(chain.from_iterable(walk(desk, "/orders", htmx, ship_the_first)))
    assert len(gone) == 3
    assert sorted(seen) == crowd


def test_finished_orders_are_paged_newest_first(desk, crowd, change, htmx):
    change("UPDATE orders SET stage = 'delivered'")
    assert list(chain.from_iterable(walk(desk, "/orders?tab=delivered", htmx))) == crowd[::-1]


def test_the_second_page_by_htmx_is_rows_alone(desk, crowd):
    first = desk.open("/orders", htmx=True)
    more = desk.open(first.find("#more").find("a").get("href"), htmx=True)
    assert len(codes(more)) == 50
    assert not more.all(".tabs")
    assert more.all("#more")


def test_a_page_keeps_its_filters(desk, crowd):
    link = desk.open("/orders?tab=new&channel=smartstore").find("#more").find("a").get("href")
    assert "tab=new" in link
    assert "channel=smartstore" in link


QUERIES = [
    "", "?tab=new", "?tab=delivered", "?due=late", "?due=today", "?channel=smartstore", "?memo=1", "?door=1", "?q=김서준",
    "?q=N001", "?since=2020-01-01&until=2030-01-01",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_the_fragment_costs_few_statements(app, desk, crowd, query):
    desk.open("/orders" + query, htmx=True)
    with statements(app) as sent:
        desk.open("/orders" + query, htmx=True)
    # One asks who is signed in, one what is short on the shelves; a search asks for its ids before its rows.
    assert len(sent) <= (6 if "q=" in query else 4), [s for s, _ in sent]


@pytest.mark.parametrize("query", QUERIES)
def test_no_statement_of_the_queue_scans_the_orders(app, desk, crowd, query):
    with statements(app) as sent:
        page = desk.open("/orders" + query, htmx=True)
        if page.all("#more"):
            desk.open(page.find("#more").find("a").get("href"), htmx=True)
    with app.app_context(), reader().connect() as conn:
        for statement, values in sent:
            plan = [row[-1] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            scans = [step for step in plan if step.startswith("SCAN orders") and "USING" not in step]
            assert scans == [], statement


def test_a_quiet_poll_costs_two_statements(app, desk, crowd):
    stamp = desk.open("/orders").find("#queue").get("hx-get")
    with statements(app) as sent:
        assert desk.open(stamp, htmx=True, status=204)
    assert len(sent) <= 2, [s for s, _ in sent]


def test_an_opened_row_costs_a_bounded_number_of_statements(app, desk, crowd):
    with statements(app) as sent:
        desk.open("/orders/N001/ship", htmx=True)
    assert len(sent) <= 19, [s[:80] for s, _ in sent]


def test_an_orders_photos_are_read_once_a_page(app, desk, make_order):
    make_order("A1", channel="manual")
    for words in ("하나", "둘", "셋"):
        with app.app_context(), history.act(history.CUSTOMER, "ask") as act:
            messages.ask(act.order("A1"), words)
    with statements(app) as sent:
        desk.open("/orders/A1")
    assert len([s for s, _values in sent if "FROM attachment" in s]) == 1
