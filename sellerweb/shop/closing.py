"""What follows from an action on an order, written at its end: events, notices, stage, tally, version, search. No rules."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, update

from sellerweb.shop import customers, promised_days, search, states, switches
from sellerweb.shop.case import Case, shelf
from sellerweb.shop.models import Event, Notice, Order, StageTally

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

_NEW_EVENTS = insert(Event)
_NEW_EVENTS_IDS = _NEW_EVENTS.returning(Event.id, Event.order_id, Event.seq)


def close(act: "Act") -> None:
    """Write it all, of every order that the action touched. Without an event there is nothing to write."""
    cases = [case for case in act.cases.values() if case.events]
    if not cases:
        return
    _write_events(act, cases)
    for case in cases:
        _set_stage(case)
    promised_days.follow(act.tx, cases)
    _write_orders(act, cases)
    for case in cases:
        if case.words_changed:
            search.write(act.tx, case.order, case.lines.values(), case.shipments.values())
            customers.write(act.tx, case.order)
        else:
            for number in case.new_numbers:
                search.add(act.tx, case.order.id, number)
        case.events, case.notices, case.changes = [], [], {}


def _set_stage(case: Case) -> None:
    """Where the order stands now, and its next version."""
    order = case.order
    order.stage = states.stage(
        paid_at=order.paid_at,
        expired_at=order.expired_at,
        confirmed_at=order.confirmed_at,
        parcels={s.state for s in case.shipments.values()},
        lines=case.lines.values(),
    )
    if (is_on := shelf(order)) != case.was_on:
        _tally(case, case.was_on, -1)
        _tally(case, is_on, +1)
        case.was_on = is_on
    order.version += len(case.events)


def _write_orders(act: "Act", cases: list[Case]) -> None:
    """The columns that changed: a statement for all orders of which the same ones did."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        names = ("stage", "version", *sorted(case.dirty))
        alike[names].append({"its_id": case.order.id, **{name: getattr(case.order, name) for name in names}})
    for rows in alike.values():
        act.tx.execute(update(Order).where(Order.id == bindparam("its_id")), rows)


def _write_events(act: "Act", cases: list[Case]) -> None:
    events = [event for case in cases for event in case.events]
    if not any(case.notices for case in cases):
        act.tx.execute(_NEW_EVENTS, events)
        return
    ids = {(row.order_id, row.seq): row.id for row in act.tx.execute(_NEW_EVENTS_IDS, events)}
    for case in cases:
        medium, recipient = _reach(case) if case.notices else ("", "")
        if recipient:
            to = {"order_id": case.order.id, "medium": medium, "recipient": recipient, "created_at": act.at}
            owed = [{**what, "event_id": ids[case.order.id, case.events[at]["seq"]]} for at, what in case.notices]
            act.tx.execute(insert(Notice), [{**to, **one} for one in owed])


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
