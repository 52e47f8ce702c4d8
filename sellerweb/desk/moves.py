"""What can happen: the shop's timetable as a page, from the list that the rules read. Changes nothing."""

from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from sellerweb.desk import labels
from sellerweb.shop.states import TIMETABLE

bp = Blueprint("moves", __name__, url_prefix="/moves")

THINGS = {"order": _l("Order"), "shipment": _l("Shipment")}
VERBS = {
    "place": _l("Place"),
    "pay": _l("Pay"),
    "expire": _l("Expire"),
    "confirm": _l("Confirm"),
    "promise": _l("Promise a day"),
    "hold": _l("Hold"),
    "release": _l("Release"),
    "readdress": _l("Change address"),
    "update": _l("Update"),
    "cancel": _l("Cancel"),
    "archive": _l("Archive"),
    "unarchive": _l("Take back"),
    "pack": _l("Pack"),
    "label": _l("Label"),
    "unpack": _l("Unpack"),
    "ship": _l("Ship"),
    "unship": _l("Undo shipping"),
    "correct": _l("Correct number"),
    "sent": _l("Sent from elsewhere"),
    "scan": _l("Carrier scan"),
    "deliver": _l("Deliver"),
}
STATES = {"order": labels.STAGE, "shipment": labels.SHIPMENT}
WHO = {"staff": _l("Staff"), "channel": _l("Channel"), "clock": _l("Clock"), "customer": _l("Customer")}


@bp.get("")
def moves() -> ResponseReturnValue:
    tables = [
        (THINGS[thing], STATES[thing], list(rows)) for thing, rows in groupby(TIMETABLE, key=lambda move: move.thing)
    ]
    return render_template("desk/moves/moves.html", tables=tables, verbs=VERBS, who=WHO)
