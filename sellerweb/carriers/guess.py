"""Whose number this may be: candidates for a scanned number. No verdict on a chosen carrier (check.py).

Source: section 4 of the head comment of carriers.toml.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sellerweb.carriers.number import reading
from sellerweb.carriers.rules import CARRIERS, Carrier

STRENGTHS = ("sure", "check", "weak")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A carrier's id and how well the number fits it: `sure`, `check` or `weak`."""

    carrier: str
    strength: str


@dataclass(frozen=True, slots=True)
class Guess:
    """The candidates in the order staff should see them, and the id that may be chosen beforehand, if any."""

    candidates: list[Candidate]
    preselect: str | None


def guess(number: str, country: str = "KR", usual: Sequence[str] = (), recent: Sequence[str] = ()) -> Guess:
    """Whose `number` this may be, for a shop in `country`. Never raises; no idea is an empty list.

    `usual` are the ids set on the order or usual for its channel, `recent` those of the last 30 days, most
    used first; both only order the list.
    """
    text, fault = reading(number)
    found = {} if fault else _fits(text)
    near = (country.upper(), "INT")
    left = {id: strength for id, strength in found.items() if CARRIERS[id].country in near} or found
    strong = [id for id, strength in left.items() if strength != "weak"]

    def rank(id: str) -> tuple[int, int, int, str]:
        return _place(id, usual), _place(id, recent), STRENGTHS.index(left[id]), CARRIERS[id].name("en")

    candidates = [Candidate(id, left[id]) for id in sorted(left, key=rank)]
    return Guess(candidates, strong[0] if len(strong) == 1 else None)


def _fits(text: str) -> dict[str, str]:
    found = {carrier.id: strength for carrier in CARRIERS.values() if (strength := _strength(carrier, text))}
    # A national post's own S10 format says more than the generic one.
    if any(id != "s10" and found[id] != "weak" and _is_s10(CARRIERS[id], text) for id in found):
        found.pop("s10", None)
    return found


def _strength(carrier: Carrier, text: str) -> str:
    """The best strength among the formats that match and agree, or ""."""
    fits = {
        shape.detect
        for shape in carrier.formats
        if shape.detect != "never" and (part := shape.part(text)) and shape.agrees(part)
    }
    return next((strength for strength in STRENGTHS if strength in fits), "")


def _is_s10(carrier: Carrier, text: str) -> bool:
    return any(shape.check == "s10" and shape.part(text) for shape in carrier.formats)


def _place(id: str, order: Sequence[str]) -> int:
    return order.index(id) if id in order else len(order)
