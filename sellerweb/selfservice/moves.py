"""How every form about an order is answered: its shape, then the shop's truth, then the page that says what happened.

What was typed is never lost: it comes back in its form, or, where that form is over, as words to write to the shop.
"""

from collections.abc import Callable
from typing import Any, Literal

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from sellerweb.selfservice import door, drawing
from sellerweb.selfservice.forms import MoveForm
from sellerweb.shop import attachments, cancelling, history
from sellerweb.shop.case import Case
from sellerweb.shop.db import forget
from sellerweb.shop.refused import Refused

# Draws the form's page with what was typed; `status` and the sentences of a refusal are its keywords.
Again = Callable[..., Response]


def moved(
    verb: str,
    form: MoveForm,
    move: Callable[[Case], object],
    again: Again,
    *,
    done: str = "",
    at_any_version: bool = False,
    photos_of: Literal["", "message", "claim"] = "",
) -> Response:
    """Does `move` as the customer, once; `done` names the sentence that says so where it is not the verb's own.

    `photos_of` is what `move` makes and returns the id of: the form's photos belong to it.
    """
    form_is_good = form.validate()
    if form.too_old:
        return again(400, problem=_("This page was open for too long. Nothing was changed, and what you typed is still here: please send it again."))  # fmt: skip
    if not form_is_good:
        return again(422)
    code, drawn = door.link().code, None if at_any_version else form.drawn()
    forget()  # who waits for the writer keeps no reading connection from those who are ahead
    try:
        with (
            attachments.storing(form.pictures) as stored,
            history.act(history.CUSTOMER, verb, form.action_id.data, [code, form.typed()]) as act,
        ):
            case = act.order(code, drawn)
            if not cancelling.decides_here(case.order.channel):
                raise Refused(_l("This order was bought at a marketplace. Please go there to change it."))
            made = move(case)
            if photos_of:
                attachments.keep(case, stored, **{photos_of: made})
    except history.Repeated:
        pass  # a second tap: the same answer
    except Refused as no:
        return refused(form, no, again)
    return drawing.done(done or verb)


def refused(form: MoveForm, no: Refused, again: Again) -> Response:
    """The shop said no: about a field, the form again (422); else what has happened, and the form if it is still there."""
    if no.field and no.field in form:
        form.refuse(no.field, no.why)
        return again(422)
    this = door.order()
    told: dict[str, Any] = {"problem": str(no.why), "happened": []}
    if isinstance(no, history.Stale):
        told["problem"] = _(
            "Something changed while this page was open, so nothing was done yet. Please look at it again."
        )
        told["happened"] = drawing.happened(this, no.version)
    return drawing.conflict(again(409, **told))
