"""The lock: nothing of the desk opens without a sign-in, a token and the right role."""

import re

import pytest
from person import Person

from sellerweb.desk.door import OPEN
from sellerweb.shop.models import ROLES


def _path(rule):
    """An address that the rule takes; a choice of words (`any`) by its first."""
    fits = {"int": lambda _: "1", "any": lambda words: words}
    return re.sub(r"<(?:(\w+)(?:\(([^),]*)[^)]*\))?:)?\w+>", lambda m: fits.get(m[1], lambda _: "A1")(m[2]), rule.rule)


def _rules(app, method):
    desk = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("desk.") and r.endpoint not in OPEN]
    return [r for r in desk if method in r.methods]


def test_without_a_sign_in_every_page_leads_to_the_sign_in_page(app, stranger):
    rules = _rules(app, "GET")
    assert len(rules) > 5
    for rule in rules:
        answer = stranger.open(_path(rule), status=303)
        assert answer.headers["Location"].startswith("/sign-in"), rule


def test_without_a_sign_in_htmx_is_told_to_leave_the_page(app, stranger):
    for rule in _rules(app, "GET"):
        answer = stranger.open(_path(rule), status=401, htmx=True)
        assert answer.headers["HX-Redirect"].startswith("/sign-in"), rule
        assert answer.response.data == b""


def test_without_a_sign_in_no_form_does_anything(app, stranger):
    for rule in _rules(app, "POST"):
        answer = stranger.post(_path(rule), {})
        assert answer.status == 303, rule
        assert answer.headers["Location"].startswith("/sign-in"), rule


def test_without_a_token_no_form_does_anything(app, at_desk):
    alice = at_desk("Alice")
    for rule in _rules(app, "POST"):
        assert alice.client.post(_path(rule)).status_code == 400, rule
        assert alice.client.post(_path(rule), data={"csrf_token": "x" * 90}).status_code == 400, rule


def test_a_token_in_the_header_will_do(desk):
    answer = desk.client.post("/sound", headers={"X-CSRFToken": desk.token()})
    assert answer.status_code == 303


def test_another_site_cannot_post_even_with_a_token(desk):
    answer = desk.post("/sound", {}, Sec_Fetch_Site="cross-site")
    assert answer.status == 403


def test_a_form_sent_after_the_cookie_was_lost_leads_to_the_sign_in_page(app, cast):
    sleepy = Person(app.test_client())
    answer = sleepy.client.post("/orders/A1/ship", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


@pytest.mark.parametrize("name", ["Bob", "Carol"])
def test_staff_pages_open_to_the_owner_alone(app, at_desk, name):
    person = at_desk(name)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("desk.staff."):
            if "GET" in rule.methods:
                person.open(_path(rule), status=403)
            if "POST" in rule.methods:
                person.post(_path(rule), {}, status=403)
    assert "/staff" not in [a.get("href") for a in person.open("/moves").all("a")]


def test_every_role_that_a_view_names_exists(app):
    roles = {getattr(view, "role", "packer") for view in app.view_functions.values()}
    assert roles <= set(ROLES)


def test_a_head_request_is_locked_too(stranger):
    assert stranger.client.head("/orders").status_code == 303


def test_a_forged_or_foreign_cookie_opens_nothing(app, stranger):
    stranger.client.set_cookie("sellerweb", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    stranger.open("/orders", status=303)


def test_looking_changes_nothing(app, desk, make_order):
    """GET never writes: the database file's contents are the same before and after every page was opened."""
    make_order("A1")
    desk.open("/orders")

    def dump():
        from sqlalchemy import text

        from sellerweb.shop.db import reader
        from sellerweb.shop.models import Base

        with app.app_context(), reader().connect() as conn:
            return {t: conn.execute(text(f'SELECT count(*) FROM "{t}"')).scalar() for t in Base.metadata.tables}

    before = dump()
    for rule in _rules(app, "GET"):
        desk.client.get(_path(rule))
        desk.client.get(_path(rule), headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert dump() == before
