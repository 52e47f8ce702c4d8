"""What a letter says of an order: in three languages, of one parcel of several, of money, of nothing that is missing."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import insert

from sellerweb.notices import letter
from sellerweb.notices.outcomes import Never
from sellerweb.shop import cancels, clock, letters, messages, orders, refunds, returns, shipments
from sellerweb.shop.db import write
from sellerweb.shop.history import CUSTOMER
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.letters import LETTERS, Words
from sellerweb.shop.models import Notice
from sellerweb.shop.own_words import LANGUAGES
from sellerweb.shop.shipments import Label

LABEL = Label("cj", "685123400111")
WHERE = {
    "ko": {"country": "KR", "currency": "KRW"},
    "ja": {"channel": "manual", "country": "JP", "currency": "JPY"},
    "en": {"country": "US", "currency": "USD"},
}


@pytest.fixture
def order(shop):
    """order("ko"): two notebooks and three pens for Kim, paid a moment ago; its code."""

    def place(language="ko", **fields):
        lines = (
            LineIn("1", "크라프트 노트", 2, "new", option="라인", total=24_800),
            LineIn("2", "황동 펜", 3, "new", total=9_000),
        )
        told = {"ordered_at": clock.now(), "buyer_email": "kim@mail.test", "buyer_name": "김서준", **WHERE[language]}
        return shop.place("A1", *lines, **{**told, **fields}).code

    return place


@pytest.fixture
def written(shop):
    """written("shipment_ship"): the newest letter of this name, as it would leave; its parts and the link's secret."""

    def write_(name):
        notice = next(n for n in reversed(shop._of("notice", "A1", "id")) if n.letter == name)
        draft = letter.write(notice)
        return SimpleNamespace(**{part: getattr(draft.words, part) for part in ("subject", "body", "sms")}, draft=draft)

    return write_


def pieces(shop, *quantities):
    return {line.id: q for line, q in zip(shop.lines(), quantities, strict=False) if q}


def ship(shop, code, *quantities, label=LABEL):
    shop.do(shipments.send, code, pieces(shop, *quantities), label, hand_over=True)


def test_a_split_parcel_says_what_is_in_it_and_what_is_still_to_come(shop, order, written):
    code = order()
    ship(shop, code, 2, 1)
    said = written("shipment_ship")
    assert said.subject == "[달빛문구] 상품을 보냈어요 · 주문 A1"
    assert "택배사: CJ대한통운\n송장번호: 6851-2340-0111\n배송 조회: https://" in said.body
    assert "이번에 보낸 상품:\n- 크라프트 노트 (라인) × 2\n- 황동 펜 × 1\n" in said.body
    assert "아직 남은 상품:\n- 황동 펜 × 2\n" in said.body
    ship(shop, code, 0, 2, label=Label("cj", "685123400240"))
    said = written("shipment_ship")
    assert "이번에 보낸 상품:\n- 황동 펜 × 2\n" in said.body
    assert "아직 남은 상품:\n없어요. 주문하신 상품을 모두 보냈어요." in said.body


def test_a_text_message_says_it_in_short(shop, order, written):
    ship(shop, order(buyer_email="", phone="010-1234-5678"), 2, 1)
    said = written("shipment_ship")
    assert said.body == ""
    assert "[달빛문구] 상품을 보냈어요.\nCJ대한통운 6851-2340-0111\n크라프트 노트 외 1건\n" in said.sms
    assert "남은 상품: 황동 펜 × 2" in said.sms


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", ["안녕하세요", "환불 금액: 33,800원", "사유: 품절", "영업일 3일"]),
        ("ja", ["김서준 様", "返金額：33,800円", "理由：品切れ", "3営業日以内"]),
        ("en", ["Hello 김서준,", "Refund: US$338.00", "Reason: sold out", "within 3 business days"]),
    ],
)
def test_a_letter_speaks_the_customers_language(shop, order, written, language, words):
    code = order(language)
    shop.do(cancels.cancel, code, pieces(shop, 2, 3), "sold_out", by=shop.owner)
    said = written("cancel_cancel").body
    assert [w for w in words if w not in said] == []


def test_the_promised_day_is_said_as_a_day(shop, order, written):
    code = order()
    day = (clock.now() + timedelta(days=3)).date()
    shop.do(orders.promise, code, day)
    assert f"{day.month}월 {day.day}일(" in written("order_promise").subject


