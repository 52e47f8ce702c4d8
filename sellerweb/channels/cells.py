"""Mending one cell: text, ids, numbers, money, times. Knows no column and no channel. Phones, postcodes: `contact`.

Rule 3 and 4 of the samples' README ("Import rules the expected results follow"). A formula arrives here as
its own text, `=` first: text columns keep it, number columns refuse it. Every function raises RowError with a
code of `sentence.ROW_WHY`, never anything else.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, is_currency

Cell = str | int | float | bool | date | datetime | time | timedelta

MAX_QUANTITY = 99_999
MAX_AMOUNT = 10**12
MAX_REFERENCE = 64  # the room of its column, of which a key uses every letter

_LINE_ENDS = re.compile(r"\r\n?")
# Tab, vertical tab and form feed part words; the other controls, half surrogates and marks mean nothing. Nor does what
# cannot be seen: address books and web pages put it around numbers, and it turns the writing of a name around.
CLEAN = {ord(c): " " for c in "\t\v\f"} | dict.fromkeys(
    [
        *range(9), *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F),
        *range(0x2060, 0x2070), *range(0xD800, 0xE000), 0xFEFF, 0xFFFE, 0xFFFF,
    ]
)  # fmt: skip
SCIENTIFIC = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+")
_ID = re.compile(r"[0-9]{1,20}")
_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_CURRENCY = re.compile(r"[₩¥円원$€£\s]")
_MOMENT = re.compile(
    r"(\d{4})\s*[-./년年]\s*(\d{1,2})\s*[-./월月]\s*(\d{1,2})\s*[.일日]?"
    r"(?:[T\s]+(오전|오후|午前|午後|AM|PM)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*(AM|PM))?)?"
    r"(?:\s*(Z|UTC|[+-]\d{2}:?\d{2}))?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_RUN_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")


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
    value = _LINE_ENDS.sub("\n", str(cell)).translate(CLEAN).strip()
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
        if not isfinite(cell):
            raise RowError(f"bad_{kind}_no")
        if abs(cell) >= 2**53:  # the last digits are gone already
            raise RowError(f"{kind}_no_scientific")
        if cell <= 0 or cell != int(cell):
            raise RowError(f"bad_{kind}_no")
        return str(int(cell))
    value = unicodedata.normalize("NFKC", line(cell, 2000)).removeprefix("'")
    if not value:
        raise RowError(f"missing_{kind}_no")
    if SCIENTIFIC.fullmatch(value):
        raise RowError(f"{kind}_no_scientific")
    if not _ID.fullmatch(value):
        raise RowError(f"bad_{kind}_no")
    return value


def reference(cell: Cell) -> str:
    """An order's number that need not be digits (`#1001`, `KR-2001-A`): missing_order_no, order_no_scientific, …"""
    if isinstance(cell, int | float):
        return identifier(cell, "order")
    value = line(cell, MAX_REFERENCE)
    if not value:
        raise RowError("missing_order_no")
    if SCIENTIFIC.fullmatch(value):
        raise RowError("order_no_scientific")
    _no_formula(value)
    return value


def quantity(cell: Cell) -> int:
    """A whole number from 1 to MAX_QUANTITY; bad_quantity, formula_in_number."""
    count = _number(cell)
    if count is None or count != int(count) or not 1 <= count <= MAX_QUANTITY:
        raise RowError("bad_quantity")
    return int(count)


def amount(cell: Cell, currency: str) -> int | None:
    """Money in minor units of its currency; None for an empty cell; bad_amount, formula_in_number."""
    if isinstance(cell, str) and not cell.strip():
        return None
    number = _number(cell)
    minor = None if number is None else number.scaleb(get_currency_precision(currency))
    if minor is None or minor != int(minor) or not 0 <= minor <= MAX_AMOUNT:
        raise RowError("bad_amount")
    return int(minor)


def together(price: int | None, pieces: int) -> int | None:
    """What so many pieces come to; bad_amount where that is more than any amount may be."""
    total = None if price is None else price * pieces
    if total is not None and total > MAX_AMOUNT:
        raise RowError("bad_amount")
    return total


def currency(cell: Cell, usual: str) -> str:
    """Three letters of a currency that exists; bad_currency."""
    code = line(cell, 40).upper() or usual
    if not is_currency(code):
        raise RowError("bad_currency")
    return code


def moment(cell: Cell, zone: ZoneInfo) -> datetime | None:
    """A wall-clock time of `zone` as aware UTC; None for an empty cell; bad_date, formula_in_number.

    Dates, day serials of a cell that lost its format (as text, in a file that was saved after that), and year-first text,
    which may bring a zone of its own. Text that leaves the order of day and month open is refused.
    """
    if isinstance(cell, str):
        value = unicodedata.normalize("NFKC", line(cell, 2000))
        if not value:
            return None
        _no_formula(value)
        local = _of_serial(float(value)) if _SERIAL.fullmatch(value) else _moment_of_text(value)
    elif isinstance(cell, datetime):
        local = cell.replace(tzinfo=None)
    elif isinstance(cell, date):
        local = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001  wall clock; the zone follows below
    elif isinstance(cell, float | int):
        local = _of_serial(cell)
    else:
        raise RowError("bad_date")
    if not 2000 <= local.year < 2100:
        raise RowError("bad_date")
    return local.replace(microsecond=0, tzinfo=local.tzinfo or zone).astimezone(UTC)


def _of_serial(days: float) -> datetime:
    if not 36_526 <= days < 73_051:  # 2000 to 2099; Excel's day 0 is 1899-12-30
        raise RowError("bad_date")
    return datetime(1899, 12, 30) + timedelta(seconds=round(days * 86_400))  # noqa: DTZ001


def _moment_of_text(value: str) -> datetime:
    parts = _RUN_TOGETHER.fullmatch(value)
    year, month, day, before, hour, minute, second, after, offset = (
        (*parts.groups()[:3], "", *parts.groups(default="")[3:], "", "") if parts else _parts(value)
    )
    hours, half = int(hour or 0), (before or after).upper()
    if half and hours < 24:
        hours = hours % 12 + (12 if half in ("오후", "午後", "PM") else 0)
    try:
        return datetime(
            int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=_zone(offset)
        )
    except ValueError:
        raise RowError("bad_date") from None


def _parts(value: str) -> tuple[str, ...]:
    found = _MOMENT.fullmatch(value)
    if not found:
        raise RowError("bad_date")
    return found.groups(default="")


def _zone(offset: str) -> timezone | None:
    if offset[:1] not in ("+", "-"):
        return UTC if offset else None
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _number(cell: Cell) -> Decimal | None:
    """The number that a cell holds; None where it holds none."""
    if isinstance(cell, str):
        value = _CURRENCY.sub("", unicodedata.normalize("NFKC", cell.translate(CLEAN)))
        _no_formula(value)
        return Decimal(value.replace(",", "")) if len(value) < 40 and _NUMBER.fullmatch(value) else None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and isfinite(cell) and abs(cell) < 2**53:
        return Decimal(str(cell))
    return None


def _no_formula(value: str) -> None:
    if value.startswith("="):
        raise RowError("formula_in_number")
