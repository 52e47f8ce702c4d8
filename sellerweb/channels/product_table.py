"""A table of products and counts: the words above its columns in three languages, and its cells by their meaning. Judges nothing."""

from collections.abc import Iterator, Mapping

from sellerweb.channels import own_table
from sellerweb.channels.column_words import plain
from sellerweb.channels.encodings import heads
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.written import SIGNS

# What our own files say above their columns, by language; each of them is understood from everybody.
HEADERS = {
    "en": {
        "sku": "SKU", "name": "Name", "option": "Option", "barcode": "Barcode", "shelf": "Shelf",
        "carrier": "Promised carrier", "location": "Location", "on_hand": "On hand", "counted": "Counted",
    },
    "ko": {
        "sku": "SKU", "name": "상품명", "option": "옵션", "barcode": "바코드", "shelf": "선반",
        "carrier": "안내한 택배사", "location": "장소", "on_hand": "재고", "counted": "센 수량",
    },
    "ja": {
        "sku": "SKU", "name": "商品名", "option": "オプション", "barcode": "バーコード", "shelf": "棚",
        "carrier": "案内した配送会社", "location": "場所", "on_hand": "在庫", "counted": "数えた数",
    },
}  # fmt: skip
COLUMNS = tuple(HEADERS["en"])
# What people and other programs call them.
_WORDS = {
    "sku": "품번 상품코드 관리코드 옵션관리코드 판매자상품코드 자체상품코드 商品コード 品番 itemcode productcode code",
    "name": "이름 상품 품명 제품명 名前 商品 品名 product productname title",
    "option": "옵션명 옵션정보 規格 バリエーション 種類 variant optionname",
    "barcode": "바코드번호 jan janコード ean gtin upc",
    "shelf": "선반위치 진열위치 칸 棚番 bin",
    "carrier": "택배사 배송업체 配送会社 運送会社",
    "location": "위치 창고 保管場所 倉庫 warehouse place",
    "on_hand": "재고수량 현재고 在庫数 stock quantity",
    "counted": "실사 실사수량 棚卸 棚卸数 実数 count",
}
_MEANING = {word: field for field, words in _WORDS.items() for word in words.split()}
_MEANING |= {plain(name): field for names in HEADERS.values() for field, name in names.items()}
_MEANING |= {plain(field): field for field in COLUMNS}
# A header whose own letters make sense in one of these is in that one.
_OLD = ("cp949", "cp932")
_GUARDED = (*SIGNS, "'")


def read(data: bytes, password: str = "", encoding: str = "", seconds: float = 20.0) -> OwnTable:
    """The table of a file, read in a child process. FileError."""
    return own_table.read(data, password, encoding or _encoding(data), seconds)


def match(header: list[str]) -> dict[int, str]:
    """{place: what the column is}; a meaning has one column, the first."""
    found: dict[int, str] = {}
    for place, name in enumerate(header):
        field = _MEANING.get(plain(name), "")
        if field and field not in found.values():
            found[place] = field
    return found


def rows(table: OwnTable, matched: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Its rows by number: {what the column is: text}."""
    for number, cells in table.rows:
        yield number, {field: _bare(cells[place]) for place, field in matched.items()}


def guarded(cell: str) -> str:
    """A text that begins with an apostrophe gets one more, so that `rows` gives it back as it was."""
    return f"'{cell}" if cell.startswith("'") else cell


def _bare(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell


def _encoding(data: bytes) -> str:
    """Its encoding, where mark or header proves it; "" leaves it to be recognised."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    start = data[:2_000].partition(b"\n")[0]
    if start.isascii():
        return ""
    for encoding in _OLD:
        names = heads(start.decode(encoding, "replace"))
        if names and any(not names[0][place].isascii() for place in match(names[0])):
            return encoding
    return ""
