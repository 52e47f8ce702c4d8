"""Money, masked names and phones, times and deadlines in words, in three languages. Knows no orders.

Plain functions on tables: a list says them for every row, and Babel takes fifty times as long.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

LANGUAGES = ("ko", "ja", "en")

_NO_DECIMALS = frozenset({"KRW", "JPY"})
_MONEY = {"JPY": "¥{}", "USD": "US${}", "EUR": "€{}", "GBP": "£{}"}
# A comma stands between thousands and nowhere else: 32,50 is nobody's three thousand.
_TYPED = re.compile(r"(\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?:\.(\d{1,2}))?", re.ASCII)
_WON = {"ko": "{}원", "ja": "{}ウォン", "en": "₩{}"}
_DAYS = {
    "ko": {-1: "어제", 0: "오늘", 1: "내일"},
    "ja": {-1: "昨日", 0: "今日", 1: "明日"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
_DATES = {"ko": ("%m.%d", "%Y.%m.%d"), "ja": ("%m/%d", "%Y/%m/%d"), "en": ("%b %d", "%b %d, %Y")}
# Spelled the same in static/app.js, which lets the deadlines tick.
_SPANS = {"ko": ("{}일", "{}시간", "{}분"), "ja": ("{}日", "{}時間", "{}分"), "en": ("{}d", "{}h", "{}m")}


def money(minor: int | None, currency: str, lang: str) -> str:
    """An amount in minor units: 24,800원, ¥1,980, US$32.00; nothing where it is not known."""
    if minor is None:
        return ""
    sign, minor = ("-", -minor) if minor < 0 else ("", minor)
    pattern = _WON[lang] if currency == "KRW" else _MONEY.get(currency, currency + " {}")
    return sign + pattern.format(amount(minor, currency))


def amount(minor: int, currency: str) -> str:
    """The same without its currency, as it is typed: 24,800 or 32.00."""
    return f"{minor:,}" if currency in _NO_DECIMALS else f"{minor // 100:,}.{minor % 100:02}"


def minor_units(typed: str, currency: str) -> int | None:
    """What somebody typed as an amount (24800, ２４,８００원, US$32.5), in minor units; None where it is none."""
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", typed).strip(" ₩원ウォン¥円US$€£"))
    if found is None:
        return None
    whole, part = int(found[1].replace(",", "")), found[2]
    if currency in _NO_DECIMALS:
        return None if part else whole
    return whole * 100 + int((part or "").ljust(2, "0"))


def mask_name(name: str | None) -> str:
    """김*준, 山田 太*, Emma W*: enough to call somebody by, not enough to know them by."""
    parts = (name or "").split()
    if not parts or "*" in parts[-1]:
        return " ".join(parts)
    if len(parts) == 1 and len(parts[0]) > 2 and not parts[0][0].isascii():
        return _inner(parts[0])
    # A Korean full name may stand before a title: 홍길동 과장.
    return " ".join(
        [
            *(_inner(p) if len(p) > 2 and _hangul(p) else p for p in parts[:-1]),
            (parts[-1][0] if len(parts[-1]) > 1 or len(parts) == 1 else "") + "*",
        ]
    )


def mask_phone(phone: str | None) -> str:
    """010-****-5678: the kind of number and its last four digits."""
    phone = phone or ""
    digits = sum(c.isdigit() for c in phone)
    if digits == 11 and phone.isdigit():
        phone = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    keep = 3 if digits >= 10 else 2 if digits >= 8 else 0
    masked, seen = [], 0
    for c in phone:
        seen += c.isdigit()
        masked.append("*" if c.isdigit() and keep < seen <= digits - min(4, digits // 2) else c)
    return "".join(masked)


def mask_contact(contact: str | None) -> str:
    """k***@example.kr, 010-****-5678, or a name as names are: whatever somebody noted of how to reach a person."""
    contact = contact or ""
    name, at, domain = contact.rpartition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    return mask_phone(contact) if sum(c.isdigit() for c in contact) > 6 else mask_name(contact)


def when(moment: datetime | None, now: datetime, zone: str, lang: str) -> str:
    """A moment by the shop's clock: 오늘 09:12, 어제 23:58, 11.21 09:12; without the hour in another year."""
    if moment is None:
        return ""
    there, today = moment.astimezone(_zone(zone)), now.astimezone(_zone(zone)).date()
    day = _DAYS[lang].get((there.date() - today).days)
    if day is None and there.year != today.year:
        return there.strftime(_DATES[lang][1])
    return f"{day or there.strftime(_DATES[lang][0])} {there:%H:%M}"


def day(date_: date, lang: str) -> str:
    """A day alone: 11.21, 11/21, Nov 21."""
    return date_.strftime(_DATES[lang][0])


def day_of(deadline: datetime, zone: str) -> datetime:
    """A deadline at the shop's midnight belongs to the day that it ends: 23:59 of it."""
    there = deadline.astimezone(_zone(zone))
    return deadline if there.hour or there.minute else deadline - timedelta(minutes=1)


def left(due: datetime | None, now: datetime, lang: str) -> str:
    """How long until a deadline, or since: 1시간 12분, 3일."""
    if due is None:
        return ""
    day, hour, minute = _SPANS[lang]
    minutes = abs(due - now) // timedelta(minutes=1)
    if minutes >= 2880:
        return day.format(minutes // 1440)
    if minutes < 60:
        return minute.format(minutes)
    # Ten hours away nobody counts minutes, and the badge is narrow.
    odd = minutes % 60 if minutes < 600 else 0
    return hour.format(minutes // 60) + (" " + minute.format(odd) if odd else "")


def lines(text: str | None) -> Markup:
    """Text with its line breaks kept, escaped."""
    return Markup("<br>").join((text or "").splitlines())


def thousands(number: int) -> str:
    return f"{number:,}"


def init_app(app: Flask, timezone: str) -> None:
    """`language()`, and the filters |money(currency) |mask_name |mask_phone |mask_contact |when(now) |left(now) |day |iso |lines |thousands."""
    filters: dict[str, Callable[..., object]] = {
        "money": lambda minor, currency: money(minor, currency, language()),
        "when": lambda moment, now: when(moment, now, timezone, language()),
        "left": lambda due, now: left(due, now, language()),
        "iso": lambda moment: moment.astimezone(UTC).isoformat(),
        "day": lambda date_: day(date_, language()),
        "day_of": lambda deadline: day_of(deadline, timezone),
        "mask_name": mask_name,
        "mask_contact": mask_contact,
        "mask_phone": mask_phone,
        "lines": lines,
        "thousands": thousands,
    }
    app.jinja_env.filters.update(filters)
    app.add_template_global(language)


def language() -> str:
    """The two letters of this request's language."""
    return str(get_locale() or "ko")[:2]


def _inner(word: str) -> str:
    return word[0] + "*" * (len(word) - 2) + word[-1]


def _hangul(word: str) -> bool:
    return unicodedata.name(word[0], "").startswith("HANGUL")


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
