"""The form that lets an order, or some of its lines, come from another location."""

from typing import Any

from flask import Blueprint, Response, abort
from flask_babel import gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField
from wtforms.validators import Optional

from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm, key_of
from sellerweb.shop import history, queries, relocating, shelves
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("relocating", __name__)


class LinePlaceForm(Form):  # type: ignore[misc]
    line = HiddenField()
    place = IntegerField(validators=[Optional()])


class RelocateForm(MoveForm):
    """Where each line comes from; `all`, a button, says it of every line."""

    places = FieldList(FormField(LinePlaceForm), max_entries=500)
    all = IntegerField(validators=[Optional()])

    def chosen(self) -> dict[int, int]:
        return {key_of(p.line.data) or 0: self.all.data or p.place.data or 0 for p in self.places}


@bp.get("/orders/<code>/relocate")
def relocate(code: str) -> Response:
    whole = _whole(code)
    return _asked(whole, RelocateForm(formdata=None).fresh(whole.order.version))


@bp.post("/orders/<code>/relocate", endpoint="relocate_post")
def relocate_post(code: str) -> Response:
    whole, form = _whole(code), RelocateForm()
    if not form.validate():
        abort(400)
    try:
        with history.act(door.actor(), "relocate", form.action_id.data, [code, form.typed()]) as act:
            packed = relocating.relocate(act.order(code, form.drawn()), form.chosen())
    except history.Repeated:
        packed = 0
    except Refused as no:
        form.fresh(whole.order.version)
        if no.field:
            return _asked(whole, form, 422, no=str(no.why))
        return drawing.refused(code, no, panel="relocate", form=form, **_places(whole, form))
    text = f"{drawing.name_of(whole.order)}: {_('It comes from there now.')}"
    return drawing.done(code, f"{text} {_in_parcels(packed)}" if packed else text)


def _asked(whole: queries.Whole, form: MoveForm, status: int = 200, **more: Any) -> Response:
    return drawing.row(whole.order.code, status, panel="relocate", form=form, **_places(whole, form), **more)


def _places(whole: queries.Whole, form: Any) -> dict[str, Any]:
    """The locations, and for each open line which is chosen and how many pieces lie at each."""
    conn, lines = read(), [line for line in whole.lines if queries.open_pieces(line)]
    here = shelves.on_hand(conn, {line.product_id for line in lines if line.product_id})
    typed = form.chosen()
    return {
        "places": shelves.locations(conn),
        "asked": [
            (x, typed.get(x.id) or x.place_id, {p: n for (g, p), n in here.items() if g == x.product_id}) for x in lines
        ],
    }


def _in_parcels(n: int) -> str:
    """What the move leaves alone."""
    return _("%(n)s pcs lie in a parcel already; they go out as they are, from where they were taken.", n=n)


def _whole(code: str) -> queries.Whole:
    return queries.whole(read(), code) or abort(404)
