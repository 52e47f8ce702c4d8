"""Text files of rows: their encoding, their delimiter, their records. Knows no column.

Rule 1 of the samples' README: a BOM decides, else strict UTF-8, else the channel's own old encoding.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from sellerweb.shop.incoming import FileError

HEADER_ROWS = 30
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BROKEN = re.compile("[\udc80-\udcff]")


def decoded(data: bytes, old_encoding: str) -> str:
    """The text. Bytes that fit no encoding become half surrogates: only their rows need be refused."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace" if encoding == "utf-16" else "surrogateescape")
    readings = []
    for encoding in ("utf-8", old_encoding):
        reading = data.decode(encoding, "surrogateescape")
        if not is_broken(reading):
            return reading
        readings.append(reading)
    return min(readings, key=lambda reading: len(_BROKEN.findall(reading)))


def records(text: str, key: str) -> Iterator[list[str]]:
    """Every record, blank ones as [].

    The delimiter is the most frequent of tab, comma, semicolon in the header line, the one that holds `key`.
    FileError corrupt_file: an unclosed quote, a field without end.
    """
    lines = io.StringIO(text, newline="")
    heads = [line for line, _ in zip(lines, range(HEADER_ROWS), strict=False)]
    head = next((line for line in heads if key in line), "")
    lines.seek(0)
    try:
        yield from csv.reader(lines, delimiter=max("\t,;", key=head.count), strict=True)
    except csv.Error:
        raise FileError("corrupt_file") from None


def is_broken(text: str) -> bool:
    """Does it hold bytes that could not be read?"""
    return bool(_BROKEN.search(text))
