"""An order that staff take themselves: phone and market stall, with and without scripts, by a packer too."""

from datetime import UTC, datetime

import pytest
import time_machine
from page import filled

# A Monday, 10:00 in Seoul.
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NEW = "/orders/new"
GOOD = {
    "buyer_name": "김서준",
    "buyer_phone": "010-1234-5678",
    "postcode": "06236",
    "address": "서울특별시 강남구 테헤란로 152, 12층",
    "lines-0-name": "크라프트 노트 A5",
    "lines-0-option": "라인",
    "lines-0-quantity": "2",
    "lines-0-price": "12,400",
    "payment": "paid",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def carol(at_desk):
    return at_desk("Carol")


@pytest.fixture
def products(change):
    for id_, sku, name, option in (
        (1, "NOTE-A5-L", "크라프트 노트 A5", "라인"),
        (2, "NOTE-A5-G", "크라프트 노트 A5", "방안"),
        (3, "PEN_05", "젤펜 0.5", "블랙"),
    ):
        change(
            "INSERT INTO product (id, sku, name, option, barcode, shelf, carrier)"
            " VALUES (:id, :sku, :name, :option, '', 'A-1', '')",
            id=id_, sku=sku, name=name, option=option,
        )  # fmt: skip


def placed(person, *, page=None, status=303, **values):
    """The answer to a good form, but for `values`; dashes in names are written as __."""
    values = {name.replace("__", "-"): value for name, value in values.items()}
    return person.submit(page or person.open(NEW), NEW, status=status, **GOOD | values)


def pressed(person, page, verb, *, htmx=False, **values):
    """A button of the form that is not its main one, with what stands in the form."""
    values = {name.replace("__", "-"): value for name, value in values.items()}
    return person.post(f"{NEW}/{verb}", {**filled(page.form(NEW)), **values}, htmx=htmx, status=200)


def order(rows, code="M20261123-01"):
    return rows("SELECT * FROM orders WHERE code = :code", code=code)[0]


def test_a_packer_places_an_order(carol, rows, broken):
    page = placed(carol, shipping_fee="3000", message="문 앞에", gift_note="생일 축하해요")
    assert page.headers["Location"] == "/orders/M20261123-01"
    assert "Order M20261123-01 is placed." in carol.follow(page).text(".toast")
    one, line = order(rows), rows("SELECT * FROM order_line")[0]
    assert (one.channel, one.stage, one.currency, one.total, one.shipping_fee) == (
        "manual",
        "new",
        "KRW",
        24_800,
        3_000,
    )
    assert (one.buyer_name, one.receiver_name, one.phone, one.postcode) == ("김서준", "김서준", "01012345678", "06236")
    assert (one.message, one.gift_note, one.town, bool(one.is_test)) == (
        "문 앞에",
        "생일 축하해요",
        "서울 강남구",
        False,
    )
    assert (line.name, line.option, line.ordered, line.total, line.method) == (
        "크라프트 노트 A5",
        "라인",
        2,
        24_800,
        "parcel",
    )
    assert one.ship_due_at
    assert one.cancel_until
    assert broken() == {}


def test_the_history_says_who_placed_it(carol, cast, rows):
    placed(carol)
    (event,) = rows("SELECT * FROM event")
    assert (event.verb, event.actor, event.staff_id) == ("place", "staff", cast["Carol"])


def test_the_queue_leads_there(carol):
    assert carol.open("/orders").find("header").find(f".//a[@href='{NEW}']") is not None


def test_a_double_tap_places_one_order(carol, rows):
    page = carol.open(NEW)
    first, second = placed(carol, page=page), placed(carol, page=page)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(rows("SELECT * FROM orders")) == 1


def test_a_form_from_before_is_not_another_order_unasked(carol, rows):
    page = carol.open(NEW)
    placed(carol, page=page)
    again = placed(carol, page=page, buyer_name="이서연", status=409)
    assert again.find(".banner").find("a").get("href") == "/orders/M20261123-01"
    assert again.find("#buyer_name").get("value") == "이서연"
    assert len(rows("SELECT * FROM orders")) == 1
    carol.submit(again, NEW, status=303)
    assert len(rows("SELECT * FROM orders")) == 2


def test_what_waits_for_its_money_waits(carol, desk, rows, broken, send):
    placed(carol, payment="waiting")
    one = order(rows)
    assert (one.stage, one.paid_at, one.ship_due_at, one.cancel_until) == ("awaiting_payment", None, None, None)
    desk.submit(desk.open("/orders/M20261123-01"), "/orders/M20261123-01/pay")
    assert order(rows).stage == "new"
    assert order(rows).ship_due_at
    send(desk, "M20261123-01", number="622344515213")
    assert order(rows).stage == "shipped"
    assert broken() == {}


# ── its number ──


def test_numbers_are_proposed_by_day_and_skip_what_is_taken(carol, make_order, clock):
    assert carol.open(NEW).find("#order_no").get("value") == "M20261123-01"
    make_order("M20261123-01", channel="manual")
    make_order("M20261123-02", channel="smartstore")
    assert carol.open(NEW).find("#order_no").get("value") == "M20261123-02"
    clock.move_to(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))  # midnight in Seoul
    assert carol.open(NEW).find("#order_no").get("value") == "M20261124-01"


