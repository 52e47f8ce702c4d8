"""Handing a text message to Solapi, a Korean provider, by its own library (an extra). Knows no orders; decides nothing.

The library keeps no idempotency key, so a request that nobody answered leaves it open, as a mail server does.
Codes (docs: message-status-codes, api-key): 1xxx come back at once; 403 is about our key, 402 about our money.
"""

from collections.abc import Callable
from typing import Any

from flask import current_app
from phonenumbers import NumberParseException, is_valid_number, parse

from sellerweb.notices import mail
from sellerweb.notices.outcomes import Later, Never, NotTaken, Unsure
from sellerweb.shop.letters import LMS_BYTES, SMS_BYTES, Words, sms_bytes

# Our account's trouble, not the message's: worth another try once somebody has mended it.
OURS = frozenset({
    "InvalidAPIKey", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "DuplicatedSignature", "Forbidden", "Unauthorized",
    "NotEnoughBalance", "TooManyRequests", "1020", "1024", "1030", "1058", "1062",
})  # fmt: skip
LONGEST_SUBJECT = 40


def send(notice: Any, words: Words, hand: Callable[..., None]) -> None:
    """Hand the words to the provider for the notice's one recipient; raises what became of it instead of being taken."""
    try:
        from solapi import SolapiMessageService
        from solapi.error.MessageNotReceiveError import MessageNotReceivedError
        from solapi.model import RequestMessage
        from solapi.model.message_type import MessageType
    except ImportError as missing:
        raise Later("no_library") from missing
    config, text = current_app.config, spoken(mail.text(words.sms))
    size = sms_bytes(text)
    if size > LMS_BYTES:
        raise Never("too_long")
    long = size > SMS_BYTES
    message = RequestMessage(
        to=number(notice.recipient),
        from_=config["SOLAPI_SENDER"],
        text=text,
        type=MessageType.LMS if long else MessageType.SMS,
        subject=_cut(spoken(mail.plain(words.subject))) if long else None,
        auto_type_detect=False,
        custom_fields={"notice": str(notice.id)},
    )
    service = SolapiMessageService(config["SOLAPI_KEY"], config["SOLAPI_SECRET"])
    hand()
    try:
        service.send(message)
    except MessageNotReceivedError as no:
        raise _by_code(str(no.failed_messages[0].status_code)) from no
    except Exception as error:  # the library raises bare ones
        raise _what_became(error) from error


def number(recipient: str) -> str:
    """A Korean number's digits; a safe number (050…) as it was received. Never for what is no phone, or abroad."""
    digits = "".join(c for c in recipient if c.isdecimal())
    if digits.startswith("050") and len(digits) in (11, 12) and digits.isascii():
        return digits
    try:
        found = parse(recipient, "KR")
    except NumberParseException as odd:
        raise Never("no_phone") from odd
    if not is_valid_number(found):
        raise Never("no_phone")
    if found.country_code != 82:
        raise Never("phone_abroad")
    return f"0{found.national_number}"


def spoken(text: str) -> str:
    """Text in the letters that Korean phones have; others become question marks, for the provider refuses them."""
    return text.encode("cp949", "replace").decode("cp949")


def _cut(subject: str) -> str:
    while sms_bytes(subject) > LONGEST_SUBJECT:
        subject = subject[:-1]
    return subject


def _what_became(error: Exception) -> NotTaken:
    """Of an exception that the library lets through; what cannot be told apart is unsure."""
    import httpx

    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Later("no_answer")  # nothing was sent yet
    # 4xx: (code, sentence). A 5xx calls itself UnknownError, and nobody knows how far the message came.
    code = error.args[0] if type(error) is Exception and len(error.args) == 2 else ""
    return _by_code(str(code)) if code and code != "UnknownError" else Unsure("no_answer")


def _by_code(code: str) -> NotTaken:
    return (Later if code in OURS else Never)(f"sms_{code}"[:40])
