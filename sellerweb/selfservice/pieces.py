"""Which pieces of an order a customer has ticked, and how many of each. Reads a form; asks the shop nothing."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict


@dataclass(frozen=True, slots=True)
class Picked:
    """`pieces` {line id: quantity} as ticked, `possible` how many of each line there are to tick."""

    pieces: dict[int, int]
    possible: dict[int, int]
    error: Any = None


def all_of(possible: dict[int, int]) -> Picked:
    """The untouched form: everything is ticked."""
    return Picked(dict(possible), possible)


def of(form: "MultiDict[str, str]", possible: dict[int, int]) -> Picked:
    """What was sent. A line that is not (any more) possible is left out, and said."""
    pieces: dict[int, int] = {}
    error = None
    ticked = form.getlist("line")
    for line, most in possible.items():
        if str(line) not in ticked:
            continue
        typed = form.getlist(f"quantity-{line}") or [str(most)]
        quantity = int(typed[0]) if typed[0].isascii() and typed[0].isdecimal() and len(typed[0]) < 9 else 0
        if len(typed) > 1 or not 1 <= quantity <= most:
            error = _l("Choose how many pieces: there are %(most)s at most.", most=most)
        pieces[line] = min(max(quantity, 1), most)
    if {*ticked} - {str(line) for line in possible}:
        error = _l("Some of these pieces cannot be chosen any more. Please look again.")
    return Picked(pieces, possible, error or (None if pieces else _l("Tick at least one item.")))
