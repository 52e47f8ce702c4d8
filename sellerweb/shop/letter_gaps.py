"""Which placeholders each letter can fill: the one list for its page, its check and its tests. What fills them: `letter_sentences`.

What a letter can never say something true in (a parcel before there is one, a refund in a refusal) is not in its list.
"""

from sellerweb.shop.placeholders import PLACEHOLDERS, Placeholder
from sellerweb.shop.states import TIMETABLE

# What every order tells of itself.
_ORDER = ("customer", "shop", "order_no", "order_date", "status", "total", "items", "remaining", "link")
_OPEN = ("ship_day", "time_left")
_PARCEL = ("carrier", "number", "tracking")
_MONEY = ("refund", "refund_how", "fees")
_BACK = {
    "request": ("reason", "answer_by", *_MONEY),
    "accept": ("reason", "note", *_MONEY),
    "receive": ("reason", "note", "answer_by", *_MONEY),
    "hold": ("reason", "note", "answer_by", *_MONEY),
    "refuse": ("reason", "note"),
    "withdraw": ("reason",),
    "finish": ("reason", "note", *_MONEY),
}
# By thing and verb: what the letter says beside that.
_MORE: dict[str, dict[str, tuple[str, ...]]] = {
    "order": {
        "pay": _OPEN,
        "promise": _OPEN,
        "delay": ("reason", "note", *_OPEN),
        "answer": ("answer", *_OPEN),
    },
    "shipment": {"ship": (*_PARCEL, *_OPEN), "correct": _PARCEL},
    "cancel": {
        "request": ("reason", "answer_by", *_MONEY, *_OPEN),
        "approve": ("reason", *_MONEY, *_OPEN),
        "cancel": ("reason", *_MONEY, *_OPEN),
        "refuse": ("reason", "note", *_OPEN),
        "withdraw": ("reason", *_OPEN),
    },
    "return": _BACK,
    "exchange": {
        **{verb: (*(gap for gap in gaps if gap not in ("refund", "refund_how")), "option") for verb, gaps in _BACK.items()},
        "convert": ("reason", "note", "option", *_MONEY),
        "resend": ("reason", "note", "option", *_OPEN),
    },
    "redelivery": {
        "report": ("reason", "answer_by", "refund", "refund_how"),
        "resend": ("reason", *_OPEN),
        "refund": ("reason", "refund", "refund_how"),
        "found": ("reason",),
        "refuse": ("reason", "note"),
        "withdraw": ("reason",),
    },
    "refund": {"settle": ("refund", "reason")},
}  # fmt: skip
_GAPS = {f"{m.thing}_{m.verb}": {*_ORDER, *_MORE.get(m.thing, {}).get(m.verb, ())} for m in TIMETABLE if m.told}


def of(letter: str) -> tuple[Placeholder, ...]:
    """The placeholders that this letter can fill, in their usual order."""
    return tuple(placeholder for placeholder in PLACEHOLDERS if placeholder.key in _GAPS[letter])
