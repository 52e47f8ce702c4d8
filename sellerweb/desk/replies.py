"""Reply templates at the desk: the list, changing one, and the phrases that blame. Choosing one for an answer: `answering`."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField

from sellerweb.desk import door, drawing, labels, letter_words, reply_words
from sellerweb.desk.forms import MoveForm, cleaned
from sellerweb.kit.words import LANGUAGES
from sellerweb.shop import blame, history, letters, own_words, replies
from sellerweb.shop.db import read
from sellerweb.shop.placeholders import PLACEHOLDERS
from sellerweb.shop.refused import Refused
from sellerweb.shop.replies import Template
from sellerweb.shop.states import STAGES

bp = Blueprint("replies", __name__, url_prefix="/replies")


class TemplateForm(MoveForm):
    """One template; `version` is the shop's count of its changes."""

    name = StringField(_l("Name"), filters=[cleaned])
    language = SelectField(_l("Language"), choices=[SelectChoice(k, w) for k, w in letter_words.LANGUAGE.items()])
    kind = SelectField(_l("Kind of question"), choices=[SelectChoice(k, w) for k, w in reply_words.KIND.items()])
    stages = SelectMultipleField(_l("Suggested while the order is"), validate_choice=False)
    words = TextAreaField(_l("Words"), filters=[cleaned])
    retired = BooleanField(_l("Do not offer it any more"))

    def into(self, old: Template) -> Template:
        kept = tuple(stage for stage in STAGES if stage in (self.stages.data or []))
        said = {"name": self.name.data, "kind": self.kind.data, "words": self.words.data, "retired": self.retired.data}
        return replace(old, stages=kept, version=self.drawn() or 0, **said)


class PhrasesForm(MoveForm):
    phrases = TextAreaField(_l("One phrase a line"), filters=[cleaned])


@bp.get("", endpoint="replies")
@door.role_required("manager")
def replies_() -> Response:
    return drawing.htmx_or_page("desk/replies/replies.html", templates=replies.all_(read()))


@bp.get("/new")
@door.role_required("manager")
def new() -> Response:
    return _page(TemplateForm(formdata=None), None)


@bp.post("/new", endpoint="add")
@door.role_required("manager")
def add() -> Response:
    form = TemplateForm()
    said = form.into(Template(key=own_words.own_key(), language=form.language.data or "", kind="", stages=(), name="", words=""))  # fmt: skip
    try:
        with history.act(door.actor(), "add_reply", form.action_id.data, form.typed()) as act:
            replies.save(act, replace(said, version=0))
    except history.Repeated:
        pass
    except Refused as no:
        form.refuse(no)
        return _page(form, None, 422)
    return _done(_("Saved. It can be chosen from now on."))


@bp.get("/<key>/<language>")
@door.role_required("manager")
def edit(key: str, language: str) -> Response:
    it = _known(key, language)
    return _page(TemplateForm(None, obj=it), it)


@bp.post("/<key>/<language>", endpoint="save")
@door.role_required("manager")
def save(key: str, language: str) -> Response:
    it, form = _known(key, language), TemplateForm()
    said = form.into(it)
    try:
        with history.act(door.actor(), "change_reply", form.action_id.data, [key, language, form.typed()]) as act:
            replies.save(act, said)
    except history.Repeated:
        pass
    except Refused as no:
        form.refuse(no)
        return _page(form, it, 409 if isinstance(no, own_words.Changed) else 422)
    return _done(_("Saved. Answers that are written from now on have these words."))


@bp.post("/<key>/<language>/reset")
@door.role_required("manager")
def reset(key: str, language: str) -> Response:
    """Back to the words that came with the program."""
    it, form = _known(key, language), MoveForm()
    try:
        with history.act(door.actor(), "reset_reply", form.action_id.data, [key, language]) as act:
            replies.reset(act, replace(it, version=form.drawn() or 0))
    except history.Repeated:
        pass
    except Refused as no:
        again = TemplateForm(None, obj=it)
        again.refuse(no)
        return _page(again, it, 409)
    return _done(_("The words are ours again."))


@bp.get("/phrases")
@door.role_required("manager")
def phrases() -> Response:
    return _phrases(PhrasesForm(None, data={"phrases": "\n".join(blame.phrases(read()))}))


@bp.post("/phrases", endpoint="save_phrases")
@door.role_required("manager")
def save_phrases() -> Response:
    form = PhrasesForm()
    try:
        with history.act(door.actor(), "change_phrases", form.action_id.data, form.typed()) as act:
            blame.save(act, form.phrases.data.splitlines())
    except history.Repeated:
        pass
    except Refused as no:
        form.phrases.errors = [str(no.why)]
        return _phrases(form, 422)
    return _done(_("Saved. The desk points at these before an answer leaves."))


def _page(form: TemplateForm, it: Template | None, status: int = 200) -> Response:
    """The form of one template; a new one where there is none yet. A stale form comes back with the version of now."""
    form.fresh(it.version if it else 0)
    chosen = it.language if it else form.language.data
    chosen = chosen if chosen in LANGUAGES else LANGUAGES[0]
    known: dict[str, Any] = {
        "it": it,
        "form": form,
        "stages": [(stage, labels.STAGE[stage], stage in (form.stages.data or ())) for stage in STAGES],
        "language_of": chosen,
        "theirs": it.words if it and status == 409 else "",
        "gaps": [(p.name(chosen), letters.sample(chosen)[p.key]) for p in PLACEHOLDERS if p.key in replies.GAPS],
    }
    return drawing.htmx_or_page("desk/replies/edit.html", status, **known)


def _phrases(form: PhrasesForm, status: int = 200) -> Response:
    return drawing.htmx_or_page("desk/replies/phrases.html", status, form=form.fresh(0))


def _known(key: str, language: str) -> Template:
    return replies.one(read(), key, language) or abort(404)


def _done(text: str) -> Response:
    flash(text)
    return redirect(url_for("desk.replies.replies"), 303)  # type: ignore[return-value]
