"""What moves of the shelves and reasons of counts are called at the desk. No rules."""

from flask_babel import lazy_gettext as _l

KIND = {
    "count": _l("Counted"),
    "carry": _l("Carried"),
    "found": _l("More than counted"),
    "ship": _l("Shipped"),
    "unship": _l("Shipping taken back"),
    "elsewhere": _l("Sent from elsewhere"),
    "cancel": _l("Cancelled, not put back"),
    "uncancel": _l("Cancel taken back"),
    "come_back": _l("Parcel came back"),
    "inspect": _l("Returned, sold again"),
}
REASON = {
    "stocktake": _l("Stocktake"),
    "arrived": _l("New goods arrived"),
    "damaged": _l("Damaged"),
    "lost": _l("Lost or missing"),
    "other": _l("Other, with a note"),
    "file": _l("From a file"),
    "begin": _l("From before the book"),
}
