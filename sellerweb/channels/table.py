"""Finding the table in a file: its header row by name, its data rows by number. Knows no channel.

Rule 2 of the samples' README: the first of 30 rows, on any sheet, with a cell that equals the key column;
brackets around a name are dropped; of a name given twice the first counts; unknown columns are ignored.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sellerweb.channels.cells import Cell, RowError
from sellerweb.channels.encodings import is_broken
from sellerweb.channels.recognise import channel_of, names_of
from sellerweb.channels.workbook import Sheet
from sellerweb.shop.incoming import FileError

MOST_ROWS = 200_000


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
            if place < len(self.cells) and not is_blank(self.cells[place]):
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


def rows(sheets: Iterable[Sheet], channel: str, *keys: str) -> Iterator[Row]:
    """The data rows under the header, blank ones left out.

    The header is the first row with one of the key columns that is no other channel's. FileError: other_channel where
    there is only another's, else no_header.
    """
    other = ""
    for sheet in sheets:
        for number, head in enumerate(sheet.head, 1):
            names = names_of(head)
            whose = channel_of(names)
            if whose in ("", channel) and any(key in names for key in keys):
                return under(sheet, number)
            other = other or whose
    raise FileError("other_channel", channel=other) if other else FileError("no_header")


def under(sheet: Sheet, header: int) -> Iterator[Row]:
    """The data rows of a sheet below its row number `header`; the same header again is none (two files joined).

    FileError too_large beyond MOST_ROWS: each row that is refused, too, is kept and told.
    """
    head = sheet.head[header - 1]
    names = names_of(head)
    columns = {name: place for place, name in reversed(list(enumerate(names))) if name}
    width = len(names) if sheet.is_text else None
    there = 0
    for number, cells in sheet.numbered():
        if number > header and cells != head and not all(map(is_blank, cells)):
            there += 1
            if there > MOST_ROWS:
                raise FileError("too_large")
            yield Row(number, columns, cells, width)


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
