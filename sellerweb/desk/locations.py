"""The locations that goods lie in, at the desk: the owner adds, renames and closes them."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm, cleaned
from sellerweb.shop import history, locations, shelves
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("locations", __name__, url_prefix="/locations")


class LocationForm(MoveForm):
    name = StringField(_l("Name"), filters=[cleaned])
    closed = BooleanField(_l("Do not use it any more"))


@bp.get("", endpoint="locations")
@door.role_required("owner")
def locations_() -> Response:
    return _page()


@bp.post("", endpoint="add")
@door.role_required("owner")
def add() -> Response:
    return _saved(None, LocationForm())


@bp.post("/<int:location_id>")
@door.role_required("owner")
def save(location_id: int) -> Response:
    if location_id not in {place.id for place in shelves.locations(read(), closed=True)}:
        abort(404)
    return _saved(location_id, LocationForm())


def _saved(location: int | None, form: LocationForm) -> Response:
    try:
        with history.act(door.actor(), "change_location", form.action_id.data, [location, form.typed()]) as act:
            if location is None:
                locations.add(act, form.name.data)
            else:
                locations.change(act, location, form.name.data, form.drawn() or 0, closed=form.closed.data)
    except history.Repeated:
        pass
    except Refused as no:
        form.refuse(no)
        return _page(422 if no.field else 409, {location: form})
    flash(_("Saved."))
    return redirect(url_for("desk.locations.locations"), 303)  # type: ignore[return-value]


def _page(status: int = 200, sent: dict[int | None, Any] | None = None) -> Response:
    """All of them with a form each, and one for a new one; `sent` {id: the form that comes back}."""
    sent, held = sent or {}, shelves.held(read())
    rows = [
        (place, (sent.get(place.id) or LocationForm(None, obj=place)).fresh(place.version), held.get(place.id, 0))
        for place in shelves.locations(read(), closed=True)
    ]
    new = (sent.get(None) or LocationForm(formdata=None)).fresh(0)
    return drawing.htmx_or_page("desk/locations/locations.html", status, rows=rows, new=new)
