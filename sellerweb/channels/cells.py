"""Mending one cell: text, ids, numbers, money, phones, postcodes, times. Knows no column and no channel.

Rule 3 and 4 of the samples' README ("Import rules the expected results follow"). A formula arrives here as
its own text, `=` first: text columns keep it, number columns refuse it. Every function raises RowError with a
code of `sentence.ROW_WHY`, never anything else.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Cell = str | int | float | bool | date | datetime | time | timedelta

MAX_QUANTITY = 99_999
MAX_AMOUNT = 10**12

_LINE_ENDS = re.compile(r"\r\n?")
# Tab, vertical tab and form feed part words; the other controls, half surrogates and marks mean nothing.
_CLEAN = {ord(c): " " for c in "\t\v\f"} | dict.fromkeys(
    [*range(9), *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFEFF, 0xFFFE, 0xFFFF]
)
_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+")
_ID = re.compile(r"[0-9]{1,20}")
_WHOLE = re.compile(r"(-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+))(?:\.0+)?")
_CURRENCY = re.compile(r"[₩¥円원\s]")
_MOMENT = re.compile(
    r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?"
    r"(?:[T\s]+(오전|오후|AM|PM)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
)


class RowError(Exception):
    """This row does not come in. `code` is one of the codes of `sentence.ROW_WHY`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(cell: Cell, limit: int) -> str:
    """Trimmed text with its line breaks; too_long above `limit` characters. Whole numbers become their
    digits.
    """
    if isinstance(cell, bool):
        cell = str(cell).upper()
    elif isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        cell = int(cell)
    elif isinstance(cell, datetime):
        cell = cell.isoformat(" ")
    value = _LINE_ENDS.sub("\n", str(cell)).translate(_CLEAN).strip()
    value = unicodedata.normalize("NFC", value)
    if len(value) > limit:
        raise RowError("too_long")
    return value


def line(cell: Cell, limit: int) -> str:
    """As `text`, on one line: names and addresses go into letters, labels and file headers."""
    return " ".join(text(cell, limit).split())


def identifier(cell: Cell, kind: str) -> str:
    """Digits of a channel's number. `kind` is `item` or `order`: missing_…, bad_…, …_scientific."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= 2**53:  # the last digits are gone already
            raise RowError(f"{kind}_no_scientific")
        if cell <= 0 or cell != int(cell):
            raise RowError(f"bad_{kind}_no")
        return str(int(cell))
    value = unicodedata.normalize("NFKC", line(cell, 2000))
    if not value:
        raise RowError(f"missing_{kind}_no")
    if _SCIENTIFIC.fullmatch(value):
        raise RowError(f"{kind}_no_scientific")
    if not _ID.fullmatch(value):
        raise RowError(f"bad_{kind}_no")
    return value


def quantity(cell: Cell) -> int:
    """A whole number from 1 to MAX_QUANTITY; bad_quantity, formula_in_number."""
    count = _whole(cell)
    if count is None or not 1 <= count <= MAX_QUANTITY:
        raise RowError("bad_quantity")
    return count


def won(cell: Cell) -> int | None:
    """An amount in a currency without decimals; None for an empty cell; bad_amount, formula_in_number."""
    if isinstance(cell, str) and not cell.strip():
        return None
    amount = _whole(cell)
    if amount is None or not 0 <= amount <= MAX_AMOUNT:
        raise RowError("bad_amount")
    return amount


def phone(cell: Cell) -> str:
    """Digits with a leading `+` kept and a lost Korean zero put back; masked or doubtful text stays as it
    came.
    """
    value = line(cell, 100)
    plain = unicodedata.normalize("NFKC", value)
    digits = re.sub(r"[^0-9]", "", plain)
    if not digits or len(digits) > 15 or "*" in plain:
        return value
    if plain.startswith("+"):
        return f"+{digits}"
    # 050x safe numbers have 12 digits with their zero.
    lost = digits[0] != "0" and (len(digits) in (9, 10) or (len(digits) == 11 and digits.startswith("50")))
    return f"0{digits}" if lost else digits


def korean_postcode(cell: Cell) -> str:
    """Five digits with lost zeros put back; anything else (abroad, six digits) stays as it came."""
    value = unicodedata.normalize("NFKC", line(cell, 40))
    return value.zfill(5) if value.isdecimal() else value


def moment(cell: Cell, zone: ZoneInfo) -> datetime | None:
    """A wall-clock time of `zone` as aware UTC; None for an empty cell; bad_date, formula_in_number.

    Dates, day serials of a cell that lost its format, and year-first text. Text that leaves the order of day
    and month open is refused.
    """
    if isinstance(cell, str):
        value = unicodedata.normalize("NFKC", line(cell, 2000))
        if not value:
            return None
        _no_formula(value)
        local = _moment_of_text(value)
    elif isinstance(cell, datetime):
        local = cell.replace(tzinfo=None)
    elif isinstance(cell, date):
        local = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001  wall clock; the zone follows below
    elif isinstance(cell, float | int) and 36_526 <= cell < 73_051:  # 2000 to 2099; Excel's day 0 is 1899-12-30
        local = datetime(1899, 12, 30) + timedelta(seconds=round(cell * 86_400))  # noqa: DTZ001
    else:
        raise RowError("bad_date")
    if not 2000 <= local.year < 2100:
        raise RowError("bad_date")
    return local.replace(microsecond=0, tzinfo=zone).astimezone(UTC)


def _moment_of_text(value: str) -> datetime:
    found = _MOMENT.fullmatch(value)
    if not found:
        raise RowError("bad_date")
    year, month, day, half, hour, minute, second = found.groups(default="0")
    hours = int(hour)
    if half != "0":
        hours = hours % 12 + (12 if half in ("오후", "PM") else 0)
    try:
        return datetime(int(year), int(month), int(day), hours, int(minute), int(second))  # noqa: DTZ001
    except ValueError:
        raise RowError("bad_date") from None


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, str):
        value = _CURRENCY.sub("", unicodedata.normalize("NFKC", cell))
        _no_formula(value)
        found = _WHOLE.fullmatch(value) if len(value) < 40 else None
        return int(found[1].replace(",", "")) if found else None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else None
    return cell if isinstance(cell, int) and not isinstance(cell, bool) else None


def _no_formula(value: str) -> None:
    if value.startswith("="):
        raise RowError("formula_in_number")
