"""Orders of a table of one's own: what its columns are guessed to be, and what comes of them once people have said it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sellerweb.channels import column_words, manual, own_table
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.sentence import ROW_WHY

SEOUL = manual.Home("KRW", "KR", ZoneInfo("Asia/Seoul"))
ROW = {
    "주문번호": "A-1",
    "받는분": "김하늘",
    "연락처": "010-0000-0001",
    "우편번호": "06001",
    "주소": "서울특별시 강남구 가상대로 1",
    "상품명": "머그컵",
    "수량": "2",
}


@pytest.fixture
def read(csv_of):
    """read({column: cell}, …, match={…}): the file of these rows; without a match as it is guessed."""

    def take(*rows, match=None, home=SEOUL):
        table = own_table.parse(csv_of([{**ROW, **row} for row in rows], header=list({**ROW, **rows[0]})))
        return manual.orders(table, match or column_words.guess(table.header), home)

    return take


def codes(file):
    return [(rejected.row, rejected.code) for rejected in file.rejected]


@pytest.mark.parametrize(
    "names",
    [
        ["주문번호", "받는 분", "연락처", "우편번호", "주소", "상품명", "옵션", "수량", "단가", "배송메모", "결제일"],
        ["注文番号", "お届け先氏名", "電話番号", "郵便番号", "住所", "商品名", "オプション", "数量", "単価", "備考", "入金日"],
        ["Order No.", "Recipient (name)", "Phone", "ZIP code", "Address", "Product", "Option", "Qty", "Unit price", "Memo", "Paid at"],
    ],
    ids=["ko", "ja", "en"],
)  # fmt: skip
def test_usual_names_are_guessed_in_three_languages(names):
    assert list(column_words.guess(names).values()) == [
        "order_no", "receiver_name", "phone", "postcode", "address", "product", "option", "quantity", "price", "message", "paid_at",
    ]  # fmt: skip


def test_a_field_has_one_column_and_what_is_not_known_is_not_guessed():
    assert column_words.guess(["전화", "전화번호", "기분"]) == {"전화": "phone"}


def test_a_row_becomes_an_order(read):
    (order,) = read({}).orders
    assert (order.order_no, order.receiver_name, order.phone, order.postcode, order.address) == (
        "A-1",
        "김하늘",
        "01000000001",
        "06001",
        "서울특별시 강남구 가상대로 1",
    )
    (line,) = order.lines
    assert (line.name, line.quantity, line.state, line.total, order.currency) == ("머그컵", 2, "new", None, "KRW")


def test_rows_of_one_number_are_one_order(read):
    (order,) = read({}, {"상품명": "접시", "수량": "1"}).orders
    assert [(line.name, line.quantity) for line in order.lines] == [("머그컵", 2), ("접시", 1)]


def test_the_same_goods_in_other_words_are_a_line_of_their_own_and_the_same_row_is_none(read):
    file = read({}, {"수량": "5"}, {})
    assert [line.quantity for line in file.orders[0].lines] == [2, 5]
    assert codes(file) == [(4, "duplicate_row")]


def test_keys_stay_the_same_when_rows_and_columns_move(read, csv_of):
    rows = [dict(ROW), {**ROW, "상품명": "접시"}, {**ROW, "주문번호": "A-2"}]
    back = dict.fromkeys(reversed(ROW))
    tables = [own_table.parse(csv_of(rows)), own_table.parse(csv_of(rows[::-1], header=list(back)))]
    assert tables[0].fingerprint == tables[1].fingerprint
    files = [manual.orders(table, column_words.guess(table.header), SEOUL) for table in tables]
    keys = [{o.order_no: {x.item_no: x.name for x in o.lines} for o in file.orders} for file in files]
    assert keys[0] == keys[1]


def test_a_doubled_file_gives_each_order_once(csv_of):
    data = csv_of([ROW, {**ROW, "주문번호": "A-2"}])
    table = own_table.parse(data + data)
    file = manual.orders(table, column_words.guess(table.header), SEOUL)
    assert [len(order.lines) for order in file.orders] == [1, 1]
    assert [code for _row, code in codes(file)] == ["duplicate_row", "duplicate_row"]


def test_money_is_the_row_s_amount_or_pieces_times_price(read):
    assert read({"단가": "₩12,900"}).orders[0].lines[0].total == 25_800
    assert read({"단가": "12900", "금액": "20000"}).orders[0].lines[0].total == 20_000
    usd = manual.Home("USD", "US", ZoneInfo("UTC"))
    assert read({"금액": "$20.50"}, home=usd).orders[0].lines[0].total == 2050
    assert read({"금액": "20.50", "통화": "usd"}).orders[0].currency == "USD"


def test_a_shipping_fee_that_each_row_repeats_counts_once(read):
    assert read({"배송비": "3000"}, {"상품명": "접시", "배송비": "3000"}).orders[0].shipping_fee == 3000


def test_an_empty_cell_under_paid_at_means_unpaid_and_without_the_column_all_is_paid(read):
    file = read({"결제일": "2026-10-07 09:12"}, {"주문번호": "A-2", "결제일": ""})
    assert [order.lines[0].state for order in file.orders] == ["new", "unpaid"]
    assert file.orders[0].paid_at == datetime(2026, 10, 7, 0, 12, tzinfo=UTC)
    assert read({}).orders[0].lines[0].state == "new"


def test_without_a_column_for_it_a_quantity_is_one(read):
    match = {name: field for name, field in column_words.guess(ROW).items() if field != "quantity"}
    assert read({}, match=match).orders[0].lines[0].quantity == 1


def test_two_columns_make_one_address(read):
    assert read({"상세주소": "101동 1001호"}).orders[0].address == "서울특별시 강남구 가상대로 1 101동 1001호"


def test_what_people_say_goes_before_what_the_name_means(read):
    match = {"주문번호": "order_no", "받는분": "product", "상품명": "receiver_name"}
    (order,) = read({}, match=match).orders
    assert (order.receiver_name, order.lines[0].name, order.address) == ("머그컵", "김하늘", "")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"주문번호": ""}, "missing_order_no"),
        ({"주문번호": "2.02E+15"}, "order_no_scientific"),
        ({"주문번호": "=1+1"}, "formula_in_number"),
        ({"주문번호": "A" * 65}, "too_long"),
        ({"상품명": " "}, "missing_product"),
        ({"수량": "두 개"}, "bad_quantity"),
        ({"수량": "=1"}, "formula_in_number"),
        ({"단가": "싸다"}, "bad_amount"),
        ({"단가": "999,999,999,999"}, "bad_amount"),
        ({"통화": "원"}, "bad_currency"),
        ({"결제일": "10/7"}, "bad_date"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_no_other(read, cells, code):
    file = read({**dict.fromkeys(cells, "") | cells}, {"주문번호": "A-9", **{n: {"단가": "1", "통화": "KRW", "결제일": "2026-10-07"}.get(n, ROW.get(n)) for n in cells if n != "주문번호"}})  # fmt: skip
    assert codes(file) == [(2, code)]
    assert [order.order_no for order in file.orders] == ["A-9"]
    assert code in ROW_WHY


def test_a_row_to_another_address_is_not_put_on_the_order_s_label(read):
    assert codes(read({}, {"상품명": "접시", "주소": "부산광역시"})) == [(3, "other_address")]


def test_rows_that_the_table_refused_are_told_with_the_others(csv_of):
    data = csv_of([ROW, {**ROW, "주문번호": "A-2", "수량": "0"}]) + b"A-3,too,few\n"
    table = own_table.parse(data)
    assert codes(manual.orders(table, column_words.guess(table.header), SEOUL)) == [
        (3, "bad_quantity"),
        (4, "bad_columns"),
    ]


def test_a_title_above_the_header_is_passed_over(csv_of):
    data = "10월 주문 목록,2026-10-07\n\n".encode() + csv_of([ROW])
    assert own_table.parse(data.replace(b"\n\n", b"\n,\n")).header == list(ROW)


def test_a_name_given_twice_is_the_first_column_s(csv_of):
    table = own_table.parse(csv_of([ROW], header=[*ROW, "수량"]))
    assert table.header == list(ROW)


def test_a_workbook_s_numbers_and_dates_become_text(book):
    table = own_table.parse(
        book({"주문번호": 20261, "상품명": "컵", "수량": 2.0, "결제일": datetime(2026, 10, 7, 9, 12)})  # noqa: DTZ001
    )
    assert table.rows == [(2, ["20261", "컵", "2", "2026-10-07 09:12:00"])]


def test_examples_are_the_first_different_words(csv_of):
    table = own_table.parse(csv_of([{**ROW, "주문번호": f"A-{n // 2}", "수량": ""} for n in range(9)]))
    assert table.examples("주문번호") == ["A-0", "A-1", "A-2"]
    assert table.examples("수량") == []


def test_a_table_survives_the_way_through_json(csv_of):
    table = own_table.parse(csv_of([ROW]) + b"too,few\n")
    assert OwnTable.from_json(table.to_json()) == table