def test_a_number_of_ones_own_is_kept(carol, rows):
    assert placed(carol, order_no="장터 7").headers["Location"] == "/orders/7"
    assert order(rows, "7").order_no == "장터 7"


def test_a_number_that_is_taken_is_refused_at_its_field(carol, make_order, rows):
    make_order("B-1", channel="manual")
    page = placed(carol, order_no="B-1", status=422)
    assert "There is an order B-1 already" in page.text("#order_no-error")
    assert page.find("#order_no").get("value") == "B-1"
    assert page.find("#lines-0-price").get("value") == "12,400"
    assert len(rows("SELECT * FROM orders")) == 1
    carol.submit(page, NEW, order_no="B-2", status=303)


def test_a_proposed_number_gives_way(carol, make_order):
    page = carol.open(NEW)
    make_order("M20261123-01", channel="manual")
    assert placed(carol, page=page).headers["Location"] == "/orders/M20261123-02"


def test_a_code_that_another_channel_has_gets_a_second_one(carol, make_order):
    make_order("B1")
    assert placed(carol, order_no="B1").headers["Location"] == "/orders/B1-2"


@pytest.mark.parametrize("number", ["", "new", "poll", "---", "9" * 61])
def test_a_number_that_is_none_is_refused(carol, rows, number):
    assert placed(carol, order_no=number, status=422).text("#order_no-error")
    assert rows("SELECT * FROM orders") == []


# ── its lines ──


def test_a_line_more_and_nothing_is_lost(carol, htmx):
    page = carol.submit(carol.open(NEW), NEW, status=422, **GOOD | {"address": ""})
    more = pressed(carol, page, "add", htmx=htmx)
    assert [more.find(f"#lines-{n}-quantity").get("value") for n in (0, 1)] == ["2", "1"]
    assert more.find("#lines-0-price").get("value") == "12,400"
    assert more.find("#lines-1-name").get("autofocus") is not None
    assert bool(more.all("html")) is not htmx
    if not htmx:
        assert more.find("#buyer_name").get("value") == "김서준"
        assert more.find("#postcode").get("value") == "06236"


def test_a_line_less(carol, htmx):
    page = pressed(carol, carol.open(NEW), "add", lines__0__name="노트")
    page = pressed(carol, page, "drop?line=0", htmx=htmx, lines__1__name="펜", lines__1__quantity="7")
    assert page.find("#lines-0-name").get("value") == "펜"
    assert page.find("#lines-0-quantity").get("value") == "7"
    assert not page.all("#lines-1-name")


def test_lines_have_an_end(carol):
    page = carol.open(NEW)
    many = {f"lines-{n}-name": "노트" for n in range(120)}
    page = pressed(carol, page, "add", **many)
    assert page.all("#lines-99-name")
    assert not page.all("#lines-100-name")
    assert "do not fit into one order" in page.text("#lines")


def test_lines_that_are_empty_are_left_out(carol, rows):
    page = pressed(carol, pressed(carol, carol.open(NEW), "add"), "add")
    carol.submit(page, NEW, status=303, **GOOD | {"lines-2-name": "펜", "lines-2-price": "0"})
    assert [(x.item_no, x.name, x.total) for x in rows("SELECT * FROM order_line ORDER BY position")] == [
        ("1", "크라프트 노트 A5", 24_800),
        ("2", "펜", 0),
    ]


