"""Parcels at the desk: the ship form in the row, its two buttons, undo, and what can still be done to a parcel."""

from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from sellerweb import carriers
from sellerweb.desk import cells, door, drawing, nearest
from sellerweb.desk.forms import CorrectForm, LabelForm, PlainForm, ShipForm, pieces_from
from sellerweb.kit import htmx
from sellerweb.shop import history, queries, same_door, shipments, shortages
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("shipments", __name__)


@bp.get("/orders/<code>/ship")
def ship(code: str) -> Response:
    """The ship form, in the row."""
    whole = _whole(code)
    if not whole.open_lines:
        return drawing.row(code, panel="look")
    form = ShipForm(formdata=None, carrier=nearest.usual(whole), pieces=pieces_from(_there(whole)))
    return _asked(whole, form.fresh(whole.order.version))


@bp.post("/orders/<code>/ship", endpoint="ship_post")
def ship_post(code: str) -> Response:
    """Pack, label and hand over."""
    return _send(code, "ship")


@bp.post("/orders/<code>/label")
def label(code: str) -> Response:
    """Pack and save the number: the parcel waits for its driver."""
    return _send(code, "label")


@bp.get("/orders/<code>/check")
def check(code: str) -> Response:
    """What the desk thinks of a number while it is being typed: a hint, nothing more."""
    whole = _whole(code)
    number, chosen = request.args.get("number", ""), request.args.get("carrier", "")
    chosen = request.args.get("more", "") if chosen == "more" else chosen
    guess = nearest.guess(whole, number)
    checked = (
        carriers.check(chosen or guess.preselect or "", number) if number and (chosen or guess.preselect) else None
    )
    return drawing.htmx_or_page(
        "desk/orders/_hint.html",
        order=whole.order,
        checked=checked,
        guess=guess,
        chosen=chosen,
        carriers=carriers.CARRIERS,
        stopped=bool(checked) and checked.number in {parcel.number for parcel in queries.stopped(read())},
    )


@bp.post("/orders/<code>/unship")
def unship(code: str) -> Response:
    """Undo what an action did to a parcel: handed over goes back, one made by it is taken apart, those along with it too."""
    form, shipment, along = PlainForm(), _shipment(), []
    if not form.validate():
        abort(400)
    if shipment not in {parcel.id for parcel, _pieces in _whole(code).parcels}:
        abort(404)
    try:
        with history.act(door.actor(), "unship", form.action_id.data, [code, shipment]) as act:
            along = same_door.undo(act, code, form.drawn(), shipment)
    except history.Repeated:
        pass
    except Refused as no:
        return drawing.conflict(code, no)
    return _done_with(along, drawing.done(code, _("Taken back. Everything is as it was.")))


@bp.post("/orders/<code>/unpack")
def unpack(code: str) -> Response:
    shipment = _shipment()
    return _plain(
        code, PlainForm(), "unpack", lambda case: shipments.unpack(case, shipment), shipment,
        _("The label is off. The pieces are open again."),
    )  # fmt: skip


@bp.post("/orders/<code>/handover", endpoint="hand_over")
def hand_over(code: str) -> Response:
    """One labelled parcel has been picked up."""
    shipment = _shipment()
    return _plain(
        code, PlainForm(), "ship", lambda case: shipments.ship(case, shipment), shipment, _("Shipped."), undo=True
    )


@bp.post("/orders/<code>/scan")
def scan(code: str) -> Response:
    shipment = _shipment()
    return _plain(
        code, PlainForm(), "scan", lambda case: shipments.scan(case, shipment), shipment, _("The carrier has it.")
    )


@bp.post("/orders/<code>/deliver")
def deliver(code: str) -> Response:
    shipment = _shipment()
    return _plain(
        code,
        PlainForm(),
        "deliver",
        lambda case: shipments.deliver(case, shipment),
        shipment,
        _("Marked as delivered."),
    )


@bp.get("/orders/<code>/correct")
def correct(code: str) -> Response:
    whole = _whole(code)
    parcel = next((s for s, _pieces in whole.parcels if s.id == _shipment()), None) or abort(404)
    form = CorrectForm(formdata=None, carrier=parcel.carrier, number=parcel.number)
    return _asked(whole, form.fresh(whole.order.version), panel="correct", shipment=parcel.id)


@bp.post("/orders/<code>/correct", endpoint="correct_post")
def correct_post(code: str) -> Response:
    """Another number for a parcel that has left."""
    whole, form, shipment = _whole(code), CorrectForm(), _shipment()
    if not form.validate():
        return _asked(whole, form, 422, panel="correct", shipment=shipment)
    try:
        with history.act(door.actor(), "correct", form.action_id.data, [code, form.typed(), shipment]) as act:
            case = act.order(code, form.drawn())
            shipments.correct(case, shipment, _label(code, form), form.why.data)
    except history.Repeated:
        pass
    except Refused as no:
        return _no(whole, no, form, "correct", shipment=shipment)
    return drawing.done(code, _("The number was changed."))


