"""Mending a phone and a postcode by the country that they belong to. Nothing is invented, nothing is checked.

A spreadsheet takes the zeros in front away; where a country's numbers always begin with one, it is put back.
"""

import re
import unicodedata

from sellerweb.channels.cells import SCIENTIFIC, Cell, line

_ZERO = ("KR", "JP")
_LONGEST_AT_HOME = 13  # some of Korea's 050x safe numbers
_ABROAD = re.compile(r"['(\s]*\+")
_AS_NUMBER = re.compile(r"([0-9]+)\.0+")


def phone(cell: Cell, country: str) -> str:
    """Digits with a leading `+` kept and a lost zero put back; masked or doubtful text stays as it came."""
    value = line(cell, 100)
    plain = _whole(unicodedata.normalize("NFKC", value))
    digits = re.sub(r"[^0-9]", "", plain)
    if not digits or len(digits) > 15 or "*" in plain or SCIENTIFIC.fullmatch(plain):
        return value
    if _ABROAD.match(plain):
        return f"+{digits}"
    if country in _ZERO and len(digits) > _LONGEST_AT_HOME:
        return value  # two numbers in one cell, or one with an extension
    lost = digits[0] != "0" and (len(digits) in (9, 10) or (len(digits) == 11 and digits.startswith("50")))
    return f"0{digits}" if lost and country in _ZERO else digits


def postcode(cell: Cell, country: str) -> str:
    """Lost zeros put back: Korea's to five digits, Japan's to seven; what is no plain number stays as it came."""
    value = unicodedata.normalize("NFKC", line(cell, 40)).removeprefix("'").removeprefix("〒").lstrip()
    value = _whole(value)
    if not value.isdecimal():
        return value
    return value.zfill({"KR": 5, "JP": 7}.get(country, 0))


def _whole(value: str) -> str:
    """A number that lost its being text, `1012345678.0`, without its decimals."""
    found = _AS_NUMBER.fullmatch(value)
    return found[1] if found else value


def hyphened(code: str) -> str:
    """A Japanese postcode as people write it: `1000000` becomes `100-0000`."""
    return f"{code[:3]}-{code[3:]}" if len(code) == 7 and code.isdecimal() else code
