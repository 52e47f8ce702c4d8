"""Why orders are undone: a page for managers with a table and a chart, the orders behind each number, and the same as CSV."""

import csv
import io
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from sellerweb.channels.written import inert
from sellerweb.desk import door, drawing, labels
from sellerweb.desk.claim_words import KINDS, REASON
from sellerweb.shop import clock, policy, queue, reasons
from sellerweb.shop.db import read
from sellerweb.shop.reasons import Cell, Filter, Line, Report

bp = Blueprint("reasons", __name__)
# A table longer than this begins with the reasons alone; and one longer than that is for the spreadsheet.
SHORT, MOST_LINES = 40, 300


@bp.get("/reasons", endpoint="reasons")
@door.role_required("manager")
def reasons_() -> Response:
    report = _report()
    whole = len(report.lines) <= SHORT or report.filter.reason or request.args.get("whole") == "1"
    lines = [line for line in report.lines if whole or not line.product]
    return drawing.htmx_or_page(
        "desk/reasons/reasons.html",
        report=report,
        filter=report.filter,
        lines=lines[:MOST_LINES],
        busy=[(n, monday) for n, monday in enumerate(report.filter.weeks) if report.total.weeks[n].claims],
        more=len(lines) > MOST_LINES,
        whole=whole,
        share=lambda cell: _share(report, cell),
        orders_url=_orders_url,
        **_words(),
    )


@bp.get("/reasons/orders")
@door.role_required("manager")
def orders() -> Response:
    """The orders behind one number, newest first."""
    filter_ = _filter()
    found, product = reasons.orders(read(), filter_, drawing.zone())
    after = request.args.get("after", "")
    before = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 2**31 - 1
    ids = sorted((id_ for id_ in found.orders if id_ < before), reverse=True)
    now = clock.now()
    return drawing.htmx_or_page(
        "desk/reasons/orders.html",
        found=found,
        filter=filter_,
        rows=queue.rows(read(), ids[: queue.PAGE]),
        after=ids[queue.PAGE - 1] if len(ids) > queue.PAGE else 0,
        product=product,
        now=now,
        tonight=queue.tonight(drawing.zone(), now),
        **_words(),
    )


@bp.get("/reasons.csv")
@door.role_required("manager")
def table() -> Response:
    """The table of the page, row by row and number by number; of each week its claims and its pieces."""
    report = _report()
    text = io.StringIO()
    sheet = csv.writer(text)
    weeks = [
        heading
        for monday in report.filter.weeks
        for heading in (_("%(day)s claims", day=monday), _("%(day)s pieces", day=monday))
    ]
    sheet.writerow(
        [
            _("Kind"),
            _("Reason"),
            _("Product"),
            _("Channel"),
            *weeks,
            _("Claims"),
            _("Pieces"),
            _("Orders"),
            _("Of all orders"),
        ]
    )
    for line in (*report.lines, report.total):
        numbers = [n for cell in (*line.weeks, line.total) for n in (len(cell.claims), cell.pieces)]
        sheet.writerow(
            [*map(inert, _named(report, line)), *numbers, len(line.total.orders), _share(report, line.total)]
        )
    name = f"reasons-{report.filter.since}-{report.filter.until}.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _report() -> Report:
    return reasons.report(read(), _filter(), drawing.zone())


def _filter() -> Filter:
    """The filter that the address asks for; what makes no sense is left out."""
    said = request.args
    kind, reason, channel = (said.get(name, "") for name in ("kind", "reason", "channel"))
    return Filter(
        *reasons.period(_day(said.get("since", "")), _day(said.get("until", "")), _today()),
        kind=kind if kind in KINDS else "",
        reason=reason if reason in REASON else "",
        product=said.get("product", ""),
        channel=channel if channel in policy.CHANNELS else "",
        nothing=said.get("nothing") == "1",
    )


def _orders_url(filter_: Filter, line: Line, monday: date | None = None) -> str:
    """Where the orders behind a number are; without a week, those of the whole row."""
    words = filter_.words()
    if monday:
        words |= {"since": f"{monday}", "until": f"{monday}"}
    there = {name: getattr(line, name) for name in ("kind", "reason", "product", "channel")}
    return "/reasons/orders?" + urlencode(words | {name: value for name, value in there.items() if value})


def _named(report: Report, line: Line) -> list[str]:
    """A row's kind, reason, product and channel in words; "all" where a row sums them up."""
    every = _("all")
    return [
        str(KINDS.get(line.kind, every)),
        str(REASON.get(line.reason, line.reason or every)),
        report.products[line.product] if line.product else every,
        str(labels.CHANNEL.get(line.channel, every)),
    ]


def _share(report: Report, cell: Cell) -> str:
    part = report.share(cell)
    return "–" if part is None else f"{100 * part:.1f}%"


def _words() -> dict[str, Any]:
    channels = [(channel, labels.CHANNEL[channel]) for channel in policy.CHANNELS]
    return {"kind_words": KINDS, "reason_words": REASON, "channel_words": channels}


def _day(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _today() -> date:
    return clock.now().astimezone(drawing.zone()).date()
