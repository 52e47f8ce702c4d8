"""Who may cancel what when: one table for the button, the server and the sentence. Pure; moves nothing.

Every piece is in a column of the table by where it is: so a part-shipped order can still cancel the rest.
Sources: Qoo10 university 84 (delayed reopens the free cancel), SmartStore sellers' guide (automatic before 발주확인).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from sellerweb.shop import policy, states
from sellerweb.shop.case import Case

NOW, REQUEST, RETURN, CLOSED = "now", "request", "return", "closed"
COLUMNS = (
    "unpaid", "new", "window_closed", "preparing", "delayed", "packed_delayed", "ready", "ready_delayed", "shipped",
)  # fmt: skip


def _row(*, delayed: str, packed_delayed: str) -> dict[str, str]:
    late = {"delayed": delayed, "packed_delayed": packed_delayed, "ready_delayed": packed_delayed}
    asks = dict.fromkeys(("window_closed", "preparing", "ready"), REQUEST)
    return {"unpaid": NOW, "new": NOW, **asks, **late, "shipped": RETURN}


_OURS = _row(delayed=NOW, packed_delayed=REQUEST)
TABLE = {
    "qoo10": _row(delayed=NOW, packed_delayed=NOW),
    "smartstore": _row(delayed=REQUEST, packed_delayed=REQUEST),
    "shopify": _OURS,
    "manual": _OURS,
}

# A parcel as this table needs it: its state, its pieces {line id: quantity}, and since when.
Parcel = tuple[Any, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Door:
    """What of an order can be undone, and how: {line id: pieces} each. `why` is the column that decided (or "asked",
    "cancelled", "expired"); `since` and `until` (UTC) are when that began and when it ends, where it is known."""

    now: dict[int, int]
    request: dict[int, int]
    claim: dict[int, int]
    why: str
    since: datetime | None = None
    until: datetime | None = None

    @property
    def answer(self) -> str:
        if self.now:
            return NOW
        return REQUEST if self.request else RETURN if self.claim else CLOSED


def decides_here(channel: str) -> bool:
    """Whether our page may undo an order; else its marketplace alone does."""
    return not policy.DEFAULTS[channel].marketplace_decides


def column(order: Any, place: str, now: datetime) -> str:
    """In which column a piece is. `place`: open, packing, labelled, shipped. The window's last second is before its end."""
    if place == "shipped":
        return "shipped"
    if order.paid_at is None:
        return "unpaid"
    late = order.ship_due_at is not None and order.ship_due_at < now
    if place == "labelled":
        return "ready_delayed" if late else "ready"
    if place == "packing":
        return "packed_delayed" if late else "preparing"
    if order.stage == "new" and (order.cancel_until is None or now < order.cancel_until):
        return "new"
    if late:
        return "delayed"
    return "window_closed" if order.stage == "new" else "preparing"


def door(order: Any, lines: Iterable[Any], parcels: Iterable[Parcel], now: datetime) -> Door:
    """What of this order can be undone at `now`. Pieces that somebody asks to cancel already are not offered again."""
    if order.stage in ("cancelled", "expired"):
        return Door({}, {}, {}, order.stage, order.expired_at)
    parcels, table = list(parcels), TABLE[order.channel]
    at_once: dict[int, int] = {}
    request: dict[int, int] = {}
    claim: dict[int, int] = {}
    columns: set[str] = set()
    asked = False
    for line in lines:
        free = line.ordered - line.cancelled - line.shipped - line.asked
        asked = asked or bool(line.asked)
        if line.shipped > line.claimed:
            claim[line.id] = line.shipped - line.claimed
        if line.claim_id is not None:
            continue  # it replaces what a claim was about: undone by that claim, not by a cancel
        for place, quantity in _places(line, parcels):
            here = column(order, place, now)
            taken = min(quantity, free)
            if taken <= 0 or table[here] == RETURN:
                continue
            free -= taken
            columns.add(here)
            into = at_once if table[here] == NOW else request
            into[line.id] = into.get(line.id, 0) + taken
    why = next((c for c in _BY_OPENNESS if c in columns), "asked" if asked else "shipped")
    return Door(at_once, request, claim, why, *_times(order, parcels, why))


