"""What can happen: the shop's timetable as a page, from the list that the rules read. Changes nothing."""

from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from sellerweb.desk import labels
from sellerweb.shop.states import TIMETABLE

bp = Blueprint("moves", __name__, url_prefix="/moves")

THINGS = {"order": _l("Order"), "shipment": _l("Shipment"), **labels.KIND, "refund": _l("Refund")}
VERBS = {
    "place": _l("Place"),
    "pay": _l("Pay"),
    "expire": _l("Expire"),
    "confirm": _l("Confirm"),
    "promise": _l("Promise a day"),
    "delay": _l("Tell of a delay"),
    "ask": _l("Write to the shop"),
    "answer": _l("Write to the customer"),
    "follow_up": _l("Ask whether all is well"),
    "note": _l("Note about the customer"),
    "repeat": _l("Send a letter once more"),
    "revoke": _l("Close the customer's links"),
    "delete": _l("Delete"),
    "hold": _l("Hold"),
    "release": _l("Release"),
    "readdress": _l("Change address"),
    "relocate": _l("Change location"),
    "update": _l("Update"),
    "cancel": _l("Cancel"),
    "archive": _l("Archive"),
    "unarchive": _l("Take back"),
    "pack": _l("Pack"),
    "label": _l("Label"),
    "unpack": _l("Unpack"),
    "ship": _l("Ship"),
    "unship": _l("Undo shipping"),
    "disagree": _l("Say otherwise"),
    "agree": _l("Agree again"),
    "keep": _l("Keep ours"),
    "follow": _l("Take theirs"),
    "apart": _l("Keep both"),
    "back": _l("Count as returned"),
    "tell": _l("Tell the channel"),
    "correct": _l("Correct number"),
    "sent": _l("Sent from elsewhere"),
    "scan": _l("Carrier scan"),
    "deliver": _l("Deliver"),
    "lose": _l("Lose"),
    "come_back": _l("Come back"),
    "set_aside": _l("Put aside"),
    "request": _l("Ask for it"),
    "approve": _l("Approve"),
    "refuse": _l("Refuse"),
    "withdraw": _l("Withdraw"),
    "undo": _l("Undo"),
    "reopen": _l("Open again"),
    "accept": _l("Accept"),
    "collect": _l("Goods on their way"),
    "receive": _l("Receive"),
    "inspect": _l("Inspect"),
    "bear": _l("Decide who pays"),
    "finish": _l("Finish"),
    "convert": _l("Turn into a return"),
    "resend": _l("Send once more"),
    "report": _l("Report"),
    "check": _l("Check"),
    "refund": _l("Give money back"),
    "found": _l("Found again"),
    "owe": _l("Owe"),
    "hand": _l("Hand to staff"),
    "send": _l("Send money"),
    "settle": _l("Settle"),
    "fail": _l("Fail"),
}
STATES = {
    "order": labels.STAGE,
    "shipment": labels.SHIPMENT,
    **dict.fromkeys(labels.KIND, labels.CLAIM),
    "refund": labels.REFUND,
}
WHO = {"staff": _l("Staff"), "channel": _l("Channel"), "clock": _l("Clock"), "customer": _l("Customer")}


@bp.get("")
def moves() -> ResponseReturnValue:
    tables = [
        (THINGS[thing], STATES[thing], list(rows)) for thing, rows in groupby(TIMETABLE, key=lambda move: move.thing)
    ]
    return render_template("desk/moves/moves.html", tables=tables, verbs=VERBS, who=WHO)
