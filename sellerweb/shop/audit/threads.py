"""T1 and T2: a thread's clock is what its messages make it, and its history is whole. Reads only."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from sellerweb.shop.audit.whole import BATCH, Finding
from sellerweb.shop.models import Action, Message, Order, Thread, ThreadEvent

_THREADS = select(Thread.__table__, Order.code).join(Order, Order.id == Thread.order_id, isouter=True)
_MESSAGES: Any = select(
    Message.id,
    Message.thread_id,
    Message.order_id,
    Message.sender,
    Message.internal,
    Message.due_at,
    Message.answered_at,
).order_by(Message.thread_id, Message.id)
_EVENTS = (
    select(ThreadEvent.__table__, Action.at.label("done_at"), Action.staff_id.label("done_by"))
    .join(Action, Action.id == ThreadEvent.action_id, isouter=True)
    .order_by(ThreadEvent.thread_id, ThreadEvent.seq)
)


def clocks(conn: Connection) -> Iterator[Finding | None]:
    """T1: due while a message waits, and by that message; still while we wait; nothing runs in what is solved or joined."""
    for thread, messages, _events in _batches(conn):
        wrong = _clock(thread, messages)
        yield _finding(thread, wrong) if wrong else None


def histories(conn: Connection) -> Iterator[Finding | None]:
    """T2: numbered without a gap, each with its action, and played again they give the thread."""
    for thread, _messages, events in _batches(conn):
        wrong = _history(thread, events)
        yield _finding(thread, wrong) if wrong else None


def _clock(thread: Row[Any], messages: list[Row[Any]]) -> str:
    waits = [m for m in messages if m.sender == "customer" and m.answered_at is None]
    dues = [m.due_at for m in waits if m.due_at is not None]
    running, still = thread.due_at is not None, thread.left_seconds is not None
    if bool(waits) != (running or still):
        return f"{len(waits)} messages wait, but the clock is {'on' if running or still else 'off'}"
    if running and thread.due_at != min(dues, default=None):
        return f"due at {thread.due_at}, its messages say {min(dues, default=None)}"
    if running and still:
        return "the clock runs and stands still"
    if thread.state == "solved" and waits:
        return "solved, but messages wait"
    if (thread.state == "snoozed") != (thread.snoozed_until is not None):
        return f"{thread.state}, but asleep until {thread.snoozed_until}"
    if thread.joined_id is not None and messages:
        return "joined to another, but not empty"
    if any(m.order_id != thread.order_id for m in messages):
        return "a message is of another order"
    if any(m.internal and m.sender != "staff" for m in messages):
        return "a customer's message is an internal note"
    return ""


def _history(thread: Row[Any], events: list[Row[Any]]) -> str:
    if [event.seq for event in events] != list(range(1, thread.version + 1)):
        return f"version {thread.version}, but its events are {[event.seq for event in events][:20]}"
    told: dict[str, Any] = {}
    for event in events:
        # What an older desk had written was made a thread by nobody's action.
        if event.done_at is None and (event.actor, event.verb) != ("clock", "begin"):
            return f"event {event.seq} has no action"
        if event.done_at is not None and (event.done_by != event.staff_id or event.done_at != event.at):
            return f"event {event.seq} is of another moment or person than its action"
        for name, (before, after) in event.changes.items():
            if told.get(name, before) != before:
                return f"event {event.seq} begins with {name} {before}, it was {told[name]}"
            told[name] = after
    if thread.joined_id is not None:
        told.pop("order_id", None)  # it goes where the thread goes that it was joined to
    for name, value in told.items():
        now = getattr(thread, name)
        if value != (now.isoformat() if hasattr(now, "isoformat") else now):
            return f"{name} is {now}, its history says {value}"
    return ""


def _batches(conn: Connection) -> Iterator[tuple[Row[Any], list[Row[Any]], list[Row[Any]]]]:
    last = 0
    while batch := list(conn.execute(_THREADS.where(Thread.id > last).order_by(Thread.id).limit(BATCH))):
        first, last = batch[0].id, batch[-1].id
        said: dict[int, list[Row[Any]]] = {row.id: [] for row in batch}
        done: dict[int, list[Row[Any]]] = {row.id: [] for row in batch}
        for row in conn.execute(_MESSAGES.where(Message.thread_id.between(first, last))):
            said[row.thread_id].append(row)
        for row in conn.execute(_EVENTS.where(ThreadEvent.thread_id.between(first, last))):
            done[row.thread_id].append(row)
        yield from ((row, said[row.id], done[row.id]) for row in batch)


def _finding(thread: Row[Any], what: str) -> Finding:
    return Finding("thread", thread.id, thread.code or "", None, what)
