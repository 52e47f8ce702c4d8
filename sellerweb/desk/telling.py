"""What the channels have not been told yet: seen, written into a file, and answered for. Writes no file formats."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms import SelectMultipleField, StringField
from wtforms.validators import Length

from sellerweb.channels import COMPANIES, WRITERS, leaves_out, unwritten
from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm, PlainForm, cleaned, key_of
from sellerweb.desk.results import ResultForm
from sellerweb.shop import access, batches, clock, history, result_files, telling
from sellerweb.shop.db import read
from sellerweb.shop.outgoing import ItemOut
from sellerweb.shop.refused import Refused

bp = Blueprint("telling", __name__, url_prefix="/channels/tell")
KIND = {"dispatch": _l("What has left"), "promise": _l("The day it will leave")}
WORD = {
    "written": _l("in the file"),
    "told": _l("told"),
    "failed": _l("refused by the channel"),
    "by_hand": _l("told by hand"),
}
WORD_LOOK = {"written": "b-info", "told": "b-ok", "failed": "b-bad", "by_hand": "b-ok"}
# Where each channel takes the file, in its own words.
WHERE = {
    ("smartstore", "dispatch"): "발주발송관리 → 엑셀 일괄발송",
    ("qoo10", "dispatch"): "QSM → 配送/キャンセル/未受取 → 配送管理",
    ("qoo10", "promise"): "QSM → 配送/キャンセル/未受取 → 配送管理",
    ("shopify", "dispatch"): _l("The app that takes fulfilments from a file"),
}
SHOWN = 200


class AnswerForm(MoveForm):
    """What became of a file's rows: those that are ticked, and why."""

    row = SelectMultipleField(validate_choice=False)
    why = StringField(
        _l("Why the channel refused them"),
        filters=[cleaned],
        validators=[Length(max=400, message=_l("That is too long."))],
    )

    def rows(self) -> dict[int, str]:
        """{telling: reason} of the rows ticked."""
        return {key_of(text) or 0: self.why.data or "" for text in self.row.data or ()}


@bp.get("", endpoint="telling")
def telling_() -> Response:
    """Each channel with what it has not been told, and the files made for it."""
    return _page()


@bp.get("/<channel>/<kind>")
def preview(channel: str, kind: str) -> Response:
    """What the next file would say, line by line; nothing is written."""
    _known(channel, kind)
    items = batches.fresh(read(), channel, kind, leaves_out)
    return drawing.htmx_or_page(
        "desk/telling/preview.html", channel=channel, kind=kind, words=KIND, where=WHERE[channel, kind],
        items=items, company=COMPANIES[channel], shown=SHOWN, lost=_lost(channel, items),
    )  # fmt: skip


@bp.post("/<channel>/<kind>")
def make(channel: str, kind: str) -> Response:
    """Make the file and remember it."""
    _known(channel, kind)
    form = PlainForm()
    if not form.validate():
        return _page(422, problem=_("This page is too old. Nothing was made; try again."))
    try:
        with history.act(door.actor(), "export", form.action_id.data, [channel, kind]) as act:
            batch = batches.make(act, channel, kind, WRITERS[channel, kind])
            seen = {row.order_id for row in batches.rows_of(act.tx, batch)} if batch else set()
    except history.Repeated:
        flash(_("This file has been made already; it is below."))
        return _go(url_for("desk.telling.telling"))
    except Refused as no:
        return _page(409, problem=str(no.why))
    if batch is None:
        return _page(
            409, problem=_("There is nothing to tell any more: somebody made the file a moment ago. It is below.")
        )
    access.look(seen, current_user.id, "export")
    return _go(url_for("desk.telling.batch", batch=batch))


@bp.get("/<int(max=2147483647):batch>", endpoint="batch")
def batch_(batch: int) -> Response:
    return _batch(batch)


@bp.get("/<int(max=2147483647):batch>/file")
def file(batch: int) -> Response:
    """The file as it was made."""
    found = batches.get(read(), batch) or abort(404)
    return send_file(
        BytesIO(found.body), mimetype="application/octet-stream", as_attachment=True, download_name=found.filename
    )


