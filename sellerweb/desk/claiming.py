"""A return, an exchange or a redelivery that staff write down for a customer who phoned; and parcels that went astray. No rules."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from sellerweb.desk import door, drawing, labels
from sellerweb.desk.claim_forms import ClaimForm
from sellerweb.desk.forms import PlainForm, key_of, pieces_from
from sellerweb.kit import htmx
from sellerweb.shop import astray, cancelling, claims, fees, history, policy, queries, redeliveries, returns
from sellerweb.shop.case import Case
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("claiming", __name__)
KINDS = (*returns.KINDS, "redelivery")


@bp.get("/orders/<code>/claim")
def claim(code: str) -> Response:
    """What is to be undone of what has left: everything at first."""
    whole = _whole(code)
    return _asked(whole, ClaimForm(formdata=None, pieces=pieces_from(whole.gone)))


@bp.get("/orders/<code>/claim/sum", endpoint="sum")
def sum_(code: str) -> Response:
    """The figures for what is chosen just now."""
    whole, form = _whole(code), ClaimForm(request.args, meta={"csrf": False})
    if not htmx.partial():
        return _asked(whole, form)
    return drawing.htmx_or_page("desk/orders/_claim_sum.html", order=whole.order, **_figures(whole, form))


@bp.post("/orders/<code>/claim", endpoint="claim_post")
def claim_post(code: str) -> Response:
    whole, form, kind = _whole(code), ClaimForm().of(_kind()), _kind()
    if "recalculate" in request.form:
        return _asked(whole, form)
    if not form.validate():
        return _asked(whole, form, 422)
    try:
        with history.act(door.actor(), "claim", form.action_id.data, [code, kind, form.typed()]) as act:
            _claim(act.order(code, form.drawn()), kind, form)
    except history.Repeated:
        pass
    except Refused as no:
        return _no(whole, no, form)
    said = _("%(kind)s: noted.", kind=labels.KIND[kind])
    return drawing.done(code, f"{drawing.name_of(whole.order)} · {said}")


@bp.post("/orders/<code>/lose")
def lose(code: str) -> Response:
    """The carrier has lost the parcel: a redelivery begins."""
    return _astray(code, "lose", astray.lose, _("Marked as lost. Send it once more, or give the money back."))


@bp.post("/orders/<code>/come-back")
def come_back(code: str) -> Response:
    """The carrier has brought it back to us: a redelivery begins."""
    restock = bool(request.form.get("restock"))
    said = _("It is here again. Send it once more, or give the money back.")
    return _astray(code, "come_back", partial(astray.come_back, restock=restock), said, restock)


def _astray(code: str, verb: str, move: Callable[[Case, int], None], said: str, *about: object) -> Response:
    form, shipment = PlainForm(), key_of(request.form.get("shipment")) or 0
    if not form.validate():
        abort(400)
    try:
        with history.act(door.actor(), verb, form.action_id.data, [code, shipment, *about]) as act:
            case = act.order(code, form.drawn())
            if shipment not in case.shipments:
                abort(404)
            move(case, shipment)
    except history.Repeated:
        pass
    except Refused as no:
        return drawing.conflict(code, no)
    return drawing.done(code, said)


def _claim(case: Case, kind: str, form: ClaimForm) -> None:
    pieces, reason, note = form.quantities(), form.reason.data, form.note.data
    if kind == "redelivery":
        redeliveries.report(case, pieces, reason, note, form.wants.data)
    else:
        returns.request(case, kind, pieces, reason, note, form.option.data)


def _asked(whole: queries.Whole, form: ClaimForm, status: int = 200, **more: Any) -> Response:
    code = whole.order.code
    if not whole.gone:
        problem = _("Nothing of this order has left that nobody asks about yet. What is still here is cancelled.")
        return drawing.row(code, panel="look", problem=problem)
    form = form.of(_kind()).fresh(whole.order.version)
    return drawing.row(code, status, panel="claim_new", form=form, **_figures(whole, form), **more)


def _no(whole: queries.Whole, no: Refused, form: ClaimForm) -> Response:
    if no.field == "quantity":
        return _asked(whole, form, 422, no=str(no))
    if no.field in form:
        form.refuse(no)
        return _asked(whole, form, 422)
    now = _whole(whole.order.code)
    return drawing.refused(whole.order.code, no, panel="claim_new", form=form, verb="claim", **_figures(now, form))


def _figures(whole: queries.Whole, form: ClaimForm) -> dict[str, Any]:
    typed, order, kind = form.quantities(), whole.order, _kind()
    pieces = {line: min(n, typed[line]) for line, n in whole.gone.items() if typed.get(line)}
    rules, undone = policy.of(read(), order.channel), claims.undone_of(read(), order.id)
    return {
        "claim_kind": kind,
        "kinds": KINDS,
        "most": whole.gone,
        "quote": fees.quote_return(order, whole.lines, pieces, form.reason.data or "", rules, undone, kind),
        "decides_here": cancelling.decides_here(order.channel),
    }


def _kind() -> str:
    kind = request.values.get("kind", "")
    return kind if kind in KINDS else KINDS[0]


def _whole(code: str) -> queries.Whole:
    return queries.whole(read(), code) or abort(404)
