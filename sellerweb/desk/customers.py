"""A customer's history at the desk, shown by a POST that is written down, and the notes about them. No rules.

The address names an order by its key: nothing of a person stands in it.
"""

from typing import Any

from flask import Blueprint, Response, abort, request
from flask_login import current_user
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Optional

from sellerweb.desk import door, drawing
from sellerweb.desk.forms import MoveForm, cleaned, key_of
from sellerweb.kit import htmx
from sellerweb.shop import access, clock, customers, history
from sellerweb.shop.customers import PAGE, PARTS, Person
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("customers", __name__, url_prefix="/customers")
_READ = {"orders": customers.orders, "claims": customers.claims, "asked": customers.asked, "notes": customers.notes}
_NEWEST = 2**31 - 1


class NoteForm(MoveForm):
    """A note; `version` counts the changes of a note that is there. `note` and `before` say where in its list it stood."""

    words = TextAreaField(filters=[cleaned])
    before = HiddenField(validators=[Optional()])


@bp.get("/<int(max=2147483647):order_id>")
def customer(order_id: int) -> Response:
    """How much there is of this person; who they are and what it is shows the POST."""
    who = _known(order_id)
    return drawing.htmx_or_page(
        "desk/customers/customer.html", who=who, order=who.order, sums=customers.sums(read(), who), now=clock.now()
    )


@bp.post("/<int(max=2147483647):order_id>")
def look(order_id: int) -> Response:
    """The whole history; each order of which something is shown gets its row."""
    return _history(_known(order_id))


@bp.post("/<int(max=2147483647):order_id>/<any(orders, claims, asked, notes):part>")
def more(order_id: int, part: str) -> Response:
    """The next rows of one list: below the others for htmx, the page with that list from there for everybody else."""
    who, before = _known(order_id), min(key_of(request.form.get("before")) or 0, _NEWEST)
    if not htmx.partial():
        return _history(who, {part: before})
    return drawing.htmx_or_page("desk/customers/_part.html", **_shown(who, {part: before}), part=part, more=True)


@bp.post("/<int(max=2147483647):order_id>/note")
def note(order_id: int) -> Response:
    """A new note, kept with the order by which one came."""
    who, form = _known(order_id), NoteForm()
    try:
        with history.act(door.actor(), "note", form.action_id.data, [order_id, form.words.data]) as act:
            customers.note(act.case(order_id), form.words.data)
    except history.Repeated:
        pass
    except Refused as no:
        return _notes(who, 422, typed=(0, form.words.data, str(no.why)))
    return _notes(who)


@bp.post("/<int(max=2147483647):order_id>/note/<int(max=2147483647):note_id>/<any(change, remove):verb>")
def change(order_id: int, note_id: int, verb: str) -> Response:
    """Other words for a note, or none any more. Whose note it is says the person, not the form."""
    who, form = _known(order_id), NoteForm()
    old = next((n for n in customers.notes(read(), who, note_id + 1) if n.id == note_id), None)
    seen, where = min(form.drawn() or 0, _NEWEST), old.order_id if old else order_id
    said = [order_id, note_id, verb, form.words.data]
    try:
        with history.act(door.actor(), f"{verb}_note", form.action_id.data, said) as act:
            if verb == "remove":
                customers.remove_note(act.case(where), note_id, seen)
            else:
                customers.change_note(act.case(where), note_id, seen, form.words.data)
    except history.Repeated:
        pass
    except Refused as no:
        status = 409 if isinstance(no, customers.Changed) else 422
        # Where it was removed, what was typed goes into the field for a new one.
        typed = (note_id if old else 0, form.words.data, str(no.why)) if verb == "change" else (-1, "", str(no.why))
        return _notes(who, status, typed=typed, before=key_of(form.before.data))
    return _notes(who, before=key_of(form.before.data))


def _history(who: Person, before: dict[str, int] | None = None, status: int = 200, **more: Any) -> Response:
    template = "desk/customers/_history.html" if htmx.partial() else "desk/customers/history.html"
    everything = dict.fromkeys(PARTS, _NEWEST) | (before or {})
    shown = _shown(who, everything)
    contacts = customers.matched(read(), who, [row.id for row in shown["rows"]["orders"] if row.paid_at is not None])
    keys = sorted({(kind, value) for said in contacts.values() for kind, value, _role in said}, reverse=True)
    return drawing.htmx_or_page(
        template,
        status,
        **{"typed": (-1, "", ""), **shown, **more},
        sums=customers.sums(read(), who),
        matched=contacts,
        keys=keys,
    )


def _notes(who: Person, status: int = 200, *, before: int | None = None, **more: Any) -> Response:
    """The notes again for htmx, the whole page for everybody else."""
    begin = {"notes": min(before or _NEWEST, _NEWEST)}
    if not htmx.partial():
        return _history(who, begin, status, **more)
    return drawing.htmx_or_page(
        "desk/customers/_notes.html", status, **{"typed": (-1, "", ""), **_shown(who, begin), **more}
    )


def _shown(who: Person, begin: dict[str, int]) -> dict[str, Any]:
    """Some of their lists, each from a key on; and that somebody looked is written down with every order in them."""
    rows, after = {}, {}
    for part, before in begin.items():
        found = _READ[part](read(), who, before)
        rows[part] = found[:PAGE]
        after[part] = found[PAGE - 1].id if len(found) > PAGE else 0
    seen = {row.id if part == "orders" else row.order_id for part, found in rows.items() for row in found} - {None}
    access.look(sorted(seen | {who.order.id}), current_user.id, "history")
    return {"who": who, "order": who.order, "rows": rows, "after": after, "begin": begin, "now": clock.now()}


def _known(order_id: int) -> Person:
    return customers.person(read(), order_id) or abort(404)
