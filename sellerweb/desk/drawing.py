"""How an order is drawn: its row, its panel, the toast and the counters beside it. One function, every answer.

The page, the fragment after a change and the poll all come through here, so they cannot drift apart.
"""

import re
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit
from zoneinfo import ZoneInfo

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from sellerweb.desk.forms import MoveForm
from sellerweb.kit import htmx
from sellerweb.shop import claims, clock, conflicts, history, messages, queries, queue, states
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused


def zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["TIMEZONE"])


def row(code: str, status: int = 200, *, panel: str = "", toast: Any = None, **context: Any) -> Response:
    """The order's row for htmx, its page for everybody else; with the counters when something has changed."""
    whole = queries.whole(read(), code)
    if whole is None:
        raise history.NotThere(code)
    partial, on_page = htmx.partial(), _on_its_page(code)
    response = htmx_or_page(
        "desk/orders/_answer.html" if partial else "desk/orders/order.html",
        status,
        panel=panel,
        toast=toast,
        oob=request.form.get("from") == "toast",
        whole_too=on_page,
        in_thread=in_thread(),
        **about(whole, panel, everything=on_page or not partial),
        **context,
    )
    # What was said and what happened stand in one line there: it follows at once.
    return htmx.poll(response) if request.method == "POST" and in_thread() else response


def about(whole: queries.Whole, panel: str = "", *, everything: bool) -> dict[str, Any]:
    """What an order's row shows, and with `everything` what stands below it on its page; nothing is read for the others."""
    order, conn, now = whole.order, read(), clock.now()
    wishes = everything or (panel == "look" and order.claim_flag)
    return {
        "whole": whole,
        "order": order,
        "now": now,
        "tonight": queue.tonight(zone(), now),
        "may": moves(whole),
        "claims": claims.of_order(conn, order.id) if wishes else [],
        "refunds": claims.refunds_of(conn, order.id) if everything else [],
        "messages": messages.of_order(conn, order.id) if everything else [],
        "disagreements": conflicts.of_order(conn, order.id) if everything else [],
    }


def htmx_or_page(template: str, status: int = 200, **context: Any) -> Response:
    response = make_response(render_template(template, **context), status)
    response.headers["Vary"] = "HX-Request-Type"
    return response


def refused(code: str, no: Refused, *, panel: str, form: MoveForm, verb: str = "", **context: Any) -> Response:
    """The shop said no: about a field, the form again (422); else the fresh row with what happened (409).

    Where the move is still there, what was typed stays, for a second look and a new try. `verb` is its name where the
    panel has another.
    """
    if no.field and no.field in form:
        form.refuse(no)
        return row(code, 422, panel=panel, form=form, refused=no, **context)
    whole = queries.whole(read(), code)
    if whole and (verb or panel) in moves(whole) | {"correct"}:
        return conflict(code, no, panel=panel, form=form.fresh(whole.order.version), **context)
    return conflict(code, no)


def conflict(code: str, no: Refused, **kept: Any) -> Response:
    """409: the fresh row, the sentence, and who did what since the page was drawn; `kept` is what was typed."""
    happened = queries.since(read(), code, no.version) if isinstance(no, history.Stale) else []
    return row(code, 409, problem=str(no.why), happened=happened, **kept)


def done(code: str, text: str, *, undo: int | None = None, by: str = "unship") -> Response:
    """A change was made: the fresh row with a toast, or (without scripts) back to the order's page.

    `undo` is what the toast's button takes back, by the verb `by`: a parcel (unship) or a claim (uncancel).
    """
    toast = {"text": text, "code": code, "undo": undo, "by": by}
    if not htmx.partial():
        flash(toast)
        return make_response(redirect(url_for("desk.orders.order", code=code), 303))
    return row(code, panel="look" if _on_its_page(code) else "", toast=toast)


def _on_its_page(code: str) -> bool:
    """Whether the fragment goes to the order's own page, or beside its questions: their lower part must follow."""
    return asking_page().path.startswith(f"/orders/{code}") or in_thread()


def in_thread() -> bool:
    """Whether the page that asks shows the order beside a question."""
    return bool(re.fullmatch(r"/threads/[0-9]+", asking_page().path)) and htmx.partial()


def asking_page() -> SplitResult:
    """The address of the page that htmx asks from; an empty one where it says nothing sensible."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return urlsplit("")


def moves(whole: queries.Whole) -> set[str]:
    """The verbs that the timetable has for this order now; buttons ask this and the verbs ask the same table."""
    order = whole.order
    may = {m.verb for m in states.TIMETABLE if m.thing == "order" and "staff" in m.who and order.stage in m.froms}
    may -= {"hold"} if order.held_at else {"release"}
    may -= {"unarchive"} if not order.archived_at else {"archive"}
    if order.promised_on:
        may.discard("promise")
    if any(parcel.state == "labelled" for parcel, _pieces in whole.parcels):
        may.discard("readdress")
    if whole.open_lines and order.stage in states.OPEN and not order.held_at and not order.channel_block:
        may.add("ship")
    if whole.here and order.stage in ("awaiting_payment", *states.OPEN):
        may |= {"cancel", "request_cancel"}
    if whole.gone:
        may.add("claim")
    if not any(line.location and queries.open_pieces(line) for line in whole.lines):
        may.discard("relocate")
    if not current_user.may("manager"):
        may -= {"pay", "expire", "delay", "readdress", "archive", "unarchive"}
    if not (order.is_test and current_user.is_owner):
        may.discard("delete")
    return may - {"place"}


def queue_url(filter_: queue.Filter, **changes: Any) -> str:
    """The queue's address with this filter, changed so. Not url_for: a page asks this twenty times."""
    words = filter_.words()
    for name, value in changes.items():
        words[name] = "1" if value is True else value
        if not value or (name, value) == ("tab", "open"):
            del words[name]
    return "/orders?" + urlencode(words) if words else "/orders"


def name_of(order: Any) -> str:
    """How a toast names an order."""
    return _("Order %(no)s", no=order.order_no)
