"""Tracking numbers: whose they are, whether they can be right, where to follow them. Knows no orders."""

from sellerweb.carriers.check import Checked, check
from sellerweb.carriers.guess import Candidate, Guess, guess
from sellerweb.carriers.link import display, link
from sellerweb.carriers.names import find
from sellerweb.carriers.number import normalise
from sellerweb.carriers.rules import CARRIERS, Carrier, Format

__all__ = [
    "CARRIERS",
    "Candidate",
    "Carrier",
    "Checked",
    "Format",
    "Guess",
    "check",
    "display",
    "find",
    "guess",
    "link",
    "normalise",
]
