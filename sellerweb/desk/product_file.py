"""Products as CSV: given out, and taken in again with what was changed and counted. What a row does: `shop.goods_file`."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from sellerweb.channels import delimited, encodings
from sellerweb.channels.sentence import ROW_WHY as COMMON
from sellerweb.channels.sentence import why
from sellerweb.channels.written import SIGNS, as_csv
from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm
from sellerweb.shop import clock, goods_file, history, shelves
from sellerweb.shop.db import read
from sellerweb.shop.incoming import FileError
from sellerweb.shop.refused import Refused

bp = Blueprint("product_file", __name__)
ROW_WHY = {
    "bad_columns": _l("It has more or fewer cells than the header. Mend the row and drop the file again."),
    "broken_text": COMMON["broken_text"],
    "no_sku": _l("It has no SKU, or one of more than 120 characters. Every product needs one."),
    "twice": _l("“%(what)s” stood at this location in an earlier row already. The first one counted."),
    "two_ways": _l("“%(what)s” was described otherwise in an earlier row. The first one counted; make them say the same."),
    "no_location": _l("There is no location “%(what)s” in use. Add it first, or mend its name."),
    "no_number": _l("“%(what)s” is no number of pieces. Type a whole number, 0 or more."),
    "where": _l("It says how many, but not where. Fill in the location."),
    "moved": _l("Pieces have moved since the file was made: the desk now says %(what)s. Count again, and leave “on_hand” as the new file has it."),
}  # fmt: skip
_SIGNS = (*SIGNS, "'")


class FileForm(MoveForm):
    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])


@bp.get("/products.csv")
@door.role_required("manager")
def export() -> Response:
    """Every product, a row for each shelf, with an empty column for what is counted."""
    rows = (
        [f"'{cell}" if cell.startswith("'") else cell for cell in row] for row in goods_file.rows(shelves.every(read()))
    )
    name = f"products-{clock.now().astimezone(drawing.zone()):%Y-%m-%d}.csv"
    return Response(
        as_csv(goods_file.COLUMNS, rows, "utf-8-sig"),
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
    """All rows that can come in do, in one go; the others are named with their number."""
    form = FileForm()
    if not form.validate():
        return _page(form, 422)
    try:
        table, odd = _table(form.file.data.read())
        with history.act(door.actor(), "import_products", form.action_id.data) as act:
            report = goods_file.take(act, table)
    except FileError as error:
        form.file.errors = [why(error)]
        return _page(form, 422)
    except history.Repeated:
        return _page(FileForm(formdata=None), again=True)
    except Refused as no:
        form.file.errors = [str(no.why)]
        return _page(form, 409)
    rejected = sorted([*report.rejected, *odd])
    said = [(number, ROW_WHY[code] % {"what": what} if code in ROW_WHY else what) for number, code, what in rejected]
    return _page(FileForm(formdata=None), report=report, rejected=said)


def _table(data: bytes) -> tuple[list[tuple[int, Mapping[str, str]]], list[tuple[int, str, str]]]:
    """The rows below the header by number, and those that do not fit it. Raises FileError, and Refused."""
    if data.startswith(b"PK"):
        raise Refused(_l("This is a workbook. Save the sheet as CSV (UTF-8) and drop that one; nothing was taken in."))
    records = list(delimited.records(encodings.decoded(data)))
    header = [name.strip().lstrip("\ufeff").lower() for name in records[0]] if records else []
    if "sku" not in header:
        raise Refused(
            _l("The first row must name the columns, “sku” among them. Begin with the file that “As CSV” gives.")
        )
    if len(records) > goods_file.MOST:
        raise Refused(_l("A file may have %(n)s rows at most. Part it; nothing was taken in.", n=goods_file.MOST))
    odd = {number: _odd(header, cells) for number, cells in enumerate(records, 1)}
    return list(_rows(header, records)), [(number, code, "") for number, code in odd.items() if code]


def _rows(header: list[str], records: list[list[str]]) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, cells in enumerate(records[1:], 2):
        if any(cells) and not _odd(header, cells):
            yield number, {name: _plain(cell) for name, cell in zip(header, cells, strict=True)}


def _odd(header: list[str], cells: list[str]) -> str:
    """Why a row cannot be trusted as a whole; blank ones are only left out."""
    if cells and len(cells) != len(header):
        return "bad_columns"
    return "broken_text" if any(encodings.is_broken(cell) or "\0" in cell for cell in cells) else ""


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_SIGNS) else cell


def _page(form: FileForm, status: int = 200, **more: Any) -> Response:
    return drawing.htmx_or_page("desk/products/file.html", status, form=form.fresh(0), **more)
