"""A channel's words for a line: which of two is the older, and which of them stop their order. Moves no pieces.

No file says for sure when it was made (names are changed, files are saved anew), so the words themselves must tell.
"""

from typing import Any

from sellerweb.shop import counters, telling
from sellerweb.shop.case import Case
from sellerweb.shop.conflicts import Disagreement

# How far a line has come with each word. A word that has come less far than the last one is older and changes nothing; words that
# may follow each other in both directions stand alike.
_HOW_FAR = {
    **dict.fromkeys(("unpaid", "waiting", "gift_waiting"), 0),
    "new": 1,
    "confirmed": 2,
    "part_shipped": 3,
    **dict.fromkeys(("cancel_requested", "unknown"), 4),
    **dict.fromkeys(("shipping", "shipped"), 5),
    "delivered": 6,
    **dict.fromkeys(("done", "return_requested", "exchange_requested", "exchanged"), 7),
    **dict.fromkeys(("returned", "refunded", "void", "cancelled"), 8),
}
# What a customer may take back, or a person must look at: after these an older word looks just as the newest one would.
DOUBTED = ("cancel_requested", "unknown", "return_requested", "exchange_requested")


def is_older(said: str, last: str) -> bool:
    """Whether `said` is what the channel thought before it said `last`."""
    return _HOW_FAR.get(said, 0) < _HOW_FAR.get(last, 0)


def doubt(line: Any, said: str, conflicts: list[Disagreement]) -> None:
    """An older word after a wish: the file may be old, or the wish withdrawn. What stops stays; a person says which."""
    if line.channel_state in DOUBTED:
        conflicts.append(Disagreement("wish_withdrawn", line.channel_state, said, line.id, {"state": said}))


def asked_too_late(case: Case, line: Any, said: str, conflicts: list[Disagreement]) -> None:
    """The channel asks to cancel what has left here; once it knows of the parcel, the word is an older one."""
    untold = [p for p in case.shipments.values() if p.state in telling.LEFT and p.channel_told_at is None]
    if said == "cancel_requested" and any(line.id in case.pieces_of(p.id) for p in untold):
        conflicts.append(Disagreement("asked_after_ship", str(line.shipped), said, line.id, {"state": said}))


def block(case: Case) -> None:
    """Whether the channel's words stop the order: shown on its row, and the guard of every parcel."""
    live = (
        x.channel_state for x in case.lines.values() if x.channel_state in counters.STOPS and x.cancelled < x.ordered
    )
    case.set_order(channel_block=next(live, ""))


def lift(case: Case, line: Any, said: str) -> None:
    """The wish was withdrawn, says somebody who has looked at the channel: it is as `said` again."""
    case.set_line(line.id, channel_state=said)
    block(case)
