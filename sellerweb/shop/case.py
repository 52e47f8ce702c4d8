"""One order in the middle of an action: its facts as they now stand, and the events that will tell of them.

Verbs change facts through it, and `closing` writes what follows from them: events, notices, stage, version.
No rules, no timetable conditions but the one check in `require`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select, update

from sellerweb.shop import counters, states, stock
from sellerweb.shop.models import (
    Claim,
    ClaimLine,
    Conflict,
    OrderLine,
    Refund,
    Shipment,
    ShipmentLine,
)
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

# What events tell of an order, and replaying them gives back. The rest is personal, or follows from these.
FACTS = (
    "paid_at", "expired_at", "confirmed_at", "channel_due_at", "promised_on", "cancel_until", "held_at", "archived_at",
    "channel_block", "address_version", "refunded",
)  # fmt: skip
# So much of a note fits into an event (PostgreSQL would refuse the rest); the whole stands where it belongs.
NOTE = 500
# What every order's history begins with.
FACTS_BEGIN: dict[str, Any] = {**dict.fromkeys(FACTS), "refunded": 0}
COUNTERS = ("ordered", "cancelled", "packed", "shipped", "delivered", "returned", "lost", "asked", "claimed")
# What the event of a new row tells of it; of a claim and a refund nothing else is told later either.
SHIPMENT_FACTS = ("state", "carrier", "number")
CLAIM_FACTS = ("kind", "state", "reason", "bearer", "ways", "fee", "refund", "held_at", "closed_at")
REFUND_FACTS = ("amount", "state")
# Of a disagreement its sides stay in its row: an address may stand there.
CONFLICT_FACTS = ("code", "line_id", "state")
# Why a move is not possible any more, where the state itself says it: an order's stage, or a parcel's state.
_MOVED_ON = {
    "cancelled": _l("This order was cancelled. Nothing was changed; look at it again."),
    "expired": _l("This order was closed unpaid. Nothing was changed; look at it again."),
    "shipped": _l("It has left already. Nothing was changed; look at it again."),
    "voided": _l("This parcel was taken apart. Do not hand it over; look at the order again."),
}
_NOT_ANY_MORE = _l("That is not possible any more: the order has moved on. Nothing was changed; look at it again.")


@dataclass(slots=True)
class Case:
    """`order`, `lines` {id: row} and `shipments` {id: row} are plain records that follow every change made.

    So are `claims`, `refunds` and `conflicts`, read when first asked for: most actions need none of them.
    """

    act: "Act"
    order: SimpleNamespace
    lines: dict[int, SimpleNamespace]
    shipments: dict[int, SimpleNamespace]
    changes: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    notices: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    dirty: set[str] = field(default_factory=set)
    words_changed: bool = False
    new_numbers: list[str] = field(default_factory=list)
    was_on: str = ""
    was_waiting: stock.Wanted = field(default_factory=dict)
    _claims: dict[int, SimpleNamespace] | None = None
    _refunds: dict[int, SimpleNamespace] | None = None
    _conflicts: dict[int, SimpleNamespace] | None = None

    def __post_init__(self) -> None:
        self.was_on = shelf(self.order)
        self.was_waiting = stock.waiting(self.order, self.lines.values())

    @property
    def claims(self) -> dict[int, SimpleNamespace]:
        if self._claims is None:
            self._claims = self._read(Claim)
        return self._claims

    @property
    def refunds(self) -> dict[int, SimpleNamespace]:
        if self._refunds is None:
            self._refunds = self._read(Refund)
        return self._refunds

    @property
    def conflicts(self) -> dict[int, SimpleNamespace]:
        if self._conflicts is None:
            self._conflicts = self._read(Conflict)
        return self._conflicts

    def require(self, thing: str, verb: str, state: str) -> None:
        """Refuse a move that the timetable does not have from `state`."""
        if not states.may(thing, verb, state):
            raise Refused(_MOVED_ON.get(state, _NOT_ANY_MORE))

    def move_pieces(self, verb: str, pieces: dict[int, int]) -> bool:
        """Move pieces {line id: quantity} by guarded UPDATEs; False where one line had too few."""
        steps = counters.PIECE_MOVES[verb].steps
        for line_id, quantity in pieces.items():
            if line_id not in self.lines or not counters.move_pieces(self.act.tx, verb, line_id, quantity):
                return False
            line = self.lines[line_id]
            for name, step in steps.items():
                self._note("lines", line_id, name, getattr(line, name), getattr(line, name) + step * quantity)
        return True

    def set_order(self, **values: Any) -> None:
        """Set columns of the order; `close` writes them. Only facts are told in events, nothing personal."""
        for name, value in values.items():
            if name in FACTS:
                self._note("order", 0, name, getattr(self.order, name), value)
            setattr(self.order, name, value)
            self.dirty.add(name)

    def set_line(self, line_id: int, **values: Any) -> None:
        self.act.tx.execute(update(OrderLine).where(OrderLine.id == line_id).values(**values))
        for name, value in values.items():
            self._note("lines", line_id, name, getattr(self.lines[line_id], name), value)

    def add_shipment(self, pieces: dict[int, int], **values: Any) -> int:
        """A new parcel with `pieces`; returns its id."""
        values = {"order_id": self.order.id, "created_at": self.act.at, **values}
        new = self._add("shipments", Shipment, values, SHIPMENT_FACTS)
        rows = [{"shipment_id": new, "line_id": line, "quantity": q} for line, q in pieces.items()]
        self.act.tx.execute(insert(ShipmentLine), rows)
        self.new_numbers += [number] if (number := self.shipments[new].number) else []
        return new

    def set_shipment(self, shipment_id: int, **values: Any) -> None:
        self._set("shipments", Shipment, shipment_id, values, tuple(values))
        self.new_numbers += [values["number"]] if values.get("number") else []

    def add_claim(self, pieces: dict[int, int], **values: Any) -> int:
        """A new claim about `pieces` {line id: quantity}; returns its id."""
        values = {"order_id": self.order.id, "asked_by": self.act.by.kind, "asked_at": self.act.at, **values}
        new = self._add("claims", Claim, values, CLAIM_FACTS)
        rows = [{"claim_id": new, "line_id": line, "quantity": q} for line, q in pieces.items()]
        self.act.tx.execute(insert(ClaimLine), rows)
        return new

    def set_claim(self, claim_id: int, **values: Any) -> None:
        self._set("claims", Claim, claim_id, values, CLAIM_FACTS)

    def claimed_lines(self, claim_id: int) -> dict[int, SimpleNamespace]:
        """What a claim is about: {line id: row of claim_line}."""
        rows = self.act.tx.execute(select(ClaimLine.__table__).where(ClaimLine.claim_id == claim_id))
        return {row.line_id: SimpleNamespace(**row._mapping) for row in rows}

    def set_claimed_line(self, claim_id: int, line_id: int, **values: int) -> None:
        """Set what a claim says of a line; with a quantity of nothing the claim is not about it any more."""
        which = (ClaimLine.claim_id == claim_id, ClaimLine.line_id == line_id)
        gone = values.get("quantity") == 0
        change = delete(ClaimLine) if gone else update(ClaimLine).values(**values)
        self.act.tx.execute(change.where(*which))

    def add_refund(self, **values: Any) -> int:
        values = {"order_id": self.order.id, "currency": self.order.currency, "created_at": self.act.at, **values}
        return self._add("refunds", Refund, values, REFUND_FACTS)

    def set_refund(self, refund_id: int, **values: Any) -> None:
        self._set("refunds", Refund, refund_id, values, REFUND_FACTS)

    def add_conflict(self, **values: Any) -> int:
        values = {"order_id": self.order.id, "state": "open", "seen_at": self.act.at, **values}
        return self._add("conflicts", Conflict, values, CONFLICT_FACTS)

    def close_conflict(self, conflict_id: int, state: str) -> None:
        values = {"state": state, "answered_at": self.act.at, "staff_id": self.act.by.staff_id}
        self._set("conflicts", Conflict, conflict_id, values, CONFLICT_FACTS)

    def pieces_of(self, shipment_id: int) -> dict[int, int]:
        """What lies in a parcel: {line id: quantity}."""
        rows = self.act.tx.execute(
            select(ShipmentLine.line_id, ShipmentLine.quantity).where(ShipmentLine.shipment_id == shipment_id)
        )
        return {row.line_id: row.quantity for row in rows}

    def record(
        self,
        thing: str,
        verb: str,
        note: str = "",
        shipment: int | None = None,
        after: datetime | None = None,
        told: bool = True,
        claim: int | None = None,
        values: dict[str, Any] | None = None,
        letter: str = "",
    ) -> None:
        """Write down one move with all that changed since the last; it owes a notice where the timetable says so.

        Not `told`: another letter says it already, or staff chose to say nothing. `values` are what the letter says
        of this moment (dates, amounts in minor units); nothing personal. `letter` is named where the verb is not its name.
        """
        by = self.act.by
        self.events.append(
            {
                "order_id": self.order.id,
                "seq": self.order.version + len(self.events) + 1,
                "at": self.act.at,
                "thing": thing,
                "verb": verb,
                "actor": by.kind,
                "staff_id": by.staff_id,
                "action_id": self.act.id,
                "changes": self.changes,
                "note": note[:NOTE],
            }
        )
        self.changes = {}
        # What a channel tells us, it has told the customer itself.
        if told and states.move(thing, verb).told and by.kind != "channel":
            owed: dict[str, Any] = {"letter": letter or f"{thing}_{verb}", "shipment_id": shipment, "claim_id": claim}
            owed |= {"values": values or {}, "not_before": after or self.act.at}
            self.notices.append((len(self.events) - 1, owed))

    def _read(self, table: Any) -> dict[int, SimpleNamespace]:
        rows = self.act.tx.execute(select(table.__table__).where(table.order_id == self.order.id).order_by(table.id))
        return {row.id: SimpleNamespace(**row._mapping) for row in rows}

    def _add(self, part: str, table: Any, values: dict[str, Any], told: tuple[str, ...]) -> int:
        records = getattr(self, part)  # before the insert, else one that is read only now would hold it already
        new = self.act.tx.execute(insert(table).returning(table.__table__), values).one()
        records[new.id] = SimpleNamespace(**new._mapping)
        for name in told:
            self._note(part, new.id, name, None, getattr(new, name))
        return int(new.id)

    def _set(self, part: str, table: Any, key: int, values: dict[str, Any], told: tuple[str, ...]) -> None:
        record = getattr(self, part)[key]
        self.act.tx.execute(update(table).where(table.id == key).values(**values))
        for name, value in values.items():
            if name in told:
                self._note(part, key, name, getattr(record, name), value)
            setattr(record, name, value)

    def _note(self, part: str, key: int, name: str, before: Any, after: Any) -> None:
        if before == after:
            return
        owner = self.order if part == "order" else getattr(self, part)[key]
        setattr(owner, name, after)
        facts = self.changes.setdefault(part, {})
        if part != "order":
            facts = facts.setdefault(str(key), {})
        first = facts[name][0] if name in facts else _plain(before)
        facts[name] = [first, _plain(after)]


def shelf(order: Any) -> str:
    """Under which stage the queue counts an order: nowhere once it is in the archive."""
    return "" if order.archived_at else str(order.stage)


def undo_until(at: datetime) -> datetime:
    """Until when a move can be taken back before its letter leaves (a setting, 30 s)."""
    return at + timedelta(seconds=current_app.config["UNDO_SECONDS"])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        value = value.astimezone(UTC)  # one spelling, whatever zone a file or a database server speaks in
    return value.isoformat() if hasattr(value, "isoformat") else value
