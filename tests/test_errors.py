"""When something goes wrong: a sentence, no trace, and nothing of the page lost."""

import logging

import pytest
from person import Person
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, TimeoutError

from sellerweb import errors
from sellerweb.shop import staff
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused


@pytest.fixture
def app(app_alone):
    """Some of these tests give it a route."""
    return app_alone


@pytest.fixture
def broken(app, at_desk):
    """broken(error): Alice at a desk where /broken raises it."""
    raised = []

    def view():
        raise raised[0]

    app.add_url_rule("/broken", view_func=view, methods=["GET", "POST"])
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def make(error):
        raised.append(error)
        return at_desk("Alice")

    return make


BUSY = OperationalError("SELECT secret FROM t WHERE name = :n", {"n": "김서준"}, Exception("database is locked"))


def test_a_missing_page_says_so_inside_the_desk(desk):
    page = desk.open("/nothing-here", status=404)
    assert page.text("h1") == "Not found"
    assert page.find(".rail") is not None


def test_a_stranger_sees_no_rail_on_an_error(stranger):
    page = stranger.open("/nothing-here", status=404)
    assert not page.all(".rail")


def test_htmx_gets_the_sentence_for_the_banner_and_keeps_its_row(desk):
    page = desk.open("/nothing-here", status=404, htmx=True)
    assert page.headers["HX-Retarget"] == "#banner"
    assert page.headers["HX-Reswap"] == "innerHTML"
    assert not page.all("html")
    assert "Not found" in page.text(".banner")


def test_the_banner_stands_on_every_page(desk, stranger):
    assert desk.open("/moves").find("#banner") is not None
    assert stranger.open("/sign-in").find("#banner") is not None


def test_a_form_that_is_too_old_says_what_to_do(desk):
    page = Person(desk.client)._seen(desk.client.post("/sound"), 400)
    assert page.text("h1") == "Page too old"
    assert "Reload it" in page.text("main")


def test_a_wrong_method_names_the_right_ones(desk):
    page = desk.post("/moves", {}, status=405)
    assert "GET" in page.headers["Allow"]


def test_a_failure_shows_a_number_and_no_trace(broken, caplog):
    alice = broken(RuntimeError("김서준 lives at 테헤란로"))
    page = alice.open("/broken", status=500)
    assert page.headers["X-Request-ID"] in page.text("main")
    for secret in ("RuntimeError", "Traceback", "김서준", "테헤란로"):
        assert secret not in page.html
        assert secret in ("RuntimeError", "Traceback") or secret not in caplog.text
    assert f"{page.headers['X-Request-ID']} failed: RuntimeError" in caplog.text


@pytest.mark.parametrize("error", [BUSY, TimeoutError("QueuePool limit")])
def test_a_busy_database_is_503_and_says_nothing_of_the_statement(broken, caplog, error):
    caplog.set_level(logging.WARNING)
    page = broken(error).open("/broken", status=503)
    assert page.headers["Retry-After"] == "3"
    assert page.text("h1") == "Busy"
    assert "김서준" not in page.html + caplog.text
    assert "SELECT" not in page.html + caplog.text


def test_a_busy_form_can_be_sent_again_as_it_was(broken):
    alice = broken(BUSY)
    page = alice.post("/broken", {"number": "1234", "action_id": "A", "password": "secret"}, status=503)
    sent = {e.get("name"): e.get("value") for e in page.form("/broken").iter("input")}
    assert sent["number"] == "1234"
    assert sent["action_id"] == "A"
    assert "password" not in sent
    assert "secret" not in page.html


def test_a_busy_database_is_told_even_when_the_door_itself_cannot_ask_it(desk, monkeypatch):
    def busy(_token):
        raise BUSY

    monkeypatch.setattr(staff, "by_token", busy)
    assert desk.open("/moves", status=503).text("h1") == "Busy"


def test_a_refusal_that_nobody_caught_is_still_a_sentence(broken):
    page = broken(Refused("The parcel has left.")).open("/broken", status=409)
    assert "The parcel has left." in page.text("main")


@pytest.mark.parametrize(("language", "word"), [("ko", "ko"), ("ja", "ja")])
def test_errors_speak_the_persons_language(stranger, language, word):
    page = stranger.open(f"/nothing-here?lang={language}", status=404)
    assert page.find("html").get("lang") == word


def test_every_trouble_has_a_title_and_a_sentence(context):
    with context.test_request_context():
        for trouble in (*errors.TROUBLES.values(), errors.EXPIRED):
            assert str(trouble.title)
            assert str(trouble.why).endswith(".")


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_number_beyond_every_column_is_a_bad_request_and_the_page_has_its_counts(app, at_desk):
    def view():
        read().execute(text("SELECT CAST(99999999999 AS integer)"))

    app.add_url_rule("/beyond", view_func=view)
    assert "Orders" in at_desk("Alice").open("/beyond", status=400).text()