def test_products_are_found_by_name_and_by_sku(carol, products, htmx):
    page = carol.open(NEW)
    for words, found in (("노트", 2), ("note-a5", 2), ("pen_", 1), ("a5-g", 1), ("%", 0), ("", 0)):
        answer = pressed(carol, page, "find?line=0", htmx=htmx, lines__0__name=words)
        assert len(answer.all(".chip")) == found, words
        if not htmx:
            assert answer.find("#lines-0-name").get("value") == words


def test_a_product_that_was_found_is_taken(carol, products, rows, htmx):
    page = pressed(
        carol, carol.open(NEW), "take?line=0&product=2", htmx=htmx, lines__0__quantity="3", lines__0__price="9"
    )
    line = [page.find(f"#lines-0-{name}").get("value") for name in ("name", "option", "quantity", "price")]
    assert line == ["크라프트 노트 A5", "방안", "3", "9"]
    assert "SKU NOTE-A5-G" in page.text("#lines")


@pytest.mark.parametrize("where", ["take?line=0&product=99", "take?line=x&product=1", "take?line=5&product=1", "take"])
def test_what_is_not_there_is_not_taken(carol, products, where):
    page = pressed(carol, carol.open(NEW), where, lines__0__name="노트")
    assert page.find("#lines-0-name").get("value") == "노트"


def test_a_line_knows_its_product(carol, products, rows):
    page = pressed(carol, carol.open(NEW), "take?line=0&product=1")
    carol.submit(page, NEW, status=303, **{**GOOD, "lines-0-option": "라인"})
    assert rows("SELECT sku, product_id FROM order_line") == rows(
        "SELECT sku, id AS product_id FROM product WHERE id = 1"
    )


def test_a_line_that_says_something_else_lets_go_of_its_product(carol, products, rows):
    page = pressed(carol, carol.open(NEW), "take?line=0&product=2")
    carol.submit(page, NEW, status=303, **{**GOOD, "lines-0-name": "포장 봉투", "lines-0-option": ""})
    assert [(x.sku, x.product_id, x.name) for x in rows("SELECT * FROM order_line")] == [("", None, "포장 봉투")]


def test_a_sku_that_was_typed_becomes_its_product(carol, products, rows):
    placed(carol, lines__0__name="PEN_05", lines__0__option="")
    assert [(x.sku, x.product_id, x.name, x.option) for x in rows("SELECT * FROM order_line")] == [
        ("PEN_05", 3, "젤펜 0.5", "블랙")
    ]


def test_the_sum_is_said_while_it_is_typed(carol, htmx):
    page = carol.open(NEW)
    values = {"lines__0__name": "x", "lines__0__price": "1,500", "lines__0__quantity": "3", "shipping_fee": "2500"}
    said = pressed(carol, page, "sum", htmx=htmx, **values)
    assert "Together ₩7,000" in said.text("span" if htmx else "#sum")
    assert "Together" not in pressed(carol, page, "sum", htmx=htmx, **values | {"lines__0__price": "?"}).html


# ── what is refused ──

REFUSED = [
    ({"buyer_name": ""}, "buyer_name", "Type the name"),
    ({"buyer_phone": "1234"}, "buyer_phone", "whole phone number"),
    ({"buyer_phone": ""}, "phone", "A carrier needs a phone number"),
    ({"buyer_email": "서준@"}, "buyer_email", "no e-mail address"),
    ({"postcode": ""}, "postcode", "five digits"),
    ({"postcode": "123-456"}, "postcode", "five digits"),
    ({"country": "JP"}, "postcode", "seven digits"),
    ({"address": " "}, "address", "Type the address"),
    ({"lines-0-name": ""}, "lines-0-name", "Type what was ordered"),
    ({"lines-0-name": "", "lines-0-option": "", "lines-0-price": ""}, "lines-0-name", "Type what was ordered"),
    ({"lines-0-quantity": "0"}, "lines-0-quantity", "1 or more"),
    ({"lines-0-quantity": "1.5"}, "lines-0-quantity", "1 or more"),
    ({"lines-0-quantity": "100000"}, "lines-0-quantity", "1 or more"),
    ({"lines-0-price": ""}, "lines-0-price", "0 for a gift"),
    ({"lines-0-price": "12.40"}, "lines-0-price", "0 for a gift"),
    ({"lines-0-price": "-1"}, "lines-0-price", "0 for a gift"),
    ({"lines-0-price": "999999999999"}, "lines-0-price", "Look at the zeros"),
    ({"currency": "USD", "shipping_fee": "99999999999"}, "shipping_fee", "Look at the zeros"),
    ({"shipping_fee": "free"}, "shipping_fee", "Type an amount"),
    ({"address": "길" * 1001}, "address", "1000 characters"),
]


