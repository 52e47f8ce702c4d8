"""The desk's words for stages, states, verbs and channels: one label each, for every page. No sentences of the rules."""

from typing import Any

from flask_babel import lazy_gettext as _l

from sellerweb.shop.states import TIMETABLE

TAB = {"open": _l("To do"), "archived": _l("In the archive")}
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
    "delay": _l("Delay told"),
    "ask": _l("The customer wrote"),
    "answer": _l("The shop wrote"),
    "follow_up": _l("Asked whether all is well"),
    "note": _l("Note about the customer"),
    "repeat": _l("Letter sent once more"),
    "revoke": _l("Customer's links closed"),
    "delete": _l("Deleted"),
    "hold": _l("Put on hold"),
    "release": _l("Released"),
    "readdress": _l("Address changed"),
    "relocate": _l("Location changed"),
    "update": _l("Brought up to date"),
    "disagree": _l("The channel says otherwise"),
    "agree": _l("The channel agrees again"),
    "keep": _l("Kept against the channel"),
    "follow": _l("Taken from the channel"),
    "apart": _l("Two parcels: both are right"),
    "back": _l("back, says the channel"),
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
    "tell": _l("The channel knows"),
    "scan": _l("Carrier has it"),
    "deliver": _l("Delivered"),
    "lose": _l("Lost on its way"),
    "come_back": _l("Came back undelivered"),
    "set_aside": _l("Put aside at the bench"),
    # Of a claim or a refund, whose name stands before it (see `moved`).
    "request": _l("asked for"),
    "approve": _l("approved"),
    "refuse": _l("refused"),
    "withdraw": _l("withdrawn"),
    "undo": _l("taken back"),
    "reopen": _l("open again"),
    "accept": _l("accepted"),
    "collect": _l("goods on their way back"),
    "receive": _l("goods are here"),
    "inspect": _l("goods inspected"),
    "bear": _l("fee decided anew"),
    "finish": _l("finished"),
    "convert": _l("turned into a return"),
    "resend": _l("sent once more"),
    "report": _l("reported"),
    "check": _l("being checked"),
    "refund": _l("money instead"),
    "found": _l("it was found"),
    "owe": _l("owed"),
    "hand": _l("to be sent by staff"),
    "send": _l("money sent"),
    "settle": _l("the customer has it"),
    "fail": _l("failed"),
}
ACTOR = {"channel": _l("channel"), "clock": _l("clock"), "staff": _l("staff"), "customer": _l("customer")}
KIND = {
    "cancel": _l("Cancellation"),
    "return": _l("Return of goods"),
    "exchange": _l("Exchange"),
    "redelivery": _l("Redelivery"),
}
# Tabs and lists: several of them.
KINDS = {
    "cancel": _l("Cancels"),
    "return": _l("Returns"),
    "exchange": _l("Exchanges"),
    "redelivery": _l("Redeliveries"),
}
KIND_LOOK = {"cancel": "package-x", "return": "undo", "exchange": "exchange", "redelivery": "refresh"}
CLAIM = {
    "requested": _l("To be answered"),
    "accepted": _l("Accepted"),
    "collecting": _l("On its way back"),
    "received": _l("To be inspected"),
    "inspected": _l("Inspected"),
    "resent": _l("Sent once more"),
    "reported": _l("Reported"),
    "checking": _l("Being checked"),
    "refunded": _l("Money given back"),
    "found": _l("It was found"),
    "refused": _l("Refused"),
    "withdrawn": _l("Withdrawn"),
    "undone": _l("Taken back by us"),
    "done": _l("Done (claim)"),
}
CLAIM_LOOK = {
    **dict.fromkeys(("requested", "reported", "received"), "b-warn"),
    **dict.fromkeys(("accepted", "collecting", "inspected", "checking"), "b-info"),
    **dict.fromkeys(("resent", "refunded", "found", "done"), "b-ok"),
}
# What an order's row says of its claims; short, they stand on a badge.
FLAG = {
    "cancel_asked": _l("Cancel asked"),
    "return_asked": _l("Return asked"),
    "exchange_asked": _l("Exchange asked"),
    "redelivery_asked": _l("Did not arrive"),
    "cancel_withdrawn": _l("Send after all"),
}
FLAG_ICON = {flag: KIND_LOOK[flag.partition("_")[0]] for flag in FLAG} | {"cancel_asked": "alert"}
BEARER = {"customer": _l("The customer pays the fee"), "seller": _l("The shop pays the fee"), "": _l("Not decided yet")}
KEPT = {
    "shipping": _l("Shipping fee, which does not come back"),
    "return_fee": _l("Fee for the way back"),
    "free_shipping": _l("Shipping, no longer free for what stays"),
}
WANTS = {"resend": _l("Send it once more"), "refund": _l("Give the money back")}
REFUND = {
    "due": _l("Counting down"),
    "manual": _l("To be sent"),
    "sent": _l("Money sent"),
    "done": _l("Settled"),
    "failed": _l("Failed"),
}
REFUND_LOOK = {"due": "b-note", "manual": "b-warn", "sent": "b-info", "done": "b-ok", "failed": "b-bad"}
PAYMENT = {
    "awaiting": _l("Awaiting payment"),
    "paid": _l("Paid in full"),
    "partly_refunded": _l("Partly refunded"),
    "refunded": _l("Refunded"),
}
PAYMENT_LOOK = {"awaiting": "b-warn", "paid": "b-ok", "partly_refunded": "b-info", "refunded": ""}
CONFLICT = {
    "new_line": _l("The channel has one line more than we do. It was not added; look at the order."),
    "address_after_label": _l(
        "The channel has another address, but a label is on the parcel already. The address was kept."
    ),
    "quantity_changed": _l("The channel has another quantity than we do. Ours was kept."),
    "address_again": _l(
        "The channel gives another address, but the order's was changed already. Ours stands; choose which."
    ),
    "cancelled_after_label": _l("Cancelled at the channel: the label was taken off. Do not hand this parcel over."),
    "cancelled_after_ship": _l("Cancelled at the channel, but it has left already. It stays shipped; ask the channel."),
    "asked_after_ship": _l(
        "Somebody asked the channel to cancel it, but it has left already. It stays shipped; tell the channel so."
    ),
    "other_number": _l(
        "The channel has another tracking number for this parcel than we told it. Ours stands; choose which."
    ),
    "wish_withdrawn": _l(
        "The file has an earlier state again: it is an old file, or the request was withdrawn. Look at the channel; what stopped still stops."
    ),
    "due_earlier": _l("The channel names an earlier day than before. The later one stands; choose which."),
}
LETTER = {
    "order_pay": _l("Payment received"),
    "order_expire": _l("Order closed unpaid"),
    "order_promise": _l("The day it leaves"),
    "order_delay": _l("It will be late"),
    "order_answer": _l("Answer of the shop"),
    "order_follow_up": _l("Whether all is well"),
    "shipment_ship": _l("On its way"),
    "shipment_correct": _l("Corrected number"),
    "refund_settle": _l("Refund done"),
}
NOTICE = {
    "waiting": _l("waiting"),
    "sending": _l("being sent"),
    "sent": _l("sent"),
    "failed": _l("failed"),
    "suppressed": _l("not sent"),
    "unsure": _l("unsure"),
}
# The told moves of the claims, each by its own words.
LETTER |= {
    f"{m.thing}_{m.verb}": _l("%(thing)s: %(move)s", thing=KIND[m.thing], move=VERB[m.verb])
    for m in TIMETABLE
    if m.told and m.thing in KIND
}
LETTER["cancel_cancel"] = VERB["cancel"]
_REFUND = _l("Refund")


def moved(event: Any) -> str:
    """One line of a history: what happened, and to which claim where it was one."""
    thing = _REFUND if event.thing == "refund" else KIND.get(event.thing)
    return f"{thing}: {VERB[event.verb]}" if thing and event.verb != "cancel" else str(VERB[event.verb])
