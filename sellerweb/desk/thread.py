"""One thread at the desk: what was said, the answer, notes, and what staff do with it. The order beside it has its own verbs."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from sellerweb.desk import answering, door, drawing, thread_drawing, threads
from sellerweb.desk.forms import MoveForm, cleaned, key_of
from sellerweb.desk.thread_forms import (
    AssignForm,
    JoinForm,
    NoteForm,
    ReplyForm,
    SnoozeForm,
    SortForm,
    ThreadForm,
    TieForm,
)
from sellerweb.kit import htmx, photos
from sellerweb.kit.body import takes
from sellerweb.shop import attachments, clock, drafts, history, inbox, messages, orders, queries, replies, talk
from sellerweb.shop import threads as shop
from sellerweb.shop.db import forget, read
from sellerweb.shop.history import Act
from sellerweb.shop.refused import Refused
from sellerweb.shop.talk import Talk

bp = Blueprint("thread", __name__, url_prefix="/threads/<int(max=2147483647):key>")
# Verbs that ask nothing, and what the desk says after.
PLAIN: dict[str, tuple[Callable[[Talk], None], Any]] = {
    "wake": (shop.wake, _l("Back in the inbox.")),
    "wait": (shop.wait, _l("The clock stands still until the customer writes.")),
    "solve": (shop.solve, _l("Solved. A new message opens it again.")),
    "reopen": (shop.reopen, _l("Open again.")),
}


@bp.get("")
def thread(key: int) -> Response:
    """The thread; of one that was joined to another, that one."""
    row = _row(key)
    if row.id != key:
        return redirect(thread_drawing.url(row.id), 301)  # type: ignore[return-value]
    return _drawn(row)


@bp.get("/poll")
def poll(key: int) -> Response:
    """Its line of time again, if anything was said or done; what somebody types stays."""
    row = _row(key)
    whole = queries.whole(read(), row.code) if row.code else None
    if f"{row.version}.{whole.order.version if whole else 0}" == request.args.get("stamp", ""):
        return Response(status=204)
    return _said(row)


@bp.post("/reply", endpoint="reply")
@takes(photos.FORM_BYTES)
def reply(key: int) -> Response:
    """A public answer: it leaves as a letter, or is noted as said where it was asked. Then comes the next one."""
    row, form = _row(key), ReplyForm()
    _anew(form, row, key)
    if not form.validate() or answering.blaming(form):
        return _again(row, form, 422)
    forget()  # who waits for the writer keeps no reading connection from those who are ahead
    try:
        with (
            attachments.storing(form.photos.photos) as stored,
            history.act(door.actor(), "reply", form.action_id.data, [key, form.typed()]) as act,
        ):
            _reply(act, row, form, stored)
    except history.Repeated:
        pass
    except talk.MovedOn as no:
        return _again(_row(key), form, 409, problem=str(no.why))
    except Refused as no:
        form.words.errors = [*form.words.errors, str(no.why)]
        return _again(_row(key), form, 422)
    return _next(key, _("Your answer is on its way.") if _by_letter(row) else _("Noted: they have been told."))


@bp.post("/note")
def note(key: int) -> Response:
    row, form = _row(key), NoteForm()
    if not form.validate():
        return _noted(row, form, 422)
    return _done(key, "note", form, lambda it: messages.note(it, form.note.data), _("Noted, for staff alone."))


@bp.post("/sort")
def sort(key: int) -> Response:
    form = SortForm()
    return _done(key, "sort", form, lambda it: shop.sort(it, form.kind.data or ""), _("Sorted."))


@bp.post("/assign")
def assign(key: int) -> Response:
    form = AssignForm()
    return _done(
        key, "assign", form, lambda it: shop.assign(it, key_of(form.staff.data)), _("Noted who takes care of it.")
    )


@bp.post("/snooze")
def snooze(key: int) -> Response:
    form = SnoozeForm()
    until = form.moment(clock.now(), drawing.zone()) or abort(400)
    return _done(key, "snooze", form, lambda it: shop.snooze(it, until), _("Put off. It comes back by itself, at the latest before its answer is due."))  # fmt: skip


@bp.post("/<any(wake, wait, solve, reopen):verb>")
def plain(key: int, verb: str) -> Response:
    move, said = PLAIN[verb]
    typed = cleaned(request.form.get("words"))
    if verb == "solve" and typed and typed not in {t.words for t in replies.all_(read())}:
        return _said(_row(key), 409, problem=_("You have begun an answer: send it, or clear the field first. Nothing was changed."))  # fmt: skip
    return _done(key, verb, ThreadForm(), move, str(said))


@bp.post("/tie")
def tie(key: int) -> Response:
    """It is about another order, or about none; all is drawn anew, and what was typed stays."""
    form = TieForm()
    code = orders.code_of(form.order.data or "")
    target = queries.whole(read(), code) if code else None
    other = [target.order.id] if target else []

    def do(act: Act) -> None:
        shop.tie(talk.take(act, key, form.seen(), other), code)

    return _changed(key, "tie", form, do, _("Tied. Look at the order beside it."))


@bp.post("/join")
def join(key: int) -> Response:
    form = JoinForm()
    other = key_of(form.other.data) or 0

    def do(act: Act) -> None:
        shop.join(*talk.take_all(act, [key, other], form.seen()))

    return _changed(key, "join", form, do, _("Joined. All that was said stands here."))


def _reply(act: Act, row: Any, form: ReplyForm, stored: Any) -> None:
    case = act.order(row.code) if row.code else None
    it = talk.take(act, row.id, form.seen())
    if case is not None and _by_letter(it.row):
        attachments.keep(case, stored, message=messages.answer(case, form.words.data, it))
    else:
        messages.say(it, form.words.data)
    drafts.forget(act.tx, thread_drawing.me(), drafts.of_thread(row.id))
    if form.solve.data and it.row.state != "solved":
        shop.solve(it)


def _by_letter(row: Any) -> bool:
    return row.source in messages.SENT_FROM_HERE and row.order_id is not None


def _done(key: int, verb: str, form: MoveForm, move: Callable[[Talk], object], said: str) -> Response:
    """One verb on the thread; its head and line of time are drawn anew, the answer that somebody types is left alone."""
    row = _row(key)
    _anew(form, row, key)
    if not form.validate():
        abort(400)
    forget()
    try:
        with history.act(door.actor(), f"thread_{verb}", form.action_id.data, [key, form.data.get("until"), form.data.get("note")]) as act:  # fmt: skip
            move(talk.take(act, row.id, form.seen() if isinstance(form, ThreadForm) else None))
    except history.Repeated:
        pass
    except Refused as no:
        if htmx.partial():
            return _said(_row(key), 409, problem=str(no.why))
        return _drawn(_row(key), 409, problem=str(no.why), typed_note=form.data.get("note"))
    if verb == "solve":
        return _next(key, said)
    if not htmx.partial():
        flash(said)
        return redirect(thread_drawing.url(row.id), 303)  # type: ignore[return-value]
    return _said(_row(key), toast=said, noted=verb == "note", sorted=verb == "sort")


def _changed(key: int, verb: str, form: Any, do: Callable[[Act], None], said: str) -> Response:
    _anew(form, _row(key), key)
    if not form.validate():
        abort(400)
    typed, problem = form.words.data or "", ""
    forget()
    try:
        with history.act(door.actor(), f"thread_{verb}", form.action_id.data, [key, form.typed()]) as act:
            do(act)
    except history.Repeated:
        pass
    except (Refused, talk.NotThere) as no:
        problem = str(no.why) if isinstance(no, Refused) else _("There is no such conversation. Nothing was changed.")
    row = _row(key)
    if not htmx.partial() and not problem:
        flash(said)
        return redirect(thread_drawing.url(row.id), 303)  # type: ignore[return-value]
    kept = ReplyForm(None, data={"words": typed}) if typed else None
    return _drawn(row, 409 if problem else 200, form=kept, problem=problem, toast="" if problem else said)


def _drawn(row: Any, status: int = 200, **more: Any) -> Response:
    where = "desk/threads/_thread.html" if htmx.partial() else "desk/threads/thread.html"
    return drawing.htmx_or_page(where, status, **thread_drawing.thread(row, **more))


def _said(row: Any, status: int = 200, **more: Any) -> Response:
    """Head and line of time, out of band or not; with the templates beside the answer where its kind has changed."""
    whole = queries.whole(read(), row.code) if row.code else None
    context = thread_drawing.talk(row, whole)
    if more.get("sorted") and whole:
        context |= thread_drawing.answer(row, whole)
    return drawing.htmx_or_page("desk/threads/_said.html", status, **context, **more)


def _again(row: Any, form: ReplyForm, status: int, **more: Any) -> Response:
    """The answer's form with what was typed, below what has come meanwhile."""
    form.photos.remind()
    seen = form.seen()
    whole = queries.whole(read(), row.code) if row.code else None
    if status == 409:
        more["came"] = thread_drawing.came(row, whole, seen)
    if not htmx.partial():
        return _drawn(row, status, form=form, **more)
    context = thread_drawing.talk(row, whole) | thread_drawing.answer(row, whole, form)
    return drawing.htmx_or_page("desk/threads/_again.html", status, **context, **more)


