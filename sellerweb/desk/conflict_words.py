"""The words of a disagreement with a channel: its two sides and its answers, for every page. Decides nothing."""

from datetime import datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from sellerweb import carriers
from sellerweb.desk import labels
from sellerweb.shop.conflicts import APART, TAKES

# A channel's words for a line; those that stop an order are labels.BLOCK.
_STATE = {
    **labels.BLOCK,
    "waiting": labels.STAGE["awaiting_payment"],
    "new": labels.STAGE["new"],
    "confirmed": labels.VERB["confirm"],
    "part_shipped": labels.STAGE["partly_shipped"],
    **dict.fromkeys(("shipping", "shipped"), labels.STAGE["shipped"]),
    **dict.fromkeys(("delivered", "done"), labels.STAGE["delivered"]),
}
_HEADS = {"wish_withdrawn": (_l("Said before"), _l("The file says"))}
_ANSWERS: dict[str, dict[str, Any]] = {
    "other_number": {
        "keep": _l("Keep ours, tell it again"),
        "take": _l("Take theirs: correct the number"),
        "apart": _l("It is another parcel"),
    },
    "wish_withdrawn": {"keep": _l("Still asked: do not send"), "take": _l("Withdrawn: it goes on")},
}
_USUAL = {"keep": _l("Keep ours"), "take": _l("Take theirs")}
_STAYS = _l("It stays as we have it.")
_DONE = {
    ("keep", "other_number"): _l("Ours stays. It waits among what the channel is to be told."),
    ("keep", "wish_withdrawn"): _l("It stays stopped until the channel says more."),
    ("take", "address_after_label"): _l(
        "Taken from the channel. A label that was on is off: pack it with the new address."
    ),
    ("take", "address_again"): _l("Taken from the channel. A label that was on is off: pack it with the new address."),
    ("take", "other_number"): _l("The number is corrected, and the customer gets the letter about it."),
    ("take", "wish_withdrawn"): _l("The request is off the order: it can be sent."),
    ("take", "due_earlier"): _l("It must leave by the earlier day."),
    ("apart", "other_number"): _l("Both numbers stand: the channel speaks of another parcel."),
}


def heads(code: str) -> tuple[Any, Any]:
    """What stands above the two sides."""
    return _HEADS.get(code, (_l("We have"), _l("The channel has")))


def sides(row: Any) -> tuple[str, str]:
    """Ours and theirs as a person reads them."""
    return _side(row.code, row.ours), _side(row.code, row.theirs)


def answers(code: str) -> dict[str, Any]:
    """{verb: the word on its button}, the harmless one first."""
    verbs = ("keep", *(["take"] if code in TAKES else []), *(["apart"] if code in APART else []))
    return {verb: _ANSWERS.get(code, _USUAL)[verb] for verb in verbs}


def done(verb: str, code: str) -> Any:
    """What has happened, after the answer."""
    return _DONE.get((verb, code), _STAYS)


def _side(code: str, side: str) -> str:
    if code == "other_number":
        number, _space, carrier = side.partition(" ")
        known = carriers.CARRIERS.get(carrier)
        return f"{known.spoken if known else carrier} {carriers.display(carrier, number)}".strip()
    if code == "due_earlier":
        return str(format_date(datetime.fromisoformat(side), "medium"))
    if code == "asked_after_ship" and side.isdecimal():
        return _("%(n)s shipped", n=side)
    return str(_STATE.get(side, side))
