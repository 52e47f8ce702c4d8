"""Where a channel and the desk disagree: the two sides, and the answers as buttons. Decides nothing by itself."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import lazy_gettext as _l

from sellerweb.desk import door, drawing
from sellerweb.desk.forms import PlainForm
from sellerweb.shop import clock, history
from sellerweb.shop import conflicts as disagreeing
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("conflicts", __name__, url_prefix="/channels/conflicts")
DO = {"keep": disagreeing.keep, "take": disagreeing.take}
DONE = {
    "keep": _l("It stays as we have it."),
    "take": _l("Taken from the channel. A label that was on is off: pack it with the new address."),
}


@bp.get("", endpoint="conflicts")
def conflicts_() -> Response:
    return _page()


@bp.post("/<int(max=2147483647):conflict>/<any(keep, take):verb>")
def answer(conflict: int, verb: str) -> Response:
    form = PlainForm()
    if not form.validate():
        return _page(422, problem=str(_l("This page is too old. Nothing was changed; try again.")))
    try:
        with history.act(door.actor(), verb, form.action_id.data, conflict) as act:
            DO[verb](act, conflict, form.drawn())
    except history.Repeated:
        pass
    except Refused as no:
        return _page(409, problem=str(no.why))
    flash(str(DONE[verb]))
    return redirect(url_for("desk.conflicts.conflicts"), 303)  # type: ignore[return-value]


def _page(status: int = 200, problem: str = "") -> Response:
    return drawing.htmx_or_page(
        "desk/conflicts/conflicts.html", status, rows=disagreeing.listed(read()), takes=disagreeing.TAKES,
        problem=problem, now=clock.now(),
    )  # fmt: skip
