"""What a channel says becomes what is true: one order placed, or brought up to date. No files, no batches.

A channel owns what it tells: payment, confirmation, address, cancels, its due date. It never un-ships, never un-cancels,
and never puts a masked name over a full one; where it and the desk disagree the desk stays and a conflict is noted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import bindparam, select

from sellerweb.shop import (
    batches,
    beginnings,
    cancels,
    channel_words,
    claims,
    contacts,
    filling,
    opening,
    orders,
    other_numbers,
    policy,
    queries,
    returns,
    shipments,
    states,
    stock,
    telling,
)
from sellerweb.shop import conflicts as disagreeing
from sellerweb.shop import goods as goods_
from sellerweb.shop.beginnings import GONE, UNPAID
from sellerweb.shop.case import Case
from sellerweb.shop.conflicts import Disagreement
from sellerweb.shop.fitting import fitted
from sellerweb.shop.history import Act
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Order

ARRIVED = ("delivered", "done", "returned", "return_requested", "exchanged", "exchange_requested")
CANCELLED = ("cancelled", "void", "refunded")
_HERE = select(Order.order_no, Order.id).where(
    Order.channel == bindparam("channel"), Order.order_no.in_(bindparam("numbers", expanding=True))
)


def take(act: Act, channel: str, told: OrderIn) -> tuple[str, list[str]]:
    """Place the order or bring it up to date: ("new" | "updated" | "unchanged", codes of conflicts)."""
    return take_all(act, channel, [told])[0]


def take_all(act: Act, channel: str, told: Sequence[OrderIn]) -> list[tuple[str, list[str]]]:
    """The same for several orders, each named once, and with as many statements where they are new."""
    numbers = {"channel": channel, "numbers": [one.order_no for one in told]}
    ids = {row.order_no: row.id for row in act.tx.execute(_HERE, numbers)}
    here = act.all_of(ids.values()) if ids else {}
    place_all(act, channel, [one for one in told if one.order_no not in ids])
    return [update(here[ids[one.order_no]], one) if one.order_no in ids else ("new", []) for one in told]


def place(act: Act, channel: str, told: OrderIn, **more: Any) -> Case:
    """A new order, with what has happened to it already elsewhere (cancelled, shipped, returned)."""
    return place_all(act, channel, [told], **more)[0]


def place_all(act: Act, channel: str, told: Sequence[OrderIn], **more: Any) -> list[Case]:
    """New orders, each of them as `place` makes it."""
    if not told:
        return []
    fit = [fitted(one) for one in told]
    codes = beginnings.free_codes(act.tx, channel, [one.order_no for one in fit])
    goods_.sell(act, [line for one in fit for line in one.lines])
    new = [
        (
            {**beginnings.of_order(act, channel, one, code), **more},
            [beginnings.of_line(act, line, at) for at, line in enumerate(one.lines)],
        )
        for one, code in zip(fit, codes, strict=True)
    ]
    rules = policy.of(act.tx, channel)
    cases = opening.create_all(act, new)
    for case, one in zip(cases, fit, strict=True):
        _begin(case, one, rules)
    return cases


def _begin(case: Case, told: OrderIn, rules: policy.Policy) -> None:
    """What a new order's first events tell."""
    case.set_order(town=orders.town(case.order.address, case.order.country), door=orders.door(case.order))
    orders.stamp(case, rules)
    channel_words.block(case)
    case.record("order", "place")
    for line, said in zip(case.lines.values(), told.lines, strict=True):
        _follow_line(case, line, said)
    filling.follow_refunds(case, told)
    channel_words.block(case)
    if case.changes:
        case.record("order", "update")


def update(case: Case, told: OrderIn) -> tuple[str, list[str]]:
    """Bring an order up to date with what the channel says now."""
    told = fitted(told)
    conflicts: list[Disagreement] = []
    before = len(case.events)
    _follow_payment(case, told)
    filling.follow_due(case, told, conflicts)
    _follow_address(case, told, conflicts)
    ours = {line.item_no: line for line in case.lines.values()}
    for said in told.lines:
        line = ours.get(said.item_no)
        if line is None:
            _add_line(case, said, conflicts)
        else:
            _follow_quantity(case, line, said, conflicts)
            _follow_line(case, line, said, conflicts)
    filled = filling.fill_in(case, told)
    filling.follow_refunds(case, told)
    channel_words.block(case)
    if case.changes or filled:
        case.record("order", "update")
    outcome = "updated" if len(case.events) > before else "unchanged"
    return outcome, disagreeing.follow(case, conflicts, told)


def _add_line(case: Case, said: LineIn, conflicts: list[Disagreement]) -> None:
    """A line that we have not: its row was rejected in an earlier file, say. It comes in while the order can take it."""
    if case.order.stage not in ("awaiting_payment", *states.OPEN):
        said_ = {"item_no": said.item_no, "quantity": said.quantity}
        conflicts.append(Disagreement("new_line", "–", f"{said.name} × {said.quantity}", said=said_))
        return
    order = case.order
    goods_.sell(case.act, [said])
    line = opening.add_line(case, beginnings.of_line(case.act, said, len(case.lines)))
    known = order.total is not None and said.total is not None
    case.set_order(
        lines_count=len(case.lines),
        pieces=order.pieces + said.quantity,
        total=order.total + said.total if known else None,
    )
    _follow_line(case, line, said, conflicts)


