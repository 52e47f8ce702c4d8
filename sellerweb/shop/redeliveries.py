"""The verbs for what is missing, lost or broken on the way: report, check, then resend, refund, found or refuse."""

from typing import Any

from flask_babel import lazy_gettext as _l

from sellerweb.shop import cancelling, claims, quotes, refunds, replacing, sealed, states, windows
from sellerweb.shop.case import Case
from sellerweb.shop.fees import Reason
from sellerweb.shop.refused import Refused

WANTS = ("resend", "refund")


def report(
    case: Case, pieces: dict[int, int], reason: str, note: str = "", wants: str = "resend", account: str = ""
) -> int:
    """Pieces that have left are not there, or not whole. Returns the claim's id."""
    pieces = claims.asked_for(pieces)
    by_staff = case.act.by.kind == "staff"
    why = claims.reason_of("redelivery", reason, note, staff=by_staff)
    if not by_staff and not cancelling.decides_here(case.order.channel):
        raise Refused(_l("This order is settled at the marketplace where it was bought. Nothing was changed here."))
    _check_time(case, why, note)
    if wants not in WANTS:
        raise Refused(_l("Choose whether it is sent again or paid back."), "wants")
    claim = begin(
        case, pieces, reason, "reported", note=note, wants=wants, photo=why.photo, account=sealed.seal(account)
    )
    case.record("redelivery", "report", claim=claim)
    return claim


def begin(case: Case, pieces: dict[int, int], reason: str, state: str, **values: Any) -> int:
    """A new redelivery claim about pieces that no other claim is about; the caller records why. Returns its id."""
    quote = quotes.back(case, "redelivery", pieces, reason)
    if not case.move_pieces("claim", pieces):
        raise Refused(
            _l(
                "There are not that many pieces on their way, or somebody has reported them already. Nothing was changed."
            ),
            "quantity",
        )
    due = case.act.at + claims.answer_time(claims.rules(case))
    figures = {"bearer": quote.bearer, "goods": quote.goods, "refund": quote.refund}
    claim = case.add_claim(
        pieces, kind="redelivery", state=state, reason=reason, urgent=True, due_at=due, **figures, **values
    )
    claims.flag(case)
    return claim


def check(case: Case, claim: int) -> None:
    """Somebody asks the carrier where it is."""
    claims.find(case, claim, "check", "redelivery")
    case.set_claim(claim, state="checking", decided_at=case.act.at)
    case.record("redelivery", "check", claim=claim)


def resend(case: Case, claim: int) -> None:
    """The same pieces go out once more, as lines of the order."""
    row = claims.find(case, claim, "resend", "redelivery")
    replacing.replace(case, claim, claims.pieces_of(case, claim))
    claims.close(case, row, "resent", refund=0)
    quotes.follow(case)
    case.record("redelivery", "resend", claim=claim, values={"reason": row.reason})


def refund(case: Case, claim: int, amount: int | None = None) -> None:
    """The money goes back instead."""
    row = claims.find(case, claim, "refund", "redelivery")
    amount = refunds.amount(case, row.refund, amount)
    account = row.account
    claims.close(case, row, "refunded", refund=amount)
    quotes.follow(case)
    case.record("redelivery", "refund", claim=claim, values={"refund": amount, "reason": row.reason})
    refunds.owe(case, amount, row.reason, claim, account=account)


def found(case: Case, claim: int) -> None:
    """It was there after all: so are the lost parcels that held these pieces, and no more than these."""
    row = claims.find(case, claim, "found", "redelivery")
    pieces = claims.pieces_of(case, claim)
    for parcel in case.shipments.values():
        inside = case.pieces_of(parcel.id) if parcel.state == "lost" else {}
        if inside and all(quantity <= pieces.get(line, 0) for line, quantity in inside.items()):
            case.move_pieces("find", inside)
            case.set_shipment(parcel.id, state="in_transit")
            pieces = {line: quantity - inside.get(line, 0) for line, quantity in pieces.items()}
    _unclaim(case, claim)
    claims.close(case, row, "found")
    case.record("redelivery", "found", claim=claim)


def refuse(case: Case, claim: int, answer: str) -> None:
    row = claims.find(case, claim, "refuse", "redelivery")
    if not answer:
        raise Refused(_l("Say why: the customer reads this sentence."), "answer")
    _unclaim(case, claim)
    claims.close(case, row, "refused", answer=answer)
    case.record("redelivery", "refuse", note=answer, claim=claim)


def withdraw(case: Case, claim: int) -> None:
    row = claims.find(case, claim, "withdraw", "redelivery")
    if not claims.may_withdraw(row, case.act.by.kind):
        raise Refused(
            _l("The shop itself has asked about this parcel. Nothing was changed; write to the shop instead.")
        )
    _unclaim(case, claim)
    claims.close(case, row, "withdrawn")
    case.record("redelivery", "withdraw", claim=claim)


def _check_time(case: Case, why: Reason, note: str) -> None:
    """A customer's time to report ends; staff may take it later too, and say why."""
    gone = [parcel for parcel in case.shipments.values() if parcel.state in states.GONE]
    end = windows.until(claims.rules(case), gone, "redelivery", why)
    if end is None or case.act.moment() < end:
        return
    if case.act.by.kind != "staff":
        raise Refused(
            _l("The time to report this is over. Nothing was changed; write to the shop if something is wrong.")
        )
    if not note:
        raise Refused(_l("The time to report this is over. Say in the note why you take it all the same."), "note")


def _unclaim(case: Case, claim: int) -> None:
    if not case.move_pieces("unclaim", claims.pieces_of(case, claim)):
        raise Refused(_l("Somebody was faster. Nothing was changed; look at the order again."))
