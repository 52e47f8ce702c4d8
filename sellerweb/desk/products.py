"""Products at the desk: the list, one of them with its shelves and their book, a count, a carry, its facts. Files: `product_file`."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm, PiecesField, cleaned
from sellerweb.desk.product_words import KIND, REASON
from sellerweb.kit import htmx
from sellerweb.shop import clock, goods, history, shelves, stock
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("products", __name__, url_prefix="/products")
WHOLE = _l("Type a whole number of pieces, 0 or more.")


class CountForm(MoveForm):
    """So many pieces are there; `version` is the shelf's."""

    location = SelectField(_l("Location"), coerce=int, validate_choice=False)
    counted = PiecesField(_l("Pieces counted"), validators=[InputRequired(WHOLE), NumberRange(0, stock.MOST, WHOLE)])
    reason = SelectField(_l("Why"), choices=[SelectChoice(k, REASON[k]) for k in stock.REASONS])
    note = StringField(_l("Note"), filters=[cleaned], validators=[Length(max=200)])


class CarryForm(MoveForm):
    source = SelectField(_l("Carried from"), coerce=int, validate_choice=False)
    target = SelectField(_l("Carried to"), coerce=int, validate_choice=False)
    quantity = PiecesField(_l("Pieces carried"), validators=[InputRequired(WHOLE), NumberRange(1, stock.MOST, WHOLE)])


class FactsForm(MoveForm):
    name = StringField(_l("Name"), filters=[cleaned])
    option = StringField(_l("Option"), filters=[cleaned])
    barcode = StringField(_l("Barcode"), filters=[cleaned])
    shelf = StringField(_l("Shelf"), filters=[cleaned])
    carrier = StringField(_l("Carrier that the listing promises"), filters=[cleaned])

    def facts(self) -> goods.Facts:
        return goods.Facts(**{name: self[name].data for name in goods.FIELDS})


@bp.get("", endpoint="products")
def products_() -> Response:
    """All products, those that a search finds, or those that are short."""
    words, short = request.args.get("find", "").strip()[:100], request.args.get("short") == "1"
    shown, after = shelves.page(read(), words, short=short, after=request.args.get("after", ""))
    places = shelves.locations(read())
    more = htmx.partial() and "after" in request.args
    template = "desk/products/_rows.html" if more else "desk/products/products.html"
    return drawing.htmx_or_page(template, shown=shown, after=after, words=words, short=short, places=places)


@bp.get("/<int:product_id>")
def product(product_id: int) -> Response:
    return _page(_known(product_id))


@bp.post("/<int:product_id>/count")
def count(product_id: int) -> Response:
    """Somebody has counted a shelf."""
    it, form = _known(product_id), CountForm()
    if not form.validate() or form.location.data not in _places():
        return _page(it, 422, counting=form)
    if form.reason.data == "other" and not form.note.data:
        form.note.errors = [_("Say why it differs.")]
        return _page(it, 422, counting=form)

    def do(act: history.Act) -> None:
        said = form.counted.data, form.reason.data, form.note.data or ""
        stock.count(act, product_id, form.location.data, *said, drawn=form.drawn() or 0)

    return _done(product_id, form, "count_stock", do, _("Counted."), "counting")


@bp.post("/<int:product_id>/carry")
def carry(product_id: int) -> Response:
    """Pieces were carried from one location to another."""
    it, form = _known(product_id), CarryForm()
    if not form.validate() or not {form.source.data, form.target.data} <= set(_places()):
        return _page(it, 422, carrying=form)

    def do(act: history.Act) -> None:
        stock.carry(act, product_id, form.source.data, form.target.data, form.quantity.data)

    return _done(product_id, form, "carry_stock", do, _("Carried."), "carrying")


@bp.post("/<int:product_id>")
@door.role_required("manager")
def save(product_id: int) -> Response:
    """Its facts, changed by a manager."""
    form = FactsForm()
    _known(product_id)

    def do(act: history.Act) -> None:
        goods.change(act, product_id, form.facts(), form.drawn() or 0)

    return _done(product_id, form, "change_product", do, _("Saved."), "facts")


def _done(
    product_id: int, form: MoveForm, verb: str, do: Callable[[history.Act], None], text: str, which: str
) -> Response:
    """One action, and back to the product; a no brings the form again with all that was typed."""
    try:
        with history.act(door.actor(), verb, form.action_id.data, [product_id, form.typed()]) as act:
            do(act)
    except history.Repeated:
        pass
    except Refused as no:
        form.refuse(no)
        theirs = no.theirs if isinstance(no, goods.Changed) else None
        return _page(_known(product_id), 422 if no.field else 409, theirs=theirs, **{which: form})
    flash(text)
    return redirect(url_for("desk.products.product", product_id=product_id), 303)  # type: ignore[return-value]


def _page(it: shelves.Shown, status: int = 200, **forms: Any) -> Response:
    """The product's page; `counting`, `carrying` or `facts` is the form that was sent and comes back."""
    places = _places()
    moves, before = shelves.moves(read(), it.product.id, request.args.get("before", ""))
    here = {shelf.location_id: shelf for shelf in it.shelves}
    chosen = forms.get("counting")
    counts = []
    for location, name in places.items():
        shelf = here.get(location)
        mine = chosen if chosen is not None and chosen.location.data == location else CountForm(formdata=None)
        mine.fresh(shelf.version if shelf else 0)
        counts.append((location, name, shelf, mine))
    choices = [SelectChoice(location, name) for location, name in places.items()]
    carrying = forms.get("carrying") or CarryForm(formdata=None, target=[*places, 0][1] if places else 0)
    carrying.source.choices = carrying.target.choices = choices
    facts = forms.get("facts") or FactsForm(None, obj=it.product)
    return drawing.htmx_or_page(
        "desk/products/product.html", status, it=it, product=it.product, counts=counts, moves=moves, before=before,
        carrying=carrying.fresh(0) if len(places) > 1 else None, facts=facts.fresh(it.product.version),
        theirs=forms.get("theirs"), kinds=KIND, reasons=REASON, now=clock.now(),
    )  # fmt: skip


def _places() -> dict[int, str]:
    return {place.id: place.name for place in shelves.locations(read())}


def _known(product_id: int) -> shelves.Shown:
    return (shelves.one(read(), product_id) if product_id < 2**31 else None) or abort(404)
