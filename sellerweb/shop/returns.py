"""The verbs of a return and of an exchange, which are one road until the goods are looked at; then money or another piece.

Cancels of what is still here: `cancels`. What never arrived: `redeliveries`.
"""

from dataclasses import astuple, dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from sellerweb.shop import (
    cancelling,
    claims,
    fees,
    policy,
    quotes,
    refunds,
    replacing,
    sealed,
    states,
    stock,
    undone,
    windows,
)
from sellerweb.shop.case import Case
from sellerweb.shop.refused import Refused

KINDS = ("return", "exchange")


@dataclass(frozen=True, slots=True)
class Found:
    """What inspection found of a line's pieces: every one of them is in one of the four."""

    resellable: int = 0
    damaged: int = 0
    wrong: int = 0
    missing: int = 0

    @property
    def back(self) -> int:
        """Our own goods that are here again."""
        return self.resellable + self.damaged


def request(
    case: Case, kind: str, pieces: dict[int, int], reason: str, note: str = "", option: str = "", account: str = ""
) -> int:
    """Ask to send pieces back, for money or for `option` of the same. Returns the claim's id."""
    pieces = claims.asked_for(pieces)
    by_staff = case.act.by.kind == "staff"
    why = claims.reason_of(kind, reason, note, staff=by_staff)
    if not by_staff:
        _check_customer(case, kind, why)
    quote = quotes.back(case, kind, pieces, reason)
    if not case.move_pieces("claim", pieces):
        raise Refused(
            _l(
                "There are not that many pieces that can be sent back, or somebody has asked already. Nothing was changed."
            ),
            "quantity",
        )
    claim = case.add_claim(
        pieces,
        kind=kind,
        state="requested",
        reason=reason,
        note=note,
        option=option if kind == "exchange" else "",
        account=sealed.seal(account),
        due_at=case.act.at + claims.answer_time(claims.rules(case)),
        urgent=why.urgent,
        photo=why.photo,
        **quotes.figures(quote),
    )
    claims.flag(case)
    case.record(kind, "request", claim=claim, values=_told(case, case.claims[claim], pieces))
    return claim


def by_channel(case: Case, line: Any) -> None:
    """The channel says that all of a line came back. The pieces wait to be looked at, like any others: no file fills a shelf.

    What came in with this word had come back before the order was ours to look after.
    """
    back = line.shipped - line.returned
    case.move_pieces("come_back", {line.id: back})
    wait = min(back, line.shipped - line.claimed)  # the rest is under a claim of ours already
    if not case.order.version or case.order.is_test or wait <= 0:
        return
    case.move_pieces("claim", {line.id: wait})
    at, rules = case.act.at, claims.rules(case)
    due = policy.end_of(rules, at, business_days=rules.decide_days)
    claim = case.add_claim({line.id: wait}, kind="return", state="received", reason="other", received_at=at, due_at=due)
    case.set_claimed_line(claim, line.id, received=wait)
    claims.flag(case)
    case.record("return", "back", claim=claim)


def accept(case: Case, claim: int, answer: str = "") -> None:
    """They may send it back; `answer` says how, where the usual words are not enough."""
    row = claims.find(case, claim, "accept", *KINDS)
    case.set_claim(claim, state="accepted", answer=answer, decided_at=case.act.at, due_at=None)
    case.record(row.kind, "accept", claim=claim, values=_told(case, row))


def refuse(case: Case, claim: int, answer: str) -> None:
    """Say no, with a sentence. What inspection found to be here stays claimed: it is not sent back a second time."""
    row = claims.find(case, claim, "refuse", *KINDS)
    if not answer:
        raise Refused(_l("Say why: the customer reads this sentence."), "answer")
    if row.state == "inspected":
        _unclaim_what_stayed_away(case, claim)
    else:
        _unclaim(case, claim)
    claims.close(case, row, "refused", answer=answer)
    case.record(row.kind, "refuse", note=answer, claim=claim)


def withdraw(case: Case, claim: int) -> None:
    row = claims.find(case, claim, "withdraw", *KINDS)
    _unclaim(case, claim)
    claims.close(case, row, "withdrawn")
    case.record(row.kind, "withdraw", claim=claim)


