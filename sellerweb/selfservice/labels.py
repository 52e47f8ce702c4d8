"""What customers read of stages, claims, refunds and reasons: sentences, never the desk's short words. No rules."""

from typing import Any

from flask_babel import lazy_gettext as _l

STEPS = (_l("Payment"), _l("Getting ready"), _l("On the road"), _l("Arrived"))
# How far along the bar an order is: the step that is now. Ended orders have no bar, nor those whose parcel never arrived.
STEP = {
    "awaiting_payment": 0,
    "new": 1,
    "preparing": 1,
    "ready": 1,
    "partly_shipped": 2,
    "shipped": 2,
    "partly_delivered": 2,
    "delivered": 3,
}
# By `Mine.standing`.
HEADING = {
    "settling": _l("The shop is preparing a change to your order"),
    "awaiting_payment": _l("We are waiting for your payment"),
    "new": _l("We have received your order"),
    "preparing": _l("We are getting your order ready"),
    "ready": _l("Your parcel is packed and about to leave"),
    "partly_shipped": _l("Part of your order is on its way"),
    "shipped": _l("Your order is on its way"),
    "partly_delivered": _l("Part of your order has arrived"),
    "delivered": _l("Your order has arrived"),
    "lost": _l("Your parcel was lost on the way"),
    "came_back": _l("Your parcel went back to the shop"),
    "cancelled": _l("This order was cancelled"),
    "expired": _l("This order was closed"),
}
PARCEL = {
    "shipped": _l("On the road"),
    "in_transit": _l("On the road"),
    "delivered": _l("Arrived"),
    "lost": _l("Lost on the way"),
    "came_back": _l("Went back to the shop"),
}
PARCEL_LOOK = {"delivered": ("b-ok", "check"), "lost": ("b-bad", "alert"), "came_back": ("b-warn", "undo")}

MARKETPLACES = {
    "smartstore": (_l("Naver SmartStore"), "https://order.pay.naver.com/home"),
    "qoo10": (_l("Qoo10"), "https://www.qoo10.jp/gmkt.inc/My/"),
}

