"""Opening what a seller dropped, by its content and never by its name: sheets of rows of cells. Knows no
column.

To be called inside the child process of `fence`: what comes in was made by strangers.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from python_calamine import CalamineSheet, CalamineWorkbook

from sellerweb.channels import archive, delimited, encodings, locked
from sellerweb.channels.cells import Cell
from sellerweb.channels.recognise import channel_in
from sellerweb.channels.strange import strange_bytes
from sellerweb.shop.incoming import FileError

_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")
# What is surely no list of orders, though some of it is text; web pages named .xls are common.
_FOREIGN = (
    b"<",
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z",
    b"\x1f\x8b",
)


@dataclass(slots=True)
class Sheet:
    """Rows from the first one on, blank ones too; `head` has those that may be the header.

    In a text file every record must be as wide as the header, and a record may hold bytes that no encoding explains.
    """

    rows: Iterator[list[Cell]]
    is_text: bool = False
    head: list[list[Cell]] = field(init=False)

    def __post_init__(self) -> None:
        self.head = list(islice(self.rows, delimited.HEADER_ROWS))

    def numbered(self) -> Iterator[tuple[int, list[Cell]]]:
        """Every row with its 1-based number, once."""
        return enumerate(chain(self.head, self.rows), 1)


def sheets(data: bytes, password: str = "", channel: str = "", encoding: str = "") -> Iterator[Sheet]:
    """The sheets of a workbook, or the one of a text file. Formula cells hold their formula as text.

    `channel` and `encoding` are what people said about it, "" where they did not. FileError: password_needed,
    wrong_password, corrupt_file, not_spreadsheet, too_large, unsure_encoding.
    """
    if data.startswith(_OLE2):
        data = locked.unlocked(data, password)
    if data.startswith(b"PK"):
        yield from _of_workbook(data)
    elif _is_foreign(data):
        raise FileError("not_spreadsheet")
    else:
        text = encodings.decoded(data, channel, encoding)
        if (encodings.is_broken(text) or "\0" in text) and not encoding and not channel_in(encodings.heads(text)):
            raise FileError("not_spreadsheet")
        yield Sheet((list(record) for record in delimited.records(text)), is_text=True)


def _is_foreign(data: bytes) -> bool:
    if len(data) > archive.MAX_UNPACKED:
        raise FileError("too_large")
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return not start or start.startswith(_FOREIGN)


def _of_workbook(data: bytes) -> Iterator[Sheet]:
    formulas = archive.formulas(data)
    with strange_bytes():
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
    if len(names) > archive.MAX_SHEETS:
        raise FileError("too_large")
    for name in names:
        with strange_bytes():
            sheet = book.get_sheet_by_name(name)
        yield Sheet(_rows(sheet, formulas.get(name, {})))


def _calamine(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    """Its rows; a cell that is made only now may break, too (a date of the year 10^300)."""
    rows = sheet.iter_rows()
    while True:
        with strange_bytes():
            row = next(rows, None)
        if row is None:
            return
        yield row


def _rows(sheet: CalamineSheet, formulas: archive.Formulas) -> Iterator[list[Cell]]:
    indent: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), formula in formulas.items():
        by_row.setdefault(row, {})[column] = formula
    for number, cells in enumerate(_calamine(sheet)):
        cells = indent + cells
        for column, formula in by_row.get(number, {}).items():
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = formula
        yield cells
