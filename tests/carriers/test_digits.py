"""Facts about what a check digit sees, and what it cannot. Single verdicts are in test_check.py.

The blind spots are worked out here from the text of the rules, by sums of weights, not by asking the rules.
"""

import csv
from itertools import pairwise
from pathlib import Path
from string import ascii_uppercase

import pytest

from sellerweb.carriers import CARRIERS, check, normalise

NUMBERS = Path(__file__).parents[1] / "data" / "tracking_numbers.tsv"


def rows():
    with NUMBERS.open(encoding="utf-8") as file:
        lines = (line for line in file if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def real():
    """(carrier, scanned number, its format) of each real number with a check."""
    for row in rows():
        scanned = normalise(row["number"])
        for form in CARRIERS[row["carrier"]].formats:
            part = form.part(scanned)
            if row["valid"] == "yes" and row["expect"] == "accept" and form.check != "none" and part:
                yield pytest.param(row["carrier"], scanned, form, id=f"{row['carrier']}-{row['number']}")
                break


REAL = list(real())


def test_the_vectors_hold_enough_real_numbers():
    assert len(REAL) > 100


@pytest.mark.parametrize(("carrier", "number", "form"), REAL)
def test_check_refuses_every_wrong_digit_but_the_blind_spots(carrier, number, form):
    for place in checked_places(form, number):
        for digit in "0123456789":
            if number[place].isdigit() and digit != number[place]:
                edited = number[:place] + digit + number[place + 1 :]
                assert_seen(carrier, form, number, edited)


@pytest.mark.parametrize(("carrier", "number", "form"), REAL)
def test_check_refuses_every_neighbour_swap_but_the_blind_spots(carrier, number, form):
    for place, after in pairwise(checked_places(form, number)):
        left, right = number[place], number[after]
        if left != right and not (form.check == "s10" and left.isalpha() and right.isalpha()):
            edited = number[:place] + right + left + number[after + 1 :]
            assert_seen(carrier, form, number, edited)


def checked_places(form, number):
    """The places of the part that counts; the routing of a label is not covered by anything."""
    found = form.pattern.fullmatch(number)
    return range(*found.span("num" if form.pattern.groups else 0))


def assert_seen(carrier, form, number, edited):
    outcome = check(carrier, edited).outcome
    if not form.pattern.fullmatch(edited):
        assert outcome != "accept", edited
    elif blind(form, number, edited):
        assert outcome == "accept", edited
    else:
        assert outcome == ("warn" if form.level == "warning" else "reject"), edited


def blind(form, number, edited):
    group = "num" if form.pattern.groups else 0
    before, after = (form.pattern.fullmatch(text)[group] for text in (number, edited))
    if form.check == "s10":
        before, after = before[2:11], after[2:11]
    edits = [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    return BLIND[form.check](form, before, after, edits)


def blind_mod7(form, before, after, edits):
    """A covered digit changed by exactly 7, or a swap of two such; CJ's first two digits; never the last."""
    covered = [place for place in edits if place >= form.check_from - 1]
    if len(before) - 1 in covered:
        return False
    return all(abs(int(before[place]) - int(after[place])) == 7 for place in covered)


def blind_ups(form, before, after, edits):
    """Weights 1 2 1 2, not folded: 5 more in a doubled place, equal neighbours, UPS's last two swapped."""
    start = form.check_from - 1
    covered = [place for place in edits if place >= start]
    if len(covered) == 2:
        # OnTrac's body is even, so its last digit is doubled and the swap shows.
        last_two = covered[1] == len(before) - 1 and (len(before) - 1 - start) % 2
        return bool(last_two) or ups_value(before[covered[0]]) == ups_value(before[covered[1]])
    doubled = all((place - start) % 2 and place < len(before) - 1 for place in covered)
    return doubled and all(abs(int(before[place]) - int(after[place])) == 5 for place in covered)


def ups_value(sign):
    return int(sign) if sign.isdigit() else (ascii_uppercase.index(sign) + 2) % 10


def blind_gs1(form, before, after, edits):
    """Weights 1 and 3: only neighbours that differ by 5, unless a second prefix lets the number pass."""
    if len(form.check_prefixes) == 1:
        return len(edits) == 2 and abs(int(before[edits[0]]) - int(before[edits[1]])) == 5
    weighed = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(after)))
    # In front of 20 digits 91 weighs 9*3 + 1 = 28, 92 one more.
    return any((weighed + {"": 0, "91": 28, "92": 29}[prefix]) % 10 == 0 for prefix in form.check_prefixes)


def blind_s10(form, before, after, edits):
    """Remainders 0 and 6 share the check digit 5; nothing else is hidden, for 11 is prime."""
    if after[-1] == "0":
        return weight_s10(after) % 11 == 1
    if after[-1] == "5":
        return weight_s10(after) % 11 in (0, 6)
    return (weight_s10(after) + int(after[-1])) % 11 == 0


def weight_s10(digits):
    return sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7, 0), strict=True))


def blind_fedex(form, before, after, edits):
    """Remainders 0 and 10 share the check digit 0; nothing else is hidden, for 11 is prime."""
    weighed = sum(int(digit) * (7, 1, 3)[place % 3] for place, digit in enumerate(reversed(after)) if place)
    return (weighed - int(after[-1])) % 11 == 0 or (after[-1] == "0" and weighed % 11 == 10)


BLIND = {
    "mod7": blind_mod7,
    "ups_mod10": blind_ups,
    "gs1_mod10": blind_gs1,
    "s10": blind_s10,
    "fedex_mod11": blind_fedex,
}
