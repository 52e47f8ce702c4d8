"""The driver is here: all labelled parcels leave in one go; those that could not are named, those that must not come first."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, HiddenField
from wtforms.validators import Length

from sellerweb import carriers
from sellerweb.desk import door
from sellerweb.desk.forms import PlainForm, key_of
from sellerweb.shop import clock, history, queries, shipments
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("handover", __name__)


class HandoverForm(FlaskForm):  # type: ignore[misc]
    """The parcels that stood on the page: one labelled since then is not handed over unseen."""

    action_id = HiddenField(validators=[Length(max=40)])
    parcel = FieldList(HiddenField(), max_entries=2000)


@bp.get("/orders/handover")
def handover() -> str:
    return _page()


@bp.post("/orders/handover", endpoint="handover_post")
def handover_post() -> Response | tuple[str, int]:
    form = HandoverForm()
    if not form.validate():
        return _page(), 422
    waiting = {f"{p.id}": p for p in queries.labelled(read())}
    gone, stayed = [], []
    for key in dict.fromkeys(form.parcel.data):
        parcel, action = waiting.get(key), f"{form.action_id.data}-{key}"
        if parcel is None:
            if form.action_id.data and queries.moves_of_action(read(), action):
                gone.append(key)  # a second tap on the same button: the same answer
            continue
        try:
            with history.act(door.actor(), "handover", action if form.action_id.data else "") as act:
                shipments.ship(act.order(parcel.code), parcel.id)
            gone.append(parcel)
        except Refused as no:
            stayed.append((parcel, str(no.why)))
    return _page(gone=gone, stayed=stayed, asked=len(form.parcel.data)), 200


@bp.post("/orders/<code>/set-aside")
def set_aside(code: str) -> Response:
    """Somebody has taken a stopped parcel out of those that leave."""
    form, shipment = PlainForm(), key_of(request.form.get("shipment")) or 0
    if not form.validate():
        abort(400)
    try:
        with history.act(door.actor(), "set_aside", form.action_id.data, [code, shipment]) as act:
            shipments.set_aside(act.order(code), shipment)
    except history.Repeated:
        pass
    except Refused as no:
        flash(str(no))
    else:
        flash(_("Put aside. It is out of those that leave."))
    return redirect(url_for("desk.handover.handover"), 303)  # type: ignore[return-value]


def _page(**result: Any) -> str:
    return render_template(
        "desk/handover/handover.html",
        stopped_parcels=queries.stopped(read()),
        now=clock.now(),
        parcels=queries.labelled(read()),
        carriers=carriers.CARRIERS,
        form=HandoverForm(formdata=None),
        **result,
    )
