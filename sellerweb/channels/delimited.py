"""Text files of rows: their delimiter, their records. Knows no column."""

import csv
import io
from collections.abc import Iterator

from sellerweb.channels.recognise import channel_of, names_of
from sellerweb.shop.incoming import FileError

HEADER_ROWS = 30
_DELIMITERS = "\t,;"
_LONG = 100_000  # less than a csv field may have


def records(text: str) -> Iterator[list[str]]:
    """Every record, blank ones as [].

    The delimiter is the most frequent of tab, comma, semicolon in the header line: the one that a channel's columns stand in,
    else the first with several cells. FileError corrupt_file: an unclosed quote, a field without end.
    """
    lines = io.StringIO(text, newline="")
    head = _head([line[:_LONG] for line, _ in zip(lines, range(HEADER_ROWS), strict=False)])
    lines.seek(0)
    try:
        yield from csv.reader(lines, delimiter=_delimiter(head), strict=True)
    except csv.Error:
        raise FileError("corrupt_file") from None


def _head(lines: list[str]) -> str:
    several = [line for line in lines if line.count(_delimiter(line))]
    known = (line for line in several if channel_of(names_of(next(csv.reader([line], delimiter=_delimiter(line)), []))))
    return next(known, next(iter(several), ""))


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)
