"""The verbs of a cancel: request, approve, refuse, withdraw, cancel (at once), undo. Returns of what has left: `returns`.

A cancel and a ship meet in the guarded UPDATEs of `counters`: whoever comes second is told what has happened.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from sellerweb.shop import cancelling, claims, fees, queries, refunds, sealed, shipments, states, stock
from sellerweb.shop.case import Case, undo_until
from sellerweb.shop.models import Notice
from sellerweb.shop.policy import Policy
from sellerweb.shop.refused import Refused


def request(case: Case, pieces: dict[int, int], reason: str, note: str = "", account: str = "") -> int:
    """Ask to cancel `pieces`: nothing of them is sent until it is answered. Returns the claim's id."""
    pieces = claims.asked_for(pieces)
    claims.reason_of("cancel", reason, note, staff=_is_staff(case))
    if case.order.stage not in states.OPEN:
        raise _too_late(case)
    if not _is_staff(case):
        _check_door(case, pieces, at_once=False)
    quote = _quote(case, pieces, reason)
    if not case.move_pieces("ask", pieces):
        raise _too_late(case)
    rules = claims.rules(case)
    claim = case.add_claim(
        pieces, **_values(quote, reason, note, account), state="requested", due_at=_answer_by(case, rules)
    )
    claims.flag(case)
    case.record("cancel", "request", claim=claim)
    return claim


def approve(case: Case, claim: int, refund: int | None = None, *, restock: bool = True, tell: bool = True) -> None:
    """Grant the wish: packed pieces come out of their parcels (whose labels are void), and the money is owed."""
    row = claims.find(case, claim, "approve", "cancel")
    pieces = claims.pieces_of(case, claim)
    quote = _quote(case, pieces, row.reason)
    _take_out(case, pieces)
    if not case.move_pieces("approve", pieces):
        raise _too_late(case)
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
    claims.close(case, row, "withdrawn", account="")
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
        raise _too_late(case)
    if not _is_staff(case):
        _check_door(case, pieces, at_once=True)
    quote = _quote(case, pieces, reason)
    if _is_staff(case):
        _take_out(case, pieces)
    if not case.move_pieces("cancel", pieces):
        raise _too_late(case)
    claim = case.add_claim(pieces, **_values(quote, reason, note, account), state="done")
    _done(case, case.claims[claim], "cancel", pieces, quote, refund, restock=restock, tell=tell)
    return claim


def undo(case: Case, claim: int) -> None:
    """Take a cancel back before its letter leaves: what was approved is a wish again, what staff cancelled is gone."""
    asked = case.claims.get(claim) is not None and case.claims[claim].asked_by == "customer"
    row = claims.find(case, claim, "reopen" if asked else "undo", "cancel")
    if row.undo_until is None or case.act.moment() >= row.undo_until:
        raise Refused(_l("It is too late to take this back: the time for it has passed. The cancel stays."))
    _keep_letter(case, claim)
    for refund in case.refunds.values():
        if refund.claim_id == claim and refund.state != "failed":
            refunds.fail(case, refund.id, "undone")
    pieces = claims.pieces_of(case, claim)
    if not case.move_pieces("uncancel", pieces) or (asked and not case.move_pieces("ask", pieces)):
        raise _too_late(case)
    if not row.restock:
        stock.put_back(case.act.tx, case.lines, pieces)
    if asked:
        due = _answer_by(case, claims.rules(case))
        case.set_claim(claim, state="requested", closed_at=None, undo_until=None, due_at=due)
    else:
        case.set_claim(claim, state="undone", undo_until=None)
    claims.flag(case)
    case.record("cancel", "reopen" if asked else "undo", claim=claim)


