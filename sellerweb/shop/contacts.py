"""What a phone or an e-mail address says of who somebody is: one spelling for each, and what is nobody's own. No queries.

A safe number, a masked one or a filler in the field belongs to nobody: two people would become one.
"""

import re
import unicodedata
from typing import Any, NamedTuple

# Country codes that people write or leave out, with the fewest digits of a number that has one: 82 10 1234 5678.
_CODES = {"82": 10, "81": 11, "1": 11}
_HOME = {"KR": "82", "JP": "81", "US": "1", "CA": "1"}
_CURRENCY = {"KRW": "82", "JPY": "81"}
# Fewer digits than this are no phone: nothing is found by an empty field.
FEWEST = 7
_MASKS = "*＊●"
_EMAIL = re.compile(r"[^@\s*]+@[^@\s*]+\.[^@\s*]+")


class Key(NamedTuple):
    """`kind` is phone or email; `role` is buyer, or receiver where nothing is known of the buyer."""

    kind: str
    value: str
    role: str


def is_masked(text: str) -> bool:
    """Whether a channel has hidden something of it: what the whole text would say stays as it was."""
    return any(sign in text for sign in _MASKS)


def keys(order: Any) -> list[Key]:
    """By what an order is somebody's: the buyer's own, else the receiver's first phone, for a gift goes to another."""
    home = _HOME.get(order.country) or _CURRENCY.get(order.currency, "")
    found = [Key("phone", phone(order.buyer_phone, home), "buyer"), Key("email", email(order.buyer_email), "buyer")]
    found = [key for key in found if key.value]
    if not found:
        theirs = next(filter(None, (phone(p, home) for p in (order.phone, order.phone2))), "")
        found = [Key("phone", theirs, "receiver")] if theirs else []
    return found


def phone(typed: str, home: str = "") -> str:
    """One spelling of a person's own number, with its country's code; "" where it is nobody's. `home` is the code left out."""
    code, digits = _parts(typed)
    if "*" in typed or len(digits) < FEWEST or len(set(digits)) < 3:
        return ""
    if code is None:
        # Nobody but a Korean mobile begins so, wherever the parcel goes.
        code = "82" if len(digits) == 10 and digits.startswith("10") and home in ("82", "81", "") else home
    # Korea's 050x numbers are lent for a few weeks by the marketplace; in Japan 050 is a line of one's own.
    if code == "82" and digits.startswith("50"):
        return ""
    return f"{code}{digits}"[:40]


def email(typed: str) -> str:
    """One spelling of an e-mail address; "" where it is none, or masked."""
    word = unicodedata.normalize("NFKC", typed).strip().casefold()
    return word[:254] if _EMAIL.fullmatch(word) else ""


def ways(kind: str, value: str) -> set[str]:
    """How people type what is kept as this: an address as it is, of a phone the digits with and without its country."""
    if kind != "phone":
        return {value}
    code = next((c for c in _CODES if value.startswith(c)), "")
    home = value.removeprefix(code)
    # Without its zero a number could be another country's; only North America's has none.
    return {value, f"00{value}", home if code == "1" else f"0{home}"}


def national(typed: str) -> str:
    """The digits of a phone without its country's code and the zero in front."""
    return _parts(typed)[1]


def _parts(typed: str) -> tuple[str | None, str]:
    """The country's code as it was written ("" for one that we do not know, None for none), and the other digits."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    digits = re.sub(r"[^0-9]", "", plain)
    abroad = plain.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    code = next((c for c, fewest in _CODES.items() if digits.startswith(c) and len(digits) >= fewest), None)
    if code is None and abroad:
        code = ""
    return code, digits.removeprefix(code or "").lstrip("0")
