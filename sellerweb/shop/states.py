"""The timetable: every move a thing can make, one a line, and the stage an order is in. No database, no writing.

The rules, the buttons, the notices, the staff's page "what can happen", the README and the tests read this list.
Conditions that are not about state (a deadline, an amount) stand in the verb.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

STAGES = (
    "awaiting_payment",
    "new",
    "preparing",
    "ready",
    "partly_shipped",
    "shipped",
    "delivered",
    "cancelled",
    "expired",
)
OPEN = ("new", "preparing", "ready", "partly_shipped")
FINISHED = ("delivered", "cancelled", "expired")
SHIPMENT_STATES = ("packing", "labelled", "shipped", "in_transit", "delivered", "lost", "came_back", "voided")
# Parcels whose pieces count as packed, and those whose pieces count as shipped.
HERE = ("packing", "labelled")
GONE = ("shipped", "in_transit", "delivered", "lost", "came_back")
ON_THE_WAY = frozenset({"shipped", "in_transit"})
CLAIM_KINDS = ("cancel", "return", "exchange", "redelivery")
CLAIM_STATES = (
    "requested", "accepted", "collecting", "received", "inspected", "resent", "reported", "checking",
    "refunded", "found", "refused", "withdrawn", "undone", "done",
)  # fmt: skip
REFUND_STATES = ("due", "manual", "sent", "done", "failed")


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `thing` in a state of `froms` may `verb`; it is then in `to` (empty: where it was)."""

    thing: str
    verb: str
    froms: tuple[str, ...]
    to: str
    who: tuple[str, ...]
    told: bool = False


_BEFORE_GOODS = ("requested", "accepted", "collecting")
_BACK = ("received", "inspected")


def _coming_back(kind: str) -> tuple[Move, ...]:
    """What a return and an exchange have in common: until the goods are looked at."""
    return (
        Move(kind, "request", ("",), "requested", ("customer", "staff"), told=True),
        Move(kind, "accept", ("requested",), "accepted", ("staff",), told=True),
        Move(kind, "collect", ("accepted",), "collecting", ("staff",)),
        Move(kind, "receive", ("accepted", "collecting", "received"), "received", ("staff",), told=True),
        Move(kind, "inspect", ("received",), "inspected", ("staff",)),
        Move(kind, "bear", (*_BEFORE_GOODS, *_BACK), "", ("staff",)),
        Move(kind, "refuse", (*_BEFORE_GOODS, "inspected"), "refused", ("staff",), told=True),
        Move(kind, "withdraw", _BEFORE_GOODS, "withdrawn", ("customer", "staff"), told=True),
        Move(kind, "hold", (*_BEFORE_GOODS, *_BACK), "", ("staff",), told=True),
        Move(kind, "release", (*_BEFORE_GOODS, *_BACK), "", ("staff",)),
    )


