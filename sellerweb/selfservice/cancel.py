"""Cancelling all or some of an order, at once or as a request: the form, its figures, the deed. One table decides."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from sellerweb.kit import htmx
from sellerweb.selfservice import door, drawing, pieces
from sellerweb.selfservice.forms import WishForm, sums
from sellerweb.selfservice.moves import moved
from sellerweb.selfservice.pieces import Picked
from sellerweb.shop import cancelling, cancels, claims, fees, quotes
from sellerweb.shop.cancelling import NOW, REQUEST, Door
from sellerweb.shop.case import Case
from sellerweb.shop.db import read
from sellerweb.shop.mine import Mine
from sellerweb.shop.refused import Refused

bp = Blueprint("cancel", __name__)


@bp.get("/orders/<code>/cancel")
def cancel(code: str) -> Response:
    this = door.order()
    return _draw(WishForm(formdata=None).fresh(this.order.version), this, pieces.all_of(_possible(this.door)))


@bp.post("/orders/<code>/cancel/quote")
def quote(code: str) -> Response:
    """The figures for what is ticked now. Changes nothing; posted, for what people type does not belong into addresses."""
    form, this = WishForm(), door.order()
    picked = pieces.of(request.form, _possible(this.door))
    return _draw(form, this, picked, figures=True)


@bp.post("/orders/<code>/cancel", endpoint="cancel_post")
def cancel_post(code: str) -> Response:
    form = WishForm()
    asked = pieces.of(request.form, _possible(door.order().door))
    how = form.how.data

    def move(case: Case) -> None:
        _look_again(case, asked, form)
        if how == NOW:
            cancels.cancel(case, asked.pieces, form.reason.data, form.note.data, account=_account(case, form))
        else:
            cancels.request(case, asked.pieces, form.reason.data, form.note.data, account=_account(case, form))

    def again(status: int, **told: Any) -> Response:
        this = door.order()
        picked = pieces.of(request.form, _possible(this.door))
        return _draw(form.fresh(this.order.version), this, picked, status, **told)

    return moved("cancel" if how == NOW else "request", form, move, again)


def _look_again(case: Case, picked: Picked, form: WishForm) -> None:
    """What the page said is still so, asked in the transaction that does it: the table's answer, and the sum."""
    now = cancelling.of(case)
    if picked.error:
        raise Refused(picked.error, "quantity")
    if any(quantity > _possible(now).get(line, 0) for line, quantity in picked.pieces.items()):
        raise Refused(_l("These pieces cannot be cancelled any more. Nothing was changed."))
    if form.how.data == NOW and _how(now, picked) != NOW:
        raise Refused(
            _l("The time to cancel at once is over, so nothing was cancelled. You can still ask the shop for it.")
        )
    form.check_sums(quotes.cancel(case, picked.pieces, form.reason.data))


def _draw(
    form: WishForm, this: Mine, picked: Picked, status: int = 200, *, figures: bool = False, **told: Any
) -> Response:
    """The form; where nothing can be cancelled (any more), the order's page, which says why and what to do instead."""
    reasons = this.reasons("cancel")
    if not reasons and not (figures and htmx.partial() and this.decides_here):
        return drawing.over(this, status, "note", **told)
    chosen = (
        form.reason.data if fees.reason("cancel", form.reason.data or "") else reasons[0].code if reasons else "wish"
    )
    undone = claims.undone_of(read(), this.order.id)
    quote = fees.quote_cancel(this.order, this.lines, picked.pieces, chosen, this.rules, undone)
    title = _("Cancel the order") if _how(this.door, picked) == NOW else _("Ask to cancel")
    return drawing.page(
        "cancel_figures" if figures and htmx.partial() else "cancel",
        title,
        status,
        **drawing.about(this),
        form=form,
        reasons=reasons,
        picked=picked,
        quote=quote,
        sums=sums(quote),
        how=_how(this.door, picked) if reasons and not picked.error else "",
        heading=title,
        oob=figures and htmx.partial(),
        **told,
    )


def _possible(now: Door) -> dict[int, int]:
    """How many pieces of each line can be undone, at once or by request."""
    return {line: now.now.get(line, 0) + now.request.get(line, 0) for line in {**now.now, **now.request}}


def _how(now: Door, picked: Picked) -> str:
    """At once where all that is ticked can be; else the whole of it is a request."""
    return NOW if all(quantity <= now.now.get(line, 0) for line, quantity in picked.pieces.items()) else REQUEST


def _account(case: Case, form: WishForm) -> str:
    """Orders by hand were paid into an account, so the money goes back to one; elsewhere the payment is undone."""
    return form.whole_account() if case.order.channel == "manual" and case.order.paid_at else ""
