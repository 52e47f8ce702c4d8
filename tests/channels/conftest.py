"""Files for the tests of the channels room, made on the spot. The samples are the only files kept."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

SAMPLES = Path(__file__).parent.parent / "data" / "samples"

# One good row; tests change a cell by its column's name.
ORDER = {
    "상품주문번호": "2026100710000111",
    "주문번호": "2026100710000011",
    "구매자명": "김하늘",
    "수취인명": "김하늘",
    "주문상태": "결제완료",
    "주문세부상태": "신규주문",
    "결제일": datetime(2026, 10, 7, 9, 12),  # noqa: DTZ001  as a workbook has it
    "상품명": "핸드메이드 머그컵",
    "옵션정보": "색상: 화이트",
    "옵션관리코드": "MUG-WH",
    "수량": 1,
    "최종 상품별 총 주문금액": 12900,
    "배송비 묶음번호": "110000011",
    "배송비 합계": 3000,
    "수취인연락처1": "010-0000-0001",
    "통합배송지": "서울특별시 강남구 가상대로 1 101동",
    "우편번호": "06001",
    "배송메세지": "문 앞에 놓아주세요",
}


@pytest.fixture(scope="session")
def sample():
    """The bytes of a sample by its name."""
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.fixture(scope="session")
def order():
    """A row as a dict, with some cells changed."""
    return lambda **cells: {**ORDER, **cells}


@pytest.fixture(scope="session")
def book():
    """An xlsx of rows (dicts of column → cell) under one header; `formulas` holds cells as text beginning with =."""
    return make_book


def make_book(*rows, header=None, before=(), sheets_before=(), formula=None):
    header = header or list(rows[0] if rows else ORDER)
    grid = [*before, header, *([row.get(name, "") for name in header] for row in rows)]
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    for name in sheets_before:
        workbook.add_worksheet(name).write_string(0, 0, "안내")
    sheet = workbook.add_worksheet("발주발송관리")
    as_date = workbook.add_format({"num_format": r"yyyy/mm/dd\ hh:mm"})
    for number, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell, as_date)
            elif isinstance(cell, str) and cell:
                sheet.write_string(number, column, cell)
            elif cell != "":
                sheet.write(number, column, cell)
    if formula:
        name, text, result = formula  # in the first data row
        sheet.write_formula(len(before) + 1, header.index(name), text, None, result)
    workbook.close()
    return file.getvalue()


@pytest.fixture(scope="session")
def csv_of():
    """csv_of([{column: cell}, …], "cp932"): a text file of rows under one header; `header` in another order."""
    return make_csv


def make_csv(rows, encoding="utf-8", header=None, delimiter=",", **how):
    header = header or list(rows[0])
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, **how)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return file.getvalue().encode(encoding)
