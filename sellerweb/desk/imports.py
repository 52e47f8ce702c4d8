"""Files from channels, taken in: the upload, its progress, and a report that people can act on."""

import csv
import io
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.utils import secure_filename
from wtforms import BooleanField, PasswordField, SelectChoice, SelectField
from wtforms.validators import Length, Optional

from sellerweb.channels import READERS, fence
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.sentence import ROW_WHY, why
from sellerweb.desk import drawing, labels, own_columns
from sellerweb.kit import htmx
from sellerweb.shop import clock
from sellerweb.shop import imports as files
from sellerweb.shop.incoming import FileError, FileRead
from sellerweb.shop.refused import Refused

bp = Blueprint("imports", __name__)
# What is bigger, or takes longer, is read behind: a page of rows is a few kilobytes, a month of a busy shop a megabyte.
AT_ONCE = 300_000
PATIENCE = 8.0


# How the letters of a text file are written, as people know it.
ENCODING = {
    "utf-8": _l("UTF-8"),
    "cp949": _l("Korean (CP949)"),
    "cp932": _l("Japanese (CP932)"),
    "cp1252": _l("Western (CP1252)"),
    "utf-16": _l("UTF-16"),
}


class HowForm(FlaskForm):  # type: ignore[misc]
    """How a file is to be read."""

    password = PasswordField(
        _l("Password of the file"), validators=[Optional(), Length(max=255)], filters=[lambda text: text or ""]
    )
    encoding = SelectField(
        _l("Its letters"),
        default="",
        choices=[
            SelectChoice("", _l("Recognise them")),
            *(SelectChoice(code, word) for code, word in ENCODING.items()),
        ],
    )

    def show(self, error: FileError) -> None:
        """Say why the file was refused, at the field that it is about."""
        field = self[_FIELDS.get(error.code, "file")]
        field.errors = [*field.errors, why(error)]
        if error.code == "unsure_encoding":
            ways = [SelectChoice(c, f"{word}: {error.about[c]}") for c, word in ENCODING.items() if c in error.about]
            self.encoding.choices = [SelectChoice("", _("Choose what reads right")), *ways]


class ImportForm(HowForm):
    """The file alone is enough; the rest is for those whose file is not recognised, or wrongly."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])
    channel = SelectField(
        _l("Whose file it is"),
        default="auto",
        choices=[
            SelectChoice(code, labels.CHANNEL.get(code, _l("Recognise it from the file")))
            for code in READERS
            if code != "manual"
        ]
        + [SelectChoice("manual", _l("One of your own"))],
    )
    anew = BooleanField(_l("Match the columns of a file of your own anew"))


@bp.get("/imports", endpoint="imports")
def imports_() -> str:
    return _page(ImportForm(formdata=None))


@bp.post("/imports", endpoint="receive")
def receive() -> Response | tuple[str, int]:
    """Read a small file now, so that what is wrong with it is said now; a big one is read behind, as all orders come in."""
    form = ImportForm()
    if not form.validate():
        return _page(form), 422
    data, name = form.file.data.read(), name_of(form.file.data.filename)
    how = files.How(form.channel.data, form.encoding.data, form.password.data, form.anew.data)
    try:
        read = _read_now(data, how)
        if isinstance(read, OwnTable):
            return redirect(own_columns.take(read, name, anew=how.anew), 303)  # type: ignore[return-value]
        import_id = files.receive(read, name, current_user.id) if read else files.keep(data, name, how, current_user.id)
    except FileError as error:
        form.show(error)
        return _page(form), 422
    except Refused as no:
        form.file.errors = [*form.file.errors, str(no.why)]
        return _page(form), 409
    return redirect(url_for("desk.imports.report", import_id=import_id), 303)  # type: ignore[return-value]


def _read_now(data: bytes, how: files.How) -> FileRead | OwnTable | None:
    """What the file holds; None where it is too big to be read while a person waits, or turns out to be."""
    if len(data) > AT_ONCE:
        return None
    try:
        return READERS[how.channel](data, how.password, how.encoding, PATIENCE)
    except fence.TooSlow:
        return None


# The field that a refusal is about, where it is not the file itself.
_FIELDS = {**files.ASKS, "other_channel": "channel"}


@bp.get("/imports/<int:import_id>")
def report(import_id: int) -> Response:
    """How far it is; when it is done, what came in and what did not."""
    found = _found(import_id)
    if found.report.get("asks"):
        return redirect(url_for("desk.own_columns.columns", import_id=import_id), 303)  # type: ignore[return-value]
    return _report(found)


@bp.post("/imports/<int:import_id>")
def again(import_id: int) -> Response:
    """A file that was refused for want of a word is read once more, with it."""
    found, form = _found(import_id), HowForm()
    if not form.validate():
        return _report(found, form, 422)
    files.read_again(import_id, form.password.data, form.encoding.data)
    return redirect(url_for("desk.imports.report", import_id=import_id), 303)  # type: ignore[return-value]


def _report(found: Any, form: HowForm | None = None, status: int = 200) -> Response:
    template = "desk/imports/_report.html" if htmx.partial() else "desk/imports/report.html"
    form, asked, refusal = form or HowForm(formdata=None), "", None
    if found.state == "refused":
        error = FileError(found.report["error"], **found.report["about"])
        refusal, asked = why(error), files.ASKS.get(error.code, "") if found.kept else ""
        if asked:
            form.show(error)
    context = {"report": found.report, "why": ROW_WHY, "failed": files.FAILED, "refusal": refusal}
    rejected = files.rejected(found.id)[:200] if found.report["rejected"] else []
    return drawing.htmx_or_page(
        template, status, found=found, rejected=rejected, form=form, asked=asked and form[asked], **context
    )


@bp.get("/imports/<int:import_id>/rejected.csv")
def rejected(import_id: int) -> Response:
    """The rows that did not come in, for a spreadsheet: number, code, sentence."""
    _found(import_id)
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow([_("Row"), _("Code"), _("Why")])
    for row in files.rejected(import_id):
        sheet.writerow([row["row"], row["code"], str(ROW_WHY[row["code"]])])
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename=rejected-{import_id}.csv"},
    )


def _found(import_id: int) -> Any:
    """The import; a number that no table can hold is no import either."""
    return (files.get(import_id) if import_id < 2**31 else None) or abort(404)


def _page(form: ImportForm, **more: Any) -> str:
    return render_template("desk/imports/imports.html", form=form, newest=files.newest(), now=clock.now(), **more)


def name_of(filename: str | None) -> str:
    """A file's name as shown in the list: its own last part, whatever the browser sent before it."""
    last = (filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:200] or secure_filename(filename or "") or "?"