def collect(case: Case, claim: int, carrier: str = "", number: str = "") -> None:
    """The goods are on their way back, with this carrier and number where they are known."""
    row = claims.find(case, claim, "collect", *KINDS)
    case.set_claim(claim, state="collecting", carrier=carrier, number=number)
    case.record(row.kind, "collect", claim=claim)


def receive(case: Case, claim: int, received: dict[int, int]) -> None:
    """Pieces {line id: quantity} are here, perhaps not all; from the first on the shop has three business days."""
    row = claims.find(case, claim, "receive", *KINDS)
    lines = case.claimed_lines(claim)
    for line, quantity in claims.asked_for(received).items():
        if line not in lines or lines[line].received + quantity > lines[line].quantity:
            raise Refused(_l("That is more than was to come back. Nothing was changed."), "quantity")
        case.set_claimed_line(claim, line, received=lines[line].received + quantity)
    first = row.received_at is None
    if first:
        rules = claims.rules(case)
        due = policy.end_of(rules, case.act.at, business_days=rules.decide_days)
        case.set_claim(claim, received_at=case.act.at, due_at=due)
    case.set_claim(claim, state="received")
    case.record(row.kind, "receive", claim=claim, told=first, values=_told(case, row))


def inspect(case: Case, claim: int, found: dict[int, Found]) -> None:
    """What the pieces are like {line id: Found}: all of each line. Only what is ours and here is paid back."""
    row = claims.find(case, claim, "inspect", *KINDS)
    lines = case.claimed_lines(claim)
    for line, about in lines.items():
        here = found.get(line, Found())
        if min(astuple(here)) < 0 or sum(astuple(here)) != about.quantity:
            raise Refused(
                _l("Say of every piece what it is like: together they must be %(n)s.", n=about.quantity), "quantity"
            )
        if here.missing < about.quantity - about.received:
            raise Refused(
                _l("Only %(n)s of these pieces have come back: the others are missing.", n=about.received), "quantity"
            )
        case.set_claimed_line(
            claim, line,
            resellable=here.resellable, damaged=here.damaged, wrong=here.wrong, missing=here.missing,
        )  # fmt: skip
    _count(case, {line: here for line, here in found.items() if line in lines})
    case.set_claim(claim, state="inspected")
    if row.asked_by == "channel":  # money and letters are the channel's business, and done
        case.record(row.kind, "inspect", claim=claim)
        _unclaim_what_stayed_away(case, claim)
        claims.close(case, row, "done")
        case.record(row.kind, "finish", claim=claim, told=False)
        return
    quotes.work_out(case, row)
    case.record(row.kind, "inspect", claim=claim)


def finish(case: Case, claim: int, refund: int | None = None) -> None:
    """A return ends with the money, an exchange with the other piece, which has left."""
    row = claims.find(case, claim, "finish", *KINDS)
    if replacing.is_waiting(case, claim):
        raise Refused(_l("The other piece has not left yet. Send it first, then finish this."))
    amount = refunds.amount(case, row.refund, refund) if row.kind == "return" else 0
    account = row.account
    _unclaim_what_stayed_away(case, claim)
    claims.close(case, row, "done", refund=amount)
    quotes.follow(case)
    case.record(row.kind, "finish", claim=claim, values=_told(case, row))
    refunds.owe(case, amount, row.reason, claim, account=account)


def hold(case: Case, claim: int, reason: str) -> None:
    row = claims.find(case, claim, "hold", *KINDS)
    if row.held_at or not reason:
        raise Refused(_l("Say why this waits, once. Nothing was changed."), "reason")
    case.set_claim(claim, held_at=case.act.at, hold_reason=reason)
    case.record(row.kind, "hold", note=reason, claim=claim)


def release(case: Case, claim: int) -> None:
    row = claims.find(case, claim, "release", *KINDS)
    if not row.held_at:
        raise Refused(_l("This request is not on hold. Nothing was changed."))
    case.set_claim(claim, held_at=None, hold_reason="")
    case.record(row.kind, "release", claim=claim)


