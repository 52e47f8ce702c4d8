"""What an orders_export.csv becomes: facts of the samples' expected.json and of the format's awkward corners."""

import csv
import io
import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import get_currency_precision

from sellerweb.channels import READERS, shopify
from sellerweb.channels.sentence import ROW_WHY
from sellerweb.shop.incoming import SHIPPABLE, FileError

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
NAME = "shopify_orders_export.csv"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["files"][NAME]
HEAD = {
    "Name": "#1001",
    "Email": "buyer@example.com",
    "Financial Status": "paid",
    "Paid at": "2026-10-07 09:12:33 +0900",
    "Fulfillment Status": "unfulfilled",
    "Fulfilled at": "",
    "Currency": "USD",
    "Subtotal": "20.00",
    "Shipping": "5.00",
    "Taxes": "0.00",
    "Total": "25.00",
    "Created at": "2026-10-07 09:12:33 +0900",
    "Lineitem quantity": "1",
    "Lineitem name": "Mug - White",
    "Lineitem price": "20.00",
    "Lineitem sku": "MUG-WH",
    "Lineitem requires shipping": "true",
    "Lineitem fulfillment status": "pending",
    "Billing Name": "Jane Sample",
    "Shipping Name": "Jane Sample",
    "Shipping Company": "",
    "Shipping Address1": "1 Example St",
    "Shipping City": "Springfield",
    "Shipping Zip": "00001",
    "Shipping Province": "CA",
    "Shipping Country": "US",
    "Shipping Phone": "(555) 555-0100",
    "Notes": "",
    "Note Attributes": "",
    "Cancelled at": "",
    "Refunded Amount": "0.00",
    "Id": "6000000001001",
    "Lineitem discount": "0.00",
    "Phone": "",
}
LINE = ("Name", "Email", "Created at", "Phone", *(name for name in HEAD if name.startswith("Lineitem")))


def head(**cells):
    """The first row of an order; `Total="9"` by its column, with underscores for spaces."""
    return {**HEAD, **{name.replace("_", " "): cell for name, cell in cells.items()}}


def more(**cells):
    """One of its further rows: a line, and nothing else."""
    return {
        name: cell for name, cell in head(Lineitem_name="Plate", Lineitem_sku="PLATE", **cells).items() if name in LINE
    }


def codes(file):
    return [(rejected.row, rejected.code) for rejected in file.rejected]


@pytest.fixture
def read(csv_of):
    """read(row, row, …): the file of these rows."""
    return lambda *rows, **how: shopify.parse(csv_of(rows, header=list(HEAD), **how))


@pytest.fixture
def only(read):
    def one(*rows, **how):
        file = read(*rows, **how)
        assert codes(file) == []
        (order,) = file.orders
        return order

    return one


def minor(text, currency):
    return int(Decimal(text).scaleb(get_currency_precision(currency)))


def test_the_sample_gives_what_expected_json_says(sample):
    file = READERS["shopify"](sample(NAME))
    counts = EXPECTED["counts"]
    lines = [line for order in file.orders for line in order.lines]
    assert (file.channel, file.rows, len(file.orders), len(lines), codes(file)) == (
        "shopify",
        counts["data_rows"],
        counts["orders"],
        counts["items"],
        [],
    )
    for order, there in zip(file.orders, EXPECTED["orders"], strict=True):
        money = there["currency"]
        assert order.order_no == there["order_no"]
        assert (
            order.receiver_name,
            order.phone,
            order.postcode,
            order.country,
            order.currency,
            order.message,
        ) == tuple(there[name] for name in ("receiver", "phone", "zip", "country", "currency", "message"))
        assert sum(line.total for line in order.lines) + order.shipping_fee == minor(there["total"], money)
        assert order.refunded == minor(there["refunded"], money)
        assert any(line.state in SHIPPABLE for line in order.lines) == there["to_ship"]
        for line, item in zip(order.lines, there["items"], strict=True):
            assert (line.name, line.sku, line.quantity) == (item["name"], item["sku"], item["qty"])
            assert line.total == minor(item["line_total"], money)
            assert (line.method == "direct") == (not item["ship"])
            assert (line.state == "shipped") == (item["line_state"] == "fulfilled")


