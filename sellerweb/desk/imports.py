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
from wtforms import PasswordField
from wtforms.validators import Length, Optional

from sellerweb.channels import READERS
from sellerweb.channels.sentence import FILE_WHY, ROW_WHY
from sellerweb.desk import drawing
from sellerweb.kit import htmx
from sellerweb.shop import clock
from sellerweb.shop import imports as files
from sellerweb.shop.incoming import FileError
from sellerweb.shop.refused import Refused

bp = Blueprint("imports", __name__)


class ImportForm(FlaskForm):  # type: ignore[misc]
    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])
    password = PasswordField(
        _l("Password of the file"), validators=[Optional(), Length(max=255)], filters=[lambda text: text or ""]
    )


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
        read = READERS["smartstore"](upload.read(), form.password.data)
        import_id = files.receive(read, _name(upload.filename), current_user.id)
    except FileError as error:
        field = form.password if error.code in ("password_needed", "wrong_password") else form.file
        field.errors = [*field.errors, str(FILE_WHY[error.code])]
        return _page(form, ask_password=field is form.password), 422
    except Refused as no:
        form.file.errors = [*form.file.errors, str(no.why)]
        return _page(form), 409
    return redirect(url_for("desk.imports.report", import_id=import_id), 303)  # type: ignore[return-value]


@bp.get("/imports/<int:import_id>")
def report(import_id: int) -> Response:
    """How far it is; when it is done, what came in and what did not."""
    found = _found(import_id)
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