def _send(code: str, verb: str) -> Response:
    form = ShipForm()
    if not form.validate():
        whole = _whole(code)
        return _asked(whole, form.fresh(whole.order.version), 422)
    made, along = None, form.neighbours()
    try:
        with history.act(door.actor(), verb, form.action_id.data, [code, form.typed()]) as act:
            made = same_door.send(
                act, code, form.drawn(), form.quantities(), _label(code, form), along, hand_over=verb == "ship"
            )
    except history.Repeated:
        made = _made_by(form.action_id.data, code)
        if _taken_back(code, made):
            return drawing.conflict(
                code, Refused(_l("This was done already and taken back since. Nothing was changed now."))
            )
    except Refused as no:
        return _no(_whole(code), no, form, "ship")
    sent = ", ".join([code, *along])
    text = (
        _("Shipped: %(code)s", code=sent)
        if verb == "ship"
        else _("Number saved, waits for the driver: %(code)s", code=sent)
    )
    return _done_with(along, drawing.done(code, text, undo=made))


def _done_with(along: Any, response: Response) -> Response:
    """Rows of other orders have changed too: the queue asks for them at once."""
    return htmx.poll(response) if along else response


def _plain(
    code: str, form: PlainForm, verb: str, move: Any, shipment: int, text: str, *, undo: bool = False
) -> Response:
    """A move that asks nothing: checked, done, drawn."""
    if not form.validate():
        abort(400)
    try:
        with history.act(door.actor(), verb, form.action_id.data, [code, shipment]) as act:
            case = act.order(code, form.drawn())
            if shipment not in case.shipments:
                abort(404)
            move(case)
    except history.Repeated:
        pass
    except Refused as no:
        return drawing.conflict(code, no)
    return drawing.done(code, text, undo=shipment if undo else None)


def _no(whole: queries.Whole, no: Refused, form: LabelForm, panel: str, **more: Any) -> Response:
    code = whole.order.code
    fields = {"quantity": "pieces"}
    field = fields.get(no.field, no.field)
    if not field:
        return drawing.refused(code, no, panel=panel, form=form, **_choices(whole, form), **more)
    ask = {"doubt": isinstance(no, shipments.Doubt), "shared": isinstance(no, shipments.SameParcel)}
    insist = field == "number" and current_user.role == "owner" and not any(ask.values())
    return _asked(
        whole,
        form.fresh(whole.order.version),
        422,
        panel=panel,
        no=str(no.why),
        no_field=field,
        **ask,
        insist=insist,
        **more,
    )


def _asked(whole: queries.Whole, form: LabelForm, status: int = 200, *, panel: str = "ship", **more: Any) -> Response:
    return drawing.row(whole.order.code, status, panel=panel, form=form, **_choices(whole, form), **more)


def _choices(whole: queries.Whole, form: LabelForm) -> dict[str, Any]:
    """What a form offers: a few carriers as buttons, the others in a list; and orders for the same door."""
    near = nearest.carriers_for(whole, form.chosen())
    others = [c for c in carriers.CARRIERS.values() if c.id not in near]
    beside = same_door.beside(read(), whole.order) if isinstance(form, ShipForm) else []
    short = _short(whole) if isinstance(form, ShipForm) else {}
    return {"nearest": near, "others": others, "carriers": carriers.CARRIERS, "beside": beside, "short": short}


def _short(whole: queries.Whole) -> shortages.Short:
    return cells.short_of([whole.order.id])[whole.order.id]


def _there(whole: queries.Whole) -> dict[int, int]:
    """The pieces that the form proposes: all that are open, or only what is there of them, if anything is."""
    pieces, short = {x.id: whole.open(x) for x in whole.open_lines}, _short(whole)
    there = {line: min(q, short[line][0]) if line in short else q for line, q in pieces.items()}
    return there if any(there.values()) else pieces


def _label(code: str, form: LabelForm) -> shipments.Label:
    carrier = form.chosen() or nearest.guess(_whole(code), form.number.data or "").preselect or ""
    if not carrier:
        raise Refused(_("Several carriers use such numbers. Choose one."), "carrier")
    return shipments.Label(
        carrier, form.number.data or "", same_parcel=form.same_parcel.data, sure=form.sure.data, reason=form.reason.data
    )


def _whole(code: str) -> queries.Whole:
    return queries.whole(read(), code) or abort(404)


def _shipment() -> int:
    words = request.values.get("shipment", "")
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 18 else 0


def _made_by(action_id: str, code: str) -> int | None:
    """The order's parcel that an action made, for the same answer to the same form."""
    of = _whole(code).order.id
    for event in queries.moves_of_action(read(), action_id):
        for shipment in event.changes.get("shipments", {}) if event.order_id == of else ():
            return int(shipment)
    return None


def _taken_back(code: str, shipment: int | None) -> bool:
    return any(s.id == shipment and s.state == "voided" for s, _pieces in _whole(code).parcels)
