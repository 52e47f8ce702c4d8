"""Reading a SmartStore 발주발송관리 file into orders. Sends nothing, stores nothing.

Columns, words and rules: as seen in files of the seller centre (tests/data/samples).
개인통관고유부호 and 구매자 주민등록번호 are never read.
"""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from sellerweb.channels import fence, smartstore_dispatch, table, workbook
from sellerweb.channels.cells import (
    RowError,
    identifier,
    korean_postcode,
    line,
    moment,
    phone,
    quantity,
    text,
    won,
)
from sellerweb.shop.incoming import FileIn, LineIn, OrderIn, RejectedRow

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


def read(data: bytes, password: str = "") -> FileIn:
    """A file a seller dropped: xlsx with or without password, CSV or TSV. Read in a child process.

    FileError with a code of `sentence.FILE_WHY`; rows that do not come in are in `rejected`.
    """
    return fence.read("smartstore", data, password)


def parse(data: bytes, password: str = "") -> FileIn:
    """As `read`, in this process: for the child, and for tests."""
    file = FileIn("smartstore")
    orders: dict[str, OrderIn] = {}
    fees: dict[str, dict[str, int]] = {}
    seen: dict[str, tuple[object, ...]] = {}
    for row in table.rows(workbook.sheets(data, password, KEY, "cp949"), KEY):
        file.rows += 1
        try:
            row.check()
            order, item, bundle = _order(row), _line(row), line(row.first("배송비 묶음번호"), 100)
            content = (order, item)
            if item.item_no in seen:
                raise RowError("duplicate_row" if seen[item.item_no] == content else "duplicate_conflict")
            known = orders.setdefault(order.order_no, replace(order, lines=[]))
            if _place(order) and _place(known) and _place(order) != _place(known):
                raise RowError("other_address")
        except RowError as refusal:
            file.rejected.append(RejectedRow(row.number, refusal.code))
            continue
        seen[item.item_no] = content
        known.lines.append(item)
        known.ship_due_at = min(filter(None, (known.ship_due_at, order.ship_due_at)), default=None)
        bundles = fees.setdefault(order.order_no, {})
        # Each row of a bundle repeats its fee.
        bundles[bundle] = max(order.shipping_fee, bundles.get(bundle, 0))
    for order_no, bundles in fees.items():
        orders[order_no].shipping_fee = sum(bundles.values())
    file.orders = list(orders.values())
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
        buyer_phone=phone(row.first("구매자연락처")),
        receiver_name=line(row.first("수취인명"), 200),
        phone=phone(row.first("수취인연락처1")),
        phone2=phone(row.first("수취인연락처2")),
        postcode=korean_postcode(row.first("우편번호")),
        address=_address(row),
        message=text(row.first("배송메세지", "배송메시지"), 2000),
        shipping_fee=won(row.first("배송비 합계")) or 0,
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
        total=won(row.first("최종 상품별 총 주문금액", "최초 상품별 총 주문금액", "상품별 총 주문금액")),
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


def _place(order: OrderIn) -> tuple[str, ...]:
    """Where a label sends it; empty while no address is known. Lines of one order share one label."""
    return (order.receiver_name, order.postcode, order.address) if order.address else ()


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
