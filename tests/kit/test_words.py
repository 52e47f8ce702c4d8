"""Money, names, phones, times and deadlines in three languages."""

from datetime import UTC, datetime, timedelta

import pytest

from sellerweb.kit.words import (
    amount,
    left,
    lines,
    mask_contact,
    mask_name,
    mask_phone,
    minor_units,
    money,
    thousands,
    when,
)

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)  # 14:00 in Seoul


@pytest.mark.parametrize(
    ("minor", "currency", "lang", "said"),
    [
        (24_800, "KRW", "ko", "24,800원"),
        (24_800, "KRW", "ja", "24,800ウォン"),
        (24_800, "KRW", "en", "₩24,800"),
        (1_980, "JPY", "ko", "¥1,980"),
        (3_200, "USD", "ko", "US$32.00"),
        (5, "USD", "en", "US$0.05"),
        (123_456_789, "EUR", "en", "€1,234,567.89"),
        (1_050, "TWD", "en", "TWD 10.50"),
        (-1_980, "JPY", "ja", "-¥1,980"),
        (0, "KRW", "ko", "0원"),
        (None, "KRW", "ko", ""),
    ],
)
def test_money(minor, currency, lang, said):
    assert money(minor, currency, lang) == said


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("24800", "KRW", 24_800),
        (" ２４，８００원 ", "KRW", 24_800),
        ("¥1,980", "JPY", 1_980),
        ("US$32.5", "USD", 3_250),
        ("32", "USD", 3_200),
        ("0", "KRW", 0),
        *((typed, "USD", None) for typed in ("", "-1", "32,50", "12.345", "1e3", "abc", "٣", "9" * 30)),
        ("1.5", "KRW", None),
    ],
)
def test_a_typed_sum_is_read_or_refused(typed, currency, minor):
    assert minor_units(typed, currency) == minor


@pytest.mark.parametrize(("minor", "currency"), [(24_800, "KRW"), (3_205, "USD"), (0, "JPY"), (123_456_789, "EUR")])
def test_a_sum_that_was_written_is_read_again(minor, currency):
    assert minor_units(amount(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("김서준", "김*준"),
        ("남궁민수", "남**수"),
        ("김준", "김*"),
        ("김", "김*"),
        ("山田 太郎", "山田 太*"),
        ("山田　太郎", "山田 太*"),
        ("山田太郎", "山**郎"),
        ("Emma Watson", "Emma W*"),
        ("Emma", "E*"),
        ("홍길동 과장", "홍*동 과*"),
        ("김*준", "김*준"),
        ("  ", ""),
        (None, ""),
    ],
)
def test_a_name_is_masked(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("010-1234-5678", "010-****-5678"),
        ("01012345678", "010-****-5678"),
        ("02-123-4567", "02-***-4567"),
        ("+82 10-1234-5678", "+82 1*-****-5678"),
        ("0502-1234-5678", "050*-****-5678"),
        ("090-1234-5678", "090-****-5678"),
        ("1234", "**34"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_is_masked(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("contact", "masked"),
    [("kim.seojun@example.kr", "k***@example.kr"), ("010-1234-5678", "010-****-5678"), ("이하늘", "이*늘"), (None, "")],
)
def test_a_contact_is_masked_as_what_it_is(contact, masked):
    assert mask_contact(contact) == masked


@pytest.mark.parametrize(
    ("moment", "lang", "said"),
    [
        (datetime(2026, 11, 21, 0, 12, tzinfo=UTC), "ko", "오늘 09:12"),
        (datetime(2026, 11, 20, 14, 58, tzinfo=UTC), "ko", "어제 23:58"),
        (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), "ko", "오늘 00:00"),
        (datetime(2026, 11, 22, 7, 0, tzinfo=UTC), "ja", "明日 16:00"),
        (datetime(2026, 11, 11, 0, 12, tzinfo=UTC), "ko", "11.11 09:12"),
        (datetime(2026, 11, 11, 0, 12, tzinfo=UTC), "ja", "11/11 09:12"),
        (datetime(2026, 11, 11, 0, 12, tzinfo=UTC), "en", "Nov 11 09:12"),
        (datetime(2025, 11, 11, 0, 12, tzinfo=UTC), "ko", "2025.11.11"),
        (datetime(2026, 11, 21, 0, 12, tzinfo=UTC), "en", "today 09:12"),
        (None, "ko", ""),
    ],
)
def test_a_moment_by_the_shops_clock(moment, lang, said):
    assert when(moment, NOW, "Asia/Seoul", lang) == said


@pytest.mark.parametrize(
    ("span", "lang", "said"),
    [
        (timedelta(hours=1, minutes=12), "ko", "1시간 12분"),
        (timedelta(hours=1, minutes=12), "ja", "1時間 12分"),
        (timedelta(hours=1, minutes=12), "en", "1h 12m"),
        (timedelta(hours=2), "ko", "2시간"),
        (timedelta(minutes=12, seconds=59), "ko", "12분"),
        (timedelta(seconds=59), "ko", "0분"),
        (timedelta(hours=47, minutes=59), "ko", "47시간"),
        (timedelta(hours=48), "ko", "2일"),
        (-timedelta(minutes=30), "ko", "30분"),
    ],
)
def test_what_is_left_until_a_deadline(span, lang, said):
    assert left(NOW + span, NOW, lang) == said


def test_no_deadline_says_nothing():
    assert left(None, NOW, "ko") == ""


def test_lines_are_kept_and_everything_else_is_escaped():
    assert lines("문 앞\n<b>벨</b>") == "문 앞<br>&lt;b&gt;벨&lt;/b&gt;"


def test_thousands():
    assert thousands(1_234_567) == "1,234,567"
