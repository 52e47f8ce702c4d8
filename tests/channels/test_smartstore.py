"""What a SmartStore file becomes: facts of the samples' expected.json and of the format's awkward corners."""

import csv
import io
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sellerweb.channels import READERS, smartstore
from sellerweb.channels.sentence import FILE_WHY, ROW_WHY
from sellerweb.shop.incoming import SHIPPABLE, FileError, FileIn

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["files"]


def codes(file):
    return [(rejected.row, rejected.code) for rejected in file.rejected]


def only(data):
    """The one order of a file in which every row is good."""
    file = smartstore.parse(data)
    assert codes(file) == []
    (order,) = file.orders
    return order


def as_expected(order):
    return {
        "order_no": order.order_no,
        "receiver": order.receiver_name,
        "phone": order.phone,
        "zip": order.postcode,
        "address": order.address,
        "message": order.message,
        "shipping_fee": order.shipping_fee,
        "items": [
            {
                "item_no": line.item_no,
                "name": line.name,
                "option": line.option,
                "sku": line.sku,
                "qty": line.quantity,
                "total": line.total,
                "state": line.state,
            }
            for line in order.lines
        ],
        "to_ship": any(line.state in SHIPPABLE for line in order.lines),
    }


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith("smartstore")])
def test_a_sample_gives_what_expected_json_says(sample, name):
    expected = EXPECTED[name]
    file = READERS["smartstore"](sample(name), expected.get("password", ""))
    lines = [line for order in file.orders for line in order.lines]
    totals = [line.total for line in lines]
    counts = expected["counts"]
    assert (file.channel, file.rows, len(file.orders), len(lines), len(file.rejected)) == (
        expected["channel"],
        counts["data_rows"],
        counts["orders"],
        counts["items"],
        counts["rejected"],
    )
    assert (None if None in totals else sum(totals)) == expected["sum_items_total"]
    assert sum(line.quantity for line in lines) == expected["sum_qty"]
    assert sum(order.shipping_fee for order in file.orders) == expected["sum_shipping_fee"]
    orders = EXPECTED[expected.get("same_orders_as", name)]["orders"]
    assert [as_expected(order) for order in file.orders] == orders


@pytest.mark.parametrize(("password", "code"), [("", "password_needed"), ("1111", "wrong_password")])
def test_a_protected_file_asks_for_its_password(sample, password, code):
    with pytest.raises(FileError) as refusal:
        smartstore.parse(sample("smartstore_orders_encrypted.xlsx"), password)
    assert refusal.value.code == code


def test_a_file_survives_being_packed(sample):
    file = smartstore.parse(sample("smartstore_orders.xlsx"))
    assert file.packed().orders == file.orders
    assert smartstore.read(sample("smartstore_orders.xlsx")) == file.packed()


def test_times_are_korean_wall_clock_made_utc(sample):
    file = smartstore.parse(sample("smartstore_orders.xlsx"))
    first, returned = file.orders[0], file.orders[7]
    assert first.paid_at == first.ordered_at == datetime(2026, 10, 7, 0, 12, tzinfo=UTC)
    assert first.ship_due_at == datetime(2026, 10, 12, 14, 59, tzinfo=UTC)
    assert returned.lines[0].shipped_at == datetime(2026, 10, 1, 6, 0, tzinfo=UTC)


def test_carrier_method_and_number_come_in(sample):
    lines = {line.item_no: line for o in smartstore.parse(sample("smartstore_orders.xlsx")).orders for line in o.lines}
    shipping, quick = lines["2026100710000231"], lines["2026100710000251"]
    assert (shipping.carrier, shipping.method, shipping.tracking_number) == ("lotte", "parcel", "300000000023")
    assert (quick.carrier, quick.method, quick.tracking_number) == ("", "quick", "")


@pytest.mark.parametrize(
    ("label", "carrier"),
    [("GSPostbox택배", "gs_postbox"), ("해외기타택배#야마토운수", "yamato"), ("홈픽택배", "홈픽택배"), ("", "")],
)
def test_a_carrier_is_known_by_its_seller_centre_name_or_kept_as_text(book, order, label, carrier):
    assert only(book(order(택배사=label))).lines[0].carrier == carrier


def test_columns_may_come_in_any_order(book, order):
    header = list(order())
    random.Random(7).shuffle(header)
    assert only(book(order(), header=header)) == only(book(order()))


