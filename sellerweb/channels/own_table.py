"""A table of one's own, whose columns nobody knows yet: its header, its rows, all cells as text. Judges nothing."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sellerweb.channels import fence, table, workbook
from sellerweb.channels.cells import RowError, text
from sellerweb.channels.column_words import guess
from sellerweb.channels.recognise import names_of
from sellerweb.channels.workbook import Sheet
from sellerweb.shop.incoming import FileError, RejectedRow

MOST_COLUMNS = 100
_LONGEST = 5_000
EXAMPLES = 3


@dataclass(slots=True)
class OwnTable:
    """`header` has each name once, the first that it stands at; `rows` are [row number, cells under these names]."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    rejected: list[RejectedRow] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """The same for the same columns, in whatever order."""
        return hashlib.sha256("\n".join(sorted(self.header)).encode()).hexdigest()[:32]

    def examples(self, name: str) -> list[str]:
        """The first different words that stand under a name."""
        place = self.header.index(name)
        return list(dict.fromkeys(cells[place] for _number, cells in self.rows[:50] if cells[place]))[:EXAMPLES]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "OwnTable":
        rows = [(number, cells) for number, cells in data["rows"]]
        return cls(data["header"], rows, [RejectedRow(**row) for row in data["rejected"]])


def read(data: bytes, password: str = "", encoding: str = "", seconds: float = fence.WALL_SECONDS) -> OwnTable:
    """The table of a file, read in a child process. FileError with a code of `sentence.FILE_WHY`."""
    found = fence.read("own_table", data, password, encoding, seconds)
    assert isinstance(found, dict)
    return OwnTable.from_json(found)


def parse(data: bytes, password: str = "", encoding: str = "") -> OwnTable:
    """As `read`, in this process: for the child, and for tests."""
    return first_of(workbook.sheets(data, password, "", encoding))


def first_of(sheets: Iterable[Sheet], means: Callable[[list[str]], dict[str, str]] = guess) -> OwnTable:
    """The table under the header: the first row with two names that mean something, else with two at all. FileError no_header."""
    several = [(sheet, number, names) for sheet in sheets for number, names in _several(sheet)]
    known = (found for found in several if len(means(found[2])) > 1)
    sheet, number, names = next(known, several[0] if several else (None, 0, []))
    if sheet is None:
        raise FileError("no_header")
    return _table(names, table.under(sheet, number))


def _several(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    for number, head in enumerate(sheet.head, 1):
        names = list(dict.fromkeys(filter(None, names_of(head))))
        if 2 <= len(names) <= MOST_COLUMNS:
            yield number, names


def _table(names: list[str], rows: Iterable[table.Row]) -> OwnTable:
    found = OwnTable(names, [])
    for row in rows:
        try:
            row.check()
            found.rows.append((row.number, [text(row.first(name), _LONGEST) for name in names]))
        except RowError as refusal:
            found.rejected.append(RejectedRow(row.number, refusal.code))
    return found
