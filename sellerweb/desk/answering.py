"""An answer to a customer while it is written: templates to choose from, how it will read, what it blames. Sends nothing."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request
from flask_babel import gettext as _

from sellerweb.desk import door, drawing
from sellerweb.desk.forms import AnswerForm
from sellerweb.kit import htmx, photos
from sellerweb.kit.body import takes
from sellerweb.shop import blame, history, messages, orders, own_words, placeholders, queries, replies, reply_words
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused
from sellerweb.shop.replies import Template

bp = Blueprint("answering", __name__)


@bp.post("/orders/<code>/answer/choose")
@takes(photos.FORM_BYTES)
def choose(code: str) -> Response:
    """A template's words come into the field, below what was typed there. Changes nothing."""
    whole, form = whole_of(code), AnswerForm()
    listed = replies.all_(read())
    key, _dot, language = request.form.get("template", "").rpartition(".")
    chosen = next((t.words for t in listed if (t.key, t.language, t.retired) == (key, language, False)), "")
    typed = form.words.data.strip()
    # Who chose another one instead, and typed nothing meanwhile, gets the other one alone.
    kept = "" if typed in {t.words for t in listed} else typed
    form.words.data = "\n\n".join(part for part in (kept, chosen) if part) or typed
    return _again(whole, form)


@bp.post("/orders/<code>/answer/preview")
@takes(photos.FORM_BYTES)
def preview(code: str) -> Response:
    """How the words will read. Changes nothing."""
    whole, form = whole_of(code), AnswerForm()
    if htmx.partial():
        return drawing.htmx_or_page("desk/replies/_shown.html", order=whole.order, shown=shown(whole, form))
    return _again(whole, form)


@bp.post("/orders/<code>/answer/keep")
@door.role_required("manager")
@takes(photos.FORM_BYTES)
def keep(code: str) -> Response:
    """The words become a template of the shop's own, suggested in the stage that the order is in."""
    whole, form = whole_of(code), AnswerForm()
    language, stage, words = orders.language(whole.order), whole.order.stage, form.words.data
    name = " ".join(words.split())[:40]
    try:
        with history.act(door.actor(), "keep_reply", form.action_id.data, [code, words]) as act:
            replies.save(act, Template(key=own_words.own_key(), language=language, kind="other", stages=(stage,), name=name, words=words))  # fmt: skip
    except history.Repeated:
        pass
    except Refused as no:
        form.words.errors = [str(no.why)]
        return asked(whole, form, 422)
    text = _("Saved as a template. Its name and kind can be changed under Reply templates.")
    toast = {"text": text, "code": code, "undo": None, "by": ""}
    if not htmx.partial():
        flash(toast)
    return asked(whole, form, toast=toast)


def asked(whole: queries.Whole, form: AnswerForm, status: int = 200, **more: Any) -> Response:
    """The order's row with the answer's form."""
    form.photos.remind()
    form.fresh(whole.order.version)
    return drawing.row(whole.order.code, status, panel="reply", form=form, **beside(whole, form), **more)


def beside(whole: queries.Whole, form: AnswerForm) -> dict[str, Any]:
    """What stands around the field: the conversation, the templates that fit, and how the words will read."""
    first, rest = replies.fitting(replies.all_(read()), whole.order.stage, orders.language(whole.order))
    said = messages.of_order(read(), whole.order.id)
    return {"said": said, "suggested": first, "templates": rest, "shown": shown(whole, form)}


def shown(whole: queries.Whole, form: AnswerForm) -> dict[str, str]:
    """The words filled from the order, or why they cannot be; nothing where nothing is to be filled in."""
    words = form.words.data or ""
    if not (placeholders.used(words) or placeholders.unknown(words)):
        return {"words": "", "problem": ""}
    try:
        return {"words": reply_words.filled(read(), whole.order, words), "problem": ""}
    except Refused as no:
        return {"words": "", "problem": str(no.why)}


def blaming(form: AnswerForm) -> bool:
    """Whether the words blame the customer and nobody has said to send them all the same; then the field says so."""
    found = [] if form.sure.data else blame.found(blame.phrases(read()), form.words.data)
    if found:
        form.asks_if_sure = True
        form.words.errors = [
            _("“%(phrase)s” can read as blame. Nothing was sent: change it, or tick below to send it as it is.", phrase=found[0])
        ]  # fmt: skip
    return bool(found)


def whole_of(code: str) -> queries.Whole:
    return queries.whole(read(), code) or abort(404)


def _again(whole: queries.Whole, form: AnswerForm) -> Response:
    """The field as it now is, for htmx; the whole form for everybody else."""
    if not htmx.partial():
        return asked(whole, form)
    return drawing.htmx_or_page(
        "desk/replies/_words.html", order=whole.order, form=form, shown=shown(whole, form), code=whole.order.code
    )
