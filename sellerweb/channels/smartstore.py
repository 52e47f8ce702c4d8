"""Reading a SmartStore 발주발송관리 file into orders. Sends nothing, stores nothing.

Columns, words and rules: as seen in files of the seller centre (tests/data/samples).
개인통관고유부호 and 구매자 주민등록번호 are never read.
"""

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sellerweb.channels import fence, smartstore_dispatch, table, workbook
from sellerweb.channels.cells import amount, identifier, line, moment, quantity, text
from sellerweb.channels.contact import phone, postcode
from sellerweb.channels.gathering import Gathering, gather
from sellerweb.shop.incoming import FileIn, FileRead, LineIn, OrderIn

KEY = "상품주문번호"
SEOUL = ZoneInfo("Asia/Seoul")

# Words of 주문상태 and 주문세부상태 together; the first that fits. The list of words is not official, so a
# cancel, return or exchange that was withdrawn or refused is left to a person, like any word we do not know.
_STATES = [
    (re.compile(pattern), state)
    for pattern, state in (
        ("선물수락대기", "gift_waiting"),
        ("철회|거부", "unknown"),
        ("취소요청|취소처리중", "cancel_requested"),
        ("교환요청|교환.*수거중", "exchange_requested"),
        ("반품요청|수거중", "return_requested"),
        ("취소", "cancelled"),
        ("반품", "returned"),
        ("교환", "exchanged"),
        ("결제대기|입금대기", "unpaid"),
        ("배송중", "shipping"),
        ("배송완료", "delivered"),
        ("구매확정", "done"),
    )
]
_TO_SHIP = re.compile("결제완료|발송대기|배송준비|신규주문|발주확인")
_METHODS = (("택배", "parcel"), ("퀵", "quick"), ("방문수령", "pickup"), ("직접전달", "direct"))


def read(data: bytes, password: str = "", encoding: str = "", seconds: float = fence.WALL_SECONDS) -> FileRead:
    """A file a seller dropped: xlsx with or without password, CSV or TSV. Read in a child process.

    FileError with a code of `sentence.FILE_WHY`; rows that do not come in are in `rejected`.
    """
    return fence.read_file("smartstore", data, password, encoding, seconds)


def parse(data: bytes, password: str = "", encoding: str = "") -> FileIn:
    """As `read`, in this process: for the child, and for tests."""
    return orders(workbook.sheets(data, password, "smartstore", encoding))


def orders(sheets: Iterable[workbook.Sheet]) -> FileIn:
    """What the sheets of a file hold."""
    fees: dict[str, dict[str, int]] = {}

    def take(row: table.Row, gathering: Gathering) -> None:
        order, bundle = _order(row), line(row.first("배송비 묶음번호"), 100)
        gathering.add(order, _line(row))
        bundles = fees.setdefault(order.order_no, {})
        # Each row of a bundle repeats its fee.
        bundles[bundle] = max(order.shipping_fee, bundles.get(bundle, 0))

    file = gather("smartstore", table.rows(sheets, "smartstore", KEY), take)
    for order in file.orders:
        order.shipping_fee = sum(fees[order.order_no].values())
    return file


def _order(row: table.Row) -> OrderIn:
    item_no = identifier(row.first(KEY), "item")
    return OrderIn(
        # Grids without the column: each item is its own order.
        order_no=identifier(row.first("주문번호"), "order") if row.has("주문번호") else item_no,
        currency="KRW",
        ordered_at=moment(row.first("주문일시"), SEOUL),
        paid_at=moment(row.first("결제일"), SEOUL),
        confirmed_at=moment(row.first("발주확인일"), SEOUL),
        ship_due_at=moment(row.first("발송기한"), SEOUL),
        buyer_name=line(row.first("구매자명"), 200),
        buyer_phone=phone(row.first("구매자연락처"), "KR"),
        receiver_name=line(row.first("수취인명"), 200),
        phone=phone(row.first("수취인연락처1"), "KR"),
        phone2=phone(row.first("수취인연락처2"), "KR"),
        postcode=postcode(row.first("우편번호"), "KR"),
        address=_address(row),
        message=text(row.first("배송메세지", "배송메시지"), 2000),
        shipping_fee=amount(row.first("배송비 합계"), "KRW") or 0,
    )


def _line(row: table.Row) -> LineIn:
    carrier = line(row.first("택배사"), 100).removeprefix(smartstore_dispatch.ABROAD)
    known = smartstore_dispatch.carrier(carrier)
    return LineIn(
        item_no=identifier(row.first(KEY), "item"),
        name=line(row.first("상품명"), 200),
        quantity=quantity(row.first("수량")),
        state=_state(row),
        option=text(row.first("옵션정보"), 2000),
        sku=line(row.first("옵션관리코드", "판매자 상품코드"), 200),
        total=amount(row.first("최종 상품별 총 주문금액", "최초 상품별 총 주문금액", "상품별 총 주문금액"), "KRW"),
        carrier=known.id if known else carrier,
        method=_method(line(row.first("배송방법", "배송방법(구매자 요청)"), 100)),
        tracking_number=line(row.first("송장번호"), 100),
        shipped_at=moment(row.first("발송처리일", "발송일"), SEOUL),
        gift=text(row.first("사은품"), 500),
    )


def _address(row: table.Row) -> str:
    base = line(row.first("기본배송지", "기본주소"), 500)
    detail = line(row.first("상세배송지", "상세주소"), 500)
    return f"{base} {detail}".strip() or line(row.first("통합배송지", "배송지"), 1000)


def _state(row: table.Row) -> str:
    words = f"{line(row.first('주문상태'), 200)} {line(row.first('주문세부상태'), 200)}"
    for pattern, state in _STATES:
        if pattern.search(words):
            return state
    if row.has("결제일") and not row.first("결제일"):
        return "unpaid"
    if not _TO_SHIP.search(words):
        return "unknown"
    return "confirmed" if row.first("발주확인일") or "발주확인" in words else "new"


def _method(words: str) -> str:
    return next((method for word, method in _METHODS if word in words), "")
