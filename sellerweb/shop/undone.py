"""What an order's claims have undone so far, and at whose cost: what later sums must know. Pure; asks no database, makes no sums.

A claim counts from the moment the pieces are settled: until then its customer may withdraw it, or the shop refuse it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

CUSTOMER, SELLER = "customer", "seller"
BEARERS = (CUSTOMER, SELLER)
# Their pieces are the customer's no more: paid back, or replaced by other lines of the order.
_SETTLED = {("return", "done"), ("exchange", "done"), ("exchange", "resent"), ("redelivery", "refunded"), ("redelivery", "resent")}  # fmt: skip
_CAME_TO_NOTHING = ("refused", "withdrawn", "undone", "found")


@dataclass(frozen=True, slots=True)
class Undone:
    """`pieces` {line id: quantity} that had left and are settled, beside those cancelled; `in_vain`: all by the shop's fault.

    `way_out`: a return pays for the way out already. `kept`: what cancels kept for shipping that was free, in minor units.
    """

    pieces: Mapping[int, int] = field(default_factory=dict)
    in_vain: bool = True
    way_out: bool = False
    kept: int = 0


NOTHING = Undone()


def of(claims: Iterable[tuple[Any, Iterable[Any]]]) -> Undone:
    """`claims`: all of one order, each with its lines."""
    pieces: dict[int, int] = {}
    in_vain, way_out, kept = True, False, 0
    for claim, lines in claims:
        if (claim.kind, claim.state) in _SETTLED:
            for line, quantity in given_back(claim, lines).items():
                pieces[line] = pieces.get(line, 0) + quantity
                in_vain &= claim.bearer == SELLER
        way_out |= claim.kind == "return" and claim.ways == 2 and claim.state not in _CAME_TO_NOTHING
        if (claim.kind, claim.state) == ("cancel", "done"):
            kept += max(0, min(claim.fee, claim.goods - claim.refund))  # staff may have kept less
    return Undone(pieces, in_vain, way_out, kept)


def given_back(claim: Any, lines: Iterable[Any]) -> dict[int, int]:
    """What is here of a claim's pieces {line id: quantity}, once they were looked at; before that, and of what is lost, all."""
    lines = list(lines)
    seen = any(x.resellable + x.damaged + x.wrong + x.missing for x in lines) and claim.kind != "redelivery"
    pieces = {x.line_id: x.resellable + x.damaged if seen else x.quantity for x in lines}
    return {line: quantity for line, quantity in pieces.items() if quantity}