def by_channel(case: Case, line: Any, quantity: int | None = None) -> bool:
    """An imported cancel is a fact: of the line's pieces (all, or `quantity`) it takes open ones, then packed ones.

    False: there were not that many, and nothing was moved; with no quantity, what there is.
    """
    settle(case, line.id)
    there = queries.open_pieces(line) + line.packed
    wanted = there if quantity is None else quantity
    if not 0 < wanted <= there:
        return False
    _take_out(case, {line.id: wanted})
    pieces, at = {line.id: wanted}, case.act.at
    if not case.move_pieces("cancel", pieces):
        return False
    claim = case.add_claim(pieces, kind="cancel", state="done", reason="other", closed_at=at, decided_at=at)
    case.record("cancel", "cancel", claim=claim)
    return True


def settle(case: Case, line: int) -> None:
    """The channel has decided about a line: wishes about it that wait here are over."""
    for row in list(case.claims.values()):
        if row.kind == "cancel" and row.closed_at is None and line in claims.pieces_of(case, row.id):
            withdraw(case, row.id)


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
    amount = quote.refund if refund is None else refund
    if amount > fees.left(case.order):
        raise Refused(
            _l("That is more than is left of what the customer paid. Nothing was changed; give a smaller sum."),
            "refund",
        )
    until = undo_until(case.act.at) if _is_staff(case) else None
    account = row.account
    claims.close(case, row, "done", refund=amount, fee=quote.fee, restock=restock, undo_until=until, account="")
    if not restock:
        stock.take(case.act.tx, case.lines, pieces)
    values = {"pieces": pieces, "refund": amount, "kept": list(quote.kept), "reason": row.reason}
    case.record("cancel", verb, claim=row.id, after=until, told=tell, values=values)
    refunds.owe(case, amount, row.reason, row.id, after=until, account=account)


def _take_out(case: Case, pieces: dict[int, int]) -> None:
    """Open the parcels that hold pieces which are not open: first those without a label, and no more than needed."""
    for line_id, quantity in pieces.items():
        line = case.lines.get(line_id)
        parcels = [p for p in case.shipments.values() if p.state in states.HERE]
        for parcel in sorted(parcels, key=lambda p: (p.state == "labelled", p.id)):
            if line is None or queries.open_pieces(line) >= quantity:
                break
            if line_id in case.pieces_of(parcel.id):
                shipments.stop(case, parcel.id)


def _check_door(case: Case, pieces: dict[int, int], *, at_once: bool) -> None:
    """What a customer may do, asked of the same table as the button, in the transaction that does it."""
    if not cancelling.decides_here(case.order.channel):
        raise Refused(_l("This order is cancelled at the marketplace where it was bought. Nothing was changed here."))
    door = cancelling.of(case)
    for line, quantity in pieces.items():
        possible = door.now.get(line, 0) + (0 if at_once else door.request.get(line, 0))
        if quantity > possible:
            raise _too_late(case)


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


def _quote(case: Case, pieces: dict[int, int], reason: str) -> fees.Quote:
    return fees.quote_cancel(case.order, case.lines.values(), pieces, reason, claims.rules(case))


def _answer_by(case: Case, rules: Policy) -> Any:
    return case.act.at + claims.answer_time(rules)


def _is_staff(case: Case) -> bool:
    return case.act.by.kind != "customer"


def _too_late(case: Case) -> Refused:
    """Why these pieces cannot be cancelled: what has happened to the order, and what to do instead."""
    gone = [p for p in case.shipments.values() if p.state in states.GONE]
    if case.order.stage == "expired":
        return Refused(_l("This order was closed unpaid. There is nothing left to cancel."))
    if any(line.asked for line in case.lines.values()):
        return Refused(_l("Somebody has asked to cancel this already. Nothing was changed; settle that request."))
    if gone:
        return Refused(
            _l(
                "It has left already, so it cannot be cancelled. Nothing was changed; it can be sent back once it is there."
            )
        )
    if all(line.cancelled == line.ordered for line in case.lines.values()):
        return Refused(_l("This is cancelled already. Nothing was changed."))
    return Refused(
        _l(
            "There are not that many pieces left to cancel, or no longer at once. Nothing was changed; look at it again."
        ),
        "quantity",
    )
