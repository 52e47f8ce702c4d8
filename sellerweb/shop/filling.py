"""What a later file adds to an order that is here: what an earlier one had no columns for, and what was paid back. Covers nothing."""

from typing import Any

from sellerweb.shop import contacts, fees, orders, states
from sellerweb.shop.case import Case
from sellerweb.shop.conflicts import Disagreement
from sellerweb.shop.incoming import OrderIn

# What is taken from the first file that says it, and stays.
_TEXTS = ("message", "gift_note")
_SAID_ONCE = (*_TEXTS, "buyer_name", "buyer_phone", "buyer_email")


def fill_in(case: Case, told: OrderIn) -> bool:
    """What an earlier file did not say (Qoo10's brief layout has no amounts and no notes): empty places only."""
    order = case.order
    # Where it may still go elsewhere, an address is `_follow_address`'s business.
    names = (*_SAID_ONCE, *orders.ADDRESS) if order.stage in ("shipped", "delivered") else _SAID_ONCE
    said_now = {n: getattr(told, n) for n in names if not getattr(order, n)}
    new: dict[str, Any] = {
        n: v for n, v in said_now.items() if v and (n in _TEXTS or not contacts.is_masked(v))
    }  # no masked names
    if told.ordered_at and told.ordered_at < order.ordered_at:
        new["ordered_at"] = told.ordered_at
    said = {line.item_no: line for line in told.lines}
    for line in case.lines.values():
        same = said.get(line.item_no)
        if line.total is None and same and same.total is not None and same.quantity == line.ordered:
            case.set_line(line.id, total=same.total)
    if order.total is None and all(line.total is not None for line in case.lines.values()):
        new |= {"total": sum(line.total for line in case.lines.values()), "shipping_fee": told.shipping_fee}
    case.set_order(**new)
    if "address" in new:
        case.set_order(town=orders.town(order.address, order.country), door=orders.door(order))
    case.words_changed |= bool(new.keys() & {"buyer_name", "buyer_phone", "buyer_email", *orders.ADDRESS})
    return bool(new)


def follow_due(case: Case, told: OrderIn, conflicts: list[Disagreement]) -> None:
    """The channel's own date: later ones are followed, an earlier one may be an older word and is asked about.

    A file without all that is still here may leave out the very line that the date was for.
    """
    order, due = case.order, told.ship_due_at
    if due is None or due == order.channel_due_at:
        return
    said = {line.item_no for line in told.lines}
    here = {
        line.item_no
        for line in case.lines.values()
        if line.cancelled + line.shipped < line.ordered and not line.claim_id
    }
    more = bool(said - {line.item_no for line in case.lines.values()})
    if order.channel_due_at is None or (here <= said if due > order.channel_due_at else more):
        case.set_order(channel_due_at=due)
        orders.stamp(case)
    elif due < order.channel_due_at and order.stage in states.OPEN:
        sides = (order.channel_due_at.isoformat(), due.isoformat())
        conflicts.append(Disagreement("due_earlier", *sides, said={"due": due.isoformat()}))


def follow_refunds(case: Case, told: OrderIn) -> None:
    """Money that the channel gave back itself: what our own refunds do not account for has been settled there."""
    back = min(told.refunded, fees.paid(case.order)) - case.order.refunded
    if back > 0:
        case.set_order(refunded=case.order.refunded + back)
        at = case.act.at
        case.add_refund(amount=back, reason="other", state="done", not_before=at, settled_at=at)
        case.record("refund", "settle")
