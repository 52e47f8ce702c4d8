"""The same drills against a program with a guard taken out: each must report what goes wrong, else it proves nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from races.drill import at_the_edge
from races.hands import customer_cancels, fight
from sqlalchemy import bindparam, select, update

from sellerweb.shop import cancelling, case, counters, history, opening, refunds
from sellerweb.shop.cancelling import Door
from sellerweb.shop.models import Order, OrderLine

ROUNDS = 20
pytestmark = pytest.mark.slow


def unguarded_moves(patch: pytest.MonkeyPatch) -> None:
    """The UPDATEs move pieces wherever they are."""
    line = OrderLine.__table__.c

    def unguarded(steps: dict[str, int]) -> Any:
        values = {name: line[name] + step * bindparam("q") for name, step in steps.items()}
        return update(OrderLine).where(line.id == bindparam("line")).values(values)

    moves = {verb: counters.PieceMove(move.steps, unguarded(move.steps)) for verb, move in counters.PIECE_MOVES.items()}
    patch.setattr(counters, "PIECE_MOVES", moves)


def no_versions(patch: pytest.MonkeyPatch) -> None:
    """No form is stale, however old its page is."""
    look = history.Act.order
    patch.setattr(history.Act, "order", lambda act, code, _version=None: look(act, code))


def door_of_the_page(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks the table a second time: what the page offered is done."""
    patch.setattr(cancelling, "of", lambda it: Door({x.id: x.ordered for x in it.lines.values()}, {}, {}, "new"))


def no_timetable(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(case.Case, "require", lambda *_: None)


def no_cap(patch: pytest.MonkeyPatch) -> None:
    """What staff type is owed, whatever is left of the money."""

    def owe(of: case.Case, amount: int, reason: str, claim: int, after: Any = None, account: str = "") -> None:
        of.set_order(refunded=of.order.refunded + amount)
        of.add_refund(claim_id=claim, amount=amount, reason=reason, state="due", not_before=after, account=account)
        of.record("refund", "owe", claim=claim)

    patch.setattr(refunds, "amount", lambda _case, _proposed, given: given)
    patch.setattr(refunds, "owe", owe)


def no_lock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(opening, "_LOCKED", select(Order.__table__))


Guard = Callable[[pytest.MonkeyPatch], None]
# What is taken out, and what of the audit sees it too; the rest breaks no row, and the drill alone does.
CONTROLS: dict[str, tuple[tuple[Guard, ...], set[str]]] = {
    "cancel-ship": ((unguarded_moves,), {"Q1", "Q3", "Q4"}),
    "cancel-label": ((unguarded_moves,), {"Q1", "Q3"}),
    "cancel-readdress": ((no_versions,), set()),
    "cancel-import": ((unguarded_moves, no_versions, door_of_the_page), {"Q1", "Q3", "Q4"}),
    "cancel-expire": ((no_timetable,), set()),
    "cancel-cancel": ((unguarded_moves,), {"Q1", "Q3"}),
    "cancel-handover": ((unguarded_moves,), {"Q1", "Q3", "Q4"}),
    "import-ship": ((unguarded_moves,), {"Q1", "Q3", "Q4"}),
    "refund-refund": ((no_cap,), {"M2"}),
}


@pytest.fixture
def new(twin):
    """new(): what has been broken since the test began, by the audit and on the shelf."""
    before = twin.ground.wrong()
    return lambda: twin.ground.wrong() - before


def test_with_all_guards_the_drills_report_nothing(twin, new):
    assert [wrong for name in CONTROLS for wrong in fight(twin.ground, twin.seats, name, 6).wrong] == []
    assert new() == {}


@pytest.mark.parametrize("name", CONTROLS)
def test_a_drill_without_its_guard_reports_it(twin, new, monkeypatch, name):
    guards, seen = CONTROLS[name]
    for take_out in guards:
        take_out(monkeypatch)
    tally = fight(twin.ground, twin.seats, name, ROUNDS)
    print(f"\n{name} without its guard: {len(tally.wrong)} of {ROUNDS}: {tally.wrong[:2]}")
    assert tally.wrong
    assert seen <= set(new())


def test_without_the_order_locked_two_write_the_same_line_of_its_history(twin, monkeypatch):
    no_lock(monkeypatch)
    wrong = fight(twin.ground, twin.seats, "cancel-readdress", ROUNDS).wrong
    if twin.ground.is_sqlite:
        assert wrong == []  # one writer at a time has the whole shop, from an action's first row on
    else:
        assert any("was answered 500" in one for one in wrong), wrong


def test_a_window_that_is_tested_when_the_page_is_drawn_reports_it(twin, new, monkeypatch):
    rounds, until = twin.ground.closing(30)
    monkeypatch.setattr(history.Act, "moment", lambda _act: until - timedelta(minutes=1))
    tally = at_the_edge([customer_cancels(twin.seats), customer_cancels(twin.others)], rounds, until)
    assert tally.wrong
    assert set(new()) == {"C2"}