KIND = {
    "cancel": _l("Your cancellation"),
    "return": _l("Your return"),
    "exchange": _l("Your exchange"),
    "redelivery": _l("Missing or damaged"),
}
# While staff may still take back what they decided: neither done nor promised.
SETTLING = ("b-info", _l("Is being prepared"), _l("The shop is preparing its answer."))
SETTLING_DOOR = _l("The shop is preparing a change to this order. In a moment its page says which.")
# Where a claim is: its badge and its sentence. Kinds that share a road share the words.
_ROAD = {
    "requested": ("b-note", _l("Waiting for an answer"), _l("The shop has your request and will answer you.")),
    "accepted": ("b-info", _l("Please send it back"), _l("The shop has agreed. Please send the goods back.")),
    "collecting": ("b-info", _l("Travelling back"), _l("The goods are on their way to the shop.")),
    "received": ("b-info", _l("Back at the shop"), _l("The goods are back. The shop is looking at them.")),
    "inspected": ("b-info", _l("Looked at"), _l("The shop has looked at the goods and is finishing this.")),
    "refused": ("b-bad", _l("Not possible"), _l("The shop could not agree to this.")),
    "withdrawn": ("", _l("You took it back"), _l("You took this request back.")),
}
CLAIM: dict[str, dict[str, tuple[str, Any, Any]]] = {
    "cancel": {
        **_ROAD,
        "requested": (
            "b-note",
            _l("Waiting for an answer"),
            _l("You asked to cancel this. Nothing of it is sent until the shop has answered."),
        ),
        "done": ("b-ok", _l("All done"), _l("These pieces are cancelled.")),
    },
    "return": {**_ROAD, "done": ("b-ok", _l("All done"), _l("The return is finished."))},
    "exchange": {
        **_ROAD,
        "resent": ("b-info", _l("Sent again"), _l("The other piece is being sent to you.")),
        "done": ("b-ok", _l("All done"), _l("The exchange is finished.")),
    },
    "redelivery": {
        **_ROAD,
        "reported": ("b-note", _l("Waiting for an answer"), _l("The shop knows about it and will answer you.")),
        "checking": ("b-info", _l("Being looked into"), _l("The shop is asking the carrier about it.")),
        "resent": ("b-ok", _l("Sent again"), _l("The pieces are being sent to you once more.")),
        "refunded": ("b-ok", _l("Paid back to you"), _l("You get the money for these pieces back.")),
        "found": ("b-ok", _l("Found after all"), _l("It was found after all.")),
    },
}
REFUND = {
    "due": _l("Is being prepared"),
    "manual": _l("Is being prepared"),
    "sent": _l("Is on its way to you"),
    "done": _l("Paid to you"),
}
KEPT = {"free_shipping": _l("Shipping (no longer free)")}
REASON = {
    "wish": _l("I changed my mind"),
    "option": _l("I chose the wrong option"),
    "late": _l("It takes too long"),
    "mind": _l("I changed my mind"),
    "size": _l("Colour or size does not suit me"),
    "ordered_wrongly": _l("I ordered the wrong thing"),
    "defective": _l("It does not work"),
    "broken": _l("It arrived broken"),
    "wrong_item": _l("Another item came"),
    "wrong_option": _l("Another option came"),
    "differs": _l("It differs from the description"),
    "missing": _l("Something was missing in the parcel"),
    "lost": _l("The parcel never arrived"),
    "came_back": _l("The parcel went back to the shop"),
    "sold_out": _l("It is sold out"),
    "fraud": _l("The shop could not accept the order"),
    "other": _l("Another reason"),
}
FEE = {1: _l("Return shipping, one way"), 2: _l("Return shipping, both ways")}
BEARER = {
    ("customer", 2): _l("You bear the shipping both ways."),
    ("customer", 1): _l("You bear the shipping back."),
    ("seller", 0): _l("The shop bears the shipping."),
    ("", 0): _l("The shop decides who bears the shipping and tells you before anything is charged."),
}
# After a form was sent.
DONE = {
    "cancel": _l("It is cancelled."),
    "request": _l("Your request was sent. The shop will answer you."),
    "withdraw": _l("You took your request back. The order goes on."),
    "readdress": _l("The new address was saved."),
    "ask": _l("Your message was sent."),
}
# What may have happened while a page lay open; what concerns the shop alone is not told.
HAPPENED = {
    ("order", "pay"): _l("Your payment arrived."),
    ("order", "expire"): _l("The order was closed because it was not paid in time."),
    ("order", "confirm"): _l("The shop began to prepare your order."),
    ("order", "promise"): _l("The shop named the day that it leaves."),
    ("order", "delay"): _l("The shop told you of a delay."),
    ("order", "readdress"): _l("The address was changed."),
    ("order", "answer"): _l("The shop wrote to you."),
    ("order", "ask"): _l("You wrote to the shop."),
    ("order", "cancel"): _l("Something was cancelled."),
    ("shipment", "pack"): _l("Your parcel was packed."),
    ("shipment", "label"): _l("Your parcel got its label."),
    ("shipment", "ship"): _l("Your parcel left the shop."),
    ("shipment", "sent"): _l("Your parcel left the shop."),
    ("shipment", "deliver"): _l("Your parcel arrived."),
    ("cancel", "request"): _l("A cancellation was asked for."),
    ("cancel", "cancel"): _l("Something was cancelled."),
    ("cancel", "settle"): _l("The shop is preparing a change to your order."),
    ("cancel", "approve"): _l("The cancellation was agreed to."),
    ("cancel", "refuse"): _l("The shop could not agree to the cancellation."),
    ("cancel", "withdraw"): _l("A request was taken back."),
    ("return", "request"): _l("A return was asked for."),
    ("exchange", "request"): _l("An exchange was asked for."),
    ("redelivery", "report"): _l("A missing or damaged piece was reported."),
}