TIMETABLE = (
    Move("order", "place", ("",), "", ("channel", "staff")),
    Move("order", "pay", ("awaiting_payment",), "new", ("staff", "channel"), told=True),
    Move("order", "expire", ("awaiting_payment",), "expired", ("clock", "staff", "channel"), told=True),
    Move("order", "confirm", ("new",), "preparing", ("staff", "channel")),
    Move("order", "promise", OPEN, "", ("staff", "channel"), told=True),
    Move("order", "delay", OPEN, "", ("staff",), told=True),
    Move("order", "hold", OPEN, "", ("staff",)),
    Move("order", "release", OPEN, "", ("staff",)),
    # `ready` is not here: all its parcels have a live label.
    Move(
        "order",
        "readdress",
        ("awaiting_payment", "new", "preparing", "partly_shipped"),
        "",
        ("staff", "customer", "channel"),
    ),
    Move("order", "relocate", ("new", "preparing", "partly_shipped"), "", ("staff",)),
    Move("order", "update", STAGES, "", ("channel",)),
    # Where a channel's file and the desk disagree, and how that ends.
    Move("order", "disagree", STAGES, "", ("channel",)),
    Move("order", "agree", STAGES, "", ("channel",)),
    Move("order", "keep", STAGES, "", ("staff",)),
    Move("order", "follow", STAGES, "", ("staff",)),
    Move("order", "apart", STAGES, "", ("staff",)),
    Move("order", "ask", STAGES, "", ("customer",)),
    Move("order", "answer", STAGES, "", ("staff",), told=True),
    Move("order", "follow_up", ("delivered",), "", ("clock",), told=True),
    Move("order", "note", STAGES, "", ("staff",)),
    Move("order", "repeat", STAGES, "", ("staff",), told=True),
    Move("order", "revoke", STAGES, "", ("staff",)),
    Move("order", "archive", FINISHED, "", ("staff",)),
    Move("order", "unarchive", FINISHED, "", ("staff",)),
    Move("order", "delete", STAGES, "", ("staff",)),
    Move("shipment", "pack", ("",), "packing", ("staff", "channel")),
    Move("shipment", "label", ("packing", "labelled"), "labelled", ("staff", "channel")),
    Move("shipment", "unpack", ("packing", "labelled"), "voided", ("staff", "channel")),
    Move("shipment", "ship", ("packing", "labelled"), "shipped", ("staff", "channel"), told=True),
    Move("shipment", "unship", ("shipped",), "labelled", ("staff",)),
    Move("shipment", "correct", ("shipped", "in_transit"), "", ("staff",), told=True),
    Move("shipment", "sent", ("",), "shipped", ("channel",)),
    Move("shipment", "tell", ("shipped", "in_transit", "delivered"), "", ("staff", "channel")),
    Move("shipment", "scan", ("shipped",), "in_transit", ("staff", "channel")),
    Move("shipment", "deliver", ("shipped", "in_transit"), "delivered", ("staff", "channel")),
    Move("shipment", "lose", ("shipped", "in_transit"), "lost", ("staff",)),
    Move("shipment", "come_back", ("shipped", "in_transit"), "came_back", ("staff",)),
    Move("shipment", "set_aside", ("voided",), "", ("staff",)),
    Move("cancel", "request", ("",), "requested", ("customer", "staff"), told=True),
    Move("cancel", "approve", ("requested",), "done", ("staff",), told=True),
    Move("cancel", "refuse", ("requested",), "refused", ("staff",), told=True),
    Move("cancel", "withdraw", ("requested",), "withdrawn", ("customer", "staff", "channel"), told=True),
    Move("cancel", "cancel", ("",), "done", ("customer", "staff", "channel"), told=True),
    # Until the letter leaves: what staff cancelled by themselves is undone, what they approved is a wish again.
    Move("cancel", "undo", ("done",), "undone", ("staff",)),
    Move("cancel", "reopen", ("done",), "requested", ("staff",)),
    *_coming_back("return"),
    Move("return", "back", ("",), "received", ("channel",)),
    Move("return", "finish", ("inspected",), "done", ("staff",), told=True),
    *_coming_back("exchange"),
    Move("exchange", "convert", (*_BEFORE_GOODS, *_BACK), "", ("staff",), told=True),
    Move("exchange", "resend", ("inspected",), "resent", ("staff",), told=True),
    Move("exchange", "finish", ("resent",), "done", ("staff",)),
    Move("redelivery", "report", ("",), "reported", ("customer", "staff"), told=True),
    Move("redelivery", "check", ("reported",), "checking", ("staff",)),
    Move("redelivery", "resend", ("reported", "checking"), "resent", ("staff",), told=True),
    Move("redelivery", "refund", ("reported", "checking"), "refunded", ("staff",), told=True),
    Move("redelivery", "found", ("reported", "checking"), "found", ("staff",), told=True),
    Move("redelivery", "refuse", ("reported", "checking"), "refused", ("staff",), told=True),
    Move("redelivery", "withdraw", ("reported", "checking"), "withdrawn", ("customer", "staff"), told=True),
    Move("refund", "owe", ("",), "due", ("customer", "staff", "clock", "channel")),
    Move("refund", "hand", ("due",), "manual", ("clock",)),
    Move("refund", "send", ("manual",), "sent", ("staff",)),
    Move("refund", "settle", ("manual", "sent"), "done", ("staff",), told=True),
    Move("refund", "fail", ("due", "manual", "sent"), "failed", ("staff",)),
)

_MOVES = {(m.thing, m.verb): m for m in TIMETABLE}


def move(thing: str, verb: str) -> Move:
    return _MOVES[thing, verb]


def may(thing: str, verb: str, state: str) -> bool:
    """Whether the timetable has this move from this state."""
    return state in _MOVES[thing, verb].froms


class Counters(Protocol):
    """A line's counters, as rows and records have them."""

    ordered: int
    cancelled: int
    packed: int
    shipped: int
    delivered: int


def stage(
    *,
    paid_at: datetime | None,
    expired_at: datetime | None,
    confirmed_at: datetime | None,
    parcels: Collection[str],
    lines: Iterable[Counters],
) -> str:
    """The stage that these facts make; first match wins. `parcels`: the states of the order's shipments."""
    ordered = cancelled = packed = shipped = delivered = 0
    for line in lines:
        ordered += line.ordered
        cancelled += line.cancelled
        packed += line.packed
        shipped += line.shipped
        delivered += line.delivered
    wanted = ordered - cancelled
    if wanted == 0:
        return "cancelled"
    if expired_at:
        return "expired"
    if not paid_at:
        return "awaiting_payment"
    # What was lost or came back never arrives: once nothing is on its way any more, what did arrive decides.
    if delivered and shipped == wanted and ON_THE_WAY.isdisjoint(parcels):
        return "delivered"
    if shipped == wanted:
        return "shipped"
    if shipped:
        return "partly_shipped"
    if packed == wanted and "packing" not in parcels:
        return "ready"
    return "preparing" if confirmed_at or packed else "new"


def markdown() -> str:
    """The timetable as the README has it: a row a move. A dash in `to` leaves the thing where it was."""
    head = "| thing | verb | from | to | who | told |\n| --- | --- | --- | --- | --- | --- |\n"
    return head + "".join(
        f"| {m.thing} | {m.verb} | {_said(m.froms)} | {m.to or '–'} | {', '.join(m.who)} | {'yes' if m.told else '–'} |\n"
        for m in TIMETABLE
    )


def _said(froms: tuple[str, ...]) -> str:
    return "any" if froms == STAGES else ", ".join(state or "nothing yet" for state in froms)
