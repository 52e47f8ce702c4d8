"""Writing to the shop about an order, and reading what it answered."""

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _

from sellerweb.kit import photos
from sellerweb.kit.body import takes
from sellerweb.selfservice import door, drawing
from sellerweb.selfservice.forms import AskForm
from sellerweb.selfservice.moves import moved
from sellerweb.shop import messages, mine
from sellerweb.shop.db import read
from sellerweb.shop.mine import Mine

bp = Blueprint("ask", __name__)


@bp.get("/orders/<code>/ask")
def ask(code: str) -> Response:
    this = door.order()
    return _draw(AskForm(formdata=None).fresh(this.order.version), this)


@bp.post("/orders/<code>/ask", endpoint="ask_post")
@takes(photos.FORM_BYTES)
def ask_post(code: str) -> Response:
    form = AskForm()

    def again(status: int, **told: Any) -> Response:
        this = door.order()
        return _draw(form.fresh(this.order.version), this, status, **told)

    # A message is right whatever becomes of the order; only an answer that came meanwhile is to be read first.
    newer = mine.since(read(), door.link().order_id, form.drawn())
    answered = any((event.thing, event.verb) == ("order", "answer") for event in newer)
    return moved(
        "ask",
        form,
        lambda case: messages.ask(case, form.words.data),
        again,
        at_any_version=not answered,
        photos_of="message",
    )


def _draw(form: AskForm, this: Mine, status: int = 200, **told: Any) -> Response:
    if not this.decides_here:
        return drawing.order(this, status, **told)
    title = _("Write to the shop")
    return drawing.page("ask", title, status, **drawing.about(this), form=form, heading=title, **told)