def test_totals_by_currency_are_those_of_the_sample(sample):
    sums = {}
    for order in shopify.parse(sample(NAME)).orders:
        total = sum(line.total for line in order.lines) + order.shipping_fee
        sums[order.currency] = sums.get(order.currency, 0) + total
    assert sums == {money: minor(total, money) for money, total in EXPECTED["sum_order_total_by_currency"].items()}


def test_rows_in_any_order_make_the_same_orders_with_the_same_keys(sample):
    rows = list(csv.reader(io.StringIO(sample(NAME).decode(), newline="")))
    shuffled = rows[1:]
    random.Random(3).shuffle(shuffled)
    file = io.StringIO(newline="")
    csv.writer(file).writerows([rows[0], *shuffled])
    there = {o.order_no: {x.item_no: x for x in o.lines} for o in shopify.parse(sample(NAME)).orders}
    assert {
        o.order_no: {x.item_no: x for x in o.lines} for o in shopify.parse(file.getvalue().encode()).orders
    } == there


def test_a_file_doubled_in_itself_gives_each_order_once(sample):
    whole = sample(NAME)
    once, twice = shopify.parse(whole), shopify.parse(whole + whole)
    assert twice.orders == once.orders
    assert {code for _row, code in codes(twice)} == {"duplicate_row"}
    assert len(twice.rejected) == 13


def test_each_row_doubled_on_the_spot_gives_each_line_once(read):
    rows = (head(Subtotal="40.00", Total="45.00"), more())
    file = read(rows[0], rows[0], rows[1], rows[1])
    assert [line.name for line in file.orders[0].lines] == ["Mug - White", "Plate"]
    assert [code for _row, code in codes(file)] == ["duplicate_row", "duplicate_row"]


def test_two_lines_that_read_alike_are_two_lines(only):
    order = only(head(Subtotal="60.00", Total="65.00"), more(), more())
    assert [line.name for line in order.lines] == ["Mug - White", "Plate", "Plate"]
    assert len({line.item_no for line in order.lines}) == 3


def test_another_order_under_the_same_name_is_left_to_a_person(read):
    file = read(head(Subtotal="40.00", Total="45.00"), more(), head(Id="7", Shipping_Name="Somebody Else"), more())
    assert [order.receiver_name for order in file.orders] == ["Jane Sample"]
    assert codes(file) == [(4, "duplicate_conflict"), (5, "duplicate_row")]


def test_lines_without_their_first_row_are_orphans(read):
    file = read(more(), head(Name="#1002"))
    assert codes(file) == [(2, "orphan_line")]
    assert [order.order_no for order in file.orders] == ["#1002"]


def test_a_first_row_that_cannot_be_read_takes_its_lines_with_it(read):
    file = read(head(Total="many"), more(), head(Name="#1002"))
    assert codes(file) == [(2, "bad_amount"), (3, "orphan_line")]
    assert [order.order_no for order in file.orders] == ["#1002"]


