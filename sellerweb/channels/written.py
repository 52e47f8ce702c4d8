"""Rows written as a text file that another program, or a spreadsheet, will open. Knows no column."""

import csv
import io
from collections.abc import Iterable, Sequence


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    """CSV with CRLF. A letter that the encoding has not becomes `?`: one emoji must not stop the others' parcels."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return file.getvalue().encode(encoding, "replace")


def inert(value: str) -> str:
    """Text that a spreadsheet could take for a formula gets an apostrophe in front (rule 4)."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
