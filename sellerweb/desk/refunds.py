"""Refunds at the desk: those that count down, those to be sent, those on their way; and the account that the money goes to."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from sellerweb.desk import door, drawing, refund_words
from sellerweb.desk.claim_forms import AccountForm, FailForm
from sellerweb.desk.forms import MoveForm, PlainForm
from sellerweb.kit import htmx
from sellerweb.shop import access, clock, history, refunds, states
from sellerweb.shop.case import Case
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("refunds", __name__)


@dataclass(frozen=True, slots=True)
class Step:
    """`word` stands on the button, `ask` above the form, `said` in the toast; `do(case, refund id, form)`."""

    word: Any
    ask: Any
    said: Any
    do: Callable[[Case, int, Any], object]
    form: type[MoveForm] = PlainForm


STEPS = {
    "send": Step(
        _l("Sent to the bank"),
        _l("The money was ordered at the bank or at the payment service."),
        _l("Noted: the money is on its way."),
        lambda case, refund, _form: refunds.send(case, refund),
    ),
    "settle": Step(
        _l("The customer has it"),
        _l("The customer is told, and the bank account is forgotten."),
        _l("Done. The customer is told; the bank account is forgotten."),
        lambda case, refund, _form: refunds.settle(case, refund),
    ),
    "fail": Step(
        _l("It failed"),
        _l("The sum is no longer counted as given back; it can be owed again, to another account perhaps."),
        _l("Noted. Owe it again once you know where to."),
        lambda case, refund, form: refunds.fail(case, refund, form.note.data),
        FailForm,
    ),
    "again": Step(
        _l("Owe it again"),
        _l("The same sum is owed once more. An account is kept sealed until the money is there."),
        _l("It is owed again, and waits to be sent."),
        lambda case, refund, form: refunds.again(case, refund, form.account.data),
        AccountForm,
    ),
}


@bp.get("/refunds", endpoint="refunds")
@door.role_required("manager")
def refunds_() -> Response:
    return _page()


@bp.get("/refunds/<int:refund>/<any(send, settle, fail, again):verb>")
@door.role_required("manager")
def ask(refund: int, verb: str) -> Response:
    """One step, asked with its sum spelled out."""
    row = _row(refund)
    if verb not in possible(row):
        return _drawn(row, problem=_l("This refund has moved on meanwhile. Nothing was changed; look at it again."))
    return _drawn(row, verb=verb, form=STEPS[verb].form(formdata=None))


@bp.post("/refunds/<int:refund>/<any(send, settle, fail, again):verb>", endpoint="act")
@door.role_required("manager")
def act_(refund: int, verb: str) -> Response:
    row, step = _row(refund), STEPS[verb]
    form = step.form()
    if not form.validate():
        return _drawn(row, 422, verb=verb, form=form)
    try:
        with history.act(door.actor(), f"refund_{verb}", form.action_id.data, [refund, form.typed()]) as act:
            step.do(act.order(row.code, form.drawn()), refund, form)
    except history.Repeated:
        pass
    except Refused as no:
        now = _row(refund)
        kept = {"verb": verb, "form": form} if verb in possible(now) else {}
        return _drawn(now, 409, problem=str(no), **kept)
    if not htmx.partial():
        flash(str(step.said))
        return make_response(redirect(url_for("desk.refunds.refunds"), 303))
    return _drawn(_row(refund), toast=str(step.said), rest=True)


@bp.post("/refunds/<int:refund>/reveal")
@door.role_required("manager")
def reveal(refund: int) -> Response:
    """Show the bank account, and write down who looked. It is masked again by itself, and forgotten when the money is there."""
    row = _row(refund)
    if not row.account:
        return _drawn(row, 409, problem=_("No bank account is kept for this refund (any more)."))
    access.look(row.order_id, current_user.id, "account")
    words = refunds.account(read(), row.order_id, refund) or _(
        "It was sealed under a key that is gone. Ask the customer."
    )
    if htmx.partial():
        return drawing.htmx_or_page("desk/refunds/_account.html", refund=row, account=words)
    return _page(account=words, revealed=refund)


@bp.get("/refunds/<int:refund>/account")
@door.role_required("manager")
def account(refund: int) -> Response:
    """The account, masked again."""
    row = _row(refund)
    return drawing.htmx_or_page("desk/refunds/_account.html", refund=row) if htmx.partial() else _page()


@bp.get("/refunds/<int:refund>")
@door.role_required("manager")
def refund(refund: int) -> Response:
    """The row at rest; as a page, the whole list."""
    return _drawn(_row(refund), rest=True)


def possible(refund: Any) -> list[str]:
    """The steps that the timetable has for it now, the main one first."""
    if refund.state == "failed":
        return ["again"] if refund.note != refunds.UNDONE else []
    may = [verb for verb in ("send", "settle", "fail") if states.may("refund", verb, refund.state)]
    return may if refund.state != "due" else []  # it can still be taken back: the clock hands it over


def _page(status: int = 200, *, asked: Any = None, **context: Any) -> Response:
    """The list; `asked` stands in it even when it is through."""
    rows = sorted(refunds.unpaid(read()), key=lambda row: _ORDER.index(row.state)) + refunds.failed(read())
    if asked and asked.id not in {row.id for row in rows}:
        rows.insert(0, asked)
    groups = [(state, list(found)) for state, found in groupby(rows, key=lambda row: row.state)]
    sums = {state: _sums(found) for state, found in groups}
    known = {"verb": "", "form": None, "problem": "", "toast": None, "opened": 0, "revealed": 0, "account": ""}
    known |= {
        "groups": groups,
        "sums": sums,
        "now": clock.now(),
        "kind": "refunds",
        **_SAID,
    }
    return drawing.htmx_or_page("desk/refunds/refunds.html", status, **{**known, **context})


def _drawn(row: Any, status: int = 200, *, rest: bool = False, **context: Any) -> Response:
    """One refund's row for htmx, else the whole list with it opened."""
    if context.get("form"):
        context["form"].fresh(row.version)
    if not htmx.partial():
        return _page(status, asked=None if rest else row, opened=0 if rest else row.id, **context)
    known = {"verb": "", "form": None, "problem": "", "toast": None, "revealed": 0, "account": ""}
    known |= {"refund": row, "now": clock.now(), "opened": 0 if rest else row.id, **_SAID}
    return drawing.htmx_or_page("desk/refunds/_answer.html", status, **{**known, **context})


def _sums(rows: list[Any]) -> dict[str, int]:
    """What they come to, each currency for itself: sums of several are never added."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.amount
    return sums


def _row(refund: int) -> Any:
    return (refunds.one(read(), refund) if refund < 2**31 else None) or abort(404)


# What every row asks and says.
_SAID = {"possible": possible, "steps": STEPS, "way": refund_words.way, "next_step": refund_words.next_step}
_ORDER = ("manual", "sent", "due")