def test_a_bad_line_leaves_the_others_and_the_money_as_it_is(read):
    file = read(head(Subtotal="40.00", Total="45.00", Lineitem_quantity="0"), more())
    assert codes(file) == [(2, "bad_quantity")]
    assert ([line.name for line in file.orders[0].lines], file.orders[0].shipping_fee) == (["Plate"], 500)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Name", "", "missing_order_no"),
        ("Name", "6.0E+12", "order_no_scientific"),
        ("Name", "=1+1", "formula_in_number"),
        ("Name", "#" + "1" * 64, "too_long"),
        ("Lineitem quantity", "-1", "bad_quantity"),
        ("Lineitem quantity", "=1", "formula_in_number"),
        ("Lineitem price", "12.345", "bad_amount"),
        ("Lineitem discount", "99.00", "bad_amount"),
        ("Total", "1.200,50", "bad_amount"),
        ("Currency", "", "bad_currency"),
        ("Currency", "BITCOIN", "bad_currency"),
        ("Created at", "10/07/2026", "bad_date"),
        ("Created at", "2026-10-07 09:12:33 +9900", "bad_date"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_no_other(read, column, cell, code):
    file = read({**head(), column: cell}, head(Name="#1002"))
    assert codes(file) == [(2, code)]
    assert [order.order_no for order in file.orders] == ["#1002"]
    assert code in ROW_WHY


@pytest.mark.parametrize(
    ("money", "sent", "gone", "state"),
    [
        ("paid", "unfulfilled", "", "new"),
        ("paid", "", "", "new"),
        ("partially_refunded", "unfulfilled", "", "new"),
        ("paid", "fulfilled", "", "shipped"),
        ("paid", "partial", "", "new"),  # this line of it is pending
        ("paid", "restocked", "", "unknown"),
        ("paid", "on_the_moon", "", "unknown"),
        ("pending", "unfulfilled", "", "unpaid"),
        ("partially_paid", "unfulfilled", "", "unpaid"),
        ("authorized", "unfulfilled", "", "unpaid"),
        ("refunded", "unfulfilled", "", "refunded"),
        ("voided", "unfulfilled", "", "void"),
        ("expired", "unfulfilled", "", "void"),
        ("paid", "unfulfilled", "2026-10-07 13:00:00 +0900", "cancelled"),
        ("refunded", "fulfilled", "2026-10-07 13:00:00 +0900", "cancelled"),
        ("something new", "unfulfilled", "", "unknown"),
    ],
)
def test_state_words(only, money, sent, gone, state):
    order = only(head(Financial_Status=money, Fulfillment_Status=sent, Cancelled_at=gone))
    assert order.lines[0].state == state


@pytest.mark.parametrize(
    ("order", "line", "state"),
    [
        ("partial", "fulfilled", "shipped"),
        ("partial", "partial", "part_shipped"),
        ("partial", "pending", "new"),
        ("partial", "", "part_shipped"),
        ("fulfilled", "pending", "shipped"),
        ("unfulfilled", "odd", "unknown"),
    ],
)
def test_a_line_says_itself_whether_it_has_left(only, order, line, state):
    row = head(Fulfillment_Status=order, Lineitem_fulfillment_status=line, Fulfilled_at="2026-10-08 10:00:00 +0900")
    (item,) = only(row).lines
    assert item.state == state
    assert item.shipped_at == (datetime(2026, 10, 8, 1, tzinfo=UTC) if state == "shipped" else None)


def test_what_was_sent_and_then_paid_back_has_left(only):
    (line,) = only(head(Financial_Status="refunded", Lineitem_fulfillment_status="fulfilled")).lines
    assert line.state == "shipped"


def test_times_bring_their_zone_or_have_the_shop_s(only):
    order = only(head(Created_at="2026-10-06 19:12:33 -0500", Paid_at="2026-10-07 09:12:33"))
    assert order.ordered_at == order.paid_at == datetime(2026, 10, 7, 0, 12, 33, tzinfo=UTC)


def test_pieces_times_price_stay_within_what_an_amount_may_be(read):
    assert codes(read(head(Lineitem_quantity="2", Lineitem_price="9999999999.00"))) == [(2, "bad_amount")]


@pytest.mark.parametrize(("money", "dress", "total"), [("JPY", "3000", 3000), ("JPY", "3000.00", 3000), ("KRW", "1,980", 1980), ("USD", "20", 2000), ("USD", "20.5", 2050)])  # fmt: skip
def test_minor_units_follow_the_currency(only, money, dress, total):
    order = only(head(Currency=money, Lineitem_price=dress, Subtotal=dress, Total=dress, Shipping="0"))
    assert (order.lines[0].total, order.shipping_fee) == (total, 0)


def test_total_is_taken_as_it_is_and_a_tax_on_top_is_beside_the_lines(only):
    order = only(head(Taxes="2.00", Total="27.00"))
    assert (order.lines[0].total, order.shipping_fee) == (2000, 700)


@pytest.mark.parametrize("subtotal", ["30.00", "40.00", ""])
def test_a_discount_on_the_whole_order_is_spread_over_its_lines(only, subtotal):
    rows = head(Subtotal=subtotal, Total="35.00", Lineitem_price="10.00"), more(Lineitem_price="30.00")
    order = only(*rows)
    assert [line.total for line in order.lines] == [750, 2250]
    assert order.shipping_fee == 500


def test_spread_cents_add_up(only):
    order = only(head(Subtotal="10.00", Total="10.00", Shipping="0"), more(), more(Lineitem_quantity="2"))
    assert sum(line.total for line in order.lines) == 1000
    assert order.shipping_fee == 0


def test_apostrophes_of_spreadsheets_are_taken_off_and_zeros_kept(only):
    order = only(head(Shipping_Country="JP", Shipping_Zip="'1000000", Shipping_Phone="'+81 90-0000-0107"))
    assert (order.postcode, order.phone) == ("1000000", "+819000000107")


@pytest.mark.parametrize(
    ("where", "address"),
    [
        (
            {
                "Shipping Country": "JP",
                "Shipping Province": "JP-13",
                "Shipping City": "見本区",
                "Shipping Address1": "架空町1-2-3",
            },
            "東京都 見本区 架空町1-2-3",
        ),
        (
            {
                "Shipping Country": "KR",
                "Shipping Province": "KR-11",
                "Shipping City": "서울",
                "Shipping Address1": "가상대로 1",
            },
            "서울 가상대로 1",
        ),
        ({"Shipping Country": "United States", "Shipping Company": "ACME"}, "ACME, 1 Example St, Springfield, CA"),
        ({"Shipping Address1": "", "Shipping City": "", "Shipping Province": ""}, ""),
    ],
)
def test_an_address_reads_as_its_country_writes_it(only, where, address):
    assert only({**head(), **where}).address == address


@pytest.mark.parametrize(("said", "code"), [("US", "US"), ("jp", "JP"), ("South Korea", "KR"), ("Japan", "JP"), ("Narnia", ""), ("", "")])  # fmt: skip
def test_a_country_is_two_letters(only, said, code):
    assert only(head(Shipping_Country=said)).country == code


def test_gift_texts_are_kept_apart_from_the_note(only):
    order = only(head(Notes="Call me\r\nfirst", Note_Attributes="gift: yes\ngift message: Love, J"))
    assert (order.message, order.gift_note) == ("Call me\nfirst", "gift: yes\ngift message: Love, J")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_survive_the_encodings_of_the_west(only, encoding):
    order = only(head(Shipping_Name="Renée Müller", Notes="“naïve” – café"), encoding=encoding)
    assert (order.receiver_name, order.message) == ("Renée Müller", "“naïve” – café")


@pytest.mark.parametrize(("encoding", "name"), [("cp949", "홍가상"), ("cp932", "見本 太郎")])
def test_a_file_that_a_korean_or_japanese_spreadsheet_saved_anew_is_read(only, encoding, name):
    address = {"cp949": "서울특별시 강남구 가상대로 1", "cp932": "東京都見本区架空町1-2-3 マグカップ"}[encoding]
    order = only(head(Shipping_Name=name, Shipping_Address1=address), encoding=encoding)
    assert order.receiver_name == name


def test_columns_may_come_in_any_order_and_older_exports_end_earlier(csv_of, only):
    header = [name for name in HEAD if name not in ("Id", "Phone", "Lineitem discount", "Note Attributes")]
    random.Random(7).shuffle(header)
    assert shopify.parse(csv_of([head()], header=header)).orders == [only(head())]


def test_a_workbook_saved_from_it_is_read_too(book, only):
    saved = head(Lineitem_quantity=1, Subtotal=20, Shipping=5, Total=25, Lineitem_price=20.0, Id=6.000000001001e12)
    assert shopify.parse(book(saved)).orders == [only(head())]


def test_a_table_of_one_s_own_with_a_column_called_name_is_not_shopify_s(csv_of):
    with pytest.raises(FileError) as refusal:
        shopify.parse(csv_of([{"Name": "Jane", "Total": "1"}]))
    assert refusal.value.code == "no_header"


@pytest.mark.slow
def test_10_000_rows_take_seconds(csv_of):
    rows = [
        row for n in range(5_000) for row in (head(Name=f"#{n}", Subtotal="40.00", Total="45.00"), more(Name=f"#{n}"))
    ]
    file = READERS["shopify"](csv_of(rows, header=list(HEAD)))
    assert (file.rows, len(file.orders), file.rejected) == (10_000, 5_000, [])
