"""`desk`: what tests of the pages need beside a person: rows of the database, the audit, and the ship form."""

from types import SimpleNamespace

import pytest
from page import filled
from sqlalchemy import text

from sellerweb.shop.audit import audit
from sellerweb.shop.db import db, reader


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
def broken(app):
    """broken(): what the audit finds wrong; nothing when all is well."""

    def look():
        with app.app_context():
            return {name: found["first"] for name, found in audit().items() if found["violations"]}

    return look


@pytest.fixture
def send():
    """send(desk, "A1", number="…", htmx=True): opens the ship form, fills it, presses `ship` or `label`."""

    def press(person, code="A1", *, verb="ship", htmx=False, page=None, status=None, **values):
        page = page or person.open(f"/orders/{code}/ship", htmx=htmx)
        form = page.form(f"/orders/{code}/ship")
        unknown = set(values) - {e.get("name") for e in form.iter()}
        assert not unknown, f"the ship form has no {unknown}"
        return person.post(f"/orders/{code}/{verb}", {**filled(form), **values}, htmx=htmx, status=status)

    return press


@pytest.fixture
def answered():
    """answered(page, desk): the page that a person sees in the end, whether it came at once or by a redirect."""

    def see(page, person):
        return person.follow(page) if page.status == 303 else page

    return see
