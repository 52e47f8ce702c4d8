"""Mending a phone and a postcode by the country that they belong to. Nothing is invented, nothing is checked.

A spreadsheet takes the zeros in front away; where a country's numbers always begin with one, it is put back.
"""

import re
import unicodedata

from sellerweb.channels.cells import Cell, line

_ZERO = ("KR", "JP")


def phone(cell: Cell, country: str) -> str:
    """Digits with a leading `+` kept and a lost zero put back; masked or doubtful text stays as it came."""
    value = line(cell, 100)
    plain = unicodedata.normalize("NFKC", value)
    digits = re.sub(r"[^0-9]", "", plain)
    if not digits or len(digits) > 15 or "*" in plain:
        return value
    if plain.lstrip("'").startswith("+"):
        return f"+{digits}"
    # Korea's 050x safe numbers have 12 digits with their zero.
    lost = digits[0] != "0" and (len(digits) in (9, 10) or (len(digits) == 11 and digits.startswith("50")))
    return f"0{digits}" if lost and country in _ZERO else digits


def postcode(cell: Cell, country: str) -> str:
    """Lost zeros put back: Korea's to five digits, Japan's to seven; what is no plain number stays as it came."""
    value = unicodedata.normalize("NFKC", line(cell, 40)).removeprefix("'")
    if not value.isdecimal():
        return value
    return value.zfill({"KR": 5, "JP": 7}.get(country, 0))


def hyphened(code: str) -> str:
    """A Japanese postcode as people write it: `1000000` becomes `100-0000`."""
    return f"{code[:3]}-{code[3:]}" if len(code) == 7 and code.isdecimal() else code