@bp.post("/<int(max=2147483647):batch>/<any(told, failed, by_hand, all):verb>")
def answer(batch: int, verb: str) -> Response:
    """What the channel made of the file: it took all that waits, or of some rows something else is so."""
    form = AnswerForm()
    if not form.validate():
        return _batch(batch, 422, form=form)
    chosen = None if verb == "all" else form.rows()
    try:
        with history.act(door.actor(), "tell", form.action_id.data, [batch, verb, form.typed()]) as act:
            n = batches.settle(act, batch, form.drawn() or 0, "told" if verb == "all" else verb, chosen)  # type: ignore[arg-type]
    except history.Repeated:
        return _go(url_for("desk.telling.batch", batch=batch))
    except Refused as no:
        if no.field in ("row", "why"):
            form.refuse(no)
            return _batch(batch, 422, form=form)
        return _batch(batch, 409, problem=str(no.why), form=form)
    flash(ngettext("Noted for %(num)s row.", "Noted for %(num)s rows.", n))
    return _go(url_for("desk.telling.batch", batch=batch))


@bp.post("/<channel>/<kind>/by-hand/<int(max=2147483647):order>")
def by_hand(channel: str, kind: str, order: int) -> Response:
    """Somebody told the channel, or the customer of a further number, without a file."""
    _known(channel, kind)
    form = PlainForm()
    if not form.validate():
        return _page(422, problem=_("This page is too old. Nothing was changed; try again."))
    try:
        with history.act(door.actor(), "tell", form.action_id.data, [channel, kind, order]) as act:
            batches.by_hand(act, channel, kind, [order])
    except history.Repeated:
        pass
    except Refused as no:
        return _page(409, problem=str(no.why))
    flash(_("Noted: told by hand."))
    return _go(url_for("desk.telling.telling"))


def _page(status: int = 200, problem: str = "") -> Response:
    conn = read()
    found = []
    for channel, kind in WRITERS:
        things = telling.things(conn, channel, kind)
        further = telling.further(conn, channel) if kind == "dispatch" else []
        if not things and not further:
            continue
        left_out = [t for t in things if kind == "dispatch" and leaves_out(channel, t.item)]
        waiting = [t for t in things if t.word == "written"]
        failed = [t for t in things if t.word == "failed" and t not in left_out]
        ready = len(things) - len(left_out) - len([t for t in waiting if t not in left_out])
        found.append(
            (
                channel,
                kind,
                {
                    "ready": ready,
                    "lost": _lost(channel, [t.item for t in things if t.word != "written" and t not in left_out]),
                    "failed": failed,
                    "left_out": left_out,
                    "further": further,
                    "waiting": sorted({t.batch_id for t in waiting if t.batch_id}),
                },
            )
        )
    return drawing.htmx_or_page(
        "desk/telling/telling.html", status, found=found, words=KIND, problem=problem, shown=SHOWN,
        made=batches.latest(conn), now=clock.now(),
    )  # fmt: skip


def _batch(batch: int, status: int = 200, problem: str = "", form: AnswerForm | None = None) -> Response:
    found = batches.get(read(), batch) or abort(404)
    rows: list[Any] = batches.rows_of(read(), batch)
    form = (form or AnswerForm(formdata=None)).fresh(batches.newest(read(), batch))  # type: ignore[assignment]
    return drawing.htmx_or_page(
        "desk/telling/batch.html", status, batch=found, rows=rows, form=form, problem=problem, words=KIND, word=WORD,
        look=WORD_LOOK, where=WHERE[found.channel, found.kind], now=clock.now(),
        ticked=set(request.form.getlist("row")), answer=ResultForm(formdata=None), answers=result_files.of_batch(read(), batch),
    )  # fmt: skip


def _lost(channel: str, items: list[ItemOut]) -> str:
    """The letters that the next file leaves out, the first of many; sorted, so that they are nobody's name."""
    return "".join(sorted(set("".join(unwritten(channel, item) for item in items))))[:40]


def _known(channel: str, kind: str) -> None:
    if (channel, kind) not in WRITERS:
        abort(404)


def _go(url: str) -> Response:
    return redirect(url, 303)  # type: ignore[return-value]
