"""An order's own verbs at the desk: confirm, promise, delay, hold, release, readdress, pay, archive. Parcels: `shipments`."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from sellerweb.desk import door, drawing
from sellerweb.desk.forms import DelayForm, HoldForm, MoveForm, PlainForm, PromiseForm, ReaddressForm
from sellerweb.shop import history, orders, queries
from sellerweb.shop.case import Case
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("verbs", __name__)

# Moves that ask nothing: what they do, and what the desk says after.
PLAIN: dict[str, tuple[Callable[[Case], None], Any]] = {
    "confirm": (orders.confirm, _l("Confirmed.")),
    "release": (orders.release, _l("Released. It is back in its place.")),
    "pay": (orders.pay, _l("Marked as paid.")),
    "expire": (orders.expire, _l("Closed: it was never paid.")),
    "archive": (orders.archive, _l("Put into the archive.")),
    "unarchive": (orders.unarchive, _l("Back from the archive.")),
}
MANAGERS = ("pay", "expire", "archive", "unarchive")


@bp.post("/orders/<code>/<any(confirm, release, pay, expire, archive, unarchive):verb>")
def plain(code: str, verb: str) -> Response:
    if verb in MANAGERS and not current_user.may("manager"):
        abort(403)
    move, text = PLAIN[verb]
    return _moved(code, verb, PlainForm(), move, str(text))


@bp.post("/orders/confirm")
def confirm_many() -> Response:
    """Confirm every order that was ticked, each on its own; say which could not."""
    codes = list(dict.fromkeys(request.form.getlist("id")[:500]))
    action = request.form.get("action_id", "")[-20:]
    done, refused, dayless = 0, [], []
    for code in codes:
        try:
            with history.act(door.actor(), "confirm", f"{action}-{code}"[:64] if action else "") as act:
                orders.confirm(act.order(code))
            done += 1
        except history.Repeated:
            done += 1  # a second tap on the same button: the same answer
        except Refused as no:
            (dayless if no.field == "day" else refused).append(code)
        except history.NotThere:
            refused.append(code)
    text = ngettext("%(num)s order confirmed.", "%(num)s orders confirmed.", done)
    if refused:
        text += " " + _("Not confirmed, since they have moved on: %(codes)s.", codes=", ".join(refused[:20]))
    if dayless:
        text += " " + _(
            "Not confirmed, since their channel takes a day for it: %(codes)s. Promise one first.",
            codes=", ".join(dayless[:20]),
        )
    if not codes:
        text = _("Tick the orders first. Nothing was changed.")
    flash(text)
    return redirect(url_for("desk.orders.queue"), 303)  # type: ignore[return-value]


@bp.get("/orders/<code>/promise")
def promise(code: str) -> Response:
    return _ask(code, PromiseForm(formdata=None), "promise")


@bp.post("/orders/<code>/promise", endpoint="promise_post")
def promise_post(code: str) -> Response:
    form = PromiseForm()
    return _moved(code, "promise", form, lambda case: orders.promise(case, form.day.data), _("The date is promised."))


@bp.get("/orders/<code>/delay")
def delay(code: str) -> Response:
    return _ask(code, DelayForm(formdata=None), "delay")


@bp.post("/orders/<code>/delay", endpoint="delay_post")
@door.role_required("manager")
def delay_post(code: str) -> Response:
    form = DelayForm()
    said = _("The customer is told that it will be late.")
    return _moved(code, "delay", form, lambda case: orders.delay(case, form.reason.data, form.offer.data), said)


@bp.get("/orders/<code>/hold")
def hold(code: str) -> Response:
    return _ask(code, HoldForm(formdata=None), "hold")


@bp.post("/orders/<code>/hold", endpoint="hold_post")
def hold_post(code: str) -> Response:
    form = HoldForm()
    return _moved(code, "hold", form, lambda case: orders.hold(case, form.reason.data), _("On hold."))


@bp.get("/orders/<code>/readdress")
def readdress(code: str) -> Response:
    return _ask(code, ReaddressForm(formdata=None), "readdress")


@bp.post("/orders/<code>/readdress", endpoint="readdress_post")
@door.role_required("manager")
def readdress_post(code: str) -> Response:
    form = ReaddressForm()
    fields = ("receiver_name", "phone", "postcode", "address")
    return _moved(
        code, "readdress", form, lambda case: orders.readdress(case, {n: form[n].data or "" for n in fields}),
        _("The address was changed. Print the slip again."),
    )  # fmt: skip


def _ask(code: str, form: MoveForm, verb: str) -> Response:
    whole = queries.whole(read(), code) or abort(404)
    return drawing.row(code, panel=verb, form=form.fresh(whole.order.version))


def _moved(code: str, verb: str, form: MoveForm, move: Callable[[Case], None], text: str) -> Response:
    """One verb on one order: the form's shape, then the shop's truth, then the fresh row."""
    whole = queries.whole(read(), code) or abort(404)
    panel = "" if verb in PLAIN else verb
    if not form.validate():
        return drawing.row(code, 422, panel=panel, form=form)
    try:
        with history.act(door.actor(), verb, form.action_id.data, [code, form.typed()]) as act:
            move(act.order(code, form.drawn()))
    except history.Repeated:
        pass
    except Refused as no:
        return drawing.refused(code, no, panel=panel, form=form.fresh(whole.order.version))
    return drawing.done(code, f"{drawing.name_of(whole.order)}: {text}")
