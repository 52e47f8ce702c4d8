"""Reviews at the desk: the list with the low ones first, one noted by hand, files, and what becomes of one. No rules."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from sellerweb.channels import own_table
from sellerweb.channels import reviews as files
from sellerweb.channels.own_table import MOST_COLUMNS, OwnTable
from sellerweb.channels.sentence import ROW_WHY, why
from sellerweb.desk import door, drawing, labels
from sellerweb.desk.forms import MoveForm, cleaned, key_of
from sellerweb.shop import asking, clock, history, reviews
from sellerweb.shop.db import read
from sellerweb.shop.incoming import FileError, ReviewIn
from sellerweb.shop.refused import Refused

bp = Blueprint("reviews", __name__, url_prefix="/reviews")
FIELD = {
    "stars": _l("Stars"),
    "words": _l("What they wrote"),
    "product": _l("Product"),
    "name": _l("Who wrote it"),
    "written_at": _l("Written on"),
    "order": _l("Order or item number"),
    "ref": _l("Number of the review"),
}
TAB = {
    "all": _l("All"),
    "waiting": _l("To answer"),
    "low": _l("1 to 3 stars"),
    "good": _l("4 and 5 stars"),
    "shown": _l("To show"),
}
_CHANNELS = [SelectChoice(code, word) for code, word in labels.CHANNEL.items()]


class NoteForm(MoveForm):
    """A review that somebody read elsewhere."""

    channel = SelectField(_l("Where it stands"), choices=_CHANNELS)
    stars = RadioField(
        FIELD["stars"],
        choices=[SelectChoice(str(n), f"{n} ★") for n in range(1, 6)],
        validators=[InputRequired(_l("Choose one to five stars."))],
    )
    words = TextAreaField(FIELD["words"], filters=[cleaned], validators=[Length(max=4000)])
    product = StringField(FIELD["product"], filters=[cleaned], validators=[Length(max=300)])
    name = StringField(FIELD["name"], filters=[cleaned], validators=[Length(max=200)])
    order = StringField(FIELD["order"], filters=[cleaned], validators=[Length(max=64)])

    def told(self) -> ReviewIn:
        said = {name: self[name].data for name in ("words", "product", "name", "order")}
        return ReviewIn(stars=int(self.stars.data), **said)


class FileForm(MoveForm):
    """A table of reviews. `columns` are told only where the desk cannot see what they are; then the file is chosen once more."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])
    channel = SelectField(_l("Where they stand"), choices=_CHANNELS)
    columns = FieldList(
        SelectField(choices=[SelectChoice("", _l("not read")), *(SelectChoice(f, w) for f, w in FIELD.items())]),
        max_entries=MOST_COLUMNS,
    )
    anew = BooleanField(_l("Match the columns anew"), validators=[Optional()])


@bp.get("", endpoint="reviews")
def reviews_() -> Response:
    return _page()


@bp.get("/new")
def new() -> Response:
    return drawing.htmx_or_page("desk/reviews/new.html", form=NoteForm(formdata=None).fresh(0))


@bp.post("/new", endpoint="note")
def note() -> Response:
    form = NoteForm()
    if not form.validate():
        return drawing.htmx_or_page("desk/reviews/new.html", 422, form=form.fresh(0))
    try:
        with history.act(door.actor(), "note_review", form.action_id.data, form.typed()) as act:
            reviews.note(act, form.channel.data, form.told())
    except history.Repeated:
        pass
    except Refused as no:
        form[no.field or "words"].errors = [str(no.why)]
        return drawing.htmx_or_page("desk/reviews/new.html", 422, form=form.fresh(0))
    flash(_("Noted. Reviews of up to three stars stand in the inbox as well."))
    return _go(url_for("desk.reviews.reviews"))


@bp.get("/import")
def files_() -> Response:
    return _file_page(FileForm(formdata=None))


