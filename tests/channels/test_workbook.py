"""What strangers drop on us: files that are broken, foreign, or made to harm. Section 4 of reliability.md."""

import io
import signal
import subprocess
import time
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellerweb.channels import archive, child, fence, smartstore, table
from sellerweb.shop.incoming import FileError

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick

SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"


def refused(data, password="", read=smartstore.parse):
    with pytest.raises(FileError) as refusal:
        read(data, password)
    return refusal.value.code


def rebuilt(data, parts):
    """The zip again, with some parts (name → bytes) changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        content = {name: old.read(name) for name in old.namelist()} | parts
        for name, part in content.items():
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \r\n ",
        b"<html><table><tr><td>\xec\x83\x81</td></tr></table></html>",
        b"\xef\xbb\xbf\n<!DOCTYPE html><table>",
        b"%PDF-1.7\n...",
        b"\x89PNG\r\n\x1a\n\0\0",
        bytes(range(256)) * 8,
    ],
)
def test_what_is_no_spreadsheet_is_refused_whatever_its_name(data):
    assert refused(data) == "not_spreadsheet"


def test_text_without_the_key_column_has_no_header():
    assert refused("이름,수량\n가,1\n".encode()) == "no_header"


def test_a_zip_of_something_else_is_no_spreadsheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    assert refused(out.getvalue()) == "not_spreadsheet"


def test_a_truncated_zip_and_a_truncated_container_are_corrupt(sample):
    whole = sample("smartstore_orders.xlsx")
    assert refused(whole[:-300]) == "corrupt_file"
    assert refused(whole[:4]) == "corrupt_file"
    assert refused(sample("smartstore_orders_encrypted.xlsx")[:700], "0000") in ("corrupt_file", "not_spreadsheet")


def test_an_ole2_file_without_a_workbook_package_is_no_spreadsheet(sample):
    locked = sample("smartstore_orders_encrypted.xlsx")
    other = locked.replace("EncryptionInfo".encode("utf-16-le"), "SomethingElse.".encode("utf-16-le"))
    assert refused(other) == "not_spreadsheet"


def test_a_bomb_of_500_mb_is_refused_before_it_is_unpacked(book, order):
    bomb = rebuilt(book(order()), parts={WORKBOOK: b" " * (500 * 2**20)})
    assert len(bomb) < 700_000
    started = time.monotonic()
    assert refused(bomb) == "too_large"
    assert time.monotonic() - started < 1
    assert refused(bomb, read=smartstore.read) == "too_large"


def test_a_bomb_under_the_size_limit_is_known_by_its_ratio(book, order):
    assert refused(rebuilt(book(order()), parts={SHEET: b" " * (50 * 2**20)})) == "too_large"


def test_too_many_entries_are_refused(book, order):
    parts = {f"xl/media/{number}.png": b"" for number in range(archive.MAX_ENTRIES)}
    assert refused(rebuilt(book(order()), parts=parts)) == "too_large"


def test_a_directory_that_lies_about_sizes_is_caught_by_the_checksum(book, order):
    content = b" " * (100 * 2**20)
    data = bytearray(rebuilt(book(order()), parts={SHEET: content}))
    true, lie = len(content).to_bytes(4, "little"), (5000).to_bytes(4, "little")
    assert data.count(true) == 2
    data = bytes(data).replace(true, lie)
    started = time.monotonic()
    assert refused(data) == "corrupt_file"
    assert time.monotonic() - started < 2
    # With the checksum of the shown part it gets past us, and meets calamine's own.
    crc, shown = zlib.crc32(content).to_bytes(4, "little"), zlib.crc32(content[:5000]).to_bytes(4, "little")
    assert refused(data.replace(crc, shown), read=smartstore.read) in ("corrupt_file", "too_large", "no_header")


@pytest.mark.parametrize(
    "dtd",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd">',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_and_dtds_are_refused_and_nothing_is_fetched(book, order, dtd):
    data = book(order())
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    assert refused(rebuilt(data, parts={SHEET: xml.replace(b"<worksheet", dtd + b"<worksheet", 1)})) == "corrupt_file"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [SHEET, SHEET.upper()])
def test_a_part_given_twice_is_corrupt(book, order, name):
    out = io.BytesIO(book(order()))
    with zipfile.ZipFile(out, "a") as file:
        file.writestr(name, b"<worksheet/>")
    assert refused(out.getvalue()) == "corrupt_file"


def test_a_million_blank_formatted_rows_are_nothing(book, order):
    data = book(order())
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    blank = b"".join(b'<row r="%d" s="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 1_048_577))
    data = rebuilt(data, parts={SHEET: xml.replace(b"</sheetData>", blank + b"</sheetData>")})
    started = time.monotonic()
    file = smartstore.read(data)
    assert (file.rows, len(file.orders)) == (1, 1)
    assert time.monotonic() - started < 10


def test_a_sheet_stretched_to_its_last_cell_is_too_large_for_the_child_alone(book, order):
    data = book(order())
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = rebuilt(data, parts={SHEET: xml.replace(b"</sheetData>", far)})
    assert refused(data, read=smartstore.read) == "too_large"


def sheeted(data, many):
    """The workbook with so many sheets, all of them the same part."""
    book = zipfile.ZipFile(io.BytesIO(data)).read(WORKBOOK)
    start, end = book.index(b"<sheet "), book.index(b"</sheets>")
    names = (book[start:end].replace("발주발송관리".encode(), b"s%d" % number) for number in range(many))
    return rebuilt(data, parts={WORKBOOK: book[:start] + b"".join(names) + book[end:]})


@pytest.mark.parametrize("formula", [None, ("배송메세지", "=1+1", 2)])
def test_a_workbook_of_too_many_sheets_is_refused_before_they_are_read(book, order, formula):
    data = book({"아무것": 1, "배송메세지": ""}, formula=formula)
    assert refused(sheeted(data, archive.MAX_SHEETS)) == "no_header"
    assert refused(sheeted(data, archive.MAX_SHEETS + 1)) == "too_large"


def test_too_many_formulas_and_too_many_rows_are_too_large(book, order, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FORMULAS", 0)
    assert refused(book(order(), formula=("배송메세지", "=1+1", 2))) == "too_large"
    monkeypatch.setattr(table, "MOST_ROWS", 1)
    assert len(smartstore.parse(book(order())).orders) == 1
    assert refused(book(order(), order())) == "too_large"


def test_a_header_of_a_million_names_is_read_in_a_moment():
    names = ",".join(map(str, range(300_000)))
    started = time.monotonic()
    assert smartstore.parse(f"상품주문번호,수량,{names}\n1,1,{names}\n".encode()).orders
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("number", [b"NaN", b"inf"])
def test_a_number_that_is_none_rejects_its_row(book, order, number):
    data = book(order() | {"상품주문번호": 2026100710000111})
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    assert b"<v>2026100710000111</v>" in xml
    file = smartstore.parse(
        rebuilt(data, parts={SHEET: xml.replace(b"<v>2026100710000111</v>", b"<v>%s</v>" % number)})
    )
    assert [(rejected.row, rejected.code) for rejected in file.rejected] == [(2, "bad_item_no")]


def test_a_date_of_no_calendar_is_a_refusal_though_calamine_panics(book, order):
    data = book(order())
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    paid = b"<v>46302.38333333333</v>"
    assert paid in xml
    assert refused(rebuilt(data, parts={SHEET: xml.replace(paid, b"<v>-1e300</v>")})) == "corrupt_file"


def test_formulas_are_found_in_every_spelling(book, order):
    data = book(order(), formula=("배송메세지", "=1+1", 2))
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    assert archive.formulas(data)["발주발송관리"] == {(1, list(order()).index("배송메세지")): "=1+1"}
    for spelling in (b'<f t="shared" si="0">', b"<f\n>", b'<f ca="1">'):
        again = rebuilt(data, parts={SHEET: xml.replace(b"<f>", spelling)})
        assert smartstore.parse(again).orders[0].message == "=1+1"
    empty = rebuilt(data, parts={SHEET: xml.replace(b"<f>1+1</f>", b'<f t="shared" si="0"/>')})
    assert smartstore.parse(empty).orders[0].message == "="


def test_a_formula_on_a_sheet_that_cannot_be_placed_refuses_the_file(book, order):
    data = book(order(), formula=("수량", "=1+1", 2))
    rels = zipfile.ZipFile(io.BytesIO(data)).read("xl/_rels/workbook.xml.rels")
    lost = rels.replace(b"worksheets/sheet1.xml", b"worksheets/./sheet1.xml")
    assert refused(rebuilt(data, parts={"xl/_rels/workbook.xml.rels": lost})) == "corrupt_file"


@pytest.mark.parametrize(
    ("returncode", "code"),
    [
        (-signal.SIGKILL, "too_large"),
        (-signal.SIGXCPU, "too_large"),
        (-signal.SIGSEGV, "corrupt_file"),
        (1, "corrupt_file"),
    ],
)
def test_a_child_that_dies_is_a_refusal(monkeypatch, returncode, code):
    monkeypatch.setattr(fence.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, returncode, b""))
    assert refused(b"", read=smartstore.read) == code


def test_a_child_that_takes_too_long_is_stopped(sample):
    with pytest.raises(fence.TooSlow) as refusal:
        smartstore.read(sample("smartstore_orders.xlsx"), seconds=0.01)
    assert refusal.value.code == "too_large"


def test_the_child_stands_under_its_limits():
    assert child.MEMORY <= 1_500 * 2**20
    assert fence.WALL_SECONDS >= child.CPU_SECONDS


def outcome(data):
    """`ok` or the code of the refusal; any other exception is the test's failure."""
    try:
        smartstore.parse(data)
    except FileError as refusal:
        return refusal.code
    return "ok"


