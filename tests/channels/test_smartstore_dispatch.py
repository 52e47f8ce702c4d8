"""The 엑셀 일괄발송 file."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from sellerweb.channels.smartstore_dispatch import DispatchRow, write


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def cells(row):
    return sheets(write([row]))["발송처리"][1]


def test_the_file_equals_the_filled_sample(sample):
    rows = [
        DispatchRow("2026100710000111", "parcel", "cj", "600000000011"),
        DispatchRow("2026100710000121", "parcel", "lotte", "300000000012"),
        DispatchRow("2026100710000122", "parcel", "lotte", "300000000012"),
        DispatchRow("2026100710000251", "quick", "", ""),
    ]
    assert sheets(write(rows)) == sheets(sample("smartstore_dispatch_filled.xlsx"))


def test_no_rows_give_the_empty_form(sample):
    assert sheets(write([])) == sheets(sample("smartstore_dispatch_template.xlsx"))


@pytest.mark.parametrize(
    ("carrier", "label"),
    [
        ("cu_post", "CU편의점택배"),
        ("gs_postbox", "GSPostbox택배"),
        ("epost_ems", "EMS"),
        ("yamato", "해외기타택배#야마토운수"),
        ("홈픽택배", "해외기타택배#홈픽택배"),
    ],
)
def test_a_carrier_is_written_as_the_seller_centre_calls_it(carrier, label):
    assert cells(DispatchRow("1", "parcel", carrier, "2"))[2] == label


@pytest.mark.parametrize("method", ["quick", "pickup", "direct"])
def test_only_a_parcel_has_carrier_and_number(method):
    assert cells(DispatchRow("1", method, "cj", "2"))[2:] == ["", ""]


def test_an_unnamed_method_is_a_parcel_and_a_hand_over_is_none():
    assert cells(DispatchRow("1", "", "cj", "2"))[1] == "택배,등기,소포"
    assert cells(DispatchRow("1", "parcel", "direct", ""))[1:] == ["직접전달", "", ""]


def test_nothing_in_it_is_a_formula_a_number_or_a_link():
    data = write([DispatchRow("=1+1", "parcel", "@x", "+1"), DispatchRow("3", "parcel", "cj", "http://x.example/")])
    assert sheets(data)["발송처리"][1:] == [
        ["'=1+1", "택배,등기,소포", "해외기타택배#@x", "'+1"],
        ["3", "택배,등기,소포", "CJ대한통운", "http://x.example/"],
    ]
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f" not in xml.replace(b"<format", b"")
    assert b"hyperlink" not in xml
    assert xml.count(b't="s"') == 12
