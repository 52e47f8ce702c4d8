"""A channel's result file for one batch: sent, its columns matched, looked over, and marked. Rules: `shop.results`."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, HiddenField, RadioField, SelectChoice, SelectField

from sellerweb.channels import result_file
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.result_file import Columns
from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm
from sellerweb.desk.imports import HowForm, name_of
from sellerweb.shop import batches, clock, history, result_files, results
from sellerweb.shop.db import forget, read
from sellerweb.shop.incoming import FileError
from sellerweb.shop.refused import Refused

bp = Blueprint("results", __name__, url_prefix="/channels/tell/<int(max=2147483647):batch>/result")
ONE = "/<int(max=2147483647):result>"
NO_TABLE = _l(
    "No sheet of this file has a header row with at least two names in its first 30 rows. Nothing was marked. "
    "Save the result with its header row, and send that file."
)


class ResultForm(HowForm):
    file = FileField(_l("Result file of the channel"), validators=[FileRequired(_l("Choose a file first."))])


class MatchForm(FlaskForm):  # type: ignore[misc]
    """Which column has our numbers, and which say what became of them."""

    id = SelectField(_l("The column with the numbers"))
    result = SelectField(_l("The column that says whether it was taken"))
    why = SelectField(_l("The column that says why not"))

    def offer(self, table: OwnTable, ids: list[str]) -> None:
        none = [SelectChoice("", _("There is none"))]
        self.id.choices = [SelectChoice(name, name) for name in ids]
        self.result.choices = self.why.choices = none + [SelectChoice(name, name) for name in table.header]

    def columns(self) -> Columns:
        return Columns(self.id.data, self.result.data, self.why.data)

    def check(self, table: OwnTable) -> bool:
        """Whether something follows from it; else it says at the field what is missing."""
        columns = self.columns()
        if not columns.result and not columns.why:
            self.result.errors = [_("Choose the column of the result, or the one of the reasons, or both.")]
        elif columns.result == columns.id or columns.why == columns.id:
            self.id.errors = [_("This column is chosen twice. The numbers stand in a column of their own.")]
        elif len(result_file.unknown(table, columns)) > result_file.MOST_WORDS:
            self.result.errors = [
                _("There are too many different words in this column for a result. Choose another one.")
            ]
        return not any(field.errors for field in self)


class MarkForm(MoveForm):
    """What people say of a file besides: of rows that it says nothing of, and of words that say neither."""

    rest = RadioField(
        default="",
        choices=[SelectChoice("", _l("Leave them as they are")), SelectChoice("told", _l("The channel took them"))],
    )
    word = FieldList(HiddenField(), max_entries=result_file.MOST_WORDS)
    means = FieldList(
        SelectField(
            choices=[
                SelectChoice("", _l("leave as it is")),
                SelectChoice("told", _l("told")),
                SelectChoice("failed", _l("refused by the channel")),
            ]
        ),
        max_entries=result_file.MOST_WORDS,
    )

    def words(self) -> dict[str, str]:
        """{word of the channel: told or failed} as people said."""
        pairs = zip(self.word, self.means, strict=False)
        return {word.data: means.data for word, means in pairs if word.data and means.data}


@bp.route("", methods=["GET", "POST"])
def send(batch: int) -> Response:
    """Read the file now, and go on to what it says; what is wrong with it is said now."""
    found = batches.get(read(), batch) or abort(404)
    form = ResultForm()
    if not form.is_submitted():
        return _send(found, ResultForm(formdata=None))
    if not form.validate():
        return _send(found, form, 422)
    upload = form.file.data
    try:
        table = _table(found, upload.read(), form)
    except FileError as error:
        form.show(error)
        if error.code == "no_header":
            form.file.errors = [NO_TABLE]
        return _send(found, form, 422)
    except Refused as no:
        form.file.errors = [str(no.why)]
        return _send(found, form, 422)
    columns = _known(found, table)
    forget()
    new = result_files.keep(batch, table.to_json(), name_of(upload.filename), columns, current_user.id)
    return _go("columns" if columns is None else "look", batch, new)


@bp.get(ONE, endpoint="look")
def look_(batch: int, result: int) -> Response:
    """What would be marked; nothing is."""
    found, row = _found(batch, result)
    if row.payload is None:
        return _home(batch)
    return _look(found, row) if row.columns else _go("columns", batch, result)


@bp.route(f"{ONE}/columns", methods=["GET", "POST"])
def columns(batch: int, result: int) -> Response:
    """Ask which column is which, and remember it."""
    found, row = _found(batch, result)
    if row.payload is None:
        return _home(batch)
    table = OwnTable.from_json(result_files.table_of(row))
    ids = result_file.id_columns(table, *results.keys(read(), batch))
    said = row.columns or result_file.guess(table, ids)[0].to_json()
    form = MatchForm(data=said)
    form.offer(table, ids)
    if not form.is_submitted():
        return _columns(found, row, table, form)
    if not form.validate() or not form.check(table):
        return _columns(found, row, table, form, 422)
    match = {**form.columns().to_json(), "words": said.get("words", {})}
    forget()
    result_files.match(result, match)
    result_files.remember(found.channel, table.header, match)
    return _go("look", batch, result)


@bp.post(f"{ONE}/mark")
def mark(batch: int, result: int) -> Response:
    """Mark what was looked over, in one transaction."""
    found, row = _found(batch, result)
    form = MarkForm()
    if row.payload is None:
        return _home(batch)
    if not row.columns or not form.validate():
        return _look(found, row, form, 422)
    table, words = OwnTable.from_json(result_files.table_of(row)), {**row.columns["words"], **form.words()}
    seen = result_file.answers(table, _columns_of(row))
    forget()
    try:
        with history.act(door.actor(), "tell", form.action_id.data, [batch, result, form.typed()]) as act:
            done = results.mark(act, found, form.drawn() or 0, seen, words, rest=form.rest.data == "told")
            n = {"told": len(done.told) + (len(done.silent) if form.rest.data else 0), "failed": len(done.failed)}
            result_files.marked(act, result, row.columns, n)
    except history.Repeated:
        return _home(batch)
    except Refused as no:
        return _look(found, row, form, 409, str(no.why))
    if words:
        result_files.remember(found.channel, table.header, {**row.columns, "words": words})
    flash(_("Marked: %(told)s told, %(failed)s refused.", **n))
    return _home(batch)


@bp.post(f"{ONE}/discard")
def discard(batch: int, result: int) -> Response:
    """Put the file away: nothing of it is marked."""
    _found(batch, result)
    forget()
    result_files.put_away(result)
    flash(_("The file was put away. Nothing of it was marked."))
    return _home(batch)


def _table(batch: Any, data: bytes, form: ResultForm) -> OwnTable:
    """The table of a file that has something to say of this batch. Raises FileError, and Refused with a sentence."""
    if data == batch.body:
        raise Refused(_l("This is the file that was made here, not the channel's answer to it. Nothing was marked."))
    table = result_file.read(data, form.password.data, form.encoding.data)
    if not table.rows:
        raise Refused(
            _l("There is no row below the header of this file. Nothing was marked; if the channel refused nothing, say so with the button of this batch.")
        )  # fmt: skip
    if len(table.rows) > result_file.MOST_ROWS:
        raise Refused(
            _l(
                "This file has more than %(n)s rows, far more than a batch. Nothing was marked.",
                n=result_file.MOST_ROWS,
            )
        )
    if result_file.is_orders(table.header):
        raise Refused(
            _l(
                "By its columns this is a list of orders, not what became of a batch. Nothing was marked; drop it under Import."
            )
        )
    if not result_file.id_columns(table, *results.keys(read(), batch.id)):
        if result_file.is_shortened(table):
            raise Refused(
                _l("A spreadsheet has shortened the numbers in this file, and their last digits are lost. Nothing was marked. Download it again and do not save it from the spreadsheet.")
            )  # fmt: skip
        raise Refused(
            _l(
                "In no column of this file stands a number of this batch. Nothing was marked; perhaps it answers another batch."
            )
        )
    return table


def _known(batch: Any, table: OwnTable) -> dict[str, Any] | None:
    """What its columns mean: as it was said before, else as they say for sure; None: people have to be asked."""
    ids = result_file.id_columns(table, *results.keys(read(), batch.id))
    said = result_files.remembered(batch.channel, table.header)
    if said and said["id"] in ids:
        return said
    guessed, sure = result_file.guess(table, ids)
    return {**guessed.to_json(), "words": {}} if sure else None


def _columns_of(row: Any) -> Columns:
    return Columns(row.columns["id"], row.columns["result"], row.columns["why"])


def _found(batch: int, result: int) -> tuple[Any, Any]:
    found = batches.get(read(), batch) or abort(404)
    return found, result_files.get(read(), result, batch) or abort(404)


def _send(batch: Any, form: ResultForm, status: int = 200) -> Response:
    return drawing.htmx_or_page("desk/results/send.html", status, batch=batch, form=form)


def _columns(batch: Any, row: Any, table: OwnTable, form: MatchForm, status: int = 200) -> Response:
    return drawing.htmx_or_page("desk/results/columns.html", status, batch=batch, row=row, table=table, form=form)


def _look(batch: Any, row: Any, form: MarkForm | None = None, status: int = 200, problem: str = "") -> Response:
    table = OwnTable.from_json(result_files.table_of(row))
    seen = results.look(read(), batch, result_file.answers(table, _columns_of(row)), row.columns["words"])
    chosen = form.words() if form else {}
    form = form or MarkForm(formdata=None)
    form.fresh(batches.newest(read(), batch.id))
    asked = [(word, rows, chosen.get(word, "")) for word, rows in sorted(seen.unknown.items())]
    return drawing.htmx_or_page(
        "desk/results/look.html", status, batch=batch, row=row, seen=seen, form=form, problem=problem, asked=asked,
        unread=table.rejected, now=clock.now(), shown=50, read=len(table.rows),
        say=ngettext("%(num)s row", "%(num)s rows", len(table.rows)),
    )  # fmt: skip


def _go(view: str, batch: int, result: int) -> Response:
    return redirect(url_for(f"desk.results.{view}", batch=batch, result=result), 303)  # type: ignore[return-value]


def _home(batch: int) -> Response:
    return redirect(url_for("desk.telling.batch", batch=batch), 303)  # type: ignore[return-value]
