"""The archive in bulk: the ticked orders, or all that were over before a day. One order alone: `verbs`. No rules."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from sellerweb.desk import door, drawing
from sellerweb.kit import htmx
from sellerweb.shop import archiving, clock
from sellerweb.shop.db import read

bp = Blueprint("archive", __name__)
# What the form proposes: nobody asks about an order that was over a month ago.
DAYS = 30
# So many of those that stayed are named; more than that nobody reads.
NAMED = 20


class OlderForm(FlaskForm):  # type: ignore[misc]
    """Before which day; and, while it goes on, how far it has come."""

    action_id = HiddenField(validators=[Length(max=40)])
    before = DateField(_l("Before this day"), validators=[InputRequired(_l("Choose a day."))])
    after = IntegerField(validators=[Optional(), NumberRange(0, 2**31 - 1)], default=0)
    done = IntegerField(validators=[Optional(), NumberRange(0, 2**31 - 1)], default=0)

    def validate_before(self, field: Any) -> None:
        if field.data and not date(2000, 1, 1) <= field.data <= _today():
            raise ValidationError(_("Choose a day that has begun."))

    def moment(self) -> datetime:
        return datetime.combine(self.before.data, time(), drawing.zone()).astimezone(UTC)


@bp.post("/orders/archive")
@door.role_required("manager")
def ticked() -> Response:
    """Archive every order that was ticked, and name those that are not finished."""
    codes = request.form.getlist("id")[:500]
    outcome = archiving.archive(door.actor(), codes, request.form.get("action_id", ""))
    text = ngettext("%(num)s order put into the archive.", "%(num)s orders put into the archive.", outcome.done)
    if outcome.stayed:
        text += " " + _("Not these, which are not finished: %(codes)s.", codes=", ".join(list(outcome.stayed)[:NAMED]))
    flash(text if codes else _("Tick the orders first. Nothing was changed."))
    return redirect(door.here() or url_for("desk.orders.queue"), 303)  # type: ignore[return-value]


@bp.get("/orders/archive/older")
@door.role_required("manager")
def older() -> Response:
    """How many orders were over before a day, and the button that puts them away."""
    asked = "before" in request.args
    form = OlderForm(request.args if asked else None, before=_today() - timedelta(days=DAYS), meta={"csrf": False})
    if asked and not form.validate():
        return _older(form, 422)
    return _older(form, waiting=archiving.how_many(read(), form.moment()))


@bp.post("/orders/archive/older", endpoint="older_post")
@door.role_required("manager")
def older_post() -> Response:
    """The next so many of them; one that has moved on meanwhile is passed by and named."""
    form = OlderForm()
    if not form.validate():
        return _older(form, 422)
    chunk = archiving.over(read(), form.moment(), form.after.data or 0)
    outcome = archiving.archive(door.actor(), [row.code for row in chunk], form.action_id.data)
    form.done.data = (form.done.data or 0) + outcome.done
    form.after.data = chunk[-1].id if chunk else form.after.data
    waiting = archiving.how_many(read(), form.moment(), form.after.data or 0)
    return _older(form, waiting=waiting, ran=outcome)


def _older(form: OlderForm, status: int = 200, **known: Any) -> Response:
    template = "desk/archive/_older.html" if htmx.partial() else "desk/archive/older.html"
    return drawing.htmx_or_page(template, status, form=form, **{"waiting": 0, "ran": None, **known})


def _today() -> date:
    return clock.now().astimezone(drawing.zone()).date()
