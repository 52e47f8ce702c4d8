"""The driver is here: all labelled parcels leave in one go, and those that could not are named."""

from typing import Any

from flask import Blueprint, Response, render_template
from flask_wtf import FlaskForm
from wtforms import FieldList, HiddenField
from wtforms.validators import Length

from sellerweb import carriers
from sellerweb.desk import door
from sellerweb.shop import history, queries, shipments
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


def _page(**result: Any) -> str:
    return render_template(
        "desk/handover/handover.html",
        parcels=queries.labelled(read()),
        carriers=carriers.CARRIERS,
        form=HandoverForm(formdata=None),
        **result,
    )
