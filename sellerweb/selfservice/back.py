"""Sending back, exchanging, and what never came whole: the form, its figures, the request; and taking requests back."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l

from sellerweb.kit import htmx, photos
from sellerweb.kit.body import takes
from sellerweb.selfservice import door, drawing, pieces
from sellerweb.selfservice.forms import BackForm, WithdrawForm, sums
from sellerweb.selfservice.moves import moved
from sellerweb.selfservice.pieces import Picked
from sellerweb.shop import cancelling, cancels, claims, fees, quotes, redeliveries, returns
from sellerweb.shop.case import Case
from sellerweb.shop.db import read
from sellerweb.shop.mine import Mine
from sellerweb.shop.refused import Refused

bp = Blueprint("back", __name__)
TITLES = {
    "return": _l("Send something back"),
    "exchange": _l("Exchange something"),
    "redelivery": _l("Something is missing or damaged"),
}
WITHDRAWERS = {
    "cancel": cancels.withdraw,
    "return": returns.withdraw,
    "exchange": returns.withdraw,
    "redelivery": redeliveries.withdraw,
}


@bp.get('/orders/<code>/<any("return", exchange, redelivery):kind>')
def ask_back(code: str, kind: str) -> Response:
    this = door.order()
    # Here one piece of several is the usual case: nothing is ticked unless there is only one thing to tick.
    picked = pieces.all_of(this.door.claim) if len(this.door.claim) == 1 else Picked({}, this.door.claim)
    return _draw(BackForm(formdata=None).fresh(this.order.version), this, kind, picked)


@bp.post('/orders/<code>/<any("return", exchange, redelivery):kind>/quote')
@takes(photos.FORM_BYTES)
def quote(code: str, kind: str) -> Response:
    """The figures for what is ticked now. Changes nothing."""
    this, form = door.order(), BackForm()
    if not htmx.partial():
        form.photos.remind()
    return _draw(form, this, kind, pieces.of(request.form, this.door.claim), figures=True)


@bp.post('/orders/<code>/<any("return", exchange, redelivery):kind>', endpoint="ask_back_post")
@takes(photos.FORM_BYTES)
def ask_back_post(code: str, kind: str) -> Response:
    form = BackForm()
    picked = pieces.of(request.form, door.order().door.claim)

    def move(case: Case) -> int:
        _look_again(case, kind, picked, form)
        reason, note = form.reason.data, form.note.data
        account = form.whole_account() if case.order.channel == "manual" else ""
        if kind == "redelivery":
            return redeliveries.report(case, picked.pieces, reason, note, form.wants.data, account)
        return returns.request(case, kind, picked.pieces, reason, note, form.option.data, account)

    def again(status: int, **told: Any) -> Response:
        this = door.order()
        return _draw(
            form.fresh(this.order.version), this, kind, pieces.of(request.form, this.door.claim), status, **told
        )

    return moved(kind, form, move, again, done="request", photos_of="claim")


@bp.post("/orders/<code>/withdraw")
def withdraw(code: str) -> Response:
    """Take a request back while the shop has not acted on it."""
    form = WithdrawForm()
    claim = form.named()

    def move(case: Case) -> None:
        kind = case.claims[claim].kind if claim in case.claims else "cancel"
        WITHDRAWERS[kind](case, claim)

    def again(status: int, **told: Any) -> Response:
        return drawing.order(door.order(), status, **told)

    return moved("withdraw", form, move, again)


def _look_again(case: Case, kind: str, picked: Picked, form: BackForm) -> None:
    """What the page said is still so: the pieces can be asked for, and the sums are those that were shown."""
    if picked.error:
        raise Refused(picked.error, "quantity")
    possible = cancelling.of(case).claim
    if any(quantity > possible.get(line, 0) for line, quantity in picked.pieces.items()):
        raise Refused(_l("Somebody has asked about these pieces already. Nothing was changed."))
    if kind == "exchange" and not form.option.data:
        raise Refused(_l("Say what you would like instead, for example another colour."), "option")
    form.check_sums(quotes.back(case, kind, picked.pieces, form.reason.data))


def _quote(this: Mine, kind: str, asked: dict[int, int], reason: str) -> fees.Quote:
    undone = claims.undone_of(read(), this.order.id)
    return fees.quote_return(this.order, this.lines, asked, reason, this.rules, undone, kind)


def _draw(
    form: BackForm, this: Mine, kind: str, picked: Picked, status: int = 200, *, figures: bool = False, **told: Any
) -> Response:
    """The form; where its time is over or nothing is left to ask for, the order's page."""
    reasons = this.reasons(kind)
    if not reasons and not (figures and htmx.partial() and this.decides_here):
        return drawing.over(this, status, "note", **told)
    chosen = fees.reason(kind, form.reason.data or "")
    quote = _quote(this, kind, picked.pieces, chosen.code) if chosen else None
    return drawing.page(
        "ask_back_figures" if figures and htmx.partial() else "ask_back",
        str(TITLES[kind]),
        status,
        **drawing.about(this),
        form=form,
        kind=kind,
        heading=TITLES[kind],
        reasons=reasons,
        picked=picked,
        reason=chosen,
        quote=quote,
        sums=sums(quote) if quote else "",
        **told,
    )
