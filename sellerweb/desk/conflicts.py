"""Where a channel and the desk disagree: the two sides, and the answers as buttons. Decides nothing by itself."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _l

from sellerweb.desk import conflict_words, door, drawing
from sellerweb.desk.forms import PlainForm
from sellerweb.shop import clock, conflicts, history, verdicts
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("conflicts", __name__, url_prefix="/channels/conflicts")
DO = {"keep": verdicts.keep, "take": verdicts.take, "apart": verdicts.apart}


@bp.get("", endpoint="conflicts")
def conflicts_() -> Response:
    return _page()


@bp.post("/<int(max=2147483647):conflict>/<any(keep, take, apart):verb>")
def answer(conflict: int, verb: str) -> Response:
    """One tap from the list, or from the order's own page: back to where it was."""
    form, order = PlainForm(), request.form.get("order", "")
    if not form.validate():
        return _page(422, problem=str(_l("This page is too old. Nothing was changed; try again.")))
    code = ""
    try:
        with history.act(door.actor(), verb, form.action_id.data, conflict) as act:
            code = DO[verb](act, conflict, form.drawn())
    except history.Repeated:
        pass
    except Refused as no:
        return drawing.conflict(order, no) if order else _page(409, problem=str(no.why))
    flash(str(conflict_words.done(verb, code)))
    there = url_for("desk.orders.order", code=order) if order else url_for("desk.conflicts.conflicts")
    return redirect(there, 303)  # type: ignore[return-value]


def _page(status: int = 200, problem: str = "") -> Response:
    rows, now = conflicts.listed(read()), clock.now()
    return drawing.htmx_or_page("desk/conflicts/conflicts.html", status, rows=rows, problem=problem, now=now)
