"""The page "what can happen" shows the whole timetable and nothing else."""

from sellerweb.desk.moves import STATES, THINGS, VERBS, WHO
from sellerweb.shop.states import TIMETABLE


def test_every_move_has_its_row(desk):
    page = desk.open("/moves")
    rows = [row for body in page.all("tbody") for row in body]
    assert len(rows) == len(TIMETABLE)


def test_every_word_of_the_timetable_has_a_label():
    for move in TIMETABLE:
        assert move.thing in THINGS
        assert move.verb in VERBS
        assert set(move.who) <= set(WHO)
        assert {*move.froms, move.to} - {""} <= set(STATES[move.thing])
