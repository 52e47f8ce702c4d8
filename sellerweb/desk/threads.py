"""The inbox: which questions wait, how many were answered in time, and noting one by hand. One thread: `thread`."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request
from flask_babel import gettext as _

from sellerweb.desk import door, drawing, thread_drawing
from sellerweb.desk.thread_drawing import filter_, inbox_url, me
from sellerweb.desk.thread_forms import NewThreadForm
from sellerweb.kit import htmx
from sellerweb.shop import clock, history, inbox, orders, reply_clock, threads
from sellerweb.shop.db import read
from sellerweb.shop.inbox import Filter
from sellerweb.shop.refused import Refused

bp = Blueprint("threads", __name__)


@bp.get("/threads", endpoint="threads")
def threads_() -> Response:
    """The inbox, a page of it, or what a search found."""
    return drawing.htmx_or_page(_template(), **shown(filter_(), _words()))


@bp.get("/threads/poll")
def poll() -> Response:
    """The inbox again, if anything has happened since it was drawn."""
    if _stamp() == request.args.get("stamp", ""):
        return Response(status=204)
    return drawing.htmx_or_page("desk/threads/_threads.html", fragment=True, **shown(filter_()))


@bp.get("/threads/new")
def new() -> Response:
    return _asked(NewThreadForm(formdata=None))


@bp.post("/threads/new", endpoint="begin")
def begin() -> Response:
    """A question that came by phone or TalkTalk is noted."""
    form = NewThreadForm()
    if not form.validate():
        return _asked(form, 422)
    code, made = orders.code_of(form.order.data), 0
    said = {name: form[name].data for name in ("kind", "name", "contact")}
    try:
        with history.act(door.actor(), "begin", form.action_id.data, form.typed()) as act:
            made = threads.begin(act, form.source.data, form.words.data, order=code, **said).row.id
    except history.Repeated:
        pass
    except Refused as no:
        form[no.field or "words"].errors = [str(no.why)]
        return _asked(form, 422)
    flash(_("Noted. Its clock is running."))
    return redirect(thread_drawing.url(made) if made else inbox_url(Filter()), 303)  # type: ignore[return-value]


def shown(filter_: Filter, words: str = "") -> dict[str, Any]:
    """All that the inbox shows."""
    conn, now = read(), clock.now()
    rows, after = (inbox.found(conn, words), "") if words else inbox.page(conn, filter_, me(), now, _after())
    return {
        "rows": rows,
        "after": after,
        "q": words,
        "filter": filter_,
        "counts": inbox.counts(conn, me(), now),
        "rates": _rates(now),
        "stamp": _stamp(),
        "now": now,
        "thread_url": thread_drawing.url,
        "inbox_url": inbox_url,
    }


def _rates(now: Any) -> list[dict[str, Any]]:
    """The rates that there are, each beside its goal; TalkTalk's only where it was asked there."""
    rates, goals = inbox.rates(read(), drawing.zone(), now), inbox.goals(read())
    return [
        {
            "who": who,
            "goal": goals[who],
            "today": rates["today", who],
            "month": rates["month", who],
            "more": reply_clock.more_in_time(rates["month", who], goals[who]),
        }
        for who in ("others", "talktalk")
        if who == "others" or rates["month", who].asked
    ]


def _template() -> str:
    if not htmx.partial():
        return "desk/threads/threads.html"
    return "desk/threads/_more.html" if _after() else "desk/threads/_threads.html"


def _asked(form: NewThreadForm, status: int = 200) -> Response:
    form.fresh(0)
    return drawing.htmx_or_page("desk/threads/new.html", status, form=form, inbox_url=inbox_url)


def _stamp() -> str:
    # The clock is part of what is shown: a quiet inbox is drawn anew every minute.
    return f"{inbox.stamp(read())}.{int(clock.now().timestamp()) // 60}"


def _after() -> str:
    return request.args.get("after", "")


def _words() -> str:
    return request.args.get("q", "").strip()[:200]
