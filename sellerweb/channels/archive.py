"""The zip around a workbook: is it safe to unpack, and where do its formulas stand. Reads no values.

calamine gives a formula's last result without saying that it was a formula; rule 4 wants results never used.
So the parts are looked through here first, once, as a stream.
"""

import io
import re
from typing import IO
from xml.etree.ElementTree import iterparse  # entity-safe: no part with a DTD gets as far as being parsed
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sellerweb.channels.strange import strange_bytes
from sellerweb.shop.incoming import FileError

MAX_UNPACKED = 200 * 2**20
MAX_ENTRIES = 2_000
# Order files pack about 13 times, much repeated ones 100; deflate ends near 1,030. Small parts may do as they
# like.
MAX_RATIO = 300
RATIO_FROM = 20 * 2**20
MAX_SHEETS = 200
MAX_FORMULAS = 200_000

_CHUNK = 1 << 18
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")

Formulas = dict[tuple[int, int], str]


def formulas(data: bytes) -> dict[str, Formulas]:
    """Sheet name → {(row, column) from 0: the formula as text, `=` first}; sheets without one are left out.

    FileError: too_large by the sizes in the directory, before anything is unpacked, or by the number of sheets or formulas;
    not_spreadsheet for a zip that is no .xlsx; corrupt_file for a broken zip, names given twice, a size or checksum that lies, any DTD.
    """
    with strange_bytes(), ZipFile(io.BytesIO(data)) as book:
        parts = _parts(book)
        return _by_sheet(book, {name for name, part in parts.items() if _has_formula(book, part)})


def _parts(book: ZipFile) -> dict[str, ZipInfo]:
    entries = book.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    bomb = unpacked > RATIO_FROM and unpacked > packed * MAX_RATIO
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or bomb:
        raise FileError("too_large")
    # calamine looks names up without regard to case: of two that differ by it, it could read the other one.
    parts = {entry.filename.lower(): entry for entry in entries}
    if len(parts) < len(entries) or any(e.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for e in entries):
        raise FileError("corrupt_file")
    if "xl/workbook.xml" not in parts:
        raise FileError("not_spreadsheet")
    return parts


def _has_formula(book: ZipFile, part: ZipInfo) -> bool:
    """Also reads the part to its end, where zipfile compares size and checksum with the directory."""
    found, tail = False, b""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if is_xml:
                window = tail + chunk
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise FileError("corrupt_file")
                found = found or bool(_FORMULA.search(window))
                tail = window[-64:]
    return found and "/worksheets/" in part.filename.lower()


def _by_sheet(book: ZipFile, parts: set[str]) -> dict[str, Formulas]:
    if not parts:
        return {}
    names = {name.lower(): name for name in book.namelist()}
    targets = {}
    with book.open(names["xl/_rels/workbook.xml.rels"]) as stream:
        for _, tag in iterparse(stream):  # noqa: S314
            target = tag.get("Target", "").replace("\\", "/")
            rooted = target.startswith(("/", "xl/"))
            targets[tag.get("Id", "")] = (target.lstrip("/") if rooted else f"xl/{target}").lower()
    sheets = {}
    with book.open(names["xl/workbook.xml"]) as stream:
        for _, tag in iterparse(stream):  # noqa: S314
            if _local(tag.tag) == "sheet":
                relation = next((value for key, value in tag.items() if _local(key) == "id"), "")
                sheets[tag.get("name", "")] = targets.get(relation, "")
    if len(sheets) > MAX_SHEETS:
        raise FileError("too_large")
    if not parts <= set(sheets.values()):  # a sheet whose formulas we could not place
        raise FileError("corrupt_file")
    placed = {}
    for sheet, part in sheets.items():
        if part in parts:
            with book.open(names[part]) as stream:
                placed[sheet] = _cells(stream)
    return placed


def _cells(stream: IO[bytes]) -> Formulas:
    found: Formulas = {}
    row = column = -1
    for event, tag in iterparse(stream, ("start", "end")):  # noqa: S314
        name = _local(tag.tag)
        if name == "row":
            if event == "start":
                row, column = int(tag.get("r", row + 2)) - 1, -1
            else:
                tag.clear()  # keeps a long sheet from growing in memory
        elif name == "c":
            if event == "start":
                reference = tag.get("r", "")
                column = _column(reference) if reference else column + 1
            else:
                tag.clear()
        elif name == "f" and event == "end":
            found[row, column] = f"={tag.text or ''}"
            if len(found) > MAX_FORMULAS:
                raise FileError("too_large")
    return found


def _column(reference: str) -> int:
    """`A1` → 0, `AB7` → 27."""
    number = 0
    for letter in reference.upper().rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
