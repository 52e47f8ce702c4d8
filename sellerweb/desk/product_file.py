"""Products as CSV: given out, and taken in again with what was changed and counted. What a row does: `shop.goods_file`."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from sellerweb.channels import product_table
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.sentence import ROW_WHY as COMMON
from sellerweb.channels.written import as_csv
from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm
from sellerweb.desk.imports import HowForm, name_of
from sellerweb.kit import htmx
from sellerweb.shop import clock, goods_file, imports, product_files, shelves
from sellerweb.shop.db import read
from sellerweb.shop.incoming import FileError

bp = Blueprint("product_file", __name__)
ROW_WHY = {
    "bad_columns": _l("It has more or fewer cells than the header. Mend the row and drop the file again."),
    "broken_text": COMMON["broken_text"],
    "too_long": _l("A text is far longer than it may be. This row was left out. Shorten it, and drop the file again."),
    "no_sku": _l("It has no SKU, or one of more than 120 characters. Every product needs one."),
    "twice": _l("“%(what)s” stood at this location in an earlier row already. The first one counted."),
    "two_ways": _l("“%(what)s” was described otherwise in an earlier row. The first one counted; make them say the same."),
    "no_location": _l("There is no location “%(what)s” in use. Add it first, or mend its name."),
    "no_number": _l("“%(what)s” is no number of pieces. Type a whole number, 0 or more."),
    "where": _l("It says how many, but not where. Fill in the location."),
    "moved": _l("Pieces have moved since the file was made: the desk now says %(what)s. Count again, and leave what the new file says is on hand as it is."),
}  # fmt: skip
HEADERS = _l(
    "The first row must name the columns, SKU among them, in English, Korean or Japanese. Begin with the file that “As CSV” gives."
)
TOO_MANY = _l("A file may have %(n)s rows at most. Part it; nothing was taken in.", n=goods_file.MOST)


class FileForm(MoveForm, HowForm):
    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])

    def refuse_file(self, why: Any) -> None:
        self.file.errors = [*self.file.errors, str(why)]


@bp.get("/products.csv")
@door.role_required("manager")
def export() -> Response:
    """Every product, a row for each shelf, with an empty column for what is counted."""
    names = _headers()
    rows = ([product_table.guarded(cell) for cell in row] for row in goods_file.rows(shelves.every(read())))
    name = f"products-{clock.now().astimezone(drawing.zone()):%Y-%m-%d}.csv"
    return Response(
        as_csv([names[column] for column in goods_file.COLUMNS], rows, "utf-8-sig"),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@bp.get("/products/file")
@door.role_required("manager")
def ask() -> Response:
    return _page(FileForm(formdata=None))


@bp.post("/products/file")
@door.role_required("manager")
def take() -> Response:
    """Keep the table. What a moment has the time for comes in at once, so a short one is done; the rest comes in behind."""
    form = FileForm()
    if not form.validate():
        return _page(form, 422)
    data, name = form.file.data.read(), name_of(form.file.data.filename)
    try:
        table = product_table.read(data, form.password.data, form.encoding.data)
    except FileError as error:
        if error.code == "no_header":
            form.refuse_file(HEADERS)
        else:
            form.show(error)
        return _page(form, 422)
    matched = product_table.match(table.header)
    if "sku" not in matched.values() or len(table.rows) > goods_file.MOST:
        form.refuse_file(TOO_MANY if "sku" in matched.values() else HEADERS)
        return _page(form, 422)
    file_id = _keep(form, name, table, matched)
    product_files.take_in(seconds=0, only=file_id)
    return redirect(url_for("desk.product_file.taken", file_id=file_id), 303)  # type: ignore[return-value]


@bp.get("/products/file/<int:file_id>")
@door.role_required("manager")
def taken(file_id: int) -> Response:
    """How far it is; when it is done, what came in and what did not."""
    found = (product_files.get(file_id) if file_id < 2**31 else None) or abort(404)
    template = "desk/products/_taken.html" if htmx.partial() else "desk/products/taken.html"
    rejected = [(n, ROW_WHY[code] % {"what": what} if code in ROW_WHY else what) for n, code, what in found.rejected]
    return drawing.htmx_or_page(
        template, found=found, report=found.report, rejected=rejected[:200], failed=imports.FAILED
    )


def _keep(form: FileForm, name: str, table: OwnTable, matched: dict[int, str]) -> int:
    rejected = [(row.row, row.code, "") for row in table.rejected]
    unread = [column for place, column in enumerate(table.header) if place not in matched]
    rows = product_table.rows(table, matched)
    return product_files.receive(door.actor(), form.action_id.data, name, rows, rejected, unread)


def _headers() -> dict[str, str]:
    """What our files say above their columns, in the person's language."""
    return product_table.HEADERS.get(str(get_locale()), product_table.HEADERS["en"])


def _page(form: FileForm, status: int = 200) -> Response:
    more = {"counted": _headers()["counted"], "newest": product_files.newest(), "now": clock.now()}
    return drawing.htmx_or_page("desk/products/file.html", status, form=form.fresh(0), **more)
