"""Text messages through Solapi's own library, caught where it would reach the network."""

import json

import httpx
import pytest

from sellerweb.notices import sms
from sellerweb.notices.outcomes import Later, Never, Unsure
from sellerweb.shop import clock, orders
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.letters import Words, sms_bytes


class Provider:
    """What stands at api.solapi.com: keeps what it is asked, and answers `(status, body)` or raises."""

    def __init__(self) -> None:
        self.asked: list[dict] = []
        self.answer = 200, accepted()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://api.solapi.com/messages/v4/send-many/detail"
        assert request.headers["Authorization"].startswith("HMAC-SHA256 ApiKey=key, ")
        self.asked.append(json.loads(request.content)["messages"][0])
        if isinstance(self.answer, Exception):
            raise self.answer
        status, body = self.answer
        return httpx.Response(status, **({"json": body} if isinstance(body, dict) else {"text": body}))


def accepted(*, failed: str = "") -> dict:
    """The provider's answer, as its library reads it; `failed` is the code of a message that it did not take."""
    money = {"requested": 0, "replacement": 0, "refund": 0, "sum": 0}
    counted = dict.fromkeys(("sentTotal", "sentSuccess", "sentPending", "sentReplacement", "refund"), 0)
    refusal = {"to": "1", "from": "2", "type": "SMS", "country": "82", "messageId": "M", "accountId": "1"}
    return {
        "failedMessageList": [{**refusal, "statusMessage": "no", "statusCode": failed}] if failed else [],
        "groupInfo": {
            "count": {"total": 1, "registeredFailed": int(bool(failed)), "registeredSuccess": int(not failed), **counted},
            "countForCharge": {}, "balance": money, "point": money, "app": {}, "log": [], "status": "SENDING",
            "allowDuplicates": False, "isRefunded": False, "accountId": "1", "masterAccountId": None, "apiVersion": "4",
            "groupId": "G", "price": {}, "dateCreated": None, "dateUpdated": None,
        },
    }  # fmt: skip


ACCOUNT = {"SOLAPI_KEY": "key", "SOLAPI_SECRET": "secret", "SOLAPI_SENDER": "02-123-4567"}


@pytest.fixture
def provider(monkeypatch):
    there = Provider()
    monkeypatch.setattr(httpx, "HTTPTransport", lambda **_: httpx.MockTransport(there))
    return there


@pytest.fixture
def send(provider, settings_alone):
    """send("안녕", to="010-1234-5678"): whether it was handed over before the provider was asked."""

    def do(text="안녕하세요", to="010-1234-5678", subject="달빛문구"):
        settings_alone.update(ACCOUNT)
        handed, before = [], len(provider.asked)
        notice = type("Notice", (), {"id": 7, "recipient": to})
        try:
            sms.send(notice, Words(subject, "", text), lambda: handed.append(len(provider.asked)))
        finally:
            assert handed == [before] * (len(provider.asked) - before)

    return do


def test_a_short_text_is_an_sms(send, provider):
    send()
    [asked] = provider.asked
    assert (asked["to"], asked["from"], asked["text"], asked["type"]) == (
        "01012345678", "021234567", "안녕하세요", "SMS",
    )  # fmt: skip
    assert "subject" not in asked
    assert asked["autoTypeDetect"] is False
    assert asked["customFields"] == {"notice": "7"}


def test_ninety_bytes_is_the_edge(send, provider):
    send("가" * 45)
    send("가" * 45 + "a", subject="긴 제목 " * 20)
    assert [asked["type"] for asked in provider.asked] == ["SMS", "LMS"]
    assert sms_bytes(provider.asked[1]["subject"]) <= 40
    assert provider.asked[1]["subject"].startswith("긴 제목 긴 제목")


def test_what_korean_phones_have_no_letter_for_becomes_a_question_mark(send, provider):
    send("고마워요 🎁 Café\x00")
    assert provider.asked[0]["text"] == "고마워요 ? Caf?"


def test_what_is_longer_than_any_text_message_is_refused(send, provider):
    with pytest.raises(Never, match="too_long"):
        send("가" * 1001)
    assert provider.asked == []


@pytest.mark.parametrize(
    ("recipient", "digits"),
    [
        ("010-1234-5678", "01012345678"),
        ("+82 10-1234-5678", "01012345678"),
        ("050-2123-4123", "05021234123"),
        ("0504-123-45678", "050412345678"),
        ("02-1234-5678", "0212345678"),
        ("070-1234-5678", "07012345678"),
    ],
)
def test_a_korean_number_is_said_in_digits_and_a_safe_number_stays(recipient, digits):
    assert sms.number(recipient) == digits


@pytest.mark.parametrize(
    "recipient", ["", "김서준", "1234", "010-****-5678", "010-12", "https://x.kr", "0502-1234-12345"]
)
def test_what_is_no_phone_gets_nothing(send, provider, recipient):
    with pytest.raises(Never, match="no_phone"):
        send(to=recipient)
    assert provider.asked == []


def test_a_phone_abroad_gets_nothing(send, provider):
    with pytest.raises(Never, match="phone_abroad"):
        send(to="+81 90-1234-5678")


@pytest.mark.parametrize(
    ("answer", "became", "why"),
    [
        ((200, accepted(failed="1011")), Never, "sms_1011"),
        ((200, accepted(failed="1062")), Later, "sms_1062"),
        ((200, accepted(failed="1030")), Later, "sms_1030"),
        ((400, {"errorCode": "ValidationError", "errorMessage": "…"}), Never, "sms_ValidationError"),
        ((402, {"errorCode": "NotEnoughBalance", "errorMessage": "…"}), Later, "sms_NotEnoughBalance"),
        ((403, {"errorCode": "InvalidAPIKey", "errorMessage": "…"}), Later, "sms_InvalidAPIKey"),
        ((500, "oops"), Unsure, "no_answer"),
        ((200, "not json"), Unsure, "no_answer"),
        ((200, {}), Unsure, "no_answer"),
        ((400, "not json"), Unsure, "no_answer"),
        (httpx.ConnectError("down"), Later, "no_answer"),
        (httpx.ConnectTimeout("slow"), Later, "no_answer"),
        (httpx.ReadTimeout("slow"), Unsure, "no_answer"),
        (httpx.RemoteProtocolError("cut"), Unsure, "no_answer"),
    ],
)
def test_what_the_provider_says_decides(send, provider, answer, became, why):
    provider.answer = answer
    with pytest.raises(became, match=why):
        send()


def test_a_letter_goes_out_as_a_text_where_there_is_no_mail_address(shop, provider, deliver, context):
    context.config.update(ACCOUNT)
    line = LineIn("1", "노트", 1, "waiting", total=900)
    shop.place("A1", line, ordered_at=clock.now(), buyer_name="김서준", phone="010-1234-5678")
    shop.do(orders.pay, "A1")
    assert deliver() == 1
    assert provider.asked[0]["text"].startswith("[달빛문구] 결제를 확인했어요.")
    assert "http://localhost/my/" in provider.asked[0]["text"]
    row = shop._of("notice", "A1", "id")[0]
    assert (row.medium, row.state) == ("sms", "sent")
    assert "/my/…" in row.body
