"""The columns of a file of one's own: shown with examples and a guess, corrected by people, remembered for the next file."""

from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_territory_currencies
from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import FieldList, SelectChoice, SelectField

from sellerweb.channels import manual
from sellerweb.channels.column_words import FIELDS, guess
from sellerweb.channels.own_table import MOST_COLUMNS, OwnTable
from sellerweb.shop import asking, imports
from sellerweb.shop.db import read
from sellerweb.shop.incoming import FileRead
from sellerweb.shop.refused import Refused

bp = Blueprint("own_columns", __name__)

FIELD = {
    "order_no": _l("Number of the order"),
    "item_no": _l("Item number"),
    "ordered_at": _l("Ordered at"),
    "paid_at": _l("Paid at"),
    "receiver_name": _l("Name of the receiver"),
    "phone": _l("Phone"),
    "phone2": _l("Other phone"),
    "postcode": _l("Postcode"),
    "address": _l("Address"),
    "address_more": _l("Address, second part"),
    "country": _l("Country, as two letters"),
    "buyer_name": _l("Buyer"),
    "buyer_phone": _l("Buyer's phone"),
    "buyer_email": _l("Buyer's e-mail"),
    "product": _l("Product"),
    "option": _l("Option"),
    "sku": _l("SKU"),
    "quantity": _l("Quantity"),
    "price": _l("Price of one piece"),
    "total": _l("Amount of the row"),
    "shipping_fee": _l("Shipping fee"),
    "currency": _l("Currency, as three letters"),
    "message": _l("Message of the customer"),
    "gift": _l("Free gift"),
}
CURRENCIES = ("KRW", "JPY", "USD", "EUR")


class ColumnsForm(FlaskForm):  # type: ignore[misc]
    """What each column is, in the order of the file; and the money that amounts are in."""

    columns = FieldList(
        SelectField(
            choices=[SelectChoice("", _l("not read")), *(SelectChoice(field, FIELD[field]) for field in FIELDS)]
        ),
        max_entries=MOST_COLUMNS,
    )
    currency = SelectField(_l("Money"), choices=[SelectChoice(code, code) for code in CURRENCIES])

    def match(self, header: list[str]) -> dict[str, str]:
        """{name: field} of the columns that are read."""
        said = zip(header, self.columns, strict=False)
        return {name: column.data for name, column in said if column.data}

    def validate_columns(self, columns: FieldList) -> None:
        said: set[str] = set()
        for column in columns:
            if column.data and column.data in said:
                column.errors = [_("Another column is this already. A field has one column.")]
            said.add(column.data)


@bp.route("/imports/<int:import_id>/columns", methods=["GET", "POST"])
def columns(import_id: int) -> ResponseReturnValue:
    """Ask which column is which; told, remember it and let the orders come in."""
    table = _asked(import_id)
    if table is None:  # told already, on another tablet perhaps
        return redirect(url_for("desk.imports.report", import_id=import_id), 303)
    said = asking.remembered(read(), table.fingerprint) or {"columns": guess(table.header)}
    known = [said["columns"].get(name, "") for name in table.header]
    form = ColumnsForm(columns=known, currency=said.get("currency") or home().currency)
    if not form.is_submitted():
        return _page(import_id, table, form)
    match = form.match(table.header)
    if not form.validate() or any(column.errors for column in form.columns) or manual.lacking(match):
        lacking = [str(FIELD[field]) for field in manual.lacking(match)]
        problem = _("Say which column is this: %(fields)s.", fields=", ".join(lacking)) if lacking else ""
        return _page(import_id, table, form, problem), 422
    try:
        asking.answer(import_id, match, form.currency.data)
    except Refused as no:
        return _page(import_id, table, form, str(no.why)), 409
    asking.remember(table.fingerprint, {"columns": match, "currency": form.currency.data})
    return redirect(url_for("desk.imports.report", import_id=import_id), 303)


@bp.post("/imports/<int:import_id>/discard")
def discard(import_id: int) -> Response:
    """Put the file away: nothing of it comes in."""
    if _asked(import_id) is not None:
        asking.discard(import_id)
    return redirect(url_for("desk.imports.imports"), 303)  # type: ignore[return-value]


def take(table: OwnTable, filename: str, *, anew: bool) -> str:
    """Take a table in as it was matched before, or ask. Returns the address of the page that comes next. Raises Refused."""
    if file := matched(table, anew=anew):
        return url_for("desk.imports.report", import_id=imports.receive(file, filename, current_user.id))
    asks = asking.ask(table.to_json(), filename, current_user.id)
    return url_for("desk.own_columns.columns", import_id=asks)


def matched(table: OwnTable, *, anew: bool = False) -> FileRead | None:
    """The orders of a table whose columns were matched before; None: they are to be asked for."""
    said = None if anew else asking.remembered(read(), table.fingerprint)
    return manual.orders(table, said["columns"], home(said["currency"])).packed() if said else None


def home(currency: str = "") -> manual.Home:
    """What a table of one's own means where it does not say so: the shop's money, country and hours."""
    country = current_app.config["COUNTRY"]
    usual = next((code for code in get_territory_currencies(country) if code in CURRENCIES), CURRENCIES[0])
    return manual.Home(currency or usual, country, ZoneInfo(current_app.config["TIMEZONE"]))


def _asked(import_id: int) -> OwnTable | None:
    """The table, for who sent it and for managers; None where it is asked about no more. 404 for everybody else."""
    found = imports.get(import_id) if import_id < 2**31 else None
    if found is None or not (found.staff_id == current_user.id or current_user.may("manager")):
        abort(404)
    table = asking.asked(import_id)
    return OwnTable.from_json(table) if table else None


def _page(import_id: int, table: OwnTable, form: ColumnsForm, problem: str = "") -> Any:
    asked = list(zip(table.header, form.columns, strict=False))
    return render_template(
        "desk/imports/columns.html", form=form, table=table, asked=asked, problem=problem, import_id=import_id
    )
