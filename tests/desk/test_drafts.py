"""What one began to write to a customer: it is there again, for oneself, until it is sent or a week has passed."""

from datetime import timedelta

import pytest
import time_machine
from page import filled

from sellerweb.shop import clock, drafts, history, messages

AT = "/orders/A1/answer"


def keep(person, words, action_id="01A", place="order-A1", status=204):
    sent = {"place": place, "words": words, "action_id": action_id}
    answer = person.client.post("/draft", data=sent, headers={"X-CSRFToken": person.token()})
    assert answer.status_code == status


def field(person):
    return filled(person.open(AT).form(AT))["words"][0].strip()


@pytest.mark.both
def test_a_draft_is_there_again_for_its_writer_alone(at_desk, make_order):
    make_order("A1")
    alice, carol = at_desk("Alice"), at_desk("Carol")
    keep(alice, "It left yes")
    keep(alice, "It left yesterday")
    assert field(alice) == "It left yesterday"
    assert "Your draft is back" in alice.open(AT).html
    assert field(carol) == ""
    keep(alice, " ")
    assert field(alice) == ""


@pytest.mark.both
def test_sending_ends_the_draft_and_what_comes_late_does_not_bring_it_back(desk, make_order, rows):
    make_order("A1")
    keep(desk, "It left")
    page = desk.open(AT)
    action = filled(page.form(AT))["action_id"][0]
    desk.submit(page, AT, words="It left yesterday", status=303)
    assert rows("SELECT * FROM draft") == []
    keep(desk, "It left yesterday", action)  # the page's own hand-over was slower than the answer
    assert field(desk) == ""


def test_an_answer_that_was_refused_keeps_the_draft(desk, make_order, rows):
    make_order("A1")
    keep(desk, "It left")
    desk.submit(desk.open(AT), AT, words="[nonsense]", status=422)
    assert field(desk) == "It left"


def test_a_draft_is_forgotten_after_a_week(app, at_desk, make_order, rows):
    make_order("A1")
    keep(at_desk("Alice"), "It left")
    with app.app_context():
        with time_machine.travel(clock.now() + timedelta(days=6)):
            drafts.sweep()
        assert len(rows("SELECT * FROM draft")) == 1
        with time_machine.travel(clock.now() + timedelta(days=7, seconds=1)):
            drafts.sweep()
    assert rows("SELECT * FROM draft") == []


def test_a_draft_of_no_place_or_too_long_is_refused(desk):
    keep(desk, "x", place="staff-1", status=400)
    keep(desk, "x" * 4001, status=400)


def test_a_thread_brings_back_what_one_began_instead_of_suggested_words(app, desk, make_order, rows):
    make_order("A1", channel="manual")
    with app.app_context(), history.act(history.CUSTOMER, "ask") as act:
        messages.ask(act.order("A1"), "택배 언제 오나요?")
    keep(desk, "It left yes", place="thread-1")
    page = desk.open("/threads/1")
    assert page.text("#words-A1") == "It left yes"
    assert page.find("*[@data-place]").get("data-place") == "thread-1"
    desk.post("/threads/1/reply", {**filled(page.form("/threads/1/reply")), "words": "It left"}, status=303)
    assert rows("SELECT * FROM draft") == []
