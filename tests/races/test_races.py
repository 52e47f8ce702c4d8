"""A customer's wish meets the packer's bench: 200 rounds of each pair, by real requests to the served program.

One wins, the other reads what has won and what to do next; counters, shelf and money balance, and the audit is clean.
"""

import pytest
from races.drill import at_the_edge
from races.hands import PAIRS, customer_cancels, fight

ROUNDS = 200
FEWER = {"cancel-handover": 60, "import-ship": 60, "refund-refund": 60}  # beside those that the design names
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", PAIRS)
def test_one_wins_and_the_other_knows_why(served, name):
    ground, tally = served.ground, fight(served.ground, served.seats, name, FEWER.get(name, ROUNDS))
    print(f"\n{name}: {tally}")
    assert tally.wrong == []
    assert ground.wrong() == {}
    assert len(tally.wins) == 2, "one side won every time: that was no race"


def test_the_window_ends_at_its_second(served):
    rounds, until = served.ground.closing(40)
    tally = at_the_edge([customer_cancels(served.seats), customer_cancels(served.others)], rounds, until)
    print(f"\nwindow: {tally}")
    assert tally.wrong == []
    assert served.ground.wrong() == {}
    assert len(tally.wins) == 2
