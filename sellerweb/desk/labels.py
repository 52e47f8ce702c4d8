"""The desk's words for stages, states, verbs and channels: one label each, for every page. No sentences of the rules."""

from flask_babel import lazy_gettext as _l

TAB = {"open": _l("To do")}
STAGE = {
    "awaiting_payment": _l("Awaiting payment"),
    "new": _l("New"),
    "preparing": _l("Preparing"),
    "ready": _l("Ready to hand over"),
    "partly_shipped": _l("Partly shipped"),
    "shipped": _l("Shipped"),
    "delivered": _l("Delivered"),
    "cancelled": _l("Cancelled"),
    "expired": _l("Expired"),
}
STAGE_LOOK = {
    "awaiting_payment": ("", "clock"),
    "new": ("b-info", "inbox"),
    "preparing": ("b-info", "package-open"),
    "ready": ("b-info", "package"),
    "partly_shipped": ("b-warn", "package-open"),
    "shipped": ("b-ok", "truck"),
    "delivered": ("b-ok", "check"),
    "cancelled": ("", "ban"),
    "expired": ("", "ban"),
}
SHIPMENT = {
    "packing": _l("Packing"),
    "labelled": _l("Labelled"),
    "shipped": _l("Shipped"),
    "in_transit": _l("On its way"),
    "delivered": _l("Delivered"),
    "lost": _l("Lost"),
    "came_back": _l("Came back"),
    "voided": _l("Void"),
}
# What stops an order in the channel's own words; kept short, they stand on a badge.
BLOCK = {
    "cancel_requested": _l("Cancel asked"),
    "return_requested": _l("Return asked"),
    "exchange_requested": _l("Exchange asked"),
    "gift_waiting": _l("Gift not accepted"),
    "unpaid": _l("Unpaid"),
    "unknown": _l("Unknown state"),
    "refunded": _l("Refunded"),
    "void": _l("Void"),
}
CHANNEL = {
    "smartstore": _l("SmartStore"),
    "qoo10": _l("Qoo10 Japan"),
    "shopify": _l("Shopify"),
    "manual": _l("By hand"),
}
CHANNEL_MARK = {"smartstore": ("ch-n", "N"), "qoo10": ("ch-q", "Q"), "shopify": ("ch-s", "S"), "manual": ("ch-m", "M")}
VERB = {
    "place": _l("Order came in"),
    "pay": _l("Payment received"),
    "expire": _l("Expired unpaid"),
    "confirm": _l("Confirmed"),
    "promise": _l("Ship date promised"),
    "hold": _l("Put on hold"),
    "release": _l("Released"),
    "readdress": _l("Address changed"),
    "update": _l("Brought up to date"),
    "cancel": _l("Cancelled"),
    "archive": _l("Archived"),
    "unarchive": _l("Back from the archive"),
    "pack": _l("Packed"),
    "label": _l("Number saved"),
    "unpack": _l("Label taken off"),
    "ship": _l("Shipped"),
    "sent": _l("Sent from elsewhere"),
    "unship": _l("Taken back"),
    "correct": _l("Number corrected"),
    "scan": _l("Carrier has it"),
    "deliver": _l("Delivered"),
}
ACTOR = {"channel": _l("channel"), "clock": _l("clock"), "staff": _l("staff")}
CONFLICT = {
    "new_line": _l("The channel has one line more than we do. It was not added; look at the order."),
    "address_after_label": _l(
        "The channel has another address, but a label is on the parcel already. The address was kept."
    ),
    "quantity_changed": _l("The channel has another quantity than we do. Ours was kept."),
    "cancelled_after_label": _l("Cancelled at the channel: the label was taken off. Do not hand this parcel over."),
    "cancelled_after_ship": _l("Cancelled at the channel, but it has left already. It stays shipped; ask the channel."),
}
LETTER = {
    "order_pay": _l("Payment received"),
    "order_expire": _l("Order closed unpaid"),
    "order_promise": _l("The day it leaves"),
    "order_cancel": _l("Cancelled"),
    "shipment_ship": _l("On its way"),
    "shipment_correct": _l("Corrected number"),
}
NOTICE = {
    "waiting": _l("waiting"),
    "sent": _l("sent"),
    "failed": _l("failed"),
    "suppressed": _l("not sent"),
    "unsure": _l("unsure"),
}