def test_the_header_may_be_in_row_1_or_under_a_notice_or_on_the_second_sheet(book, order):
    notice = [["◈ 상품주문번호를 입력"], [], []]
    plain = only(book(order()))
    assert only(book(order(), before=notice)) == plain
    assert only(book(order(), sheets_before=["안내"])) == plain


def test_a_header_below_row_30_is_no_header(book, order):
    with pytest.raises(FileError) as refusal:
        smartstore.parse(book(order(), before=[["x"]] * 30))
    assert refusal.value.code == "no_header"


def test_a_header_alone_is_a_file_without_orders(book):
    assert smartstore.parse(book()) == FileIn("smartstore")


def test_old_bracketed_names_are_understood(book, order):
    row = order()
    row["(우편번호)"] = row.pop("우편번호")
    del row["통합배송지"]
    row |= {"(기본주소)": "서울 가상로 1", "(상세주소)": "2층"}
    found = only(book(row))
    assert (found.postcode, found.address) == ("06001", "서울 가상로 1 2층")


def test_names_in_wide_letters_on_two_lines_or_with_marks_that_nobody_sees_are_the_same_names(book, order):
    row = order()
    header = [name.replace("1", "１").replace(" 총", "\n총").replace("수취인명", "\u200b수취인명") for name in row]
    assert header != list(row)
    assert smartstore.parse(book(dict(zip(header, row.values(), strict=True)))) == smartstore.parse(book(row))


def test_of_a_name_given_twice_the_first_counts(book, order):
    row = order()
    data = book(row, header=[*row, "수량"], before=())
    assert only(data).lines[0].quantity == 1
    cells = [[*row], [*row.values(), "9"]]
    cells[0].append("수량")
    assert only(as_csv(cells).encode()).lines[0].quantity == 1


def test_900_columns_are_read(book, order):
    row = order() | {f"열 {number}": "x" for number in range(900)}
    assert only(book(row)) == only(book(order()))


def test_customs_and_resident_ids_never_come_in(book, order):
    data = book(order(개인통관고유부호="P000000000005") | {"구매자 주민등록번호": "000101-3000000"})
    told = repr(smartstore.parse(data))
    assert "P000000000005" not in told
    assert "000101" not in told


def test_numbers_typed_as_numbers_are_mended(book, order):
    row = order(수취인연락처1=1000000001, 우편번호=6001, 수량="2 ") | {
        "상품주문번호": 2026100710000111,
        "주문번호": 2026100710000011,
        "최종 상품별 총 주문금액": "₩25,800원",
    }
    found = only(book(row))
    assert (found.order_no, found.lines[0].item_no) == ("2026100710000011", "2026100710000111")
    assert (found.phone, found.postcode) == ("01000000001", "06001")
    assert (found.lines[0].quantity, found.lines[0].total) == (2, 25800)


@pytest.mark.parametrize(
    ("came", "phone"),
    [
        ("010-0000-0001", "01000000001"),
        (1000000001, "01000000001"),
        (212345678, "0212345678"),
        ("０１０－００００－０００１", "01000000001"),
        ("+82-10-0000-0001", "+821000000001"),
        ("0502-1234-12345", "0502123412345"),
        ("010-****-0001", "010-****-0001"),
        ("1000000001.0", "01000000001"),
        ("010.0000.0001", "01000000001"),
        ("\u202a+82 10-0000-0001\u202c", "+821000000001"),
        ("(+82) 10-0000-0001", "+821000000001"),
        ("1.0E+09", "1.0E+09"),
        ("010-0000-0001, 5678", "010-0000-0001, 5678"),
        ("", ""),
    ],
)
def test_a_phone_is_mended_but_never_invented(book, order, came, phone):
    assert only(book(order(수취인연락처1=came))).phone == phone


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("상품주문번호", "", "missing_item_no"),
        ("상품주문번호", "ABC-1", "bad_item_no"),
        ("상품주문번호", -5, "bad_item_no"),
        ("상품주문번호", 1.5, "bad_item_no"),
        ("상품주문번호", "2.02611E+15", "item_no_scientific"),
        ("상품주문번호", 2.02611e19, "item_no_scientific"),
        ("주문번호", "", "missing_order_no"),
        ("주문번호", "2.02611E+15", "order_no_scientific"),
        ("주문번호", "<b>", "bad_order_no"),
        *[("수량", bad, "bad_quantity") for bad in (-1, 0, 1.5, 10**12, "abc", "", "1e3", True, "３개")],
        *[("최종 상품별 총 주문금액", bad, "bad_amount") for bad in (-1, 0.5, "1.200,50", "무료", 1e300)],
        ("배송비 합계", "12,34", "bad_amount"),
        *[
            ("결제일", bad, "bad_date")
            for bad in ("11/12/2026", "2026-13-01", 20261007, "어제", "1899-12-30", "2026-10-07 오전 25:00")
        ],
        ("수취인명", "가" * 10_000, "too_long"),
        ("상품명", "가" * 201, "too_long"),
        ("배송메세지", "가" * 2_001, "too_long"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_no_other(book, order, column, cell, code):
    good = order(상품주문번호="2026100710000999", 주문번호="2026100710000099")
    file = smartstore.parse(book(order() | {column: cell}, good))
    assert codes(file) == [(2, code)]
    assert [o.order_no for o in file.orders] == ["2026100710000099"]
    assert code in ROW_WHY


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-07 09:12:00",
        "2026.10.07 09:12",
        "2026. 10. 7. 오전 9:12",
        "2026/10/07 09:12",
        "2026-10-07 9:12 am",
        "20261007091200",
        46302.3833333333,
        "46302.3833333333",
    ],
)
def test_payment_times_come_in_several_dresses(book, order, text):
    assert only(book(order(결제일=text))).paid_at == datetime(2026, 10, 7, 0, 12, tzinfo=UTC)


