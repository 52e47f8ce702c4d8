"""Reading QSM's delivery-management downloads (Qoo10 Japan) into orders. Sends nothing, stores nothing.

Detail and brief layout, as the Japanese and the Korean screen give them; a column is asked by both of its names. One row is one
注文番号; the rows of one カート番号 are one order. 購入者決済金額 is not read: whether it is told per row or per cart is not known.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from sellerweb import carriers
from sellerweb.channels import fence, table, workbook
from sellerweb.channels.cells import amount, currency, identifier, line, moment, quantity, text
from sellerweb.channels.contact import hyphened, phone, postcode
from sellerweb.channels.gathering import gather
from sellerweb.shop.incoming import FileIn, FileRead, LineIn, OrderIn

KEYS = ("注文番号", "주문번호")
TOKYO = ZoneInfo("Asia/Tokyo")

# Words of 配送状態 / 배송상태, the first that fits; the list is not official. A cancel or return that was taken back or
# refused is left to a person, like any word that we do not know.
_STATES = [
    (re.compile(pattern), state)
    for pattern, state in (
        ("撤回|拒否|철회|거부", "unknown"),
        ("キャンセル(要請|申請|中)|취소(요청|신청|중)", "cancel_requested"),
        ("キャンセル|취소", "cancelled"),
        ("返品完了|반품완료", "returned"),
        ("返品|반품", "return_requested"),
        ("交換完了|교환완료", "exchanged"),
        ("交換|교환", "exchange_requested"),
        ("配送待ち|배송대기", "waiting"),
        ("配送要請|배송요청|新規注文|신규주문", "new"),
        ("配送準備|배송준비", "confirmed"),
        ("配送中|배송중", "shipping"),
        ("配送完了|배송완료", "delivered"),
    )
]


def read(data: bytes, password: str = "", encoding: str = "", seconds: float = fence.WALL_SECONDS) -> FileRead:
    """A download that a seller dropped: CSV, or a workbook saved from it. Read in a child process.

    FileError with a code of `sentence.FILE_WHY`; rows that do not come in are in `rejected`.
    """
    return fence.read_file("qoo10", data, password, encoding, seconds)


def parse(data: bytes, password: str = "", encoding: str = "") -> FileIn:
    """As `read`, in this process: for the child, and for tests."""
    return orders(workbook.sheets(data, password, "qoo10", encoding))


def orders(sheets: Iterable[workbook.Sheet]) -> FileIn:
    """What the sheets of a file hold."""
    rows = table.rows(sheets, "qoo10", *KEYS)
    return gather("qoo10", rows, lambda row, gathering: gathering.add(_order(row), _line(row)))


def _order(row: table.Row) -> OrderIn:
    country = line(row.first("国家", "국가"), 40).upper()
    country = country if len(country) == 2 and country.isascii() else ""
    mobile = phone(row.first("受取人携帯電話番号", "수취인핸드폰번호"), country or "JP")
    fixed = phone(row.first("受取人電話番号", "수취인전화번호"), country or "JP")
    code = postcode(row.first("郵便番号", "우편번호"), country or "JP")
    promised = moment(row.first("発送予定日", "발송예정일"), TOKYO)
    return OrderIn(
        order_no=identifier(row.first("カート番号", "장바구니번호"), "order"),
        currency=currency(row.first("通貨", "통화"), "JPY"),
        ordered_at=moment(row.first("注文日", "주문일"), TOKYO),
        paid_at=moment(row.first("入金日", "입금일"), TOKYO),
        ship_due_at=promised + timedelta(days=1) if promised else None,  # the end of that day
        buyer_name=line(row.first("購入者名", "구매자명"), 200),
        buyer_phone=phone(
            row.first("購入者携帯電話番号", "구매자핸드폰번호", "購入者電話番号", "구매자전화번호"), country or "JP"
        ),
        receiver_name=line(row.first("受取人名", "수취인명"), 200),
        phone=mobile or fixed,
        phone2=fixed if mobile else "",
        postcode=hyphened(code) if country in ("JP", "") else code,
        address=line(row.first("住所", "주소"), 1000),
        country=country,
        message=text(row.first("配送要請事項", "배송요청사항"), 2000),
        gift_note=_gift(row),
    )


def _line(row: table.Row) -> LineIn:
    money = currency(row.first("通貨", "통화"), "JPY")
    return LineIn(
        item_no=identifier(row.first(*KEYS), "item"),
        name=line(row.first("商品名", "상품명"), 200),
        quantity=quantity(row.first("数量", "수량")),
        state=_state(line(row.first("配送状態", "배송상태"), 200)),
        option=text(row.first("オプション情報", "옵션정보"), 2000),
        sku=line(row.first("オプションコード", "판매자옵션코드", "販売者商品コード", "판매자상품코드"), 200),
        total=amount(row.first("注文金額の合計", "총주문액"), money),
        carrier=_carrier(row),
        tracking_number=line(row.first("送り状番号", "송장번호"), 100),
        shipped_at=moment(row.first("発送日", "발송일"), TOKYO),
        gift=text(row.first("おまけ", "사은품"), 500),
    )


def _state(words: str) -> str:
    return next((state for pattern, state in _STATES if pattern.search(words)), "unknown")


def _carrier(row: table.Row) -> str:
    """Who carries it, or what the listing promised where that can be followed (普通郵便 cannot)."""
    said = line(row.first("配送会社", "택배사"), 100)
    known = carriers.find(said) if said else None
    if said:
        return known.id if known else said
    promised = carriers.find(line(row.first("配送方法", "배송방식"), 100))
    return promised.id if promised and promised.trackable else ""


def _gift(row: table.Row) -> str:
    """Whether it is a gift, and whose, in the words of the file's own columns."""
    for giver, is_gift in (("プレゼント贈り主", "ギフト注文"), ("(선물)보내는사람", "선물하기주문")):
        if name := line(row.first(giver), 200):
            return f"{giver}: {name}"
        if line(row.first(is_gift), 40).upper() == "Y":
            return is_gift
    return ""
