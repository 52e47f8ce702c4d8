"""The verbs of a cancel: request, approve, refuse, withdraw, cancel (at once), undo. Returns of what has left: `returns`.

A cancel and a ship meet in the guarded UPDATEs of `counters`: whoever comes second is told what has happened.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from sellerweb.shop import cancelling, claims, fees, queries, quotes, refunds, sealed, shipments, states, stock
from sellerweb.shop.case import Case, undo_until
from sellerweb.shop.models import Notice
from sellerweb.shop.policy import Policy
from sellerweb.shop.refused import Refused


def request(case: Case, pieces: dict[int, int], reason: str, note: str = "", account: str = "") -> int:
    """Ask to cancel `pieces`: nothing of them is sent until it is answered. Returns the claim's id."""
    pieces = claims.asked_for(pieces)
    claims.reason_of("cancel", reason, note, staff=_is_staff(case))
    if case.order.stage not in states.OPEN:
        raise _too_late(case, pieces)
    if not _is_staff(case):
        _check_door(case, pieces, at_once=False)
    quote = quotes.cancel(case, pieces, reason)
    if not case.move_pieces("ask", pieces):
        raise _too_late(case, pieces)
    rules = claims.rules(case)
    claim = case.add_claim(
        pieces, **_values(quote, reason, note, account), state="requested", due_at=_answer_by(case.act.at, rules)
    )
    claims.flag(case)
    case.record("cancel", "request", claim=claim)
    return claim


def approve(case: Case, claim: int, refund: int | None = None, *, restock: bool = True, tell: bool = True) -> None:
    """Grant the wish: packed pieces come out of their parcels (whose labels are void), and the money is owed."""
    row = claims.find(case, claim, "approve", "cancel")
    pieces = claims.pieces_of(case, claim)
    quote = quotes.cancel(case, pieces, row.reason)
    _take_out(case, pieces)
    if not case.move_pieces("approve", pieces):
        raise _too_late(case, pieces)
    _done(case, row, "approve", pieces, quote, refund, restock=restock, tell=tell)


def refuse(case: Case, claim: int, answer: str, shipment: int | None = None) -> None:
    """Say no, with a sentence or with the parcel that has left: the customer is told either."""
    row = claims.find(case, claim, "refuse", "cancel")
    parcel = case.shipments.get(shipment or 0)
    left = parcel is not None and parcel.state in states.GONE and bool(parcel.number)
    if not answer and not left:
        raise Refused(_l("Say why, or name the parcel that has left already."), "answer")
    _give_back(case, row)
    claims.close(case, row, "refused", answer=answer)
    case.record("cancel", "refuse", note=answer, claim=claim, shipment=shipment if left else None)


def withdraw(case: Case, claim: int) -> None:
    """The wish is taken back: the order stands where it stood, and its row says so."""
    row = claims.find(case, claim, "withdraw", "cancel")
    _give_back(case, row)
    claims.close(case, row, "withdrawn")
    case.record("cancel", "withdraw", claim=claim)


def cancel(
    case: Case,
    pieces: dict[int, int],
    reason: str,
    note: str = "",
    refund: int | None = None,
    *,
    restock: bool = True,
    tell: bool = True,
    account: str = "",
) -> int:
    """Cancel `pieces` at once: a customer where the table says so, staff whatever has not left. Returns the claim's id."""
    pieces = claims.asked_for(pieces)
    claims.reason_of("cancel", reason, note, staff=_is_staff(case))
    if case.order.stage not in ("awaiting_payment", *states.OPEN):
        raise _too_late(case, pieces)
    if not _is_staff(case):
        _check_door(case, pieces, at_once=True)
    quote = quotes.cancel(case, pieces, reason)
    if _is_staff(case):
        _take_out(case, pieces)
    if not case.move_pieces("cancel", pieces):
        raise _too_late(case, pieces)
    claim = case.add_claim(pieces, **_values(quote, reason, note, account), state="done")
    _done(case, case.claims[claim], "cancel", pieces, quote, refund, restock=restock, tell=tell)
    return claim


def undo(case: Case, claim: int) -> None:
    """Take a cancel back before its letter leaves: what was approved is a wish again, what staff cancelled is gone."""
    row = claims.find(case, claim, "undo", "cancel")
    asked = row.asked_by == "customer" or row.asked_at < row.closed_at  # a wish that waited, whoever wrote it down
    if row.undo_until is None or case.act.moment() >= row.undo_until:
        raise Refused(_l("It is too late to take this back: the time for it has passed. The cancel stays."))
    _keep_letter(case, claim)
    account = refunds.take_back(case, claim)
    pieces = claims.pieces_of(case, claim)
    if not case.move_pieces("uncancel", pieces) or (asked and not case.move_pieces("ask", pieces)):
        raise _too_late(case, pieces)
    if not row.restock:
        stock.put_back(case, pieces, "uncancel")
    if asked:
        due = _answer_by(
            row.asked_at, claims.rules(case)
        )  # the customer has waited since then, whatever we did meanwhile
        again: dict[str, Any] = {"closed_at": None, "decided_at": None, "undo_until": None, "due_at": due}
        case.set_claim(claim, state="requested", account=account, **again)
    else:
        case.set_claim(claim, state="undone", undo_until=None)
    case.set_order(archived_at=None)
    quotes.follow(case)
    claims.flag(case)
    case.record("cancel", "reopen" if asked else "undo", claim=claim)


