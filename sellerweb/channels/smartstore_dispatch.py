"""Writing SmartStore's 엑셀 일괄발송 file, and Naver's names for carriers. Reads no orders.

Form: sheet and headers as the seller centre's own template has them. Names: the labels of deliveryCompanyCode in the Commerce API
documents.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import xlsxwriter

from sellerweb import carriers
from sellerweb.channels.written import inert
from sellerweb.shop.outgoing import ItemOut

SHEET = "발송처리"
HEADER = ("상품주문번호", "배송방법", "택배사", "송장번호")
METHODS = {"parcel": "택배,등기,소포", "quick": "퀵서비스", "pickup": "방문수령", "direct": "직접전달"}
# Carriers that are not on Naver's list.
ABROAD = "해외기타택배#"

# Where Naver's label is not the Korean name of carriers.toml.
_LABELS = {
    "CUPARCEL": "CU편의점택배",
    "CVSNET": "GSPostbox택배",
    "DHL": "DHL",
    "DHLGLOBALMAIL": "DHLGlobalMail",
    "EMS": "EMS",
    "FEDEX": "FEDEX",
    "QXPRESS": "트랙스로지스",
    "SFEX": "SFexpress",
    "USPS": "USPS",
}
_CODES = {label: code for code, label in _LABELS.items()}


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """One item that left. `method` as in LineIn, empty for a parcel; `carrier_id` of the carriers room, or
    the carrier's own name where we do not know it; both are left out of the file unless it is a parcel.
    """

    item_no: str
    method: str
    carrier_id: str
    number: str


def dispatch(items: Iterable[ItemOut]) -> bytes:
    """The xlsx to upload for items that have left."""
    return write(DispatchRow(x.item_no, x.method or "parcel", x.carrier, x.number) for x in items)


def company(item: ItemOut) -> str:
    """A carrier as SmartStore calls it; nothing where the file leaves it out."""
    return _cells(DispatchRow(item.item_no, item.method or "parcel", item.carrier, item.number))[2]


def write(rows: Iterable[DispatchRow]) -> bytes:
    """The xlsx to upload, all cells text. KeyError for a method that is not one of METHODS."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    sheet = book.add_worksheet(SHEET)
    as_text = book.add_format({"num_format": "@"})
    sheet.set_column(0, 3, 20, as_text)
    for number, cells in enumerate([HEADER, *map(_cells, rows)]):
        for column, value in enumerate(cells):
            sheet.write_string(number, column, inert(value), as_text)
    book.close()
    return file.getvalue()


def carrier(label: str) -> carriers.Carrier | None:
    """The carrier that SmartStore calls `label`."""
    return carriers.find(_CODES.get(label, label)) if label else None


def _cells(row: DispatchRow) -> tuple[str, str, str, str]:
    method = METHODS[row.method or "parcel"]
    if row.carrier_id == "direct" and method == METHODS["parcel"]:
        method = METHODS["direct"]
    if method != METHODS["parcel"]:
        return row.item_no, method, "", ""
    return row.item_no, method, _label(row.carrier_id), row.number


def _label(carrier_id: str) -> str:
    known = carriers.find(carrier_id) if carrier_id else None
    if known is None:
        return f"{ABROAD}{carrier_id}" if carrier_id else ""
    code = known.codes.get("naver", "")
    name = known.name("ko")
    return f"{ABROAD}{name}" if code in ("", "CH1") else _LABELS.get(code, name)