@pytest.mark.parametrize(("values", "field", "why"), REFUSED)
def test_what_cannot_be_is_said_at_its_field_and_stays(carol, rows, values, field, why):
    page = carol.submit(carol.open(NEW), NEW, status=422, **GOOD | values)
    assert why in page.text(f"#{field}-error")
    assert page.find(f"#{field}").get("aria-invalid") == "true"
    stands = {name: "".join(said).strip() for name, said in filled(page.form(NEW)).items()}
    assert stands == {**stands, **{name: said.strip() for name, said in (GOOD | values).items()}}
    assert rows("SELECT * FROM orders") == []


def test_whether_it_is_paid_must_be_said(carol, rows):
    values = {name: value for name, value in GOOD.items() if name != "payment"}
    page = carol.submit(carol.open(NEW), NEW, status=422, **values)
    assert "Say whether it is paid" in page.text("#payment-error")
    assert carol.submit(page, NEW, status=303, payment="paid")


def test_choices_that_are_none_are_refused(carol, rows):
    for name in ("payment", "how", "country", "currency"):
        values = {**filled(carol.open(NEW).form(NEW)), **GOOD, name: "XX"}
        carol.post(NEW, values, status=422)
    assert rows("SELECT * FROM orders") == []


# ── people and places ──


def test_what_is_picked_up_needs_no_address(carol, rows, broken):
    placed(carol, how="pickup", buyer_phone="", postcode="", address="")
    assert (order(rows).address, order(rows).door) == ("", None)
    assert rows("SELECT method FROM order_line")[0].method == "pickup"
    assert carol.open("/orders/M20261123-01/ship").find("#carrier-direct-M20261123-01").get("checked") is not None
    assert broken() == {}


def test_what_is_picked_up_leaves_without_a_number(carol, rows, send):
    placed(carol, how="direct", postcode="", address="")
    send(carol, "M20261123-01")
    assert order(rows).stage == "shipped"


def test_a_japanese_order(carol, rows):
    placed(
        carol, country="JP", currency="JPY", postcode="1540004", buyer_phone="", receiver_name="山田 太郎",
        phone="090-1234-5678", address="東京都世田谷区太子堂1-2-3", lines__0__price="980",
    )  # fmt: skip
    one = order(rows)
    assert (one.postcode, one.phone, one.receiver_name, one.buyer_name) == (
        "154-0004",
        "09012345678",
        "山田 太郎",
        "김서준",
    )
    assert (one.currency, one.total, one.country) == ("JPY", 1960, "JP")


def test_dollars_have_cents(carol, rows):
    placed(carol, country="US", currency="USD", postcode="10001", lines__0__price="12.5", shipping_fee="4")
    assert (order(rows).total, order(rows).shipping_fee) == (2500, 400)


def test_a_manual_order_to_a_known_door_is_a_neighbour(carol, make_order, rows):
    make_order("N1", phone="01012345678", receiver_name="김서준")
    placed(carol)
    assert len({x.door for x in rows("SELECT door FROM orders")}) == 1


def test_a_test_order_says_so_and_can_be_deleted(carol, desk, rows):
    placed(carol, is_test="y")
    assert order(rows).is_test
    assert "Test" in carol.open("/orders").text(".row")
    assert desk.open("/orders/M20261123-01/delete")


def test_what_is_typed_is_never_markup(carol, rows):
    page = placed(carol, buyer_name="<b>x</b>", lines__0__name="<script>1</script>", address="<i>", order_no="<1>")
    assert "<script>1" not in carol.follow(page).html


def test_a_stranger_stays_outside(stranger):
    stranger.open(NEW, status=303)