def by_channel(case: Case, line: Any, quantity: int | None = None) -> bool:
    """An imported cancel is a fact: of the line's pieces (all, or `quantity`) it takes open ones, then packed ones.

    False: there were not that many, and nothing was moved; with no quantity, what there is.
    """
    settle(case, line.id, quantity)
    there = queries.open_pieces(line) + line.packed
    wanted = there if quantity is None else quantity
    if not 0 < wanted <= there:
        return False
    _take_out(case, {line.id: wanted})
    pieces, at = {line.id: wanted}, case.act.at
    if not case.move_pieces("cancel", pieces):
        return False
    claim = case.add_claim(pieces, kind="cancel", state="done", reason="other", closed_at=at, decided_at=at)
    claims.flag(case)
    case.record("cancel", "cancel", claim=claim)
    return True


def settle(case: Case, line: int, quantity: int | None = None) -> None:
    """The channel has decided about so many pieces of a line (None: all): no wish waits for them here any more.

    A wish about other pieces as well goes on about those.
    """
    decided = case.lines[line].asked if quantity is None else min(quantity, case.lines[line].asked)
    if not decided:
        return
    for row in [row for row in case.claims.values() if row.kind == "cancel" and row.closed_at is None]:
        wished = claims.pieces_of(case, row.id)
        over = min(decided, wished.get(line, 0))
        decided -= over
        if over == sum(wished.values()):
            withdraw(case, row.id)
        elif over:
            case.move_pieces("unask", {line: over})
            case.set_claimed_line(row.id, line, quantity=wished[line] - over)
            quotes.work_out(case, row)


def _done(
    case: Case,
    row: Any,
    verb: str,
    pieces: dict[int, int],
    quote: fees.Quote,
    refund: int | None,
    *,
    restock: bool,
    tell: bool,
) -> None:
    """What follows from pieces that are cancelled now: money, shelves, letter; staff may take it back for a while."""
    amount = refunds.amount(case, quote.refund, refund)
    until = undo_until(case.act.at) if _is_staff(case) else None
    account = row.account
    figures = {"goods": quote.goods, "fee": quote.fee, "refund": amount}
    claims.close(case, row, "done", restock=restock, undo_until=until, **figures)
    quotes.follow(case)
    if not restock:
        stock.take(case, pieces, "cancel")
    values = {"pieces": pieces, "refund": amount, "kept": list(quote.kept), "reason": row.reason}
    case.record("cancel", verb, claim=row.id, after=until, told=tell, values=values)
    refunds.owe(case, amount, row.reason, row.id, after=until, account=account)


def _take_out(case: Case, pieces: dict[int, int]) -> None:
    """Open the parcels that hold pieces which are not open."""
    parcels = [(p, case.pieces_of(p.id)) for p in case.shipments.values() if p.state in states.HERE]
    for parcel in cancelling.to_open(case.lines, parcels, pieces):
        shipments.stop(case, parcel.id)


def _check_door(case: Case, pieces: dict[int, int], *, at_once: bool) -> None:
    """What a customer may do, asked of the same table as the button, in the transaction that does it."""
    if not cancelling.decides_here(case.order.channel):
        raise Refused(_l("This order is cancelled at the marketplace where it was bought. Nothing was changed here."))
    door = cancelling.of(case)
    for line, quantity in pieces.items():
        at_all = door.now.get(line, 0) + door.request.get(line, 0)
        if quantity > at_all:
            raise _too_late(case, pieces)
        if at_once and quantity > door.now.get(line, 0):
            raise Refused(
                _l(
                    "The time to cancel this at once is over. Nothing was changed; you can ask for it, and the shop answers."
                )
            )


def _give_back(case: Case, row: Any) -> None:
    if not case.move_pieces("unask", claims.pieces_of(case, row.id)):
        raise _too_late(case)


def _keep_letter(case: Case, claim: int) -> None:
    letters = (Notice.claim_id == claim, Notice.letter.in_(("cancel_cancel", "cancel_approve")))
    waiting = update(Notice).where(*letters, Notice.state == "waiting")
    case.act.tx.execute(waiting.values(state="suppressed", why="undone"))
    if case.act.tx.scalar(select(Notice.id).where(*letters, Notice.state != "suppressed").limit(1)):
        raise Refused(_l("It is too late to take this back: the customer has been told. The cancel stays."))


def _values(quote: fees.Quote, reason: str, note: str, account: str) -> dict[str, Any]:
    return {
        "kind": "cancel",
        "reason": reason,
        "note": note,
        "account": sealed.seal(account),
        "bearer": quote.bearer,
        "goods": quote.goods,
        "fee": quote.fee,
        "refund": quote.refund,
    }


def _answer_by(asked_at: datetime, rules: Policy) -> datetime:
    return asked_at + claims.answer_time(rules)


def _is_staff(case: Case) -> bool:
    return case.act.by.kind != "customer"


def _too_late(case: Case, pieces: Iterable[int] = ()) -> Refused:
    """Why these pieces cannot be cancelled: what has happened to them, and what to do instead."""
    lines = [line for line in case.lines.values() if not pieces or line.id in pieces]
    if case.order.stage == "expired":
        return Refused(_l("This order was closed unpaid. There is nothing left to cancel."))
    if any(line.asked for line in lines):
        return Refused(
            _l("Somebody has asked to cancel this already. Nothing was changed; that request is answered first.")
        )
    if any(line.shipped for line in lines):
        return Refused(
            _l(
                "It has left already, so it cannot be cancelled. Nothing was changed; it can be sent back once it is there."
            )
        )
    if any(line.cancelled for line in lines):
        return Refused(_l("This is cancelled already. Nothing was changed; look at what is left of the order."))
    return Refused(
        _l("There are not that many pieces left to cancel. Nothing was changed; look at it again."),
        "quantity",
    )
