"""What the desk and a customer say to each other: messages, a letter once more, the customer's own link. No rules."""

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from sellerweb.desk import answering, door, drawing
from sellerweb.desk.forms import AnswerForm, PlainForm, key_of
from sellerweb.kit import htmx, photos
from sellerweb.kit.body import takes
from sellerweb.shop import access, attachments, drafts, history, links, messages, orders
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("messages", __name__)


@bp.get("/messages", endpoint="messages")
def messages_() -> Response:
    """Where questions stood before they had threads."""
    return redirect(url_for("desk.threads.threads"), 301)  # type: ignore[return-value]


@bp.get("/orders/<code>/answer")
def answer(code: str) -> Response:
    draft = drafts.of(read(), current_user.id, drafts.of_order(code))
    return answering.asked(answering.whole_of(code), AnswerForm(formdata=None, words=draft), drafted=bool(draft))


@bp.post("/orders/<code>/answer", endpoint="answer_post")
@takes(photos.FORM_BYTES)
def answer_post(code: str) -> Response:
    whole, form = answering.whole_of(code), AnswerForm()
    if not form.validate() or answering.blaming(form):
        return answering.asked(whole, form, 422)
    try:
        with (
            attachments.storing(form.photos.photos) as stored,
            history.act(door.actor(), "answer", form.action_id.data, [code, form.typed()]) as act,
        ):
            case = act.order(code, form.drawn())
            attachments.keep(case, stored, message=messages.answer(case, form.words.data))
            drafts.forget(act.tx, current_user.id, drafts.of_order(code))
    except history.Repeated:
        pass
    except Refused as no:
        form.photos.remind()
        return drawing.refused(code, no, panel="reply", form=form, verb="answer", **answering.beside(whole, form))
    said = _("Your answer is on its way.")
    return drawing.done(code, f"{drawing.name_of(whole.order)}: {said}")


@bp.post("/orders/<code>/repeat")
@door.role_required("manager")
def repeat(code: str) -> Response:
    """A letter of this order leaves once more."""
    form, notice = PlainForm(), key_of(request.form.get("notice")) or 0
    if not form.validate():
        abort(400)
    try:
        with history.act(door.actor(), "repeat", form.action_id.data, [code, notice]) as act:
            orders.repeat(act.order(code, form.drawn()), notice)
    except history.Repeated:
        pass
    except Refused as no:
        return drawing.conflict(code, no)
    return drawing.done(code, _("The letter leaves once more, in a moment."))


@bp.get("/orders/<code>/link", endpoint="links")
@door.role_required("manager")
def links_(code: str) -> Response:
    """How many links open the order now; closing them, and a new one."""
    order = answering.whole_of(code).order
    return drawing.htmx_or_page("desk/messages/link.html", order=order, living=links.living(read(), order.id), link="")


@bp.post("/orders/<code>/revoke")
@door.role_required("manager")
def revoke(code: str) -> Response:
    """No link made until now opens the order any more."""
    form = PlainForm()
    if not form.validate():
        abort(400)
    try:
        with history.act(door.actor(), "revoke", form.action_id.data, code) as act:
            links.revoke(act.order(code))
    except history.Repeated:
        pass
    except Refused as no:
        flash(str(no.why))
    return redirect(url_for("desk.messages.links", code=code), 303)  # type: ignore[return-value]


@bp.post("/orders/<code>/link")
@door.role_required("manager")
def link(code: str) -> Response:
    """A new secret link for the customer, shown this once: as the answer to the POST, so that it stands in no address or log."""
    order = answering.whole_of(code).order
    access.look(order.id, current_user.id, "link")
    url = f"{current_app.config['BASE_URL']}/my/{links.make(order.id)}"
    where = "desk/messages/_link.html" if htmx.partial() else "desk/messages/link.html"
    return drawing.htmx_or_page(where, order=order, link=url, days=links.DAYS, living=0)