def test_a_delay_gives_its_reason_and_an_offer_if_there_is_one(shop, order, written):
    code = order()
    shop.do(orders.delay, code, "종이가 늦게 와요.", "배송비 1,000원을 돌려드려요.")
    said = written("order_delay").body
    assert "사유: 종이가 늦게 와요.\n죄송한 마음으로 준비했어요: 배송비 1,000원을 돌려드려요." in said
    shop.do(orders.delay, code, "아직이에요.")
    assert "준비했어요" not in written("order_delay").body


def test_an_answer_is_the_answer_and_no_more(shop, order, written):
    code = order()
    shop.do(messages.ask, code, "무지도 있나요? 제 번호는 010-9999-8888", by=CUSTOMER)
    shop.do(messages.answer, code, "네, 있어요.\n[고객명]님께 그대로 보내 드려요.")
    said = written("order_answer").body
    assert "네, 있어요.\n김서준님께 그대로 보내 드려요." in said
    assert "무지도" not in said
    assert "크라프트" not in said


def test_a_cancel_of_some_says_what_is_still_sent(shop, order, written):
    shop.do(cancels.cancel, order(), pieces(shop, 0, 3), "sold_out", by=shop.owner)
    said = written("cancel_cancel").body
    assert "취소됐어요.\n\n- 황동 펜 × 3\n" in said
    assert "계속 보내 드릴 상품:\n- 크라프트 노트 (라인) × 2" in said


def test_an_unpaid_order_that_is_cancelled_costs_nothing(shop, written):
    code = shop.place("A1", LineIn("1", "노트", 1, "unpaid", total=900), buyer_email="a@b.test", buyer_name="김").code
    shop.do(cancels.cancel, code, pieces(shop, 1), "wish", by=CUSTOMER)
    said = written("cancel_cancel").body
    assert "환불 금액: 없음\n결제 전이라 청구된 금액이 없어요." in said


def test_where_the_marketplace_pays_back_the_letter_says_so(shop, order, written):
    shop.place(
        "A1", LineIn("1", "노트", 1, "new", total=900), channel="smartstore", buyer_email="a@b.test", buyer_name="김"
    )
    shop.do(cancels.cancel, "A1", pieces(shop, 1), "sold_out", by=shop.owner)
    said = written("cancel_cancel").body
    assert "환불 금액: 구매하신 쇼핑몰에서 처리해요\n환불은 구매하신 쇼핑몰에서 처리해요." in said


def test_a_suspicion_is_never_said_to_the_customer(shop, order, written):
    shop.do(cancels.cancel, order(), pieces(shop, 2, 3), "fraud", "같은 카드로 열 번째", by=shop.owner)
    said = written("cancel_cancel").body
    assert "사유: 주문 내용을 확인할 수 없음" in said
    assert "카드로 열" not in said


def test_a_return_says_how_to_send_it_and_which_fee_is_taken_off(shop, order, written):
    code = order(shipping_fee=3_000)
    ship(shop, code, 2, 3)
    shop.do(shipments.deliver, code, shop.parcels()[0].id)
    claim = shop.do(returns.request, code, "return", pieces(shop, 1), "mind", by=CUSTOMER)
    shop.do(returns.accept, code, claim, "기사님이 내일 찾아가요.", by=shop.owner)
    said = written("return_accept").body
    assert "- 크라프트 노트 (라인) × 1\n" in said
    assert "주문번호 A1 메모" in said
    assert "가게 안내: 기사님이 내일 찾아가요." in said
    assert "예상 환불 금액: 9,400원\n처음에 내신 배송비(3,000원)는 돌려드리지 않아요.\n반품 배송비(3,000원)는" in said
    assert "상품을 받아 확인한 뒤 영업일 3일 안에" in said
    shop.do(returns.receive, code, claim, pieces(shop, 1), by=shop.owner)
    assert "도착한 상품:\n- 크라프트 노트 (라인) × 1\n" in written("return_receive").body


def test_a_fee_that_eats_up_the_goods_leaves_the_other_one_named(shop, order, written):
    code = order(shipping_fee=3_500)
    ship(shop, code, 2, 3)
    shop.do(shipments.deliver, code, shop.parcels()[0].id)
    claim = shop.do(returns.request, code, "return", pieces(shop, 0, 1), "mind", by=CUSTOMER)
    shop.do(returns.bear, code, claim, "customer", 2, "둘 다", by=shop.owner)
    shop.do(returns.accept, code, claim, by=shop.owner)
    said = written("return_accept").body
    assert "처음에 내신 배송비(3,500원)는 돌려드리지 않아요." in said
    assert "반품 배송비(6,000원)는" in said


