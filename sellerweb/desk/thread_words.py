"""The desk's words about threads: where they came from, how they stand, what happened to them. Rules: `shop.threads`."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from sellerweb.desk import labels
from sellerweb.desk.reply_words import KIND

SOURCE = {
    "page": _l("Order page"),
    "mail": _l("E-mail"),
    "talktalk": _l("TalkTalk"),
    "phone": _l("Phone call"),
    "note": _l("Note"),
    "import": _l("File"),
}
SOURCE_LOOK = {
    "page": "message", "mail": "send", "talktalk": "message", "phone": "phone", "note": "pencil", "import": "upload",
}  # fmt: skip
TAB = {
    "waiting": _l("To answer"),
    "answered": _l("Answered"),
    "snoozed": _l("Put off"),
    "solved": _l("Solved"),
}
SNOOZE = {
    "1": _l("1 hour"),
    "3": _l("3 hours"),
    "tomorrow": _l("Tomorrow, 9:00"),
    "monday": _l("Monday, 9:00"),
}
_HAPPENED = {
    "wake": _l("Back in the inbox"),
    "wait": _l("Waits for the customer: the clock stands still"),
    "solve": _l("Solved"),
    "reopen": _l("Open again"),
    "join": _l("Joined with another conversation"),
}
# What the messages themselves show already.
SHOWN = ("begin", "ask", "answer", "note")


def happened(event: Any, names: dict[int, str]) -> str:
    """One line of a thread's history; `names` are the staff's."""
    after = event.changes.get
    if event.verb == "assign":
        who = names.get(after("staff_id", (None, None))[1], "")
        return _("%(name)s takes care of it", name=who) if who else _("Nobody in particular takes care of it")
    if event.verb == "sort":
        return _("Kind: %(kind)s", kind=KIND.get(after("kind", ("", "other"))[1], ""))
    if event.verb == "snooze":
        return _("Put off")
    if event.verb == "tie":
        return _("Tied to another order") if after("order_id", (None, None))[1] else _("Tied to no order")
    return str(_HAPPENED.get(event.verb, event.verb))


def actor(event: Any) -> str:
    return str(event.staff or labels.ACTOR[event.actor])
