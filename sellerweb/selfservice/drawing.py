"""How a customer's page is drawn: whole for a browser, its piece for htmx; and the answers after a form was sent.

A page is one piece in the frame, so that the page, the poll and the answer to a form cannot drift apart.
"""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from sellerweb.kit import htmx, words
from sellerweb.selfservice import door, labels
from sellerweb.shop import cancelling, mine
from sellerweb.shop.db import read
from sellerweb.shop.mine import Mine

# Who looks at these pages is nobody of the staff, even in the browser of somebody who is.
_NOBODY = SimpleNamespace(is_authenticated=False, sound=False)


def page(piece: str, title: str, status: int = 200, **context: Any) -> Response:
    """The piece templates/selfservice/_<piece>.html: alone for htmx, else in the frame."""
    frame = "selfservice/part.html" if htmx.partial() else "selfservice/page.html"
    known = {"piece": f"selfservice/_{piece}.html", "title": title, "me": _NOBODY, "labels": labels}
    response = make_response(render_template(frame, **known, **context), status)
    response.headers["Vary"] = "HX-Request-Type"
    return response


def order(this: Mine, status: int = 200, **context: Any) -> Response:
    """The order's own page; may have `problem` and `happened` (why not), `done` (a verb), `kept` (words that were typed)."""
    return page("order", _("Order %(no)s", no=this.order.order_no), status, **about(this), **context)


def look_up(form: FlaskForm, status: int = 200, *, lost: bool = False, problem: str = "") -> Response:
    """The form that finds an order without its link; `lost`: somebody came by an address that opens nothing."""
    return page("look_up", _("Find your order"), status, form=form, lost=lost, problem=problem)


def about(this: Mine) -> dict[str, Any]:
    """What every page of an order is drawn from."""
    return {
        "mine": this,
        "order": this.order,
        "now": this.now,
        "at": url_for("selfservice.order.order", code=this.order.code),
        "said_door": _said_door(this),
        "day": _day,
        "expires_at": door.link().expires_at,
    }


def done(verb: str) -> Response:
    """After a form was sent: the order's page, which says what was done. htmx gets it at once, others are sent there."""
    clean = url_for("selfservice.order.order", code=door.link().code)
    if not htmx.partial():
        return redirect(f"{clean}?done={verb}", 303)  # type: ignore[return-value]
    response = order(door.order(), done=verb)
    response.headers.update({"HX-Push-Url": clean, "HX-Retarget": "#main", "HX-Reswap": "outerHTML show:top"})
    return response


def happened(this: Mine, version: int) -> list[tuple[Any, Any]]:
    """What moved on since the page was drawn, in words for customers: (sentence, when). Nothing of a page not of ours."""
    events = mine.since(read(), this.order.id, version) if version > 0 else []
    told = ((labels.HAPPENED.get((event.thing, event.verb)), event.at) for event in events)
    return [(sentence, at) for sentence, at in told if sentence]


def conflict(response: Response) -> Response:
    """A 409 for htmx too stands at the top of the whole page, where the sentence is."""
    response.headers.update({"HX-Retarget": "#main", "HX-Reswap": "outerHTML show:top"})
    return response


def over(this: Mine, status: int, typed: str, **told: Any) -> Response:
    """The order's page in place of a form that is over; what was typed into its field `typed` stays, to be sent to the shop."""
    if status == 422:  # the form was at fault, and is not there any more to say so
        told = {"problem": _("This is not possible any more, so nothing was sent."), **told}
    return order(this, status, kept=request.form.get(typed, "").strip(), **told)


def _said_door(this: Mine) -> str:
    if this.settling and not (this.door.now or this.door.request):
        return str(labels.SETTLING_DOOR)
    return cancelling.sentence(this.door, lambda moment: _when(moment, this))


def _when(moment: Any, this: Mine) -> str:
    return words.when(moment, this.now, current_app.config["TIMEZONE"], words.language())


def _day(of: date) -> str:
    """A day with its weekday: 11월 28일 (토), 11月28日(土), Sat, Nov 28."""
    if isinstance(of, datetime):
        of = of.astimezone(ZoneInfo(current_app.config["TIMEZONE"])).date()
    return str(format_skeleton("MMMEd", of, locale=words.language()))
