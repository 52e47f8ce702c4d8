"""The words that people write above their columns, in three languages, and what each of them means. Reads no rows."""

import re
import unicodedata
from collections.abc import Iterable

# Field → words; a name that is one of them means it. No word stands twice.
_WORDS = {
    "order_no": "주문번호 주문no 주문코드 오더번호 접수번호 注文番号 受注番号 オーダー番号 注文no 受注no "
    "ordernumber orderno order ordernr orderid ordername",
    "item_no": "품목번호 항목번호 명세번호 明細番号 itemnumber itemno lineid lineno",
    "ordered_at": "주문일 주문일시 주문일자 주문날짜 주문시간 注文日 注文日時 受注日 受注日時 orderdate orderedat date createdat",
    "paid_at": "결제일 결제일시 결제일자 입금일 입금일시 입금일자 결제시간 入金日 入金日時 支払日 決済日 決済日時 paidat paymentdate datepaid",
    "receiver_name": "받는분 받는사람 받으시는분 수취인 수취인명 수령인 수령인명 수령자 수하인 받는분성명 받는분이름 이름 성명 성함 고객명 고객 "
    "受取人 受取人名 お届け先 お届け先名 お届け先氏名 届け先名 宛名 氏名 名前 お名前 recipient recipientname receiver receivername "
    "name shippingname shipto fullname customer customername",
    "phone": "연락처 전화 전화번호 휴대폰 휴대폰번호 핸드폰 핸드폰번호 휴대전화 수취인연락처 수령인연락처 받는분전화번호 받는분연락처 연락처1 "
    "전화번호1 電話 電話番号 携帯 携帯電話 携帯番号 お届け先電話番号 受取人電話番号 tel phone phonenumber mobile telephone shippingphone",
    "phone2": "연락처2 전화번호2 수취인연락처2 받는분기타연락처 電話番号2 phone2 otherphone",
    "postcode": "우편번호 받는분우편번호 수취인우편번호 우편 郵便番号 お届け先郵便番号 〒 zip zipcode postcode postalcode shippingzip",
    "address": "주소 배송지 배송주소 받는분주소 수취인주소 수령인주소 기본주소 주소1 住所 お届け先住所 配送先 配送先住所 住所1 "
    "address address1 shippingaddress street deliveryaddress",
    "address_more": "상세주소 주소2 나머지주소 住所2 建物名 番地 address2 addressline2 apartment",
    "country": "국가 나라 国 国名 国家 country shippingcountry countrycode",
    "buyer_name": "주문자 주문자명 구매자 구매자명 보내는분 보내는사람 注文者 注文者名 購入者 購入者名 ご注文者 buyer buyername billingname orderedby",
    "buyer_phone": "주문자연락처 주문자전화번호 구매자연락처 구매자전화번호 注文者電話番号 購入者電話番号 buyerphone billingphone",
    "buyer_email": "이메일 메일 주문자이메일 구매자이메일 メール メールアドレス email mail emailaddress eメール",
    "product": "상품 상품명 품목 품목명 품명 제품 제품명 주문상품 내품명 商品 商品名 品名 品目 product productname item itemname title goods lineitemname",
    "option": "옵션 옵션명 옵션정보 선택옵션 규격 オプション 種類 バリエーション 規格 option options variant",
    "sku": "sku 상품코드 품번 관리코드 옵션코드 자체상품코드 판매자상품코드 商品コード 品番 商品番号 code productcode itemcode",
    "quantity": "수량 개수 갯수 주문수량 내품수량 数量 個数 注文数 qty quantity pieces count",
    "price": "단가 판매가 가격 상품가격 単価 価格 販売価格 price unitprice itemprice",
    "total": "금액 합계 총액 총금액 결제금액 주문금액 상품금액 판매금액 金額 合計 合計金額 小計 注文金額 total amount linetotal subtotal",
    "shipping_fee": "배송비 배송료 택배비 운임 送料 配送料 shipping shippingfee shippingcost postage deliveryfee",
    "currency": "통화 화폐 通貨 currency",
    "message": "메모 배송메모 배송메시지 배송메세지 배송요청사항 요청사항 비고 특이사항 메시지 備考 メモ 配送メモ ご要望 要望 配送要請事項 memo note notes "
    "message remark remarks deliverynote comment",
    "gift": "사은품 증정품 おまけ 特典 gift freegift",
}
FIELDS = tuple(_WORDS)
_MEANING = {word: field for field, words in _WORDS.items() for word in words.split()}


def guess(names: Iterable[str]) -> dict[str, str]:
    """{name: field} of the names that are known; a field has one column, the first."""
    found: dict[str, str] = {}
    for name in names:
        field = _MEANING.get(plain(name), "")
        if field and field not in found.values():
            found[name] = field
    return found


def plain(name: str) -> str:
    """Without spaces, signs, brackets' contents and case: `Order No. (shop)` is `orderno`."""
    name = re.sub(r"[(\[（【].*?[)\]）】]", "", unicodedata.normalize("NFKC", name)).casefold()
    return re.sub(r"[^\w〒]|_", "", name)