def test_row_numbers_count_header_and_blank_rows(book, order):
    file = smartstore.parse(book({}, order(수량=0), {}, order(수량=0), header=list(order()), before=[["◈"]]))
    assert codes(file) == [(4, "bad_quantity"), (6, "bad_quantity")]
    assert file.rows == 2


def test_a_formula_in_a_number_column_rejects_the_row(book, order):
    for column in ("수량", "최종 상품별 총 주문금액", "배송비 합계", "결제일"):
        file = smartstore.parse(book(order(), formula=(column, "=1+1", 2)))
        assert codes(file) == [(2, "formula_in_number")]


def test_a_formula_in_a_text_column_stays_text(book, order):
    data = book(order(), formula=("배송메세지", '=HYPERLINK("http://evil.example","x")', "x"))
    assert only(data).message == '=HYPERLINK("http://evil.example","x")'


def test_a_formula_in_a_column_that_is_not_read_does_no_harm(book, order):
    data = book(order(정산예정금액=1), formula=("정산예정금액", "=1+1", 2))
    assert only(data) == only(book(order()))


def test_emoji_markup_and_line_breaks_come_in_as_they_are(book, order):
    found = only(book(order(수취인명="박별🌟", 배송메세지="<script>alert(1)</script>\r\n{{7*7}} 🙏")))
    assert found.receiver_name == "박별🌟"
    assert found.message == "<script>alert(1)</script>\n{{7*7}} 🙏"


def test_control_characters_are_cleaned_and_hangul_composed(book, order):
    found = only(book(order(수취인명="\u1100\u1161\x00나\x0b다\u3000", 상품명="컵\n둘")))
    assert found.receiver_name == "가나 다"
    assert found.lines[0].name == "컵 둘"


def test_the_same_row_twice_comes_in_once_and_another_content_is_a_conflict(book, order):
    file = smartstore.parse(book(order(), order(), order(수량=3)))
    assert codes(file) == [(3, "duplicate_row"), (4, "duplicate_conflict")]
    assert [line.quantity for o in file.orders for line in o.lines] == [1]


def test_a_line_to_another_address_is_not_put_on_the_order_s_label(book, order):
    other = order(상품주문번호="2026100710000112", 통합배송지="부산광역시 해운대구 가상해변로 3")
    file = smartstore.parse(book(order(), other))
    assert codes(file) == [(3, "other_address")]


def test_an_order_has_an_end_and_what_is_beyond_is_told(order):
    rows = "".join(f"{number},77,1\n" for number in range(1, 503))
    file = smartstore.parse(f"상품주문번호,주문번호,수량\n{rows}".encode())
    assert len(file.orders[0].lines) == 500
    assert codes(file) == [(502, "too_many_lines"), (503, "too_many_lines")]


def test_the_fee_counts_once_for_each_bundle(book, order):
    rows = [
        order(상품주문번호=f"202610071000011{n}") | {"배송비 묶음번호": bundle, "배송비 합계": 3000}
        for n, bundle in enumerate("AAB")
    ]
    assert only(book(*rows)).shipping_fee == 6000