def changed(data, changes):
    changing = bytearray(data)
    for place, put in changes:
        at = place % len(changing)
        changing[at : at + len(put)] = put
    return bytes(changing)


def changes(piece):
    return st.lists(st.tuples(st.integers(0, 10**6), piece), min_size=1, max_size=8)


# No letters or digits: they could move a cell to the far corner, which only the child survives.
marks = st.lists(st.sampled_from(b"<>&;\"'/=! \0\x80\xff"), max_size=4).map(bytes)
few = settings(max_examples=120, deadline=None, derandomize=True)


@few
@given(changes=changes(st.binary(max_size=4)))
def test_changed_bytes_never_raise_anything_but_a_refusal(sample, changes):
    data = changed(sample("smartstore_orders.xlsx"), changes)
    assert outcome(data) in ("ok", "corrupt_file", "not_spreadsheet", "no_header", "too_large")


@few
@given(changes=changes(marks))
def test_changed_xml_never_raises_anything_but_a_refusal(sample, changes):
    whole = sample("smartstore_orders.xlsx")
    xml = zipfile.ZipFile(io.BytesIO(whole)).read(SHEET)
    data = rebuilt(whole, parts={SHEET: changed(xml, changes)})
    assert outcome(data) in ("ok", "corrupt_file", "no_header")


@few
@given(text=st.text(max_size=60), tail=st.binary(max_size=30), encoding=st.sampled_from(["utf-8", "utf-16"]))
def test_any_text_file_is_read_or_refused(text, tail, encoding):
    data = f"상품주문번호,수량\n1,{text}\n".encode(encoding, "replace") + tail
    assert outcome(data) in ("ok", "corrupt_file", "not_spreadsheet", "no_header")
