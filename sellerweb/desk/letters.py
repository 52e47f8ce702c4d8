"""The shop's letters at the desk: what could not be sent, the switches, and the words with their preview. Sends nothing."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from sellerweb.desk import door, drawing, letter_words
from sellerweb.kit import htmx
from sellerweb.kit.text import clean
from sellerweb.kit.words import LANGUAGES
from sellerweb.shop import clock, history, letter_gaps, letter_list, letters, outbox, switches
from sellerweb.shop.db import read
from sellerweb.shop.letters import Words
from sellerweb.shop.refused import Refused

bp = Blueprint("letters", __name__, url_prefix="/letters")
DONE = {
    "arrived": _l("Noted: the letter arrived."),
    "again": _l("It leaves once more, in a moment."),
    "drop": _l("Left at that."),
}


class WordsForm(FlaskForm):  # type: ignore[misc]
    subject = StringField(_l("Subject"), filters=[lambda text: clean(text or "")])
    body = TextAreaField(_l("Letter"), filters=[lambda text: clean(text or "")])
    sms = TextAreaField(_l("As a text message"), filters=[lambda text: clean(text or "")])

    def words(self) -> Words:
        return Words(self.subject.data, self.body.data, self.sms.data)

    def refuse(self, no: Refused) -> None:
        field = self[no.field]
        field.errors = [*field.errors, str(no.why)]


@bp.app_template_global()
def letters_to_look_at() -> int:
    """How many letters wait for somebody's eye: unsure and failed ones."""
    counted = outbox.counts(read())
    return counted["unsure"] + counted["failed"]


@bp.get("", endpoint="letters")
@door.role_required("manager")
def letters_() -> Response:
    """What is to be looked at, and all letters: `?q=`, `?medium=`, `?state=`; `?after=` goes on from there."""
    return _page()


@bp.post("/<int(max=2147483647):notice_id>/<any(arrived, again, drop):verb>")
@door.role_required("manager")
def settle(notice_id: int, verb: str) -> Response:
    """Somebody knows what became of a letter, or what shall."""
    action = request.form.get("action_id", "")[:64]
    try:
        with history.act(door.actor(), f"letter_{verb}", action, notice_id) as act:
            if verb == "drop":
                outbox.drop(act, notice_id)
            else:
                outbox.settle(act, notice_id, arrived=verb == "arrived")
    except history.Repeated:
        pass
    except Refused as no:
        return _page(409, problem=str(no.why))
    flash(str(DONE[verb]))
    return _go(door.own_path(request.form.get("next")) or url_for("desk.letters.letters"))


@bp.post("/switch")
@door.role_required("owner")
def switch() -> Response:
    name = request.form.get("name", "")
    if name not in switches.SWITCHES:
        abort(400)
    on = bool(request.form.get("on"))
    switches.turn(name, on)
    medium = letter_words.SWITCH[name]
    flash(_("%(medium)s: on.", medium=medium) if on else _("%(medium)s: off.", medium=medium))
    return _go(url_for("desk.letters.letters"))


@bp.get("/words", endpoint="words")
@door.role_required("manager")
def words_() -> Response:
    return drawing.htmx_or_page("desk/letters/words.html", letters=letters.LETTERS, own=letters.own(read()))


@bp.get("/words/<letter>/<language>")
@door.role_required("manager")
def edit(letter: str, language: str) -> Response:
    _known(letter, language)
    return _edit(letter, language, WordsForm(None, obj=letters.words(read(), letter, language)))


@bp.post("/words/<letter>/<language>", endpoint="save")
@door.role_required("manager")
def save(letter: str, language: str) -> Response:
    _known(letter, language)
    form = WordsForm()
    try:
        letters.save(letter, language, form.words(), current_user.id)
    except Refused as no:
        form.refuse(no)
        return _edit(letter, language, form, 422)
    flash(_("Saved. Letters that leave from now on have these words."))
    return _go(url_for("desk.letters.edit", letter=letter, language=language))


@bp.post("/words/<letter>/<language>/preview")
@door.role_required("manager")
def preview(letter: str, language: str) -> Response:
    """The words as they stand in the form, filled with sample facts; nothing is saved."""
    _known(letter, language)
    form = WordsForm()
    if htmx.partial():
        return drawing.htmx_or_page("desk/letters/_preview.html", **_shown(letter, form.words(), language))
    return _edit(letter, language, form)


@bp.post("/words/<letter>/<language>/reset")
@door.role_required("manager")
def reset(letter: str, language: str) -> Response:
    _known(letter, language)
    letters.reset(letter, language)
    flash(_("The words are ours again."))
    return _go(url_for("desk.letters.edit", letter=letter, language=language))


def _page(status: int = 200, problem: str = "") -> Response:
    filter_, after = _filter(), request.args.get("after", "")
    before = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
    listed, more = letter_list.page(read(), filter_, before)
    return drawing.htmx_or_page(
        "desk/letters/letters.html", status,
        troubled=outbox.troubled(read()), switches=switches.all_(read()), to_come=outbox.counts(read())["waiting"],
        untold=outbox.untold(read()), now=clock.now(), problem=problem,
        filter=filter_, listed=listed, more=more, media=letter_list.MEDIA, states=letter_list.STATES,
    )  # fmt: skip


def _filter() -> letter_list.Filter:
    """The filter that the address asks for; what makes no sense is left out."""
    medium, state = request.args.get("medium", ""), request.args.get("state", "")
    return letter_list.Filter(
        request.args.get("q", "").strip()[:120],
        medium if medium in letter_list.MEDIA else "",
        state if state in letter_list.STATES else "",
    )


def _edit(letter: str, language: str, form: WordsForm, status: int = 200) -> Response:
    return drawing.htmx_or_page(
        "desk/letters/edit.html", status,
        letter=letter, language_of=language, form=form, own=(letter, language) in letters.own(read()),
        placeholders=letter_gaps.of(letter), sample=letters.sample(language), languages=LANGUAGES,
        **_shown(letter, form.words(), language),
    )  # fmt: skip


def _shown(letter: str, words: Words, language: str) -> dict[str, Any]:
    """The preview, or why there is none."""
    try:
        shown = letters.preview(letter, words, language)
    except Refused as no:
        return {"shown": None, "problem": str(no.why), "weight": 0, "most": letters.SMS_BYTES}
    return {"shown": shown, "problem": "", "weight": letters.sms_bytes(shown.sms), "most": letters.SMS_BYTES}


def _known(letter: str, language: str) -> None:
    if letter not in letters.LETTERS or language not in LANGUAGES:
        abort(404)


def _go(url: str) -> Response:
    return redirect(url, 303)  # type: ignore[return-value]
