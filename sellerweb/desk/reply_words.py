"""The desk's words about the kinds of question that a reply template is for. The templates' own words: `shop.replies`."""

from flask_babel import lazy_gettext as _l

KIND = {
    "where_is_it": _l("Where is it?"),
    "late": _l("Late"),
    "cancel": _l("Cancel"),
    "address": _l("Address"),
    "return": _l("Return"),
    "exchange": _l("Exchange"),
    "damaged": _l("Damaged or wrong"),
    "goods": _l("About the goods"),
    "other": _l("Other"),
}