def test_without_an_order_column_each_item_is_its_own_order(book, order):
    rows = [order(), order(상품주문번호="2026100710000112")]
    for row in rows:
        del row["주문번호"]
    assert [o.order_no for o in smartstore.parse(book(*rows)).orders] == [r["상품주문번호"] for r in rows]


@pytest.mark.parametrize(
    ("state", "detail", "more", "expected"),
    [
        ("결제완료", "신규주문", {}, "new"),
        ("결제완료", "신규주문", {"발주확인일": "2026-10-07 10:00"}, "confirmed"),
        ("결제완료", "발주확인", {}, "confirmed"),
        ("발송대기", "", {"결제일": ""}, "unpaid"),
        ("결제대기", "입금대기", {}, "unpaid"),
        ("결제완료", "선물수락대기", {}, "gift_waiting"),
        ("결제완료", "취소요청", {}, "cancel_requested"),
        ("취소", "미결제취소", {}, "cancelled"),
        ("반품", "수거중", {}, "return_requested"),
        ("반품", "반품완료", {}, "returned"),
        ("교환", "수거중", {}, "exchange_requested"),
        ("교환", "교환완료", {}, "exchanged"),
        ("배송중", "", {}, "shipping"),
        ("배송완료", "", {}, "delivered"),
        ("구매확정", "", {}, "done"),
        ("결제완료", "취소철회", {}, "unknown"),
        ("모르는 말", "", {}, "unknown"),
        ("", "", {}, "unknown"),
    ],
)
def test_state_words(book, order, state, detail, more, expected):
    assert only(book(order(주문상태=state, 주문세부상태=detail, **more))).lines[0].state == expected


@pytest.mark.parametrize(
    ("asked", "given", "method"),
    [
        ("퀵서비스", "택배,등기,소포", "parcel"),
        ("방문수령", "", "pickup"),
        ("", "직접전달", "direct"),
        ("", "퀵서비스", "quick"),
        ("", "배송없음", ""),
    ],
)
def test_the_seller_s_method_goes_before_the_buyer_s(book, order, asked, given, method):
    row = order(배송방법=given) | {"배송방법(구매자 요청)": asked}
    assert only(book(row)).lines[0].method == method


def test_the_total_falls_back_and_is_never_the_payout(book, order):
    row = order(정산예정금액=11) | {"최종 상품별 총 주문금액": "", "최초 상품별 총 주문금액": 9000}
    assert only(book(row)).lines[0].total == 9000
    row["최초 상품별 총 주문금액"] = ""
    assert only(book(row)).lines[0].total is None


def as_csv(grid, delimiter=","):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(grid)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_are_read_in_the_encodings_of_korean_shops(book, order, encoding, delimiter):
    row = order(배송메세지='"조심히", 세워서;\n주세요', 결제일="2026-10-07 09:12")
    data = as_csv([[*row], [*row.values()]], delimiter).encode(encoding)
    assert only(data) == only(book(row))


def test_broken_bytes_and_missing_cells_reject_their_rows_alone(order):
    rows = [[*order(상품주문번호=f"202610071000011{n}", 결제일="2026.10.07").values()] for n in range(3)]
    rows[1].pop()
    lines = as_csv([[*order()], *rows]).encode("cp949").splitlines(keepends=True)
    lines[3] = lines[3].replace("문 앞에".encode("cp949"), b"\xff\xff")
    file = smartstore.parse(b"".join(lines))
    assert codes(file) == [(3, "bad_columns"), (4, "broken_text")]
    assert len(file.orders) == 1


def test_an_unclosed_quote_refuses_the_file():
    with pytest.raises(FileError) as refusal:
        smartstore.parse('상품주문번호,수량\n1,1\n"2,1\n3,1\n'.encode())
    assert refusal.value.code == "corrupt_file"


def test_every_code_has_its_sentence():
    of_the_file = {"password_needed", "wrong_password", "corrupt_file", "not_spreadsheet", "no_header", "too_large"}
    assert of_the_file | {"other_channel", "unsure_encoding", "columns_unknown"} == {*FILE_WHY}
    assert all(isinstance(code, str) for code in ROW_WHY)


@pytest.mark.slow
def test_10_000_rows_take_seconds(book, order):
    rows = [order(상품주문번호=str(10**15 + n), 주문번호=str(2 * 10**15 + n)) for n in range(10_000)]
    file = READERS["smartstore"](book(*rows), "")
    assert (file.rows, len(file.orders), file.rejected) == (10_000, 10_000, [])
