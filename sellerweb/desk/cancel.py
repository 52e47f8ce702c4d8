"""Cancelling at the desk: the question in the row with its figures, the deed, its undo, and the note of a wish. No rules."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from sellerweb.desk import door, drawing
from sellerweb.desk.claim_forms import CancelForm, WishForm
from sellerweb.desk.forms import PlainForm, key_of, pieces_from
from sellerweb.kit import htmx
from sellerweb.shop import cancelling, cancels, claims, fees, history, policy, queries, quotes
from sellerweb.shop.case import Case
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("cancel", __name__)


@bp.get("/orders/<code>/cancel")
def cancel(code: str) -> Response:
    """What to cancel: everything that has not left; `?line=1&reason=sold_out` asks about one line."""
    whole = _whole(code)
    if not current_user.may("manager"):
        return drawing.row(code, panel="manager", wish="request-cancel")
    line, reason = key_of(request.args.get("line")), request.args.get("reason", "")
    here = whole.here
    form = CancelForm(
        formdata=None,
        pieces=pieces_from({x: n if line not in here or x == line else 0 for x, n in here.items()}),
        reason=reason if fees.reason("cancel", reason) else None,
        restock=reason != "sold_out",
        drawn_for=reason,
    )
    return _asked(whole, form)


@bp.get("/orders/<code>/cancel/sum", endpoint="sum")
@door.role_required("manager")
def sum_(code: str) -> Response:
    """The figures for what is ticked just now. No words of anybody stand in this address."""
    whole, form = _whole(code), CancelForm(request.args, meta={"csrf": False})
    if not htmx.partial():
        return _asked(whole, form)
    return drawing.htmx_or_page("desk/orders/_sum.html", order=whole.order, form=form, **_figures(whole, form))


@bp.post("/orders/<code>/cancel", endpoint="cancel_post")
@door.role_required("manager")
def cancel_post(code: str) -> Response:
    whole, form = _whole(code), CancelForm().of("cancel")
    if "recalculate" in request.form:
        return _asked(whole, form)
    if not form.validate():
        return _asked(whole, form, 422)
    made = 0
    try:
        with history.act(door.actor(), "cancel", form.action_id.data, [code, form.typed()]) as act:
            case = act.order(code, form.drawn())
            quote = quotes.cancel(case, _ticked(case.lines.values(), form), form.reason.data)
            refund = form.amount(case.order.currency, quote.refund)
            more = {"restock": form.puts_back(), "tell": form.tell.data}
            made = cancels.cancel(case, form.quantities(), form.reason.data, form.note.data, refund, **more)
    except history.Repeated:
        made = _made_by(form.action_id.data)
    except Refused as no:
        return _no(whole, no, form, "cancel")
    said = _("The pieces are cancelled.")
    return drawing.done(code, f"{drawing.name_of(whole.order)}: {said}", undo=made, by="uncancel")


@bp.post("/orders/<code>/uncancel")
@door.role_required("manager")
def uncancel(code: str) -> Response:
    """Undo a cancel, or the answer to a wish, before its letter and its money leave."""
    form, claim = PlainForm(), key_of(request.form.get("claim")) or 0
    if not form.validate():
        abort(400)
    try:
        with history.act(door.actor(), "uncancel", form.action_id.data, [code, claim]) as act:
            case = act.order(code, form.drawn())
            if claim not in case.claims:
                abort(404)
            cancels.undo(case, claim)
    except history.Repeated:
        pass
    except Refused as no:
        return drawing.conflict(code, no)
    said = _("Taken back. Everything is as it was.")
    if any(parcel.stopped_at for parcel, _pieces in _whole(code).parcels):
        said = _("Taken back. The label stays void: take the parcel out of those that leave, and pack it anew.")
    response = drawing.done(code, said)
    return htmx.poll(response) if drawing.asking_page().path.startswith("/claims") else response


@bp.get("/orders/<code>/request-cancel")
def request_cancel(code: str) -> Response:
    """A wish that a customer told somebody: noted, and answered by a manager."""
    whole = _whole(code)
    return _wished(whole, WishForm(formdata=None, pieces=pieces_from(whole.here)))


@bp.post("/orders/<code>/request-cancel", endpoint="request_cancel_post")
def request_cancel_post(code: str) -> Response:
    whole, form = _whole(code), WishForm().of("cancel")
    if not form.validate():
        return _wished(whole, form, 422)

    def move(case: Case) -> None:
        cancels.request(case, form.quantities(), form.reason.data, form.note.data)

    try:
        with history.act(door.actor(), "request_cancel", form.action_id.data, [code, form.typed()]) as act:
            move(act.order(code, form.drawn()))
    except history.Repeated:
        pass
    except Refused as no:
        return _no(whole, no, form, "request_cancel")
    said = _("The wish is noted. Nothing of it is sent until a manager has answered.")
    return drawing.done(code, f"{drawing.name_of(whole.order)}: {said}")


def _asked(whole: queries.Whole, form: CancelForm, status: int = 200, **more: Any) -> Response:
    if not whole.here:
        problem = _("Nothing of this order can be cancelled any more, or somebody asks for it already.")
        return drawing.row(whole.order.code, 409 if status > 200 else 200, panel="look", problem=problem)
    form = form.of("cancel").fresh(whole.order.version)
    return drawing.row(whole.order.code, status, panel="cancel", form=form, **_figures(whole, form), **more)


def _wished(whole: queries.Whole, form: WishForm, status: int = 200, **more: Any) -> Response:
    form = form.of("cancel").fresh(whole.order.version)
    return drawing.row(whole.order.code, status, panel="request_cancel", form=form, most=whole.here, **more)


def _no(whole: queries.Whole, no: Refused, form: Any, panel: str) -> Response:
    """The shop said no: the form again, with its figures as they are now."""
    draw = _asked if panel == "cancel" else _wished
    if no.field == "quantity":
        return draw(whole, form, 422, no=str(no.why))
    if no.field in form:
        form.refuse(no)
        return draw(whole, form, 422)
    now = _whole(whole.order.code)
    known = _figures(now, form) if panel == "cancel" else {"most": now.here}
    return drawing.refused(whole.order.code, no, panel=panel, form=form, **known)


def _figures(whole: queries.Whole, form: CancelForm) -> dict[str, Any]:
    """What the form shows beside itself: what it comes to, which labels are void, what stays to be sent."""
    typed, order = form.quantities(), whole.order
    pieces = {line: min(n, typed[line]) for line, n in whole.here.items() if typed.get(line)}
    opened = cancelling.to_open({line.id: line for line in whole.lines}, whole.parcels, pieces)
    return {
        "most": whole.here,
        "quote": fees.quote_cancel(
            order,
            whole.lines,
            _ticked(whole.lines, form),
            form.reason.data or "",
            policy.of(read(), order.channel),
            claims.undone_of(read(), order.id),
        ),
        "decides_here": cancelling.decides_here(order.channel),
        "stays": sum(whole.here.values()) > sum(pieces.values()),
        "void": [parcel for parcel in opened if parcel.number],
    }


def _ticked(lines: Iterable[Any], form: CancelForm) -> dict[int, int]:
    """The ticked pieces; more than a line ever had count for nothing."""
    typed = form.quantities()
    return {x.id: typed[x.id] for x in lines if 0 < typed.get(x.id, 0) <= x.ordered}


def _made_by(action_id: str) -> int:
    """The claim that an action made, for the same answer to the same form."""
    made = (int(claim) for e in queries.moves_of_action(read(), action_id) for claim in e.changes.get("claims", {}))
    return next(made, 0)


def _whole(code: str) -> queries.Whole:
    return queries.whole(read(), code) or abort(404)
