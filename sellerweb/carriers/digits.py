"""The check-digit algorithms, named as in carriers.toml section 2. Patterns live in rules.py and came first.

Each takes the covered characters, check digit included, and says whether they agree.
"""

from collections.abc import Callable, Sequence
from itertools import cycle

S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def agrees(check: str, number: str, check_from: int = 1, prefixes: Sequence[str] = ("",)) -> bool:
    """Whether `number` passes the algorithm `check` (a key of ALGORITHMS) with one of `prefixes` before it.

    `check_from` counts from 1: the characters before it are not covered.
    """
    covered = number[check_from - 1 :]
    return any(ALGORITHMS[check](prefix + covered) for prefix in prefixes)


def none(number: str) -> bool:
    return True


def mod7(number: str) -> bool:
    return int(number[:-1]) % 7 == int(number[-1])


def s10(number: str) -> bool:
    """UPU S10: two letters, eight digits, the check digit, two letters of a country."""
    total = sum(int(digit) * weight for digit, weight in zip(number[2:10], S10_WEIGHTS, strict=True))
    return {10: 0, 11: 5}.get(rest := 11 - total % 11, rest) == int(number[10])


def ups_mod10(number: str) -> bool:
    values = [int(sign) if sign.isdigit() else (ord(sign) - 3) % 10 for sign in number]
    total = sum(value * weight for value, weight in zip(values[:-1], cycle((1, 2)), strict=False))
    return -total % 10 == values[-1]


def gs1_mod10(number: str) -> bool:
    return -_from_the_right(number[:-1], (3, 1)) % 10 == int(number[-1])


def fedex_mod11(number: str) -> bool:
    return _from_the_right(number[:-1], (1, 3, 7)) % 11 % 10 == int(number[-1])


def _from_the_right(body: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(reversed(body), cycle(weights), strict=False))


ALGORITHMS: dict[str, Callable[[str], bool]] = {
    "none": none,
    "mod7": mod7,
    "s10": s10,
    "ups_mod10": ups_mod10,
    "gs1_mod10": gs1_mod10,
    "fedex_mod11": fedex_mod11,
}
