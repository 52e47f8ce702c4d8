"""What follows from an action on an order, written at its end: events, notices, stage, tally, version, search. No rules."""

from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from sellerweb.shop import customers, search, states, switches
from sellerweb.shop.case import Case, shelf
from sellerweb.shop.models import Base, Event, Notice, StageTally

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

_orders = Base.metadata.tables["orders"]


def close(case: Case) -> None:
    """Write it all. Without an event there is nothing to write."""
    if not case.events:
        return
    tx, order = case.act.tx, case.order
    order.stage = states.stage(
        paid_at=order.paid_at,
        expired_at=order.expired_at,
        confirmed_at=order.confirmed_at,
        parcels={s.state for s in case.shipments.values()},
        lines=case.lines.values(),
    )
    _write_events(case)
    if (is_on := shelf(order)) != case.was_on:
        _tally(case, case.was_on, -1)
        _tally(case, is_on, +1)
        case.was_on = is_on
    order.version += len(case.events)
    columns = {name: getattr(order, name) for name in ("stage", "version", *sorted(case.dirty))}
    tx.execute(update(_orders).where(_orders.c.id == order.id).values(columns))
    if case.words_changed:
        search.write(tx, order, case.lines.values(), case.shipments.values())
        customers.write(tx, order)
    else:
        for number in case.new_numbers:
            search.add(tx, order.id, number)
    case.events, case.notices, case.changes = [], [], {}


def _write_events(case: Case) -> None:
    tx = case.act.tx
    if not case.notices:
        tx.execute(insert(Event), case.events)
        return
    ids = tx.execute(insert(Event).returning(Event.id, sort_by_parameter_order=True), case.events).scalars().all()
    medium, recipient = _reach(case)
    if recipient:
        to = {"order_id": case.order.id, "medium": medium, "recipient": recipient, "created_at": case.act.at}
        tx.execute(insert(Notice), [{**to, "event_id": ids[i], **owed} for i, owed in case.notices])


def _reach(case: Case) -> tuple[str, str]:
    """How the customer is told: by mail where there is an address, else by text message; ("sms", "") for nobody.

    Who has both is reached by the one that is on.
    """
    order, tx = case.order, case.act.tx
    mail, sms = ("email", order.buyer_email), ("sms", order.buyer_phone or order.phone)
    if not order.buyer_email:
        return sms
    return sms if sms[1] and not switches.sends(tx, "email") and switches.sends(tx, "sms") else mail


def _tally(case: Case, stage: str, n: int) -> None:
    if stage:
        steps = case.act.tally
        steps[case.order.channel, stage] = steps.get((case.order.channel, stage), 0) + n


def write_tally(act: "Act") -> None:
    """The action's steps as one row for each stage that it moved orders into or out of."""
    rows = [{"channel": channel, "stage": stage, "n": n} for (channel, stage), n in act.tally.items() if n]
    if rows:
        act.tx.execute(insert(StageTally), rows)
    act.tally = {}
