"""Facts of an order become the words that fill placeholders, for letters and for whoever else answers. Reads no rows.

Amounts and days are written as people of the language write them in a sentence. No link is made here: that writes.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision
from flask import current_app

from sellerweb.shop import clock, letters
from sellerweb.shop.letter_facts import Facts, Parcel, Piece
from sellerweb.shop.states import OPEN

# Where Babel's sign is not how a sentence says it.
_MONEY = {("ko", "KRW"): "#,##0원", ("ja", "JPY"): "#,##0円"}
_LOCALE = {"ko": "ko_KR", "ja": "ja_JP", "en": "en_GB"}


def sentences(facts: Facts) -> tuple[dict[str, str], dict[str, str]]:
    """What fills each placeholder but the link; and shorter ones, for a subject and a text message."""
    order, say = facts.order, letters.phrases(facts.language)
    values = {
        "customer": _one_line(order.buyer_name or order.receiver_name),
        "shop": current_app.config["SHOP_NAME"],
        "order_no": _one_line(order.order_no),
        "order_date": _day(order.ordered_at, facts.language),
        "status": say["stage"][order.stage],
        "total": "" if order.total is None else _money(order.total + order.shipping_fee, facts),
        "items": _list(facts.pieces, say),
        "remaining": _list(facts.remaining, say) or _nothing_left(facts, say),
        "ship_day": _day(_ship_day(facts), facts.language),
        "time_left": _time_left(order, say),
        "refund": _refund(facts, say),
        "refund_how": _refund_how(facts, say),
        "fees": _fees(facts, say),
        "reason": _reason(facts, say),
        "answer": facts.values.get("words", ""),
        "note": _note(facts),
        "option": _one_line(facts.claim.option) if facts.claim else "",
        "answer_by": _day(facts.answer_by, facts.language),
        **_parcel(facts.parcel, say),
    }
    brief = {
        "items": _in_short(facts.pieces, say),
        "remaining": _in_short(facts.remaining, say) or _nothing_left(facts, say),
    }
    return values, brief


def _parcel(parcel: Parcel | None, say: dict[str, Any]) -> dict[str, str]:
    if parcel is None:
        return {}
    number, link = parcel.number, parcel.link
    if not number and not parcel.trackable:
        number = link = say["parcel"]["no_number"]
    return {"carrier": parcel.carrier, "number": number, "tracking": link or say["parcel"]["no_page"]}


def _list(pieces: list[Piece], say: dict[str, Any]) -> str:
    shapes = say["formats"]
    return "\n".join(
        shapes["piece_with_option" if p.option else "piece"].format(
            name=_one_line(p.name), option=_one_line(p.option), quantity=p.quantity
        )
        for p in pieces
    )


def _in_short(pieces: list[Piece], say: dict[str, Any]) -> str:
    if not pieces:
        return ""
    first, shape = pieces[0], say["formats"]["one" if len(pieces) == 1 else "several"]
    return str(shape.format(name=_one_line(first.name), quantity=first.quantity, more=len(pieces) - 1))


def _nothing_left(facts: Facts, say: dict[str, Any]) -> str:
    return str(say["parcel"]["nothing_left"] if facts.letter == "shipment_ship" else say["still_to_send"]["nothing"])


def _refund(facts: Facts, say: dict[str, Any]) -> str:
    if not facts.decided_here:
        return str(say["refund"]["elsewhere"])
    return _money(facts.refund, facts) if facts.refund else str(say["refund"]["none"])


def _refund_how(facts: Facts, say: dict[str, Any]) -> str:
    """How and when the money comes, or why none does."""
    if not facts.decided_here:
        code = "how_elsewhere"
    elif not facts.order.paid_at:
        code = "how_unpaid"
    elif not facts.refund:
        code = "how_nothing"
    else:
        goods_first = facts.claim and facts.claim.kind in ("return", "exchange") and not facts.claim.received_at
        code = ("after" if goods_first else "how") + ("_account" if facts.to_account else "_paid")
    return str(say["refund"][code].format(days=facts.refund_days))


def _fees(facts: Facts, say: dict[str, Any]) -> str:
    """What does not come back, or that the shop bears it."""
    if not facts.decided_here or facts.claim is None:
        return ""
    kept = [say["fees"][code].format(amount=_money(amount, facts)) for code, amount in facts.kept]
    if not kept and facts.claim.kind in ("return", "exchange") and facts.claim.bearer == "seller":
        return str(say["fees"]["ours"])
    return "\n".join(kept)


def _reason(facts: Facts, say: dict[str, Any]) -> str:
    """Why: the shop's own sentence where it wrote one to the customer, else the word for the reason. Never a staff note."""
    claim = facts.claim
    if facts.letter == "order_delay":
        return str(facts.values.get("reason", ""))
    if claim is None:
        return ""
    if facts.letter.endswith("_hold"):
        return str(claim.hold_reason)
    if facts.letter.endswith("_refuse"):
        if not claim.answer and facts.parcel:
            return str(say["reason"]["shipped"].format(carrier=facts.parcel.carrier, number=facts.parcel.number))
        return str(claim.answer)
    return str(say["reason"].get(facts.values.get("reason", claim.reason), ""))


def _note(facts: Facts) -> str:
    """What the shop adds for this once: an offer, how to send it back."""
    if facts.letter == "order_delay":
        return str(facts.values.get("offer", ""))
    return str(facts.claim.answer) if facts.claim else ""


def _ship_day(facts: Facts) -> date | datetime | None:
    """The promised day; an answer to somebody who asks may also name the day by which it has to leave."""
    order = facts.order
    due = order.ship_due_at if facts.letter == "order_answer" and order.stage in OPEN else None
    return order.promised_on or due


def _time_left(order: Any, say: dict[str, Any]) -> str:
    """How long until it must have left, or that this is past; "" where nothing is left to send or no hour is set."""
    if order.ship_due_at is None or order.stage not in OPEN:
        return ""
    minutes = int((order.ship_due_at - clock.now()).total_seconds() // 60)
    days, hours = minutes // (24 * 60), minutes // 60
    shape = "past" if minutes < 0 else "days" if days else "hours" if hours else "minutes"
    return str(say["time_left"][shape].format(days=days, hours=hours % 24 if days else hours, minutes=minutes % 60))


def _money(minor: int, facts: Facts) -> str:
    currency, lang = facts.order.currency, facts.language
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return str(format_currency(amount, currency, _MONEY.get((lang, currency)), locale=_LOCALE[lang]))


def _day(day: date | datetime | None, language: str) -> str:
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(current_app.config["TIMEZONE"])).date()
    return str(format_date(day, letters.phrases(language)["formats"]["day"], locale=_LOCALE[language]))


def _one_line(text: str) -> str:
    return " ".join(text.split())