def to_open(lines: Mapping[int, Any], parcels: Iterable[Parcel], pieces: Mapping[int, int]) -> list[Any]:
    """Which parcels are taken apart so that `pieces` are open: first those without a label, and no more than needed."""
    free = {line.id: line.ordered - line.cancelled - line.packed - line.shipped for line in lines.values()}
    here = sorted((p for p in parcels if p[0].state in states.HERE), key=lambda p: (p[0].state == "labelled", p[0].id))
    opened: list[Any] = []
    for line, quantity in pieces.items():
        for parcel, inside in here:
            if line in inside and parcel not in opened and free.get(line, quantity) < quantity:
                opened.append(parcel)
                for other, n in inside.items():
                    free[other] += n
    return opened


def of(case: Case) -> Door:
    """The door of an order that is locked, at this very moment."""
    parcels = [(p, case.pieces_of(p.id)) for p in case.shipments.values() if p.state in states.HERE]
    gone = [(p, dict[int, int]()) for p in case.shipments.values() if p.state in states.GONE]
    return door(case.order, case.lines.values(), [*parcels, *gone], case.act.moment())


def sentence(door: Door, when: Callable[[datetime], str]) -> str:
    """What the door says to a customer: what is possible, else why not, since when, and what to do instead."""
    times = {"since": when(door.since) if door.since else "", "until": when(door.until) if door.until else ""}
    late = "late" if door.now else "late_asks"
    plain, timed = _SENTENCES[late if door.why.endswith("delayed") else door.why]
    return str(timed) % times if timed and (door.since or door.until) else str(plain)


def _places(line: Any, parcels: list[Parcel]) -> Iterable[tuple[str, int]]:
    yield "open", line.ordered - line.cancelled - line.packed - line.shipped
    for parcel, pieces in parcels:
        if parcel.state in states.HERE and line.id in pieces:
            yield parcel.state, pieces[line.id]


def _times(order: Any, parcels: list[Parcel], why: str) -> tuple[datetime | None, datetime | None]:
    if why == "new":
        return None, order.cancel_until
    if why.endswith("delayed"):
        return order.ship_due_at, None
    if why == "window_closed":
        return order.cancel_until, None
    if why == "preparing":
        return order.confirmed_at or _first(p.created_at for p, _ in parcels if p.state != "voided"), None
    if why == "ready":
        return _first(p.labelled_at for p, _ in parcels if p.state == "labelled"), None
    if why == "shipped":
        return _first(p.shipped_at for p, _ in parcels if p.state in states.GONE), None
    return None, None


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in times if at), default=None)


# Which column speaks for the order where its pieces are in several.
_BY_OPENNESS = ("unpaid", "new", "delayed", "window_closed", "preparing", "packed_delayed", "ready_delayed", "ready")

# Without and with the times.
_SENTENCES: dict[str, tuple[Any, Any]] = {
    "unpaid": (_l("It is not paid yet, so it can be cancelled at once."), ""),
    "new": (
        _l("It can be cancelled at once until the shop begins to prepare it."),
        _l("It can be cancelled at once until %(until)s."),
    ),
    "late": (
        _l("The shop is late, so it can be cancelled at once."),
        _l("It should have left by %(since)s. The shop is late, so it can be cancelled at once."),
    ),
    "late_asks": (
        _l("The shop is late. You can ask to cancel; the shop stops the parcel if it is still there."),
        _l("It should have left by %(since)s. You can ask to cancel; the shop stops the parcel if it is still there."),
    ),
    "window_closed": (
        _l("The time to cancel at once is over. You can ask for it, and the shop answers."),
        _l("The time to cancel at once ended at %(since)s. You can ask for it, and the shop answers."),
    ),
    "preparing": (
        _l("The shop is preparing it. You can ask to cancel, and the shop answers."),
        _l("The shop has been preparing it since %(since)s. You can ask to cancel, and the shop answers."),
    ),
    "ready": (
        _l("It is packed and labelled. You can ask to cancel; the shop stops the parcel if it is still there."),
        _l(
            "It has been packed and labelled since %(since)s. You can ask to cancel; the shop stops the parcel if it is still there."
        ),
    ),
    "shipped": (
        _l("It has left the shop and cannot be cancelled any more. Once it is there, you can ask to send it back."),
        _l(
            "It left the shop at %(since)s and cannot be cancelled any more. Once it is there, you can ask to send it back."
        ),
    ),
    "asked": (_l("You have asked to cancel this. The shop will answer; until then nothing is sent."), ""),
    "cancelled": (_l("This order is cancelled. If you want it after all, please order it again."), ""),
    "expired": (
        _l("This order was closed because it was not paid in time. Nothing was charged; you can order it again."),
        _l(
            "This order was closed at %(since)s because it was not paid in time. Nothing was charged; you can order it again."
        ),
    ),
}
