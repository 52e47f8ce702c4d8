"""The desk's words for why something is undone, keyed by the codes of shop.fees. No rules."""

from flask_babel import lazy_gettext as _l

REASON = {
    # before it leaves
    "wish": _l("No longer wanted"),
    "option": _l("Wants another option"),
    "sold_out": _l("Sold out"),
    "fraud": _l("Fraud suspected"),
    "late": _l("Takes too long"),
    # after it has left
    "mind": _l("Change of mind"),
    "size": _l("Colour or size"),
    "ordered_wrongly": _l("Ordered by mistake"),
    "defective": _l("Defective"),
    "broken": _l("Arrived broken"),
    "wrong_item": _l("Wrong item"),
    "wrong_option": _l("Wrong option"),
    "differs": _l("Differs from the page"),
    "missing": _l("Missing from the parcel"),
    "lost": _l("Lost by the carrier"),
    "came_back": _l("Came back to us"),
    "other": _l("Other reasons"),
}
# Many of a kind, as a report says it.
KINDS = {
    "cancel": _l("Cancels"),
    "return": _l("Returns"),
    "exchange": _l("Exchanges"),
    "redelivery": _l("Redeliveries"),
}
