"""Claims at the desk: the list of those that wait, one opened in its row, and each of its steps. What they do: `claim_steps`."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import SelectChoice

from sellerweb import carriers
from sellerweb.desk import claim_forms as forms
from sellerweb.desk import claim_steps, door, drawing
from sellerweb.desk.claim_steps import STEPS, Step
from sellerweb.desk.forms import MoveForm, PiecesForm, pieces_from
from sellerweb.kit import htmx
from sellerweb.shop import cancelling, claims, clock, history, policy, queries, queue, states, undone
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("claims", __name__)
VERBS = ",".join(dict.fromkeys(verb for steps in STEPS.values() for verb in steps))


@bp.get("/claims", endpoint="claims")
def claims_() -> Response:
    """Everything that waits for an answer, or one kind of it."""
    return drawing.htmx_or_page("desk/claims/_claims.html" if htmx.partial() else "desk/claims/claims.html", **_list())


@bp.get("/claims/poll")
def poll() -> Response:
    """The list again, if anything has happened since it was drawn; rows that are open stay open."""
    if _stamp() == request.args.get("stamp", ""):
        return Response(status=204)
    asked = request.args.getlist("open")[:20]
    open_ = {int(key) for key in asked if key.isascii() and key.isdecimal() and len(key) < 10}
    listed = _list()
    strayed = claims.rows(read(), sorted(open_ - {row.id for row in listed["rows"]}))
    return drawing.htmx_or_page("desk/claims/_claims.html", **{**listed, "open": open_, "strayed": strayed})


@bp.get("/claims/<int:claim>")
def claim(claim: int) -> Response:
    """The claim's page; asked for by htmx, its row at rest."""
    return _drawn(_about(claim), rest=True)


@bp.get("/claims/<int:claim>/poll")
def poll_one(claim: int) -> Response:
    """The claim's own page again, if anything has happened since: a form that is open in it stays."""
    if _stamp() == request.args.get("stamp", ""):
        return Response(status=204)
    return drawing.htmx_or_page(
        "desk/claims/_alone.html", **_known(_about(claim)), open=request.args.getlist("open", int)
    )


@bp.get("/claims/<int:claim>/look")
def look(claim: int) -> Response:
    """The row, opened with what can be done now."""
    return _drawn(_about(claim))


@bp.get(f"/claims/<int:claim>/<any({VERBS}):verb>")
def ask(claim: int, verb: str) -> Response:
    about = _about(claim)
    if verb in about["steps"]:
        return _drawn(about, verb=verb, form=_begun(about, about["steps"][verb].form))
    kind, state = about["claim"].kind, about["claim"].state
    if verb in STEPS[kind] and states.may(kind, verb, state) and STEPS[kind][verb].manager:
        abort(403)
    return _drawn(about, problem=_l("This request has moved on meanwhile. Nothing was changed; look at it again."))


@bp.post(f"/claims/<int:claim>/<any({VERBS}):verb>", endpoint="act")
def act_(claim: int, verb: str) -> Response:
    """One step: the form's shape, then the shop's truth, then the fresh row."""
    about = _about(claim)
    step = STEPS[about["claim"].kind].get(verb) or abort(404)
    if step.manager and not current_user.may("manager"):
        abort(403)
    form = step.form()
    if not form.validate():
        return _drawn(about, 422, verb=verb, form=form)
    try:
        with history.act(door.actor(), verb, form.action_id.data, [claim, form.typed()]) as act:
            step.do(act.order(about["order"].code, form.drawn()), claim, form)
    except history.Repeated:
        pass
    except Refused as no:
        return _no(claim, no, verb, form)
    return _done(claim, step, undo=claim if verb == "approve" else None)


def _done(claim: int, step: Step, *, undo: int | None) -> Response:
    """A step was taken: what comes next, and a toast by which a cancel can be taken back for a while."""
    about = _about(claim)
    order = about["order"]
    text = f"{drawing.name_of(order)}: {step.said}"
    toast = {"text": text, "code": order.code, "undo": undo, "by": "uncancel"}
    if not htmx.partial():
        flash(toast)
        return make_response(redirect(url_for("desk.claims.claim", claim=claim), 303))
    if _in_its_order():
        return drawing.row(order.code, panel="look", toast=toast)
    return _drawn(about, toast=toast, rest=about["claim"].closed_at is not None and not _alone(claim))


def _no(claim: int, no: Refused, verb: str, form: MoveForm) -> Response:
    """The shop said no: at its field (422), or the order has moved on (409). What was typed stays where it still can be."""
    about = _about(claim)
    if no.field in form:
        form.refuse(no)
        return _drawn(about, 422, verb=verb, form=form)
    if no.field:
        return _drawn(about, 422, verb=verb, form=form, no=str(no))
    stale = isinstance(no, history.Stale)
    known = {
        "problem": str(no),
        "happened": queries.since(read(), about["order"].code, no.version) if isinstance(no, history.Stale) else [],
    }
    kept = {"verb": verb, "form": form} if stale and verb in about["steps"] else {}
    return _drawn(about, 409, **known, **kept)


