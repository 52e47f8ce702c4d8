"""What a claim comes to as its order stands in an action: `fees` asked with all that the case knows. No rules, no verbs."""

from typing import Any

from sellerweb.shop import claims, fees, undone
from sellerweb.shop.case import Case
from sellerweb.shop.undone import Undone


def cancel(case: Case, pieces: dict[int, int], reason: str) -> fees.Quote:
    return fees.quote_cancel(case.order, case.lines.values(), pieces, reason, claims.rules(case), _undone(case))


def back(case: Case, kind: str, pieces: dict[int, int], reason: str, decided: Any = None) -> fees.Quote:
    """`decided`: the claim whose bearer and ways staff or its reason have settled."""
    more = {} if decided is None else {"bearer": decided.bearer, "ways": decided.ways}
    order, lines, rules = case.order, case.lines.values(), claims.rules(case)
    return fees.quote_return(order, lines, pieces, reason, rules, _undone(case), kind, **more)


def work_out(case: Case, claim: Any) -> None:
    """Write what a claim comes to now: of what is here of it, once that was looked at."""
    pieces = undone.given_back(claim, case.claimed_lines(claim.id).values())
    if claim.kind == "cancel":
        quote = cancel(case, pieces, claim.reason)
        case.set_claim(claim.id, goods=quote.goods, fee=quote.fee, refund=quote.refund)
    else:
        case.set_claim(claim.id, **figures(back(case, claim.kind, pieces, claim.reason, claim)))


def follow(case: Case) -> None:
    """Another claim was settled, or taken back: what the live ones come to follows. Nobody is told less than is paid."""
    for claim in [claim for claim in case.claims.values() if claim.closed_at is None]:
        work_out(case, claim)


def figures(quote: fees.Quote) -> dict[str, Any]:
    """What a claim keeps of its quote."""
    return {name: getattr(quote, name) for name in ("bearer", "ways", "fee", "goods", "refund")}


def _undone(case: Case) -> Undone:
    return claims.undone_of(case.act.tx, case.order.id)
