"""Q2 and Q5 of claims: what is asked and claimed of each line, and the flag on the order's row. Reads only what it is given."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from sellerweb.shop import states
from sellerweb.shop.audit.whole import Finding, Whole


def pieces(whole: Whole) -> Iterator[Finding | None]:
    """Q2: what the claims are about adds up to the counters of the lines."""
    sums: Counter[tuple[str, int]] = Counter()
    for claim in whole.claims:
        about = whole.claimed.get(claim.id, [])
        if not about:
            yield whole.finding("claim", claim.id, "is about nothing")
        for piece in about:
            name, quantity = _counted(claim, piece)
            sums[name, piece.line_id] += quantity
    for line in whole.lines:
        asked, claimed, cancelled = (sums[name, line.id] for name in ("asked", "claimed", "cancelled"))
        if (asked, claimed) != (line.asked, line.claimed):
            wrong = f"asked {line.asked}, claimed {line.claimed}, but the claims are about {asked} and {claimed}"
        elif cancelled > line.cancelled:  # it may be less: what was cancelled before there were claims has none
            wrong = f"cancelled {line.cancelled}, but done cancels are about {cancelled}"
        else:
            wrong = ""
        yield whole.finding("order_line", line.id, wrong) if wrong else None


def _counted(claim: Row[Any], piece: Row[Any]) -> tuple[str, int]:
    """The counter that a claim's pieces of a line stand in, and how many; in "" they are as free as before."""
    live = claim.closed_at is None
    if claim.kind == "cancel":
        return ("asked" if live else "cancelled" if claim.state == "done" else ""), piece.quantity
    if live or claim.state in ("resent", "refunded"):
        return "claimed", piece.quantity
    # Of what was sent back only what is here is over: the rest can be asked for once more.
    return ("claimed" if claim.state in ("done", "refused") else ""), piece.resellable + piece.damaged


def flag(whole: Whole) -> Iterator[Finding | None]:
    """Q5: the order's row says of its claims what they are."""
    is_, may = whole.order.claim_flag, _flags(whole)
    wrong = f"claim_flag is {is_!r}, the claims say {' or '.join(map(repr, sorted(may)))}"
    yield None if is_ in may else whole.finding("orders", whole.order.id, wrong)


def _flags(whole: Whole) -> set[str]:
    live = {claim.kind for claim in whole.claims if claim.closed_at is None}
    kind = next((kind for kind in states.CLAIM_KINDS if kind in live), "")
    if kind:
        return {f"{kind}_asked"}
    newest = max((claim for claim in whole.claims if claim.kind == "cancel"), key=lambda claim: claim.id, default=None)
    here = any(line.cancelled + line.shipped < line.ordered for line in whole.lines)
    if not here or newest is None or newest.state != "withdrawn":
        return {""}
    # The flag asks not to forget the order: a parcel that left since has answered it.
    moves = [(event.thing, event.verb) for event in whole.events]
    left = ("shipment", "ship") in moves[_last(moves, ("cancel", "withdraw")) :]
    return {"cancel_withdrawn", ""} if left else {"cancel_withdrawn"}


def _last(moves: list[tuple[str, str]], move: tuple[str, str]) -> int:
    return max((n for n, made in enumerate(moves) if made == move), default=0)