def _follow_payment(case: Case, told: OrderIn) -> None:
    order = case.order
    said = {line.state for line in told.lines}
    if order.paid_at is None and not said & set(UNPAID) and not said <= set(CANCELLED) and order.expired_at is None:
        case.set_order(paid_at=told.paid_at or case.act.at)
        orders.stamp(case)
        case.record("order", "pay")
    elif order.paid_at and told.paid_at and told.paid_at < order.paid_at:
        case.set_order(paid_at=told.paid_at)  # the hour itself, where an earlier file had none
        orders.stamp(case)
    if order.confirmed_at is None and order.paid_at and said & {"confirmed", "part_shipped", *GONE}:
        case.set_order(confirmed_at=told.confirmed_at or case.act.at)
        case.record("order", "confirm")


def _follow_address(case: Case, told: OrderIn, conflicts: list[Disagreement]) -> None:
    said = {name: getattr(told, name) for name in orders.ADDRESS}
    new = {n: v for n, v in said.items() if _is_full(v) and not _is_same(v, getattr(case.order, n))}
    if not new:
        return
    labelled = any(s.state == "labelled" for s in case.shipments.values())
    if not labelled and not states.may("order", "readdress", case.order.stage):
        return  # it has left, or never will: nobody prints this address any more
    # Changed once already, by the customer, by us or by a file: nobody can tell whether this one says something newer.
    settled = case.order.address_version > 1 or disagreeing.kept_address(case)
    again = settled and any(_is_full(getattr(case.order, name)) for name in new)
    if labelled or again:
        order, other = case.order, {**{name: getattr(case.order, name) for name in orders.ADDRESS}, **new}
        ours, theirs = (f"{a['postcode']} {orders.town(a['address'], a['country'])}" for a in (vars(order), other))
        code = "address_after_label" if labelled else "address_again"
        conflicts.append(Disagreement(code, ours, theirs, said=new))
        return
    orders.set_address(case, new)
    case.record("order", "readdress")


def _is_full(value: str) -> bool:
    return bool(value) and not contacts.is_masked(value)


def _is_same(one: str, other: str) -> bool:
    """Apart from spaces and widths: each layout of a channel has its own."""
    return "".join(normalize("NFKC", one).split()) == "".join(normalize("NFKC", other).split())


def _follow_quantity(case: Case, line: Any, said: LineIn, conflicts: list[Disagreement]) -> None:
    # SmartStore takes cancelled pieces off the quantity instead of saying so.
    less = line.ordered - line.cancelled - said.quantity
    if said.state in CANCELLED or less == 0:
        return
    if less < 0 or less > queries.open_pieces(line) or not cancels.by_channel(case, line, less):
        ours = str(line.ordered - line.cancelled)
        conflicts.append(
            Disagreement("quantity_changed", ours, str(said.quantity), line.id, {"quantity": said.quantity})
        )


def _follow_line(case: Case, line: Any, said: LineIn, conflicts: list[Disagreement] | None = None) -> None:
    conflicts = [] if conflicts is None else conflicts
    older = channel_words.is_older(said.state, line.channel_state)
    if said.state in CANCELLED or (older and line.channel_state in CANCELLED):
        _cancel(case, line, conflicts)
    elif said.state in GONE:
        _sent_elsewhere(case, line, said)
        other_numbers.follow(case, line, said, conflicts)
    elif line.shipped + line.cancelled == line.ordered or (said.state in UNPAID and case.order.paid_at):
        channel_words.asked_too_late(case, line, said.state, conflicts)
        return  # an older word of the channel: what has left, was cancelled or was paid stays so
    if older:
        channel_words.doubt(line, said.state, conflicts)
    elif said.state != line.channel_state:
        case.set_line(line.id, channel_state=said.state)


def _cancel(case: Case, line: Any, conflicts: list[Disagreement]) -> None:
    """An imported cancel is a fact: it takes open pieces, then packed ones (the parcel is void); shipped ones are a conflict."""
    labelled = any(p.state == "labelled" and line.id in case.pieces_of(p.id) for p in case.shipments.values())
    # An expired order is over already.
    if not case.order.expired_at and cancels.by_channel(case, line) and labelled:
        conflicts.append(Disagreement("cancelled_after_label", line_id=line.id))
    if line.shipped:
        conflicts.append(Disagreement("cancelled_after_ship", str(line.shipped), "0", line.id, {"cancelled": True}))


def _sent_elsewhere(case: Case, line: Any, said: LineIn) -> None:
    """The channel says that it has left: what we had not sent ourselves becomes a parcel of the channel's."""
    cancels.settle(case, line.id)
    if any(p.channel_told_at is None and p.state in telling.LEFT for p in case.shipments.values()):
        batches.heard(case, line, said.tracking_number)
    open_ = queries.open_pieces(line)
    if open_ and case.move_pieces("sent_elsewhere", {line.id: open_}):
        if case.order.version:  # it waited here; what comes in as sent had left before anybody counted
            stock.take(case, {line.id: open_}, "elsewhere")
        at: datetime = said.shipped_at or case.order.paid_at or case.act.at
        case.add_shipment(
            {line.id: open_},
            state="shipped",
            **other_numbers.named(case, said),
            shipped_at=at,
            channel_told_at=at,
        )
        if case.order.claim_flag:
            claims.flag(case)
        case.record("shipment", "sent")
    if said.state in ARRIVED:
        _arrived(case, line)
    if said.state in ("returned", "exchanged") and line.shipped > line.returned:
        returns.by_channel(case, line)


def _arrived(case: Case, line: Any) -> None:
    for parcel in case.shipments.values():
        if parcel.state in ("shipped", "in_transit") and line.id in case.pieces_of(parcel.id):
            shipments.deliver(case, parcel.id)
