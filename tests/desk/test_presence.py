"""Who is where: told to the others while it is true, and to nobody else; nothing of it stays."""

from datetime import timedelta

import pytest
import time_machine

from sellerweb.shop import presence

TAB = "0123456789abcdef"
OTHER = "fedcba9876543210"


def beat(person, *at, typing=(), tab=TAB, status=200):
    answer = person.client.post(
        "/presence", data={"tab": tab, "at": list(at), "typing": list(typing)}, headers={"X-CSRFToken": person.token()}
    )
    assert answer.status_code == status
    return answer.json if status == 200 else None


@pytest.fixture
def both_at_work(at_desk):
    return at_desk("Alice"), at_desk("Carol")


@pytest.mark.both
def test_the_others_are_told_who_looks_and_who_types(both_at_work):
    alice, carol = both_at_work
    assert beat(alice, "order-A1") == {}  # not oneself
    assert beat(carol, tab=OTHER) == {"order-A1": "Alice is looking"}
    beat(alice, "order-A1", "thread-7", typing=["thread-7"])
    assert beat(carol, tab=OTHER) == {"order-A1": "Alice is looking", "thread-7": "Alice is typing"}
    beat(alice, "thread-7")
    assert beat(carol, tab=OTHER) == {"thread-7": "Alice is looking"}


def test_who_falls_silent_is_gone_after_half_a_minute(at_desk, rows):
    with time_machine.travel("2026-11-26T01:00:00Z", tick=False) as clock:
        alice, carol = at_desk("Alice"), at_desk("Carol")
        beat(alice, "order-A1")
        clock.shift(timedelta(seconds=24))
        assert "order-A1" in beat(carol, tab=OTHER)
        clock.shift(timedelta(seconds=1))
        assert beat(carol, tab=OTHER) == {}
        clock.shift(timedelta(hours=1))
        beat(carol, "order-B2", tab=OTHER)
        assert [row.place for row in rows("SELECT place FROM presence")] == ["order-B2"]


def test_two_tablets_of_one_person_do_not_hide_each_other(both_at_work):
    alice, carol = both_at_work
    beat(alice, "order-A1")
    beat(alice, "order-A2", "order-A1", tab="a" * 16)
    beat(alice, tab="a" * 16)
    assert beat(carol, tab=OTHER) == {"order-A1": "Alice is looking"}


def test_a_page_with_nothing_open_writes_nothing(both_at_work, monkeypatch):
    def no():
        raise AssertionError("a write")

    monkeypatch.setattr(presence, "write", no)
    assert beat(both_at_work[0]) == {}


@pytest.mark.parametrize(
    "sent", [{"tab": "x"}, {"tab": TAB, "at": "staff-1"}, {"tab": TAB, "at": "order-" + "x" * 200}]
)
def test_what_is_no_place_is_refused(both_at_work, sent):
    alice = both_at_work[0]
    answer = alice.client.post("/presence", data=sent, headers={"X-CSRFToken": alice.token()})
    assert answer.status_code == 400
