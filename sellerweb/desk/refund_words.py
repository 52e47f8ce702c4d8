"""The desk's words about a refund's road: by which way the money goes back, and what somebody does next. No rules."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from sellerweb.desk.labels import CHANNEL


def way(refund: Any) -> tuple[str, str, str]:
    """How the money goes back: (icon, look, words). No words: it has gone, and nobody has said where to."""
    if refund.account:
        return "lock", "b-info", _("Bank account given")
    if refund.channel == "manual" and refund.state == "sent":
        return "", "", ""
    if refund.channel == "manual":
        return "alert", "b-warn", _("No bank account yet")
    return "undo", "b-info", _("As it was paid")


def next_step(refund: Any, now: datetime) -> str:
    """What somebody does next, or what is waited for."""
    if refund.state == "due":
        return (
            _("The cancel can still be taken back. Then it is to be sent.")
            if refund.not_before > now
            else _("It is to be sent in a moment.")
        )
    if refund.state == "sent":
        return _("Once the customer has it, say so: they are told, and a bank account is forgotten.")
    if refund.state == "failed":
        return _("Find out what was wrong, then owe it again.")
    if refund.account:
        return _("Transfer it to the account, then say so here.")
    if refund.channel == "manual":
        return _("Ask the customer for an account, transfer it, then say so here.")
    return _("Give it back at %(channel)s, then say so here.", channel=CHANNEL[refund.channel])