@bp.post("/import", endpoint="take_in")
def take_in() -> Response:
    """Read the file, and take its reviews in where it is known which column is which; else ask."""
    form = FileForm()
    if not form.validate():
        return _file_page(form, 422)
    try:
        table = own_table.read(form.file.data.read())
    except FileError as error:
        form.file.errors = [*form.file.errors, why(error)]
        return _file_page(form, 422)
    match = _match(form, table)
    if files.lacking(match) or (form.anew.data and not form.columns.data):
        return _ask(form, table, match)
    told, rejected = files.read(table, match, drawing.zone())
    try:
        taken = reviews.take_file(door.actor(), form.action_id.data, form.channel.data, told)
    except Refused as no:
        form.file.errors = [*form.file.errors, str(no.why)]
        return _file_page(form, 422)
    asking.remember(_kept(table), {"columns": match})
    return _file_page(FileForm(formdata=None), taken=taken, rejected=rejected, row_why=ROW_WHY)


@bp.post("/<int(max=2147483647):review_id>/answer")
def answer(review_id: int) -> Response:
    """To the thread in which a review is answered; it begins now where there is none."""
    form = MoveForm()
    try:
        with history.act(door.actor(), "answer_review", form.action_id.data, review_id) as act:
            thread = reviews.begin(act, review_id)
    except history.Repeated:
        return _go(url_for("desk.reviews.reviews"))
    except Refused as no:
        return _page(409, problem=str(no.why))
    return _go(f"/threads/{thread}")


@bp.post("/<int(max=2147483647):review_id>/<any(show, hide):verb>")
def show(review_id: int, verb: str) -> Response:
    """A good one is to be shown, or not any more."""
    form = MoveForm()
    try:
        with history.act(door.actor(), f"{verb}_review", form.action_id.data, review_id) as act:
            reviews.show(act, review_id, form.drawn() or 0, shown=verb == "show")
    except history.Repeated:
        pass
    except Refused as no:
        return _page(409, problem=str(no.why))
    flash(_("Marked to show.") if verb == "show" else _("Not marked to show any more."))
    return _go(url_for("desk.reviews.reviews", tab=_tab()))


def _page(status: int = 200, problem: str = "") -> Response:
    tab, (stars, _dot, id_) = _tab(), request.args.get("after", "").partition(".")
    rows, after = reviews.page(read(), tab, (min(key_of(stars) or 0, 6), min(key_of(id_) or 0, 2**31 - 1)))
    context: dict[str, Any] = {
        "rows": rows,
        "after": "{}.{}".format(*after) if after[0] else "",
        "tab": tab,
        "tabs": TAB,
    }
    return drawing.htmx_or_page(
        "desk/reviews/reviews.html",
        status,
        counts=reviews.counts(read()),
        now=clock.now(),
        problem=problem,
        good=reviews.GOOD,
        **context,
    )


def _file_page(form: FileForm, status: int = 200, **more: Any) -> Response:
    form.fresh(0)
    return drawing.htmx_or_page(
        "desk/reviews/import.html", status, **{"form": form, "asked": [], "taken": None, "rejected": [], **more}
    )


def _ask(form: FileForm, table: OwnTable, match: dict[str, str]) -> Response:
    """Which column is which; the browser does not keep the file, so it is chosen once more."""
    lacking = ", ".join(str(FIELD[field]) for field in files.lacking(match))
    if lacking:
        form.file.errors = [
            _(
                "Say below which column is this: %(fields)s. Then choose the file once more; nothing was taken in yet.",
                fields=lacking,
            )
        ]
    else:
        form.file.errors = [_("Look at the columns below. Then choose the file once more; nothing was taken in yet.")]
    known = FileForm(formdata=None, columns=[match.get(name, "") for name in table.header], channel=form.channel.data)
    known.file.errors = form.file.errors
    asked = [(name, column, table.examples(name)) for name, column in zip(table.header, known.columns, strict=False)]
    return _file_page(known, 422, asked=asked)


def _match(form: FileForm, table: OwnTable) -> dict[str, str]:
    """{name: field}: as it was just said, else as it was said of these columns before, else guessed."""
    if form.columns.data:
        return {name: field for name, field in zip(table.header, form.columns.data, strict=False) if field}
    before = None if form.anew.data else asking.remembered(read(), _kept(table))
    return dict(before["columns"]) if before else files.guess(table.header)


def _kept(table: OwnTable) -> str:
    return f"reviews:{table.fingerprint[:20]}"


def _tab() -> str:
    said = request.args.get("tab", "")
    return said if said in TAB else "all"


def _go(url: str) -> Response:
    return redirect(url, 303)  # type: ignore[return-value]
