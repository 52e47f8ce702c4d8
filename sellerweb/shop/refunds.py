"""Money due back: owe, hand, send, settle, fail, and what an order's payment has come to. How much is `fees`' business.

No machine moves the money yet, so a refund becomes a task for staff once the time to undo it is over.
"""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, exists, func, select, update
from sqlalchemy.orm import aliased

from sellerweb.shop import cancelling, clock, history, sealed, states
from sellerweb.shop.case import Case
from sellerweb.shop.db import forget, read
from sellerweb.shop.fees import left, paid
from sellerweb.shop.models import Order, Refund
from sellerweb.shop.refused import Refused

MOST = 200
# What stands in the note of one that is not owed after all, since its cancel was taken back.
UNDONE = "undone"
_TOO_MUCH = _l("The sum must lie between nothing and what is left of the money that was paid. Nothing was changed.")


def payment(order: Any) -> str:
    """awaiting, paid, partly_refunded or refunded: what the money facts make."""
    if not order.paid_at:
        return "awaiting"
    if not order.refunded:
        return "paid"
    return "refunded" if order.refunded >= paid(order) else "partly_refunded"


def amount(case: Case, proposed: int, given: int | None) -> int:
    """What a claim gives back: what staff say, else what was worked out. Where the marketplace pays back, nothing."""
    if not cancelling.decides_here(case.order.channel):
        return 0
    if given is not None and not 0 <= given <= left(case.order):
        raise Refused(_TOO_MUCH, "refund")
    return proposed if given is None else given


def owe(
    case: Case,
    amount: int,
    reason: str,
    claim: int | None = None,
    after: datetime | None = None,
    account: str = "",
) -> int | None:
    """Owe the customer `amount`; returns the refund's id, None where there is nothing to give or the marketplace gives it.

    `account` is sealed already. The guard is the UPDATE: all refunds together never exceed what was paid.
    """
    if amount <= 0 or not cancelling.decides_here(case.order.channel):
        return None
    guarded = (
        update(Order)
        .where(Order.id == case.order.id, Order.paid_at.is_not(None))
        .where(Order.refunded + amount <= func.coalesce(Order.total, 0) + Order.shipping_fee)
        .values(refunded=Order.refunded + amount)
    )
    if not case.act.tx.execute(guarded).rowcount:
        raise Refused(_TOO_MUCH, "refund")
    case.set_order(refunded=case.order.refunded + amount)
    new = case.add_refund(
        claim_id=claim, amount=amount, reason=reason, state="due", not_before=after or case.act.at, account=account
    )
    case.record("refund", "owe", claim=claim)
    return new


def hand(case: Case, refund: int) -> None:
    """The time to undo is over: it is a task for staff now."""
    row = _find(case, refund, "hand")
    if case.act.at >= row.not_before:
        case.set_refund(refund, state="manual")
        case.record("refund", "hand", claim=row.claim_id)


def send(case: Case, refund: int) -> None:
    """Ordered at the bank or the shop's payment service."""
    row = _find(case, refund, "send")
    case.set_refund(refund, state="sent")
    case.record("refund", "send", claim=row.claim_id)


def settle(case: Case, refund: int) -> None:
    """The customer has it: the account is forgotten."""
    row = _find(case, refund, "settle")
    case.set_refund(refund, state="done", settled_at=case.act.at, account="")
    case.record(
        "refund", "settle", claim=row.claim_id, values={"amount": row.amount, "currency": row.currency}
    )  # fmt: skip


def fail(case: Case, refund: int, note: str = "") -> None:
    """It did not arrive, or is not owed after all: the sum may be owed again. The account is forgotten."""
    row = _find(case, refund, "fail")
    case.set_order(refunded=case.order.refunded - row.amount)
    case.set_refund(refund, state="failed", account="", note=note)
    case.record("refund", "fail", note=note, claim=row.claim_id)


def take_back(case: Case, claim: int) -> str:
    """What a claim owed is not owed after all; returns the account that it was to go to, sealed."""
    accounts = [""]
    for row in list(case.refunds.values()):
        if row.claim_id == claim and row.state != "failed":
            accounts.append(row.account)
            fail(case, row.id, UNDONE)
    return accounts[-1]


def again(case: Case, refund: int, account: str = "") -> None:
    """Owe a failed one anew, to another account perhaps (in plain words, sealed here)."""
    row = case.refunds.get(refund)
    if row is None or row.state != "failed":
        raise Refused(_l("Only a refund that failed can be tried again. Nothing was changed."))
    newer = (r for r in case.refunds.values() if r.id > refund and r.state != "failed")
    if row.note == UNDONE or any((r.claim_id, r.reason) == (row.claim_id, row.reason) for r in newer):
        raise Refused(_l("This refund is not owed any more, or another has taken its place. Nothing was changed."))
    if not (most := min(row.amount, left(case.order))):
        raise Refused(_TOO_MUCH, "refund")
    owe(case, most, row.reason, row.claim_id, account=sealed.seal(account))


def account(conn: Connection, order_id: int, refund: int) -> str:
    """The customer's bank account in plain words, for the person who sends the money; "" where there is none."""
    which = (Refund.id == refund, Refund.order_id == order_id)
    return sealed.unseal(conn.scalar(select(Refund.account).where(*which)) or "")


_ORDER = (Order.code, Order.channel, Order.order_no, Order.version, Order.receiver_name, Order.buyer_name)
_ROWS = select(Refund.__table__, *_ORDER).join(Order, Order.id == Refund.order_id)


def unpaid(conn: Connection, limit: int = 200) -> list[Row[Any]]:
    """Refunds that wait for staff or the bank, oldest first, each with its order's columns."""
    waiting = Refund.state.in_(("due", "manual", "sent"))
    return list(conn.execute(_ROWS.where(waiting).order_by(Refund.not_before, Refund.id).limit(limit)))


def failed(conn: Connection, limit: int = 50) -> list[Row[Any]]:
    """Those that did not arrive and were not tried again, for the same claim and reason; newest first. What was undone is none of them."""
    later = aliased(Refund)
    same = (later.claim_id.is_not_distinct_from(Refund.claim_id), later.reason == Refund.reason)
    again = exists().where(later.order_id == Refund.order_id, later.id > Refund.id, *same)
    lost = (Refund.state == "failed", Refund.note != UNDONE, ~again)
    return list(conn.execute(_ROWS.where(*lost).order_by(Refund.id.desc()).limit(limit)))


def one(conn: Connection, refund: int) -> Row[Any] | None:
    return conn.execute(_ROWS.where(Refund.id == refund)).one_or_none()


def hand_due() -> int:
    """The worker's chore: every refund whose time to undo is over becomes a task. Returns how many."""
    ripe = select(Order.code, Refund.id).join(Order, Order.id == Refund.order_id)
    ripe = ripe.where(Refund.state == "due", Refund.not_before <= clock.now()).order_by(Refund.id).limit(MOST)
    found = [(row.code, row.id) for row in read().execute(ripe)]
    forget()
    for code, refund in found:
        try:
            with history.act(history.CLOCK, "hand") as act:
                hand(act.order(code), refund)
        except (Refused, history.NotThere):
            continue  # another worker, an undo, or the deleting of a test order was faster
    return len(found)


def _find(case: Case, refund: int, verb: str) -> Any:
    row = case.refunds.get(refund)
    if row is None:
        raise Refused(_l("This refund does not belong to the order. Nothing was changed."))
    if not states.may("refund", verb, row.state):
        raise Refused(_l("This refund has moved on meanwhile. Nothing was changed; look at it again."))
    return row