def _noted(row: Any, form: NoteForm, status: int) -> Response:
    problem = form.note.errors[0]
    if htmx.partial():
        return _said(row, status, problem=problem)
    return _drawn(row, status, problem=problem, typed_note=form.note.data)


def _next(key: int, said: str) -> Response:
    """What must be answered next, in the same place; the inbox where nothing waits any more."""
    base = thread_drawing.filter_()
    after = inbox.next_after(read(), base, thread_drawing.me(), clock.now(), key)
    url = thread_drawing.url(after) if after else thread_drawing.inbox_url(base)
    if not htmx.partial():
        flash(said)
        return redirect(url, 303)  # type: ignore[return-value]
    if after:
        response = _drawn(_row(after), toast=said)
    else:
        response = drawing.htmx_or_page("desk/threads/_threads.html", fragment=True, toast=said, **threads.shown(base))
    response.headers.update({"HX-Push-Url": url, "HX-Retarget": "#threads", "HX-Reswap": "outerHTML"})
    return response


def _row(key: int) -> Any:
    """The thread, or that which it was joined to."""
    row = inbox.one(read(), key)
    return (inbox.one(read(), row.joined_id) if row and row.joined_id else row) or abort(404)


def _anew(form: MoveForm, row: Any, key: int) -> None:
    """A page of a thread that was joined to another meanwhile has seen nothing of that one."""
    if row.id != key:
        form.version.data = "0"
