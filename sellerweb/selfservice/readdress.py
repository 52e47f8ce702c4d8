"""Another address for an order whose parcel has no label yet. Staff change addresses at the desk."""

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _

from sellerweb.selfservice import door, drawing
from sellerweb.selfservice.forms import ReaddressForm
from sellerweb.selfservice.moves import moved
from sellerweb.shop import orders
from sellerweb.shop.mine import Mine

bp = Blueprint("readdress", __name__)


@bp.get("/orders/<code>/readdress")
def readdress(code: str) -> Response:
    this = door.order()
    return _draw(ReaddressForm(formdata=None).fresh(this.order.version), this)


@bp.post("/orders/<code>/readdress", endpoint="readdress_post")
def readdress_post(code: str) -> Response:
    form = ReaddressForm().of(door.order().order.country)

    def again(status: int, **told: Any) -> Response:
        this = door.order()
        return _draw(form.fresh(this.order.version), this, status, **told)

    return moved("readdress", form, lambda case: orders.readdress(case, form.values()), again)


def _draw(form: ReaddressForm, this: Mine, status: int = 200, **told: Any) -> Response:
    """The form; where the address is settled, the order's page, with what was typed as words to write to the shop."""
    if not this.may_readdress:
        return drawing.over(this, status, "address", **told)
    title = _("Change the address")
    return drawing.page("readdress", title, status, **drawing.about(this), form=form, heading=title, **told)
