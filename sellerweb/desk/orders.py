"""The queue and the order's page. What changes an order stands in `verbs` and `shipments`."""

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint, Response, abort, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from sellerweb.desk import drawing
from sellerweb.kit import htmx
from sellerweb.shop import access, clock, imports, policy, queries, queue, search
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused

bp = Blueprint("orders", __name__)
# How much of a long list is drawn again for somebody who comes back to it.
MOST_PAGES = 20


@bp.get("/orders", endpoint="queue")
def queue_() -> Response:
    """The queue, a page of it, or what a search found."""
    words = request.args.get("q", "").strip()
    filter_ = _filter()
    context = _found(words) if words else _page(filter_)
    if htmx.partial() and request.args.get("after"):
        return drawing.htmx_or_page("desk/orders/_more.html", **context)
    if htmx.partial():
        return drawing.htmx_or_page("desk/orders/_queue.html", fragment=True, **context)
    return drawing.htmx_or_page("desk/orders/queue.html", synced=imports.last_finished(), **context)


@bp.get("/orders/poll")
def poll() -> Response:
    """The queue again, if anything has happened since it was drawn; rows that are open stay open."""
    filter_ = _filter()
    words = request.args.get("q", "").strip()
    if _stamp(queue.stamp(read())) == request.args.get("stamp", ""):
        return Response(status=204)
    context = _found(words) if words else _page(filter_, polling=True)
    open_ = set(request.args.getlist("open")[:20])
    here = {row.code for row in context["rows"]}
    strayed = queue.by_codes(read(), sorted(open_ - here))
    before = request.args.get("stamp", "").partition(".")[0]
    response = drawing.htmx_or_page("desk/orders/_queue.html", fragment=True, open=open_, strayed=strayed, **context)
    newest = context["counts"].stage.get("new", 0)
    if before.isdigit() and newest > _count(request.args.get("new", "")):
        htmx.events(response, "new-orders")
    return response


@bp.get("/orders/<code>")
def order(code: str) -> Response:
    """The order's page; asked for by htmx, its row at rest."""
    return drawing.row(code)


@bp.get("/orders/filter", endpoint="filter")
def filter_form() -> Response:
    """The days of the filter: promised, ordered or paid between."""
    return drawing.htmx_or_page(
        "desk/orders/_dates.html" if htmx.partial() else "desk/orders/dates.html", filter=_filter()
    )


@bp.get("/orders/<code>/look")
def look(code: str) -> Response:
    """The row, opened without a question."""
    return drawing.row(code, panel="look")


@bp.get("/orders/<code>/person")
def person(code: str) -> Response:
    """Who gets the parcel, masked again."""
    whole = queries.whole(read(), code) or abort(404)
    return drawing.htmx_or_page("desk/orders/_person.html", order=whole.order)


@bp.post("/orders/<code>/reveal")
def reveal(code: str) -> Response:
    """Show name, address and phone, and write down who looked. Never before payment."""
    whole = queries.whole(read(), code) or abort(404)
    if whole.order.stage == "awaiting_payment":
        response = drawing.conflict(code, Refused(_l("Phone and address are shown once it is paid.")))
        response.headers.update({"HX-Retarget": f"#order-{whole.order.code}", "HX-Reswap": "outerHTML"})
        return response
    access.look(whole.order.id, current_user.id, "address")
    if htmx.partial():
        return drawing.htmx_or_page("desk/orders/_person.html", order=whole.order, revealed=True)
    return drawing.row(code, revealed=True)


def _page(filter_: queue.Filter, *, polling: bool = False) -> dict[str, Any]:
    now, zone = clock.now(), drawing.zone()
    pages = min(max(_count(request.args.get("pages") or (_pages_shown() if polling else "")), 1), MOST_PAGES)
    begin = request.args.get("after", "")
    rows, after = queue.page(read(), filter_, zone, now, begin, 1 if begin else pages)
    return {"rows": rows, "after": after, "q": "", "pages": pages, **_around(filter_, now)}


def _pages_shown() -> str:
    """How many pages the asking page shows, by its address: a poll draws as many again."""
    return parse_qs(drawing.asking_page().query).get("pages", [""])[0]


def _found(words: str) -> dict[str, Any]:
    before = _count(request.args.get("after", "").partition(".")[2])
    ids = search.find(read(), words, before or 2**31 - 1)
    after = f"0.{ids[-1]}" if len(ids) == search.LIMIT else ""
    around = _around(queue.Filter(), clock.now())
    return {
        "rows": queue.rows(read(), ids),
        "stopped_parcels": _stopped(words) if around["counts"].stopped else [],
        "after": after,
        "q": words,
        "pages": 1,
        **around,
    }


def _stopped(words: str) -> list[Any]:
    """Parcels with this number that must not leave: they say so before anything else about it."""
    number = re.sub(r"[^0-9a-z]", "", search.normal(words))
    return [parcel for parcel in queries.stopped(read()) if parcel.number and parcel.number.lower() == number]


def _around(filter_: queue.Filter, now: Any) -> dict[str, Any]:
    counts = queue.counts(read(), drawing.zone(), now)
    return {
        "filter": filter_,
        "counts": counts,
        "stamp": _stamp(counts.stamp),
        "now": now,
        "tonight": queue.tonight(drawing.zone(), now),
        "channels": policy.CHANNELS,
        "tabs": queue.TABS,
    }


def _stamp(newest: int) -> str:
    # The clock is part of what is shown: a quiet queue is drawn anew every five minutes.
    return f"{newest}.{int(clock.now().timestamp()) // 300}"


def _filter() -> queue.Filter:
    """The filter that the address asks for; what makes no sense is left out."""
    said = request.args
    tab, channel, due, by = (said.get(name, "") for name in ("tab", "channel", "due", "by"))
    return queue.Filter(
        tab=tab if tab in queue.TABS else "open",
        channel=channel if channel in policy.CHANNELS else "",
        due=due if due in ("late", "today") else "",
        promised=_day(said.get("promised", "")),
        since=_day(said.get("since", "")),
        until=_day(said.get("until", "")),
        by="paid" if by == "paid" else "ordered",
        memo=said.get("memo") in ("1", "y"),
        door=said.get("door") in ("1", "y"),
    )


def _day(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _count(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else 0
