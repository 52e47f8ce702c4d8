"""Packing slips and the pick list: asked for on a page, printed by a POST (it is counted and written down)."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from sellerweb.desk import drawing, paper
from sellerweb.desk.labels import CHANNEL
from sellerweb.shop import printing, queries
from sellerweb.shop.db import read
from sellerweb.shop.states import GONE

bp = Blueprint("slips", __name__)
MOST = 200


@bp.get("/orders/<code>/slip")
def slip(code: str) -> Response:
    """What the slip says, with the address masked; opened from a slip's QR code, whether that slip is still right."""
    whole = queries.whole(read(), code) or abort(404)
    number = request.args.get("print", "")
    opened = next((p for p in whole.prints if str(p.number) == number), None)
    return drawing.htmx_or_page(
        "desk/slips/slip.html",
        whole=whole, order=whole.order, opened=opened, sizes=paper.SIZES, size=_size(),
        stale=opened is not None and opened.address_version != whole.order.address_version,
    )  # fmt: skip


@bp.post("/orders/<code>/slip", endpoint="slip_print")
def slip_print(code: str) -> Response:
    """Print it: as PDF, or as a page for the browser's own printing."""
    if queries.whole(read(), code) is None:
        abort(404)
    return _printed([code])


@bp.post("/slips")
def many() -> Response:
    """The slips of all ticked orders, in one PDF."""
    return _printed(request.form.getlist("id"))


@bp.post("/picklist")
def picklist() -> Response:
    """What to fetch for the ticked orders, shelf by shelf."""
    codes = request.form.getlist("id")[:MOST]
    slips = [s for s in (slip_of(w, 1) for w in _printable(codes)) if s]
    if not slips:
        return _nothing()
    try:
        pdf = paper.picklist_pdf(paper.picks(slips), _("Pick list"), lang=str(get_locale()))
    except paper.PdfError as error:
        return _failed(error)
    return _pdf(pdf, "picklist.pdf")


def slip_of(whole: queries.Whole, print_number: int) -> paper.Slip | None:
    """An order as its slip says it: what is to be sent, not what is cancelled or asked to be; None where there is nothing."""
    order = whole.order
    going = [(line, line.ordered - line.cancelled - line.shipped - line.asked) for line in whole.lines]
    if not any(quantity for _line, quantity in going):  # all has left: a slip for what was sent
        going = [(line, line.shipped) for line in whole.lines]
        before = 0
    else:
        before = sum(parcel.state in GONE for parcel, _pieces in whole.parcels)
    lines = [
        paper.SlipLine(
            name=x.name, quantity=q, option=x.option, sku=x.sku, shelf=x.shelf or "", location=x.location or ""
        )
        for x, q in going
        if q > 0
    ]
    if not lines:
        return None
    return paper.Slip(
        code=order.code,
        url=f"{current_app.config['BASE_URL']}/orders/{order.code}/slip?print={print_number}",
        shop=current_app.config["SHOP_NAME"],
        lines=lines,
        recipient=order.receiver_name,
        address=order.address,
        phone=order.phone,
        postcode=order.postcode,
        country=order.country if order.country not in ("", current_app.config["COUNTRY"]) else "",
        channel=str(CHANNEL[order.channel]),
        logo=_logo(),
        ordered_at=order.ordered_at,
        paid_at=order.paid_at,
        ship_by=order.ship_due_at,
        message=order.message,
        gift_note="\n".join(p for p in (order.gift_note, *(x.gift for x, q in going if q)) if p),
        part=before + 1,
        parts=before + 1,
        print_number=print_number,
        test=order.is_test,
    )


def _printed(codes: list[str]) -> Response:
    found = _printable(codes[:MOST])
    if not found:
        return _nothing()
    numbers = printing.count([w.order.id for w in found], current_user.id)
    slips = [s for s in (slip_of(w, numbers[w.order.id]) for w in found) if s]
    language = str(get_locale())
    if request.form.get("as") == "page":
        return Response(paper.slip_html(slips, _size(), language))
    try:
        pdf = paper.slip_pdf(slips, _size(), language)
    except paper.PdfError as error:
        return _failed(error)
    return _pdf(pdf, f"slip-{found[0].order.code}.pdf" if len(found) == 1 else "slips.pdf")


def _printable(codes: list[str]) -> list[queries.Whole]:
    """The orders that a slip can be printed for: paid, with an address, with pieces that were not cancelled."""
    found = (queries.whole(read(), code) for code in dict.fromkeys(codes))
    paid = (w for w in found if w and w.order.stage not in ("awaiting_payment", "cancelled", "expired"))
    return [w for w in paid if slip_of(w, 1)]


def _size() -> Any:
    size = request.values.get("size", "a5")
    return size if size in paper.SIZES else "a5"


def _logo() -> bytes:
    path = current_app.config["SHOP_LOGO"]
    return Path(path).read_bytes() if path and Path(path).is_file() else b""


def _pdf(pdf: bytes, name: str) -> Response:
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": f"inline; filename={name}"})


def _nothing() -> Response:
    flash(_("There is nothing to print: tick orders that are paid and still have pieces to send."))
    return redirect(url_for("desk.orders.queue"), 303)  # type: ignore[return-value]


def _failed(error: paper.PdfError) -> Response:
    return Response(render_template("desk/slips/failed.html", why=str(error)), 503)
