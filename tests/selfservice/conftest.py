"""`customer`: somebody with a phone and the link of a letter, and what tests of their pages need beside."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from person import Person
from sqlalchemy import text

from sellerweb.shop import astray, cancels, clock, history, links, orders, redeliveries, returns, shipments
from sellerweb.shop.audit import audit
from sellerweb.shop.db import db, reader
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.models import Base

STAFF = history.Actor("staff", role="owner")
CJ = iter(f"68{body}{int(body) % 7}" for body in (f"{400_000_000 + n * 13:09}" for n in range(1000)))
VERBS = {f.__name__: f for f in (orders.pay, orders.expire, orders.confirm, orders.promise, orders.archive, orders.readdress)} | {
    "approve": cancels.approve,
    "refuse": cancels.refuse,
    "cancel": cancels.cancel,
    "accept": returns.accept,
    "pack": shipments.pack,
    "label": shipments.label,
    "ship": shipments.ship,
    "deliver": shipments.deliver,
    "lose": astray.lose,
    "revoke": links.revoke,
    "undo": cancels.undo,
    "refund": redeliveries.refund,
}  # fmt: skip
NOTEBOOK = LineIn("1", "크라프트 노트 A5", 2, "new", option="라인", total=17_000)
PEN = LineIn("2", "젤펜 0.38", 3, "new", option="블랙", total=4_800)


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def htmx(request):
    """Each test that takes it runs twice: as plain pages and as htmx asks."""
    return request.param


@pytest.fixture
def rows(app):
    """rows("SELECT …", name=value): what stands in the database."""

    def ask(query, **values):
        with app.app_context(), reader().connect() as conn:
            return [SimpleNamespace(**row._mapping) for row in conn.execute(text(query), values)]

    return ask


@pytest.fixture
def change(app):
    """change("UPDATE …"): for what no page does."""

    def do(statement, **values):
        with app.app_context(), db.engine.begin() as tx:
            tx.execute(text(statement), values)

    return do


@pytest.fixture
def dump(app):
    """dump(): every row of every table; equal before and after means that nothing was written."""

    def everything():
        with app.app_context(), reader().connect() as conn:
            tables = Base.metadata.tables
            return {t: sorted(map(tuple, conn.execute(text(f'SELECT * FROM "{t}"'))), key=repr) for t in tables}

    return everything


@pytest.fixture
def broken(app):
    """broken(): what the audit finds wrong; nothing when all is well."""

    def look():
        with app.app_context():
            return {name: found["first"] for name, found in audit().items() if found["violations"]}

    return look


@pytest.fixture
def place(make_order):
    """place("A1"): two notebooks and three pens, by hand, 24,800 won, paid ten minutes ago."""

    def order(order_no="A1", **fields):
        now = clock.now()
        known = {
            "channel": "manual",
            "lines": [NOTEBOOK, PEN],
            "shipping_fee": 3_000,
            "ordered_at": now - timedelta(minutes=10),
            "paid_at": now - timedelta(minutes=10),
            "buyer_email": "seojun@example.com",
        }
        return make_order(order_no, **known | fields)

    return order


@pytest.fixture
def staff(app):
    """staff("ship", "A1", …): somebody at the desk does this to the order."""

    def do(verb, code="A1", *args, **more):
        with app.app_context(), history.act(STAFF, verb) as act:
            return VERBS[verb](act.order(code), *args, **more)

    return do


@pytest.fixture
def ask(app):
    """ask({line: 1}, "wish"): the customer asks to cancel; the claim's id."""

    def wish(pieces, reason, code="A1"):
        with app.app_context(), history.act(history.CUSTOMER, "request") as act:
            return cancels.request(act.order(code), pieces, reason)

    return wish


@pytest.fixture
def send(app, staff, rows):
    """send("A1"): all that is open leaves in one parcel (or `pieces`); returns its id."""

    def leave(code="A1", pieces=None, *, delivered=False):
        if pieces is None:
            query = "SELECT l.* FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.code = :code"
            left = {x.id: x.ordered - x.cancelled - x.packed - x.shipped for x in rows(query, code=code)}
            pieces = {line: n for line, n in left.items() if n}
        with app.app_context(), history.act(STAFF, "ship") as act:
            case = act.order(code)
            parcel = shipments.pack(case, pieces)
            shipments.label(case, parcel, shipments.Label("cj", next(CJ)))
            shipments.ship(case, parcel)
            if delivered:
                shipments.deliver(case, parcel)
        return parcel

    return leave


@pytest.fixture
def link(app, rows):
    """link("A1"): a fresh secret for that order."""

    def make(code="A1", **more):
        order = rows("SELECT id FROM orders WHERE code = :code", code=code)[0].id
        with app.app_context():
            return links.make(order, **more)

    return make


class Customer(Person):
    """A person who has come in by a link, or wants to."""

    def token(self):
        return next(e.get("value") for e in self.open("/my/").all("input") if e.get("name") == "csrf_token")

    def arrive(self, secret):
        """Opens the letter's link; the order's page."""
        return self.follow(self.open(f"/my/{secret}", status=303))


@pytest.fixture
def stranger(app):
    """Somebody with a browser and no link."""
    return Customer(app.test_client())


@pytest.fixture
def customer(app, link):
    """customer("A1", lang="en"): the person that this order's letter went to, in their own browser, at the order's page."""

    def arrive(code="A1", lang="en"):
        person = Customer(app.test_client())
        if lang:
            person.client.set_cookie("my_lang", lang, path="/my")
        person.arrive(link(code))
        return person

    return arrive


@pytest.fixture
def at(monkeypatch):
    """at(moment): what the server's clock says from now on."""

    def is_now(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return is_now


@pytest.fixture
def answered():
    """answered(page, person): the page that somebody sees in the end, whether it came at once or by a redirect."""

    def see(page, person):
        return person.follow(page) if page.status == 303 else page

    return see
