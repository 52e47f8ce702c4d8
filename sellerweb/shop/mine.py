"""What a customer's page reads of one order: no more than is theirs to see. No staff, no notes of the shop, no writing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from sellerweb import carriers
from sellerweb.shop import attachments, cancelling, claims, clock, policy, queries, states, windows
from sellerweb.shop.cancelling import Door
from sellerweb.shop.case import undo_until
from sellerweb.shop.fees import REASONS, Reason
from sellerweb.shop.models import Claim, ClaimLine, Event, Message, Order, OrderLine, Refund, Shipment, ShipmentLine
from sellerweb.shop.policy import Policy

# The shop's own affairs: why it waits, what staff wrote about it, where the parcel lies.
_OURS = frozenset({"hold_reason", "door", "gift_note", "claim_flag"})
_ORDER = select(*(column for column in Order.__table__.c if column.name not in _OURS))
_LINES = select(OrderLine.__table__).order_by(OrderLine.position)
_CLAIM: Any = select(
    Claim.id, Claim.kind, Claim.state, Claim.reason, Claim.note, Claim.answer, Claim.asked_by, Claim.asked_at,
    Claim.due_at, Claim.closed_at, Claim.held_at, Claim.bearer, Claim.ways, Claim.fee, Claim.refund, Claim.photo,
    Claim.option, Claim.wants, Claim.carrier, Claim.number, Claim.undo_until,
)  # fmt: skip
_REFUND = select(Refund.id, Refund.claim_id, Refund.amount, Refund.state, Refund.created_at, Refund.settled_at)
_MESSAGE = select(Message.id, Message.at, Message.sender, Message.words)
_SHOWN = (Message.internal.is_(False), Message.noted.is_(False))


@dataclass(frozen=True, slots=True)
class Parcel:
    """One that has left: its pieces {line id: quantity}; `carrier` is spoken in the page's language, `link` its page."""

    state: str
    carrier: Any
    number: str
    link: str
    pieces: Mapping[int, int]
    shipped_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mine:
    """An order as its customer sees it; `claims` and `messages` newest last. Before payment nothing personal is in it."""

    order: SimpleNamespace
    lines: list[Row[Any]]
    parcels: list[Parcel]
    claims: list[Row[Any]]
    claimed: dict[int, dict[int, int]]
    refunds: list[Row[Any]]
    messages: list[Row[Any]]
    rules: Policy
    door: Door
    now: datetime
    labelled: bool
    photos: list[Row[Any]]

    @property
    def decides_here(self) -> bool:
        return cancelling.decides_here(self.order.channel)

    @property
    def paid(self) -> bool:
        return self.order.paid_at is not None

    @property
    def arrived(self) -> int:
        return sum(parcel.state == "delivered" for parcel in self.parcels)

    @property
    def may_readdress(self) -> bool:
        """Before a label, while the timetable still has it."""
        return (
            self.decides_here
            and not self.labelled
            and states.may("order", "readdress", self.order.stage)
            and any(queries.open_pieces(line) or line.packed for line in self.lines)
        )

    def reasons(self, kind: str) -> list[Reason]:
        """The reasons that a customer can still give for `kind`; none: its time is over, or there is nothing to ask for."""
        if not self.decides_here:
            return []
        mine = [reason for reason in REASONS[kind] if not reason.staff]
        if kind == "cancel":
            return mine if self.door.now or self.door.request else []
        if not self.door.claim:
            return []
        return [reason for reason in mine if (end := self.until(kind, reason)) is None or self.now < end]

    def until(self, kind: str, reason: Reason) -> datetime | None:
        """Until when this can be asked for; None while nothing has arrived that could be sent back."""
        return windows.until(self.rules, self.parcels, kind, reason)

    @property
    def closed_since(self) -> datetime | None:
        """Since when nothing of what has left can be sent back or reported any more; None: it still can, or nothing has left."""
        if not self.decides_here or not self.door.claim or any(map(self.reasons, ("return", "redelivery"))):
            return None
        return self.until("redelivery", REASONS["redelivery"][0])

    def may_withdraw(self, claim: Any) -> bool:
        return self.decides_here and claims.may_withdraw(claim, "customer")

    def is_settling(self, claim: Any) -> bool:
        """Staff have granted it, and may still take that back: until then it is neither done nor promised."""
        return claim.undo_until is not None and self.now < claim.undo_until

    @property
    def settling(self) -> bool:
        return any(map(self.is_settling, self.claims))

    @property
    def live(self) -> list[Row[Any]]:
        """Claims that are not closed, or not for good."""
        return [claim for claim in self.claims if claim.closed_at is None or self.is_settling(claim)]

    def cancelled(self, line: Any) -> int:
        """How many pieces of a line are cancelled for good."""
        return int(line.cancelled) - sum(self.claimed[c.id].get(line.id, 0) for c in self.claims if self.is_settling(c))

    @property
    def standing(self) -> str:
        """The word that speaks for the order: its stage, or what its customer has to know before that."""
        if self.settling:
            return "settling"
        astray = {parcel.state for parcel in self.parcels} & {"lost", "came_back"}
        if not astray or self.order.stage not in ("partly_shipped", "shipped", "delivered"):
            return str(self.order.stage)
        if all(parcel.state in astray for parcel in self.parcels):
            return "lost" if "lost" in astray else "came_back"
        if any(claim.kind == "redelivery" for claim in self.live):
            return "partly_delivered" if self.order.stage == "delivered" else "partly_shipped"
        return str(self.order.stage)

    @property
    def window(self) -> tuple[int, int]:
        """Of the time to cancel at once: the seconds left, and of how many."""
        if self.door.until is None or self.order.paid_at is None:
            return 0, 0
        left, whole = self.door.until - self.now, self.door.until - self.order.paid_at
        return max(0, int(left.total_seconds())), max(1, int(whole.total_seconds()))

    @property
    def late(self) -> bool:
        """Something should have left by now and has not."""
        due = self.order.ship_due_at
        return due is not None and due < self.now and self.order.stage in states.OPEN

    @property
    def stamp(self) -> str:
        return stamp(self.order, self.now, sum(map(self.is_settling, self.claims)))