def _drawn(about: dict[str, Any], status: int = 200, *, rest: bool = False, **context: Any) -> Response:
    """A claim where it was asked for: in its own row, in its order's row, or on its page."""
    claim, order, whole = about["claim"], about["order"], about["whole"]
    known = {**_known(about), **context}
    if form := known["form"]:
        form.fresh(order.version)
        if "shipment" in form:
            form.shipment.choices = [SelectChoice(str(p.id), _named(p)) for p in _left(whole)]
    if _in_its_order():
        del known["order"], known["whole"], known["now"]
        known |= {"spot": f"#order-{order.code}", "open_as": order.code}
        return drawing.row(order.code, status, panel="claim", **known)
    partial = htmx.partial()
    known["alone"] = not partial or _alone(claim.id)
    known["open"] = () if rest and partial else (claim.id,)
    return drawing.htmx_or_page("desk/claims/_answer.html" if partial else "desk/claims/claim.html", status, **known)


def _known(about: dict[str, Any]) -> dict[str, Any]:
    """What every drawing of one claim needs, with nothing asked and nothing refused."""
    nothing = {"verb": "", "form": None, "no": "", "problem": "", "happened": [], "toast": None, "alone": True}
    claim = about["claim"].id
    return {**nothing, "stamp": _stamp(), "spot": f"#claim-{claim}", "open_as": claim, **about}


def _about(claim: int) -> dict[str, Any]:
    """What every drawing of a claim shows: itself, its pieces, its order, and what can be done now."""
    row = next(iter(claims.rows(read(), [claim])), None) if claim < 2**31 else None
    whole = queries.whole(read(), row.code) if row else None
    if row is None or whole is None:
        abort(404)
    together = claims.of_order(read(), row.order_id)
    lines = next(lines for found, lines in together if found.id == claim)
    pieces = {line.line_id: line.quantity for line in lines}
    live = row.kind == "cancel" and row.closed_at is None
    rules, before = policy.of(read(), row.channel), undone.of(together)
    opened = cancelling.to_open({line.id: line for line in whole.lines}, whole.parcels, pieces) if live else []
    return {
        "claim": row,
        "lines": lines,
        "whole": whole,
        "order": whole.order,
        "steps": claim_steps.possible(row, lines),
        "figure": claim_steps.proposed(whole.order, whole.lines, row, pieces, rules, before),
        "decides_here": cancelling.decides_here(row.channel),
        "void": [parcel for parcel in opened if parcel.number],
        "left": _left(whole),
        "now": clock.now(),
    }


def _begun(about: dict[str, Any], form: type[MoveForm]) -> MoveForm:
    """A step's form as it is first shown."""
    claim, lines = about["claim"], about["lines"]
    first: dict[type[MoveForm], dict[str, Any]] = {
        forms.ApproveForm: {"restock": claim.reason != "sold_out"},
        PiecesForm: {"pieces": pieces_from({x.line_id: x.quantity - x.received for x in lines})},
        forms.InspectForm: {
            "found": [
                {"line": str(x.line_id), "resellable": x.received, "missing": x.quantity - x.received} for x in lines
            ]
        },
        forms.BearForm: {"bearer": claim.bearer or None, "ways": str(claim.ways)},
        forms.OptionForm: {"option": claim.option},
    }
    return form(formdata=None, **first.get(form, {}))


def _left(whole: queries.Whole) -> list[Any]:
    """Parcels that have left with a number: what a refusal can point to."""
    return [parcel for parcel, _pieces in whole.parcels if parcel.state in states.GONE and parcel.number]


def _named(parcel: Any) -> str:
    carrier = carriers.CARRIERS.get(parcel.carrier)
    return f"{carrier.spoken if carrier else parcel.carrier} {carriers.display(parcel.carrier, parcel.number)}"


def _alone(claim: int) -> bool:
    """Whether htmx asks from the claim's own page."""
    return drawing.asking_page().path.rstrip("/").split("/")[1:3] == ["claims", str(claim)]


def _in_its_order() -> bool:
    """Whether the fragment goes into the order's row: on the queue, or on the order's page."""
    return htmx.partial() and drawing.asking_page().path.startswith("/orders")


def _list() -> dict[str, Any]:
    kind = request.args.get("kind", "")
    kind = kind if kind in states.CLAIM_KINDS else ""
    return {
        "kind": kind,
        "rows": claims.live(read(), kind),
        "strayed": [],
        "open": (),
        "stamp": _stamp(),
        "now": clock.now(),
        "fragment": htmx.partial(),
    }


def _stamp() -> str:
    # The clock is part of what is shown: a quiet list is drawn anew every five minutes.
    return f"{queue.stamp(read())}.{int(clock.now().timestamp()) // 300}"
