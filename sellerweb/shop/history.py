"""The only door to an order's facts: one action, one transaction, its orders locked, its events written. No rules.

with history.act(by, "ship", action_id) as act:
    case = act.order(code, version)      # locked; stale -> Refused
    ...                                  # verbs of orders, shipments
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, bindparam, select, text
from ulid import ULID

from sellerweb.shop import clock, sealed, stock
from sellerweb.shop.case import Case
from sellerweb.shop.closing import close, write_tally
from sellerweb.shop.db import write
from sellerweb.shop.models import Action, Order, UtcTime
from sellerweb.shop.opening import load, load_all
from sellerweb.shop.refused import Refused


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `kind` is staff, customer, channel or clock; `role` is the staff member's."""

    kind: str
    staff_id: int | None = None
    role: str = ""


CHANNEL = Actor("channel")
CUSTOMER = Actor("customer")
CLOCK = Actor("clock")


class NotThere(LookupError):
    """There is no such order."""


class Repeated(Exception):
    """This action was done already: answer as before, do nothing."""


@dataclass(slots=True)
class Act:
    """One action under way. Every order that it touches is written once, when the action ends."""

    tx: Connection
    id: str
    by: Actor
    at: datetime
    past: bool = False
    cases: dict[int, Case] = field(default_factory=dict)
    moved: list[stock.Moved] = field(default_factory=list)
    products: dict[str | tuple[str, str], int | None] = field(default_factory=dict)
    tally: dict[tuple[str, str], int] = field(default_factory=dict)

    def moment(self) -> datetime:
        """Now, for decisions that a second makes (UTC): asked once the order is locked, not when the action began."""
        return self.at if self.past else max(self.at, clock.now())

    def order(self, code: str, version: int | None = None) -> Case:
        """The order, locked, with its lines and parcels. Raises NotThere, and Refused where `version` is stale."""
        case = load(self, Order.code == code)
        if case is None:
            raise NotThere(code)
        if version is not None and version != case.order.version:
            raise Stale(case.order.code, version)
        return self.cases.setdefault(case.order.id, case)

    def case(self, order_id: int) -> Case:
        """The same by its key, for those who have just read it."""
        found = load(self, Order.id == order_id)
        if found is None:
            raise NotThere(str(order_id))
        return self.cases.setdefault(order_id, found)

    def all_of(self, order_ids: Iterable[int]) -> dict[int, Case]:
        """The same for several: {key: Case}."""
        found = load_all(self, Order.id.in_(list(order_ids)))
        return {key: self.cases.setdefault(key, case) for key, case in found.items()}


class Stale(Refused):
    """The page was drawn from an older version of the order."""

    def __init__(self, code: str, version: int) -> None:
        super().__init__(_l("This order has changed since your page was drawn. Nothing was changed; look at it again."))
        self.code, self.version = code, version


# ON CONFLICT DO NOTHING reads alike on both databases, but each dialect spells its construct differently.
_INSERT = text(
    "INSERT INTO action (id, verb, body, staff_id, at) VALUES (:id, :verb, :body, :staff_id, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("at", type_=UtcTime()))


@contextmanager
def act(by: Actor, verb: str, action_id: str = "", body: object = None, at: datetime | None = None) -> Iterator[Act]:
    """One action: a write transaction that ends with its orders' events, stages and notices written.

    `at` is now, but for those who tell of the past (the demo shop).

    Raises Repeated where `action_id` was done before with the same `body`, Refused where with another.
    """
    with write() as tx:
        doing = Act(tx, action_id or str(ULID()), by, at or clock.now(), past=at is not None)
        _begin(doing, verb, body)
        yield doing
        close(doing)
        write_tally(doing)
        stock.write(doing)


def _begin(doing: Act, verb: str, body: object) -> None:
    digest = sealed.mark(json.dumps([verb, body], sort_keys=True, default=str))
    row = {"id": doing.id, "verb": verb, "body": digest, "staff_id": doing.by.staff_id, "at": doing.at}
    if doing.tx.execute(_INSERT, row).rowcount:
        return
    done = doing.tx.execute(select(Action.body).where(Action.id == doing.id)).scalar_one()
    if done == digest:
        raise Repeated(doing.id)
    raise Refused(_l("This form was sent before with other contents. Nothing was changed; open it again."))
