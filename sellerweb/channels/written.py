"""Rows written as a text file that another program, or a spreadsheet, will open. Knows no column."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet may take for the beginning of a formula; Japanese and Korean ones read the wide signs too (rule 4).
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The same signs where Windows' encodings have them under another number than the rest of the world.
_SAME = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
_WINDOWS = ("cp932",)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    """CSV with CRLF. Letters that the encoding has not are left out: one emoji must not stop the others' parcels."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([inert(_writable(cell, encoding)) for cell in row] for row in rows)
    return file.getvalue().encode(encoding)


def unwritable(text: str, encoding: str) -> str:
    """Those of its letters that the encoding has not, each once."""
    return "".join(dict.fromkeys(c for c in _same(text, encoding) if not c.encode(encoding, "ignore")))


def inert(value: str) -> str:
    """Text that a spreadsheet could take for a formula gets an apostrophe in front."""
    return f"'{value}" if value.startswith(SIGNS) else value


def _writable(text: str, encoding: str) -> str:
    """Before `inert`: a letter that is left out must not leave a formula behind it."""
    return _same(text, encoding).encode(encoding, "ignore").decode(encoding)


def _same(text: str, encoding: str) -> str:
    return text.translate(_SAME) if encoding in _WINDOWS else text
