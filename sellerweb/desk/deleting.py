"""The owner deletes a test order: what goes is named first, and its number is typed to be sure. The rules are shop.deleting's."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm
from sellerweb.kit.text import clean
from sellerweb.shop import attachments, deleting, files, history, queries
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("deleting", __name__)

# What people know of the tables that lose rows; the others are the search's and the parcels' own.
WORDS = {
    "order_line": _l("Lines"),
    "shipment": _l("Parcels"),
    "slip_print": _l("Slips"),
    "claim": _l("Claims"),
    "refund": _l("Refunds"),
    "notice": _l("Letters"),
    "thread": _l("Conversations"),
    "message": _l("Messages"),
    "attachment": _l("Photos"),
    "order_link": _l("Links of the customer"),
    "review": _l("Reviews"),
    "customer_note": _l("Notes about the customer"),
    "telling": _l("Words to the channel"),
    "conflict": _l("Disagreements with the channel"),
    "access": _l("Looks at the address"),
    "event": _l("Entries in the history"),
}


class DeleteForm(MoveForm):
    order_no = StringField(
        _l("Type the order number to be sure"),
        filters=[lambda text: clean(text or "")],
        validators=[Length(max=64, message=_l("This is not the number of this order."))],
    )


@bp.get("/orders/<code>/delete")
@door.role_required("owner")
def delete(code: str) -> Response:
    return _ask(code, DeleteForm(formdata=None))


@bp.post("/orders/<code>/delete", endpoint="delete_post")
@door.role_required("owner")
def delete_post(code: str) -> Response:
    form = DeleteForm()
    whole = queries.whole(read(), code)
    form.validate()
    if whole and form.order_no.data != whole.order.order_no:
        form.order_no.errors = [_("This is not the number of this order.")]
    if form.errors:
        return _ask(code, form, 422)
    photos = attachments.keys(read(), whole.order.id) if whole else []
    try:
        with history.act(door.actor(), "delete", form.action_id.data, [code, form.typed()]) as act:
            deleting.delete(act, code, form.drawn())
        files.remove(photos)  # what came meanwhile is swept
    except history.Repeated:
        pass
    except Refused as no:
        return drawing.conflict(code, no)
    flash(_("Test order %(no)s was deleted.", no=form.order_no.data))
    return redirect(url_for("desk.orders.queue"), 303)  # type: ignore[return-value]


def _ask(code: str, form: DeleteForm, status: int = 200) -> Response:
    whole: Any = queries.whole(read(), code) or abort(404)
    if not whole.order.is_test:
        return drawing.conflict(code, Refused(deleting.REAL))
    goes = deleting.what_goes(read(), whole.order.id)
    named = [(word, goes[table]) for table, word in WORDS.items() if table in goes]
    form = form.fresh(whole.order.version)
    return drawing.htmx_or_page("desk/orders/delete.html", status, form=form, order=whole.order, goes=named)
