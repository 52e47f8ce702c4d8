"""The gaps in a letter's words, `[주문번호]`: their names in three languages, and filling them. Pure; knows no letters.

A name is understood in every language, whatever the letter's own. What is filled in is never read again, so that a
product called `[고객명]` stays one. Not Jinja: whoever edits words must not be able to write a program.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Innermost brackets only: `[[가게이름]]` is a name in brackets.
_GAP = re.compile(r"\[([^\[\]\n]{1,30})\]")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One gap. An `optional` one may have nothing to say: then its whole line is left out."""

    key: str
    ko: str
    ja: str
    en: str
    optional: bool = False

    def name(self, language: str) -> str:
        return str(getattr(self, language))


PLACEHOLDERS = (
    Placeholder("customer", "고객명", "お客様名", "customer"),
    Placeholder("shop", "가게이름", "店舗名", "shop"),
    Placeholder("order_no", "주문번호", "注文番号", "order number"),
    Placeholder("order_date", "주문일", "注文日", "order date"),
    Placeholder("status", "상태", "状態", "status"),
    Placeholder("total", "결제금액", "お支払い金額", "total"),
    Placeholder("items", "상품명", "商品名", "items"),
    Placeholder("remaining", "남은상품", "残りの商品", "still to come"),
    Placeholder("carrier", "택배사", "配送会社", "carrier"),
    Placeholder("number", "송장번호", "追跡番号", "tracking number"),
    Placeholder("tracking", "배송조회", "配送状況", "tracking link"),
    Placeholder("ship_day", "발송예정일", "発送予定日", "ship date"),
    Placeholder("time_left", "남은시간", "残り時間", "time left"),
    Placeholder("refund", "환불금액", "返金額", "refund"),
    Placeholder("refund_how", "환불안내", "返金のご案内", "refund details"),
    Placeholder("fees", "배송비안내", "送料のご案内", "fees", optional=True),
    Placeholder("reason", "사유", "理由", "reason"),
    Placeholder("answer", "답변", "回答", "answer"),
    Placeholder("note", "안내", "ご案内", "note", optional=True),
    Placeholder("option", "교환옵션", "交換オプション", "new option", optional=True),
    Placeholder("answer_by", "답변기한", "回答期限", "answer by", optional=True),
    Placeholder("link", "주문링크", "注文ページ", "order link"),
)
_BY_NAME = {p.name(language): p for p in PLACEHOLDERS for language in ("ko", "ja", "en")}


class Unfilled(ValueError):
    """A gap with nothing to put in; `name` is how the text calls it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def used(text: str) -> set[str]:
    """The keys of the placeholders in a text."""
    return {_BY_NAME[name].key for name in _GAP.findall(text) if name in _BY_NAME}


def named(text: str) -> list[tuple[str, str]]:
    """The placeholders of a text, in order: how it calls them, and their keys."""
    return [(name, _BY_NAME[name].key) for name in _GAP.findall(text) if name in _BY_NAME]


def unknown(text: str) -> list[str]:
    """What stands in brackets and is no placeholder, in order."""
    return list(dict.fromkeys(name for name in _GAP.findall(text) if name not in _BY_NAME))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its gaps filled from `values` {key: words}. Raises Unfilled rather than leave one empty."""
    lines = [line for line in text.split("\n") if not _has_nothing_to_say(line, values)]
    return _GAP.sub(lambda gap: _value(gap[1], values), "\n".join(lines))


def _has_nothing_to_say(line: str, values: Mapping[str, str]) -> bool:
    named = [_BY_NAME[name] for name in _GAP.findall(line) if name in _BY_NAME]
    return any(p.optional and not values.get(p.key) for p in named)


def _value(name: str, values: Mapping[str, str]) -> str:
    placeholder = _BY_NAME.get(name)
    value = values.get(placeholder.key, "") if placeholder else ""
    if not value.strip():
        raise Unfilled(name)
    return value
