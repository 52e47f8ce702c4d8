"""How a thread is drawn: what was said and what happened in one line of time, its answer, and its order beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_login import current_user

from sellerweb.desk import answering, drawing, labels, thread_words
from sellerweb.desk.thread_forms import ReplyForm
from sellerweb.shop import attachments, clock, drafts, inbox, messages, orders, policy, queries, replies, staff
from sellerweb.shop.db import read
from sellerweb.shop.inbox import Filter
from sellerweb.shop.talk import NO_NEWS, Seen

# So much of an order's own history stands between the messages.
MOST_EVENTS = 60
# Kinds whose best template stands in the field at once: what it says is right for all of them.
PREFILLED = ("where_is_it", "late", "cancel", "address", "return", "exchange", "damaged")
# What the messages themselves show.
_MESSAGES = (("order", "ask"), ("order", "answer"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the line of time: a message with its photos, or a sentence of what happened."""

    at: datetime
    message: Any = None
    photos: tuple[Any, ...] = ()
    said: str = ""
    by: str = ""
    key: tuple[str, int] = ("", 0)


def filter_() -> Filter:
    """The filter that the address asks for; what makes no sense is left out."""
    said = request.args
    tab, kind, channel, clock_ = (said.get(name, "") for name in ("tab", "kind", "channel", "clock"))
    return Filter(
        tab=tab if tab in inbox.TABS else "waiting",
        kind=kind if kind in replies.KINDS else "",
        channel=channel if channel in (*policy.CHANNELS, *inbox.SOURCES) else "",
        clock=clock_ if clock_ in ("late", "soon") else "",
        mine=said.get("mine") == "1",
    )


def url(thread_id: int, verb: str = "", **more: Any) -> str:
    """A thread's address, with the filter under which it was opened: the next one is looked for there."""
    path = f"/threads/{thread_id}" + (f"/{verb}" if verb else "")
    return path + _query({**filter_().words(), **more})


def inbox_url(base: Filter | None = None, **changes: Any) -> str:
    return url_for("desk.threads.threads", **(base or filter_()).with_(**changes).words())


def thread(row: Any, form: ReplyForm | None = None, **more: Any) -> dict[str, Any]:
    """All that the thread's page shows. A `form` is one that comes back."""
    whole = queries.whole(read(), row.code) if row.code else None
    context = {**talk(row, whole), **answer(row, whole, form), "panel": "desk/orders/_look.html", **more}
    return context | (drawing.about(whole, everything=True) if whole else {})


def talk(row: Any, whole: queries.Whole | None) -> dict[str, Any]:
    """The line of time, and the thread's head: who could take it, which others it could be joined with."""
    people = staff.people()
    same = inbox.of_order(read(), row.order_id) if row.order_id else []
    return {
        "people": [person for person in people if person.active],
        "others": [each for each in same if each.id != row.id],
        "thread": row,
        "order": whole.order if whole else None,
        "entries": _entries(row, whole, {person.id: person.name for person in people}),
        "stamp": f"{row.version}.{whole.order.version if whole else 0}",
        "now": clock.now(),
        "filter": filter_(),
        "thread_url": url,
        "inbox_url": inbox_url,
    }


def answer(row: Any, whole: queries.Whole | None, form: ReplyForm | None = None) -> dict[str, Any]:
    """The form of an answer: with the words that fit best, where the question's kind and the order's stage know some."""
    draft = drafts.of(read(), me(), drafts.of_thread(row.id)) if form is None else ""
    begins = form is None and not draft
    form = form or ReplyForm(formdata=None, words=draft)
    if whole is None:
        context: dict[str, Any] = {"suggested": [], "templates": [], "shown": {"words": "", "problem": ""}}
    else:
        language = orders.language(whole.order)
        first, rest = replies.fitting(replies.all_(read()), whole.order.stage, language, row.kind)
        if begins and row.due_at and first and first[0].kind == row.kind in PREFILLED:
            form.words.data = first[0].words
        context = {"suggested": first, "templates": rest, "shown": answering.shown(whole, form)}
    form.fresh_of(row.version, whole.order.version if whole else 0)
    return {
        **context,
        "form": form,
        "drafted": bool(draft),
        "sent_from_here": bool(whole) and row.source in messages.SENT_FROM_HERE,
    }


def came(row: Any, whole: queries.Whole | None, seen: Seen) -> list[Entry]:
    """What a page that was drawn then has not seen, and what whoever looks did not do by themselves."""
    foreign = [e for e in inbox.history(read(), row.id) if e.seq > seen.version and _is_news(e)]
    written = {e.at for e in foreign if e.verb in thread_words.SHOWN}
    news = {("thread", e.seq) for e in foreign}
    if whole:
        news |= {("order", e.seq) for e in whole.events if e.seq > seen.order_version and _is_news(e)}
    entries: list[Entry] = talk(row, whole)["entries"]
    return [e for e in entries if e.key in news or (e.message is not None and e.at in written)]


def _is_news(event: Any) -> bool:
    return event.staff_id != me() and event.verb not in NO_NEWS


def _entries(row: Any, whole: queries.Whole | None, names: dict[int, str]) -> list[Entry]:
    conn = read()
    photos: dict[int, list[Any]] = {}
    for photo in attachments.of_order(conn, row.order_id) if row.order_id else []:
        photos.setdefault(photo.message_id, []).append(photo)
    found = [Entry(m.at, message=m, photos=tuple(photos.get(m.id, ()))) for m in messages.of_thread(conn, row.id)]
    found += [
        Entry(e.at, said=thread_words.happened(e, names), by=thread_words.actor(e), key=("thread", e.seq))
        for e in inbox.history(conn, row.id)
        if e.verb not in thread_words.SHOWN
    ]
    for event in reversed(whole.events[:MOST_EVENTS] if whole else []):
        if (event.thing, event.verb) not in _MESSAGES:
            said, by = labels.moved(event), thread_words.actor(event)
            found.append(Entry(event.at, said=said, by=by, key=("order", event.seq)))
    return sorted(found, key=lambda entry: (entry.at, entry.message is not None))


def me() -> int:
    return int(current_user.id)


def _query(words: dict[str, Any]) -> str:
    return "?" + urlencode(words) if words else ""
