"""What undoing costs and gives back: the reasons, who bears the fee for each, and the sums. Pure; moves no money.

Page, server and letter ask the same functions, so that the customer sees the figures that will be booked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sellerweb.shop.policy import Policy
from sellerweb.shop.undone import CUSTOMER, SELLER, Undone


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is undone. `bearer` "": staff decide. `photo`, `note`: what is asked for. `staff`: not for customers."""

    code: str
    bearer: str = ""
    photo: bool = False
    note: bool = False
    urgent: bool = False
    staff: bool = False


_GOODS = (
    Reason("mind", CUSTOMER),
    Reason("size", CUSTOMER),
    Reason("ordered_wrongly", CUSTOMER),
    Reason("defective", SELLER, photo=True),
    Reason("broken", SELLER, photo=True),
    Reason("wrong_item", SELLER, photo=True, urgent=True),
    Reason("wrong_option", SELLER, photo=True, urgent=True),
    Reason("differs", SELLER, photo=True, urgent=True),
    Reason("other", note=True),
)
REASONS = {
    "cancel": (
        Reason("wish", CUSTOMER),
        Reason("option", CUSTOMER),
        Reason("late", SELLER),
        Reason("sold_out", SELLER, staff=True),
        Reason("fraud", note=True, staff=True),
        Reason("other", note=True),
    ),
    "return": _GOODS,
    "exchange": _GOODS,
    "redelivery": (
        Reason("missing", SELLER),
        Reason("lost", SELLER),
        Reason("broken", SELLER, photo=True),
        Reason("came_back", staff=True),
        Reason("other", note=True),
    ),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """What a claim comes to, in minor units of the order's currency.

    `refund` = goods + shipping − fee, never below zero nor above what is left of the money paid; 0 where none was paid or
    where the marketplace pays back. `kept` names what does not come back: ("shipping" | "return_fee" | "free_shipping", amount).
    """

    goods: int
    shipping: int
    fee: int
    ways: int
    bearer: str
    refund: int
    kept: tuple[tuple[str, int], ...]
    photo: bool
    note: bool
    urgent: bool


def reason(kind: str, code: str) -> Reason | None:
    return next((r for r in REASONS[kind] if r.code == code), None)


def paid(order: Any) -> int:
    """What the customer has paid for goods and shipping; 0 before payment."""
    return (order.total or 0) + int(order.shipping_fee) if order.paid_at else 0


def left(order: Any) -> int:
    """What of it has not been given back or promised yet; the marketplaces' money is not ours to give."""
    return paid(order) - int(order.refunded)


def share(line: Any, quantity: int, undone: Undone, bought: Any = None) -> int:
    """What `quantity` more pieces of a line are worth: shares of one line add up to its total, whatever the steps.

    `bought`: the line that was paid for, where this one replaces it.
    """
    bought = bought or line
    before = line.cancelled + undone.pieces.get(line.id, 0)
    total = bought.total or 0
    return int(total * (before + quantity) // bought.ordered - total * before // bought.ordered)


def quote_cancel(
    order: Any, lines: Iterable[Any], pieces: Mapping[int, int], code: str, rules: Policy, undone: Undone
) -> Quote:
    """What cancelling `pieces` {line id: quantity} comes to, after what was `undone` before."""
    lines = list(lines)
    why = reason("cancel", code) or Reason(code)
    goods = _goods(lines, pieces, undone)
    shipping = _sent_for_nothing(order, lines, pieces, undone)
    fee = 0
    free_from = rules.free_shipping_from.get(order.currency)
    if free_from is not None and order.shipping_fee == 0 and why.bearer == CUSTOMER and not undone.way_out:
        cancelled = sum((x.total or 0) * x.cancelled // x.ordered for x in lines)
        before = sum(x.total or 0 for x in lines) - cancelled
        # This cancel takes the order below it; one that comes after pays nothing more.
        if _stays(lines, pieces, undone) and before - goods < free_from <= before:
            fee = rules.shipping_fee.get(order.currency, 0)
    kept = [("free_shipping", fee)] if fee else []
    return _quote(order, why, goods, shipping, fee, 0, kept, rules)


def quote_return(
    order: Any, lines: Iterable[Any], pieces: Mapping[int, int], code: str, rules: Policy, undone: Undone, kind: str,
    bearer: str = "", ways: int | None = None,
) -> Quote:  # fmt: skip
    """What sending `pieces` back comes to, after what was `undone` before; `bearer` and `ways` where they are decided.

    A customer bears both ways: the way out is what they paid for shipping, or the fee once more where it was free and no
    other claim pays for it.
    """
    lines = list(lines)
    why = reason(kind, code) or Reason(code)
    why = replace(why, bearer=bearer or why.bearer)
    goods = _goods(lines, pieces, undone)
    if ways is None:
        out = kind == "exchange" or not (order.shipping_fee or undone.kept or undone.way_out)
        ways = 0 if why.bearer != CUSTOMER else 1 + out
    fee = ways * rules.return_fee.get(order.currency, 0)
    shipping = _sent_for_nothing(order, lines, pieces, undone) if why.bearer == SELLER else 0
    kept = [("return_fee", fee)] if fee else []
    if order.shipping_fee and not shipping and kind == "return":
        kept.insert(0, ("shipping", order.shipping_fee))
    quote = _quote(order, why, goods, shipping, fee, ways, kept, rules)
    return replace(quote, refund=0) if kind == "exchange" else quote


def _stays(lines: list[Any], pieces: Mapping[int, int], undone: Undone) -> int:
    """How many pieces the customer has or is still sent once these `pieces` are undone as well."""
    return sum(x.ordered - x.cancelled - undone.pieces.get(x.id, 0) - pieces.get(x.id, 0) for x in lines)


def _sent_for_nothing(order: Any, lines: list[Any], pieces: Mapping[int, int], undone: Undone) -> int:
    """What was paid or kept for the way out comes back with the last piece, unless one had left and the shop was not at fault."""
    if _stays(lines, pieces, undone) or not undone.in_vain:
        return 0
    return int(order.shipping_fee or undone.kept)


def _goods(lines: list[Any], pieces: Mapping[int, int], undone: Undone) -> int:
    """What these pieces are worth. One that replaces another is worth what that one was: nothing was paid for it."""
    by_id = {line.id: line for line in lines}
    worth = 0
    for line_id, quantity in pieces.items():
        if quantity and (line := by_id.get(line_id)):
            bought = line
            while bought.claim_id is not None:
                bought = by_id[replaced(bought)]
            worth += share(line, quantity, undone, bought)
    return worth


def replacement_no(claim: int, line: int) -> str:
    """The item number of a line that replaces pieces of `line` for a claim."""
    return f"R{claim}-{line}"


def replaced(line: Any) -> int:
    """The id of the line that this one replaces."""
    return int(line.item_no.rpartition("-")[2])


def _quote(
    order: Any, why: Reason, goods: int, shipping: int, fee: int, ways: int, kept: list[tuple[str, int]], rules: Policy
) -> Quote:
    back = 0 if rules.marketplace_decides else max(0, min(goods + shipping - fee, left(order)))
    return Quote(goods, shipping, fee, ways, why.bearer, back, tuple(kept), why.photo, why.note, why.urgent)