def test_an_account_that_was_given_is_where_the_money_goes(shop, order, written):
    code = order()
    shop.do(cancels.cancel, code, pieces(shop, 2, 3), "wish", account="국민 123-45-678901", by=CUSTOMER)
    said = written("cancel_cancel").body
    assert "알려 주신 계좌로 영업일 3일 안에 보내 드려요." in said
    assert "678901" not in said
    refund = shop._of("refund", "A1", "id")[0].id
    shop.sql("UPDATE refund SET state = 'manual'")
    shop.do(refunds.settle, code, refund, by=shop.owner)
    assert "환불 금액: 33,800원" in written("refund_settle").body


def test_a_refusal_names_the_parcel_that_has_left_or_gives_the_shops_sentence(shop, order, written):
    code = order()
    claim = shop.do(cancels.request, code, pieces(shop, 1), "wish", by=shop.owner)
    ship(shop, code, 1, 3)
    shop.do(cancels.refuse, code, claim, "", shop.parcels()[0].id, by=shop.owner)
    assert "사유: 이미 보냈어요. CJ대한통운 6851-2340-0111" in written("cancel_refuse").body


def test_a_parcel_that_nobody_can_follow_says_so(shop, written):
    shop.place("A1", LineIn("1", "노트", 1, "new", total=900, method="direct"), buyer_email="a@b.test", buyer_name="김")
    ship(shop, "A1", 1, label=Label("direct", "", carrier_name="직접 전달"))
    assert "송장번호: 없음(조회할 수 없는 배송)\n배송 조회: 없음" in written("shipment_ship").body


def test_a_gap_that_would_stay_empty_is_named_and_nothing_is_sent(shop, order, written):
    letters.save("order_delay", "ko", Words("[가게이름] 늦어요", "발송예정일은 [발송예정일]이에요.", "[발송예정일]"))
    shop.do(orders.delay, order(), "late")
    with pytest.raises(Never, match="empty_placeholder:발송예정일"):
        written("order_delay")
    assert shop.rows("SELECT * FROM order_link") == []


def test_a_part_that_is_not_sent_may_have_gaps(shop, order, written):
    letters.save("order_delay", "ko", Words("[가게이름] 늦어요", "[사유]", "[발송예정일]"))
    shop.do(orders.delay, order(), "종이")
    assert written("order_delay").body == "종이"


def test_a_name_with_line_breaks_writes_no_lines_of_its_own(shop, order, written):
    """Whoever orders with somebody else's mail address would write them a letter in the shop's name."""
    shop.do(orders.delay, order(buyer_name="김서준\n\nPay again:\u2028http://x.test"), "종이")
    lines = written("order_delay").body.splitlines()
    assert any("김서준 Pay again: http://x.test" in line for line in lines)


def test_the_secret_link_leaves_with_the_letter_and_stays_nowhere(shop, order, written):
    shop.do(orders.delay, order(), "종이")
    said = written("order_delay")
    token = re.search(r"http://localhost/my/([\w-]{22})", said.body)[1]
    assert token not in said.draft.shown.body
    assert "/my/…" in said.draft.shown.body
    assert len(shop.rows("SELECT * FROM order_link")) == 1


def test_a_letter_without_the_link_makes_none(shop, order, written):
    letters.save("order_delay", "ko", Words("[가게이름]", "[사유]", "[주문링크]"))
    shop.do(orders.delay, order(), "종이")
    written("order_delay")
    assert shop.rows("SELECT * FROM order_link") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_can_be_written(shop, order, language):
    """With the facts that its moment has: a parcel, a claim, an answer."""
    code = order(language)
    ship(shop, code, 1, 2)
    claim = shop.do(cancels.request, code, pieces(shop, 1), "wish", by=shop.owner)
    shop.do(orders.promise, code, clock.now().date() + timedelta(days=1))
    shop.sql("UPDATE claim SET answer = 'because', hold_reason = 'we are looking', received_at = asked_at, refund = 5")
    shop.sql("UPDATE claim_line SET received = 1")
    event, parcel = shop.rows("SELECT id FROM event")[0].id, shop.parcels()[0].id
    for name in LETTERS:
        about = {"claim_id": claim} if not name.startswith(("order", "shipment")) else {}
        row = {"letter": name, "order_id": shop.order().id, "event_id": event, "medium": "email", "recipient": name}
        row |= {"not_before": clock.now(), "created_at": clock.now(), "shipment_id": parcel, **about}
        row |= {"values": {"words": "An answer.", "reason": "late"}}
        with write() as tx:
            row = tx.execute(insert(Notice).returning(Notice.__table__), row).one()
        said = letter.write(row).words
        assert "A1" in said.subject, name
        assert "달빛문구" in said.body, name
        assert "[" not in said.body.replace("[달빛문구]", ""), name