def of(conn: Connection, order_id: int, now: datetime) -> Mine:
    """The order whole, as it stands for its customer at `now`."""
    order = SimpleNamespace(**conn.execute(_ORDER.where(Order.id == order_id)).one()._mapping)
    if order.paid_at is None:
        vars(order).update(dict.fromkeys(queries.PERSONAL, ""))
    lines = list(conn.execute(_LINES.where(OrderLine.order_id == order_id)))
    parcels = _parcels(conn, order_id)
    wishes, claimed = _claims(conn, order_id)
    settling = {c.id for c in wishes if c.undo_until is not None and now < c.undo_until}
    owing = _REFUND.where(Refund.order_id == order_id, Refund.state != "failed").order_by(Refund.id)
    owed: list[Row[Any]] = list(conn.execute(owing))
    messages: list[Row[Any]] = list(
        conn.execute(_MESSAGE.where(Message.order_id == order_id, *_SHOWN).order_by(Message.id))
    )
    return Mine(
        order,
        lines,
        [_gone(parcel, pieces) for parcel, pieces in parcels if parcel.state in states.GONE],
        wishes,
        claimed,
        [refund for refund in owed if refund.claim_id not in settling],
        messages,
        policy.of(conn, order.channel),
        cancelling.door(order, lines, parcels, now),
        now,
        any(parcel.state == "labelled" for parcel, _ in parcels),
        attachments.of_customer(conn, order_id) if messages or wishes else [],
    )


def stamp(order: Any, now: datetime, settling: int) -> str:
    """What a page of this order was drawn from: its version, what may still be taken back, the minutes that it counts down."""
    late = order.ship_due_at is not None and order.ship_due_at < now
    end = order.cancel_until
    left = -(-(end - now) // timedelta(minutes=1)) if end and now < end and order.stage == "new" else 0
    return f"{order.version}.{left}.{int(late)}.{settling}"


def stamp_of(conn: Connection, order_id: int, now: datetime) -> str:
    """The stamp that the page would have now: one small question, asked every ten seconds."""
    settling = select(func.count()).where(Claim.order_id == Order.id, Claim.undo_until > now).scalar_subquery()
    facts = (Order.version, Order.ship_due_at, Order.cancel_until, Order.stage, settling.label("settling"))
    row = conn.execute(select(*facts).where(Order.id == order_id)).one()
    return stamp(row, now, row.settling)


class Happened(NamedTuple):
    thing: str
    verb: str
    at: datetime


def since(conn: Connection, order_id: int, version: int) -> list[Happened]:
    """What happened to the order after `version`, newest first; not who did it, nor why.

    What staff have cancelled is told as being prepared ("settle") while they may take it back, and not at all once they did.
    """
    newer = select(Event.thing, Event.verb, Event.at, Event.actor, Event.changes)
    newer = newer.where(Event.order_id == order_id, Event.seq > version).order_by(Event.seq.desc()).limit(20)
    told: list[Happened] = []
    undone, now = set[str](), clock.now()
    for event in conn.execute(newer):
        about = set(event.changes.get("claims", {}))
        if (event.thing, event.verb) in (("cancel", "undo"), ("cancel", "reopen")):
            undone |= about
        grants = event.thing == "cancel" and event.verb in ("cancel", "approve") and event.actor == "staff"
        if grants and about & undone:
            continue
        told.append(Happened(event.thing, "settle" if grants and now < undo_until(event.at) else event.verb, event.at))
    return told


def _parcels(conn: Connection, order_id: int) -> list[tuple[Row[Any], dict[int, int]]]:
    found = list(conn.execute(select(Shipment.__table__).where(Shipment.order_id == order_id).order_by(Shipment.id)))
    pieces: dict[int, dict[int, int]] = {parcel.id: {} for parcel in found}
    if found:
        lying = select(ShipmentLine.__table__).where(ShipmentLine.shipment_id.in_(pieces))
        for row in conn.execute(lying):
            pieces[row.shipment_id][row.line_id] = row.quantity
    return [(parcel, pieces[parcel.id]) for parcel in found]


def _gone(parcel: Row[Any], pieces: dict[int, int]) -> Parcel:
    carrier = carriers.CARRIERS.get(parcel.carrier)
    return Parcel(
        parcel.state,
        carrier.spoken if carrier else parcel.carrier_name or parcel.carrier,
        carriers.display(parcel.carrier, parcel.number),
        carriers.link(parcel.carrier, parcel.number),
        pieces,
        parcel.shipped_at,
        parcel.delivered_at,
    )


def _claims(conn: Connection, order_id: int) -> tuple[list[Row[Any]], dict[int, dict[int, int]]]:
    # What staff began and took back by themselves never came to the customer's ears; of a return at the channel it speaks itself.
    ours = (Claim.state != "undone", (Claim.kind != "return") | (Claim.asked_by != "channel"))
    found = list(conn.execute(_CLAIM.where(Claim.order_id == order_id, *ours).order_by(Claim.id)))
    claimed: dict[int, dict[int, int]] = {claim.id: {} for claim in found}
    if found:
        about = select(ClaimLine.claim_id, ClaimLine.line_id, ClaimLine.quantity)
        for row in conn.execute(about.where(ClaimLine.claim_id.in_(claimed))):
            claimed[row.claim_id][row.line_id] = row.quantity
    return found, claimed
