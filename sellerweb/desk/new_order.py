"""A new order that staff take themselves: the page, its lines, placing it. What is true of such an order: `shop.by_hand`."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from sellerweb.channels.contact import hyphened, phone
from sellerweb.desk import door, drawing
from sellerweb.desk.new_order_forms import MOST_LINES, LineForm, NewOrderForm
from sellerweb.kit import htmx
from sellerweb.shop import by_hand, clock, history, policy
from sellerweb.shop.db import read
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.refused import Refused

bp = Blueprint("new_order", __name__, url_prefix="/orders/new")
CURRENCY = {"KR": "KRW", "JP": "JPY"}


@bp.get("")
def new_order() -> Response:
    country = current_app.config["COUNTRY"]
    number = by_hand.next_number(read(), _today())
    form = NewOrderForm(
        formdata=None, order_no=number, proposed=number, country=country, currency=CURRENCY.get(country, "USD")
    )
    return _page(form.fresh())


@bp.post("")
def place() -> Response:
    form = NewOrderForm()
    _know_products(form)
    if not form.validate():
        return _page(form, 422)
    try:
        with history.act(door.actor(), "place", form.action_id.data, form.typed()) as act:
            case = by_hand.place(act, _told(form), _today(), proposed=form.proposed.data, is_test=form.is_test.data)
        code, number = case.order.code, case.order.order_no
    except history.Repeated:
        code = number = by_hand.made_by(read(), form.action_id.data) or abort(404)
    except Refused as no:
        return _refused(form, no)
    flash(_("Order %(no)s is placed.", no=number))
    return redirect(url_for("desk.orders.order", code=code), 303)  # type: ignore[return-value]


@bp.post("/add")
def add() -> Response:
    """One line more, below those that are there."""
    form = NewOrderForm()
    lines = form.lines.data
    form.put_lines([*lines, {}][:MOST_LINES])
    return _lines(form, newest=len(form.lines) - 1)


@bp.post("/drop")
def drop() -> Response:
    """One line less."""
    form = NewOrderForm()
    gone = _asked("line", MOST_LINES)
    form.put_lines([line for n, line in enumerate(form.lines.data) if n != gone] or [{}])
    return _lines(form)


@bp.post("/find")
def find() -> Response:
    """Products for what is typed in a line."""
    form, line = NewOrderForm(), _asked("line", MOST_LINES)
    typed = form.lines[line].form.name.data if line < len(form.lines) else ""
    found = by_hand.products(read(), typed)
    if htmx.partial():
        return drawing.htmx_or_page("desk/new_order/_found.html", products=found, at=line)
    return _lines(form, found={line: found})


@bp.post("/take")
def take() -> Response:
    """This product into that line; quantity and price stay."""
    form, line = NewOrderForm(), _asked("line", MOST_LINES)
    product = by_hand.product(read(), _asked("product", 0))
    if product and line < len(form.lines):
        _put(form.lines[line].form, product)
    return _lines(form, newest=line)


@bp.post("/sum")
def sum_() -> Response:
    """What it comes to as it stands."""
    form = NewOrderForm()
    if not htmx.partial():
        return _lines(form)
    return drawing.htmx_or_page("desk/new_order/_sum.html", form=form, **_sums(form))


def _refused(form: NewOrderForm, no: Refused) -> Response:
    """The number is taken (422), or this very form has placed another order already (409)."""
    if no.field:
        form[no.field].errors = [*form[no.field].errors, str(no.why)]
        return _page(form.fresh(), 422)
    made = by_hand.made_by(read(), form.action_id.data)
    return _page(form.fresh(), 409, problem=str(no.why), made=made)


def _told(form: NewOrderForm) -> OrderIn:
    """What was typed, as a channel would tell it: phones and postcodes in the same spelling, so that one door is one door."""
    country, now = form.country.data, clock.now()
    paid = form.payment.data == "paid"
    buyer = phone(form.buyer_phone.data, country)
    code = form.postcode.data
    return OrderIn(
        order_no=form.order_no.data,
        currency=form.currency.data,
        lines=[_line_in(form, n, line, "new" if paid else "waiting") for n, line in enumerate(form.filled, 1)],
        ordered_at=now,
        paid_at=now if paid else None,
        buyer_name=form.buyer_name.data,
        buyer_phone=buyer,
        buyer_email=form.buyer_email.data,
        receiver_name=form.receiver_name.data or form.buyer_name.data,
        phone=phone(form.phone.data, country) or buyer,
        postcode=hyphened(code) if country == "JP" else code,
        address=form.address.data,
        country=country,
        message=form.message.data,
        gift_note=form.gift_note.data,
        shipping_fee=form.minor(form.shipping_fee) or 0,
    )


def _line_in(form: NewOrderForm, number: int, line: LineForm, state: str) -> LineIn:
    pieces, price = line.pieces or 0, form.minor(line.price) or 0
    return LineIn(
        item_no=str(number),
        name=line.name.data,
        quantity=pieces,
        state=state,
        option=line.option.data,
        sku=line.sku.data,
        total=pieces * price,
        method=form.how.data,
    )


def _know_products(form: NewOrderForm) -> None:
    """A SKU that was typed becomes its product; a line that says something else than its product lets go of it."""
    for line in form.filled:
        product = by_hand.by_sku(read(), line.sku.data)
        if product and (product.name, product.option) == (line.name.data, line.option.data):
            continue
        line.sku.data = ""
        if typed := by_hand.by_sku(read(), line.name.data):
            _put(line, typed)


def _put(line: LineForm, product: Any) -> None:
    line.sku.data, line.name.data, line.option.data = product.sku, product.name, product.option


def _sums(form: NewOrderForm) -> dict[str, Any]:
    """Goods and shipping in minor units; None while a line is not readable."""
    prices = [(line.pieces, form.minor(line.price)) for line in form.filled]
    known = [pieces * price for pieces, price in prices if pieces is not None and price is not None]
    return {
        "goods": sum(known) if known and len(known) == len(prices) else None,
        "shipping": form.minor(form.shipping_fee) or 0,
    }


def _lines(form: NewOrderForm, **more: Any) -> Response:
    """The lines anew, for htmx; without it the page, with all that was typed."""
    _know_products(form)
    if htmx.partial():
        return drawing.htmx_or_page("desk/new_order/_lines.html", form=form, **_around(form), **more)
    return _page(form, **more)


def _page(form: NewOrderForm, status: int = 200, **more: Any) -> Response:
    return drawing.htmx_or_page("desk/new_order/new_order.html", status, form=form, **_around(form), **more)


def _around(form: NewOrderForm) -> dict[str, Any]:
    rules = policy.of(read(), by_hand.CHANNEL)
    currency = form.currency.data
    return {
        **_sums(form),
        "usual_fee": rules.shipping_fee.get(currency),
        "free_from": rules.free_shipping_from.get(currency),
        "most": MOST_LINES,
    }


def _asked(name: str, otherwise: int) -> int:
    """A number that a button carries: which line, which product."""
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else otherwise


def _today() -> date:
    return clock.now().astimezone(drawing.zone()).date()
