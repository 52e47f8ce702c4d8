"""Finding the table in a file: its header row by name, its data rows by number. Knows no channel.

Rule 2 of the samples' README: the first of 30 rows, on any sheet, with a cell that equals the key column;
brackets around a name are dropped; of a name given twice the first counts; unknown columns are ignored.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sellerweb.channels.cells import Cell, RowError
from sellerweb.channels.delimited import HEADER_ROWS, is_broken
from sellerweb.channels.workbook import Sheet
from sellerweb.shop.incoming import FileError


@dataclass(slots=True)
class Row:
    """One data row, asked by column name. `number` is 1-based, header and blank rows counted."""

    number: int
    columns: dict[str, int]
    cells: list[Cell]
    width: int | None

    def first(self, *names: str) -> Cell:
        """The first cell among the named columns that is not blank, else an empty text."""
        for name in names:
            place = self.columns.get(name, len(self.cells))
            if place < len(self.cells) and not _is_blank(self.cells[place]):
                return self.cells[place]
        return ""

    def has(self, name: str) -> bool:
        return name in self.columns

    def check(self) -> None:
        """RowError bad_columns or broken_text: a record of a text file that cannot be trusted as a whole."""
        if self.width is not None:
            if len(self.cells) != self.width:
                raise RowError("bad_columns")
            if any(is_broken(str(cell)) for cell in self.cells):
                raise RowError("broken_text")


def rows(sheets: Iterable[Sheet], key: str) -> Iterator[Row]:
    """The data rows under the header, blank ones left out. FileError no_header."""
    for sheet in sheets:
        numbered = enumerate(sheet.rows, 1)
        for _, head in islice(numbered, HEADER_ROWS):
            names = [_name(cell) for cell in head]
            if key in names:
                columns = {name: names.index(name) for name in names if name}
                width = len(head) if sheet.is_text else None
                return (
                    Row(number, columns, cells, width) for number, cells in numbered if not all(map(_is_blank, cells))
                )
    raise FileError("no_header")


def _name(cell: Cell) -> str:
    name = unicodedata.normalize("NFC", str(cell)).strip("\ufeff").strip()
    return name[1:-1].strip() if name[:1] in ("(", "（") and name[-1:] in (")", "）") else name


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
