"""Manuals at the desk: the list, one to read, changing one with a preview, and those of a kind beside a question. No rules."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField

from sellerweb.desk import door, drawing, letter_words, reply_words
from sellerweb.desk.forms import MoveForm, cleaned
from sellerweb.kit import htmx, markdown, words
from sellerweb.kit.words import LANGUAGES
from sellerweb.shop import history, manuals, own_words
from sellerweb.shop.db import read
from sellerweb.shop.manuals import Page
from sellerweb.shop.refused import Refused

bp = Blueprint("manuals", __name__, url_prefix="/manuals")
bp.add_app_template_filter(markdown.html, "markdown")


class ManualForm(MoveForm):
    """One manual; `version` is the shop's count of its changes."""

    name = StringField(_l("Name"), filters=[cleaned])
    language = SelectField(_l("Language"), choices=[SelectChoice(k, w) for k, w in letter_words.LANGUAGE.items()])
    kinds = SelectMultipleField(_l("Offered beside these questions"), validate_choice=False)
    words = TextAreaField(_l("Words"), filters=[cleaned])
    retired = BooleanField(_l("Do not offer it any more"))

    def into(self, old: Page) -> Page:
        kept = tuple(kind for kind in manuals.KINDS if kind in (self.kinds.data or []))
        said = {"name": self.name.data, "words": self.words.data, "retired": self.retired.data}
        return replace(old, kinds=kept, version=self.drawn() or 0, **said)


@bp.app_template_global()
def manuals_for(kind: str) -> list[Page]:
    """The manuals beside a question of this kind, in the language of the page (desk/manuals/_beside.html)."""
    return manuals.for_kind(read(), kind, words.language())


@bp.get("", endpoint="manuals")
def manuals_() -> Response:
    """Those in the page's language first."""
    pages = sorted(manuals.all_(read()), key=lambda p: p.language != words.language())
    return drawing.htmx_or_page("desk/manuals/manuals.html", pages=pages)


@bp.get("/<key>/<language>")
def manual(key: str, language: str) -> Response:
    return drawing.htmx_or_page("desk/manuals/manual.html", it=_known(key, language))


@bp.get("/for/<kind>", endpoint="beside")
def beside(kind: str) -> Response:
    """The manuals of a kind of question."""
    if kind not in manuals.KINDS:
        abort(404)
    return drawing.htmx_or_page(f"desk/manuals/{'_beside' if htmx.partial() else 'kind'}.html", kind=kind)


@bp.get("/new")
@door.role_required("manager")
def new() -> Response:
    return _page(ManualForm(formdata=None, language=words.language()), None)


@bp.post("/new", endpoint="add")
@door.role_required("manager")
def add() -> Response:
    form = ManualForm()
    said = form.into(Page(key=own_words.own_key(), language=form.language.data or "", kinds=(), name="", words=""))  # fmt: skip
    try:
        with history.act(door.actor(), "add_manual", form.action_id.data, form.typed()) as act:
            manuals.save(act, replace(said, version=0))
    except history.Repeated:
        pass
    except Refused as no:
        form.refuse(no)
        return _page(form, None, 422)
    flash(_("Saved."))
    return redirect(url_for("desk.manuals.manuals"), 303)  # type: ignore[return-value]


@bp.get("/<key>/<language>/edit")
@door.role_required("manager")
def edit(key: str, language: str) -> Response:
    it = _known(key, language)
    return _page(ManualForm(None, obj=it), it)


@bp.post("/<key>/<language>/edit", endpoint="save")
@door.role_required("manager")
def save(key: str, language: str) -> Response:
    it, form = _known(key, language), ManualForm()
    try:
        with history.act(door.actor(), "change_manual", form.action_id.data, [key, language, form.typed()]) as act:
            manuals.save(act, form.into(it))
    except history.Repeated:
        pass
    except Refused as no:
        form.refuse(no)
        return _page(form, it, 409 if isinstance(no, own_words.Changed) else 422)
    return _done(key, language, _("Saved."))


@bp.post("/preview")
@door.role_required("manager")
def preview() -> Response:
    """How the words will look. Changes nothing; without scripts as a page of its own, to come back from."""
    form = ManualForm()
    template = "desk/manuals/_preview.html" if htmx.partial() else "desk/manuals/preview.html"
    return drawing.htmx_or_page(template, typed=_bounded(form.words.data), name=form.name.data)


@bp.post("/<key>/<language>/reset")
@door.role_required("manager")
def reset(key: str, language: str) -> Response:
    """Back to the words that came with the program."""
    it, form = _known(key, language), MoveForm()
    try:
        with history.act(door.actor(), "reset_manual", form.action_id.data, [key, language]) as act:
            manuals.reset(act, replace(it, version=form.drawn() or 0))
    except history.Repeated:
        pass
    except Refused as no:
        again = ManualForm(None, obj=it)
        again.refuse(no)
        return _page(again, it, 409)
    return _done(key, language, _("The words are ours again."))


def _page(form: ManualForm, it: Page | None, status: int = 200) -> Response:
    """The form of one manual; a new one where there is none yet. A stale form comes back with the version of now."""
    form.fresh(it.version if it else 0)
    chosen = it.language if it else form.language.data
    known: dict[str, Any] = {
        "it": it,
        "form": form,
        "kinds": [(kind, word, kind in (form.kinds.data or ())) for kind, word in reply_words.KIND.items()],
        "language_of": chosen if chosen in LANGUAGES else LANGUAGES[0],
        "theirs": it.words if it and status == 409 else "",
        "typed": _bounded(form.words.data),
    }
    return drawing.htmx_or_page("desk/manuals/edit.html", status, **known)


def _bounded(typed: str | None) -> str:
    """What is drawn of it: no more than can be saved."""
    return (typed or "")[: manuals.LONGEST]


def _known(key: str, language: str) -> Page:
    return manuals.one(read(), key, language) or abort(404)


def _done(key: str, language: str, text: str) -> Response:
    flash(text)
    return redirect(url_for("desk.manuals.manual", key=key, language=language), 303)  # type: ignore[return-value]
