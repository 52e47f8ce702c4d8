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

from sellerweb.channels import READERS
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.sentence import ROW_WHY, why
from sellerweb.desk import drawing, labels, own_columns
from sellerweb.kit import htmx
from sellerweb.shop import clock
from sellerweb.shop import imports as files
from sellerweb.shop.incoming import FileError
from sellerweb.shop.refused import Refused

bp = Blueprint("imports", __name__)


# How the letters of a text file are written, as people know it.
ENCODING = {
    "utf-8": _l("UTF-8"),
    "cp949": _l("Korean (CP949)"),
    "cp932": _l("Japanese (CP932)"),
    "cp1252": _l("Western (CP1252)"),
    "utf-16": _l("UTF-16"),
}


class ImportForm(FlaskForm):  # type: ignore[misc]
    """The file alone is enough; the rest is for those whose file is not recognised, or wrongly."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])
    password = PasswordField(
        _l("Password of the file"), validators=[Optional(), Length(max=255)], filters=[lambda text: text or ""]
    )
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
    encoding = SelectField(
        _l("Its letters"),
        default="",
        choices=[
            SelectChoice("", _l("Recognise them")),
            *(SelectChoice(code, word) for code, word in ENCODING.items()),
        ],
    )
    anew = BooleanField(_l("Match the columns of a file of your own anew"))

    def ask_encoding(self, readings: dict[str, str]) -> None:
        """Show beside each encoding that is possible how the file would read in it."""
        ways = [SelectChoice(code, f"{word}: {readings[code]}") for code, word in ENCODING.items() if code in readings]
        self.encoding.choices = [SelectChoice("", _("Choose what reads right")), *ways]


@bp.get("/imports", endpoint="imports")
def imports_() -> str:
    return _page(ImportForm(formdata=None))


@bp.post("/imports", endpoint="receive")
def receive() -> Response | tuple[str, int]:
    """Read the file now, so that what is wrong with it is said now; its orders come in behind."""
    form = ImportForm()
    if not form.validate():
        return _page(form), 422
    upload = form.file.data
    try:
        read = READERS[form.channel.data](upload.read(), form.password.data, form.encoding.data)
        if isinstance(read, OwnTable):
            return redirect(own_columns.take(read, _name(upload.filename), anew=form.anew.data), 303)  # type: ignore[return-value]
        import_id = files.receive(read, _name(upload.filename), current_user.id)
    except FileError as error:
        field = form[_FIELDS.get(error.code, "file")]
        field.errors = [*field.errors, why(error)]
        if error.code == "unsure_encoding":
            form.ask_encoding(error.about)
        return _page(form), 422
    except Refused as no:
        form.file.errors = [*form.file.errors, str(no.why)]
        return _page(form), 409
    return redirect(url_for("desk.imports.report", import_id=import_id), 303)  # type: ignore[return-value]


# The field that a refusal is about, where it is not the file itself.
_FIELDS = {
    "password_needed": "password",
    "wrong_password": "password",
    "other_channel": "channel",
    "unsure_encoding": "encoding",
}


@bp.get("/imports/<int:import_id>")
def report(import_id: int) -> Response:
    """How far it is; when it is done, what came in and what did not."""
    found = _found(import_id)
    if found.report.get("asks"):
        return redirect(url_for("desk.own_columns.columns", import_id=import_id), 303)  # type: ignore[return-value]
    template = "desk/imports/_report.html" if htmx.partial() else "desk/imports/report.html"
    return drawing.htmx_or_page(template, found=found, report=found.report, why=ROW_WHY, failed=files.FAILED)


@bp.get("/imports/<int:import_id>/rejected.csv")
def rejected(import_id: int) -> Response:
    """The rows that did not come in, for a spreadsheet: number, code, sentence."""
    found = _found(import_id)
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow([_("Row"), _("Code"), _("Why")])
    for row in found.report["rejected"]:
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


def _name(filename: str | None) -> str:
    """A file's name as shown in the list: its own last part, whatever the browser sent before it."""
    last = (filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:200] or secure_filename(filename or "") or "?"