def bear(case: Case, claim: int, bearer: str, ways: int, note: str) -> None:
    """Staff decide otherwise who bears the fee, and how many ways of it; the note says why."""
    row = claims.find(case, claim, "bear", *KINDS)
    if bearer not in undone.BEARERS or not 0 <= ways <= 2:
        raise Refused(_l("Choose who bears the fee."), "bearer")
    if not note:
        raise Refused(_l("Say in a few words why."), "note")
    case.set_claim(claim, bearer=bearer, ways=ways if bearer == undone.CUSTOMER else 0)
    quotes.work_out(case, row)
    case.record(row.kind, "bear", note=note, claim=claim)


def convert(case: Case, claim: int) -> None:
    """What they wanted instead is sold out: the exchange becomes a return, and the shop bears its fee."""
    row = claims.find(case, claim, "convert", "exchange")
    case.set_claim(claim, kind="return", bearer=undone.SELLER, ways=0)
    quotes.follow(case)
    claims.flag(case)
    case.record("exchange", "convert", claim=claim, values=_told(case, row))


def resend(case: Case, claim: int, option: str = "") -> None:
    """The other piece goes out: it becomes a line of the order and is packed like any other."""
    row = claims.find(case, claim, "resend", "exchange")
    back = undone.given_back(row, case.claimed_lines(claim).values())
    if not back:
        raise Refused(_l("Nothing of ours came back, so there is nothing to exchange. Refuse it with a sentence."))
    replacing.replace(case, claim, back, option or row.option)
    case.set_claim(claim, state="resent", option=option or row.option, due_at=None)
    quotes.follow(case)
    case.record("exchange", "resend", claim=claim)


def _check_customer(case: Case, kind: str, why: fees.Reason) -> None:
    if not cancelling.decides_here(case.order.channel):
        raise Refused(_l("This order is returned at the marketplace where it was bought. Nothing was changed here."))
    parcels = [parcel for parcel in case.shipments.values() if parcel.state in states.GONE]
    end = windows.until(claims.rules(case), parcels, kind, why)
    if end is not None and case.act.moment() >= end:
        raise Refused(
            _l("The time to send this back is over. Nothing was changed; write to the shop if something is wrong.")
        )


def _told(case: Case, row: Any, pieces: dict[int, int] | None = None) -> dict[str, Any]:
    """What the letters say of a claim as it stands."""
    pieces = pieces or claims.pieces_of(case, row.id)
    return {"pieces": pieces, "refund": row.refund, "fee": row.fee, "bearer": row.bearer, "reason": row.reason}


def _count(case: Case, found: dict[int, Found]) -> None:
    """Count what is here, and put on the shelf what can be sold: but once.

    The channel may have counted it already; a parcel that came back unopened was counted and shelved then.
    """
    came_back = [case.pieces_of(p.id) for p in case.shipments.values() if p.state == "came_back"]
    counted, shelved = {}, {}
    for line_id, here in found.items():
        line = case.lines[line_id]
        before = max(0, line.returned + here.back - line.shipped)
        by_parcel = min(before, sum(pieces.get(line_id, 0) for pieces in came_back))
        counted[line_id] = here.back - before
        shelved[line_id] = max(0, here.resellable - by_parcel)
    if not case.move_pieces("come_back", counted):
        raise Refused(_l("Somebody was faster. Nothing was changed; look at the order again."))
    stock.put_back(case, shelved, "inspect")


def _unclaim_what_stayed_away(case: Case, claim: int) -> None:
    """The customer still has them, so they can be asked for once more."""
    lines = case.claimed_lines(claim)
    away = {line: x.wrong + x.missing for line, x in lines.items() if x.wrong + x.missing}
    if not case.move_pieces("unclaim", away):
        raise Refused(_l("Somebody was faster. Nothing was changed; look at the order again."))


def _unclaim(case: Case, claim: int) -> None:
    if not case.move_pieces("unclaim", claims.pieces_of(case, claim)):
        raise Refused(_l("Somebody was faster. Nothing was changed; look at the order again."))
