"""What a QSM download becomes: facts of the samples' expected.json and of the format's awkward corners."""

import csv
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sellerweb.channels import READERS, qoo10
from sellerweb.channels.sentence import ROW_WHY, why
from sellerweb.shop.incoming import SHIPPABLE, FileError

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["files"]
NAMES = [name for name in EXPECTED if name.startswith("qoo10")]
ROW = {
    "配送状態": "配送要請",
    "注文番号": "900000101",
    "カート番号": "800000011",
    "注文日": "2026-10-07 09:12:33",
    "入金日": "2026/10/07 9:13",
    "商品名": "ハンドメイド マグカップ",
    "数量": "1",
    "オプション情報": "カラー:ホワイト",
    "オプションコード": "MUG-WH",
    "受取人名": "髙橋 ①郎",
    "受取人電話番号": "",
    "受取人携帯電話番号": "+81-90-0000-0001",
    "住所": "東京都架空区見本町1-2-3",
    "郵便番号": "100-0000",
    "国家": "JP",
    "通貨": "JPY",
    "注文金額の合計": "1980",
    "配送要請事項": "",
    "販売者商品コード": "MUG",
}


def row(**cells):
    return {**ROW, **cells}


def codes(file):
    return [(rejected.row, rejected.code) for rejected in file.rejected]


def only(data):
    file = qoo10.parse(data)
    assert codes(file) == []
    (order,) = file.orders
    return order


def refused(data, **said):
    with pytest.raises(FileError) as refusal:
        qoo10.parse(data, **said)
    return refusal.value


def as_expected(order):
    return {
        "order_no": order.order_no,
        "receiver": order.receiver_name,
        "phone": order.phone,
        "zip": order.postcode,
        "address": order.address,
        "message": order.message,
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


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_what_expected_json_says(sample, name):
    expected = EXPECTED[name]
    file = READERS["qoo10"](sample(name))
    lines = [line for order in file.orders for line in order.lines]
    totals = [line.total for line in lines]
    counts = expected["counts"]
    assert (file.channel, file.rows, len(file.orders), len(lines), codes(file)) == (
        "qoo10",
        counts["data_rows"],
        counts["orders"],
        counts["items"],
        [],
    )
    assert (None if None in totals else sum(totals)) == expected["sum_items_total"]
    assert sum(line.quantity for line in lines) == expected["sum_qty"]
    told = [as_expected(order) for order in file.orders]
    for order, there in zip(told, expected["orders"], strict=True):
        if "either" in str(there["to_ship"]):
            order["to_ship"] = there["to_ship"]
    assert told == expected["orders"]


def test_both_screens_and_both_layouts_say_the_same_of_an_order(sample):
    japanese, brief, korean = (qoo10.parse(sample(name)).orders[1] for name in NAMES)
    assert korean == japanese
    assert [(x.item_no, x.quantity, x.sku) for x in brief.lines] == [
        (x.item_no, x.quantity, x.sku) for x in japanese.lines
    ]


def test_times_are_japanese_wall_clock_made_utc(csv_of):
    order = only(csv_of([row(発送予定日="2026-10-12", 発送日="2026/10/08")]))
    assert order.ordered_at == datetime(2026, 10, 7, 0, 12, 33, tzinfo=UTC)
    assert order.paid_at == datetime(2026, 10, 7, 0, 13, tzinfo=UTC)
    assert order.ship_due_at == datetime(2026, 10, 12, 15, tzinfo=UTC)  # the end of that day in Japan
    assert order.lines[0].shipped_at == datetime(2026, 10, 7, 15, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_are_read_in_the_encodings_of_japanese_shops(csv_of, encoding, delimiter):
    rows = [row(配送要請事項='"割れ物"です、\n午前中～希望;,\t')]
    data = csv_of(rows, encoding, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    assert only(data) == only(csv_of(rows))


def test_a_file_that_a_korean_spreadsheet_saved_anew_is_read(sample):
    saved = sample("qoo10_detail_korean_ui_utf8bom.csv").decode("utf-8-sig").encode("cp949", "replace")
    names = [order.receiver_name for order in qoo10.parse(saved).orders]
    assert names == ["山田 花子", "佐藤 次?", "김?하나"]  # what CP949 lacks was lost before it came here


def test_columns_may_come_in_any_order_among_others(csv_of):
    rows = [row(謎の列="x")]
    header = list(rows[0])
    random.Random(7).shuffle(header)
    assert only(csv_of(rows, header=header)) == only(csv_of([row()]))


def test_a_workbook_saved_from_it_is_read_too(book, csv_of):
    saved = row(注文番号=900000101, カート番号=800000011, 数量=1, 郵便番号=1000000, 注文金額の合計=1980)
    assert only(book(saved)) == only(csv_of([row()]))


@pytest.mark.parametrize(
    ("mobile", "fixed", "phones"),
    [
        ("+81-90-0000-0001", "03-0000-0001", ("+819000000001", "0300000001")),
        ("", "03-0000-0001", ("0300000001", "")),
        ("", "", ("", "")),
        ("９００００００１０７", "", ("09000000107", "")),
        ("9000000107", "", ("09000000107", "")),
    ],
)
def test_the_mobile_goes_first_and_a_lost_zero_comes_back(csv_of, mobile, fixed, phones):
    order = only(csv_of([row(受取人携帯電話番号=mobile, 受取人電話番号=fixed)]))
    assert (order.phone, order.phone2) == phones


@pytest.mark.parametrize(
    ("came", "country", "code"),
    [
        ("1000000", "JP", "100-0000"),
        ("600000", "", "060-0000"),
        ("00001", "US", "00001"),
        ("〒100-0000", "JP", "100-0000"),
        ("600000.0", "JP", "060-0000"),
    ],
)
def test_a_japanese_postcode_gets_its_zeros_and_its_hyphen(csv_of, came, country, code):
    assert only(csv_of([row(郵便番号=came, 国家=country)])).postcode == code


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("配送待ち", "waiting"),
        ("배송대기", "waiting"),
        ("配送要請", "new"),
        ("新規注文", "new"),
        ("配送準備", "confirmed"),
        ("배송준비", "confirmed"),
        ("配送中", "shipping"),
        ("配送完了", "delivered"),
        ("キャンセル要請", "cancel_requested"),
        ("キャンセル完了", "cancelled"),
        ("취소", "cancelled"),
        ("キャンセル撤回", "unknown"),
        ("返品要請", "return_requested"),
        ("返品完了", "returned"),
        ("交換申請", "exchange_requested"),
        ("知らない言葉", "unknown"),
        ("", "unknown"),
    ],
)
def test_state_words(csv_of, word, state):
    assert only(csv_of([row(配送状態=word)])).lines[0].state == state


@pytest.mark.parametrize(
    ("company", "listed", "carrier"),
    [
        ("ヤマト運輸", "", "yamato"),
        ("佐川急便", "普通郵便", "sagawa"),
        ("なぞの運送", "", "なぞの運送"),
        ("", "ゆうパック", "japanpost"),
        ("", "普通郵便", ""),
    ],
)
def test_the_carrier_is_who_has_it_else_what_the_listing_promised_and_can_be_followed(csv_of, company, listed, carrier):
    assert only(csv_of([row(配送会社=company, 配送方法=listed)])).lines[0].carrier == carrier


def test_a_gift_says_so_in_the_file_s_own_words(csv_of):
    assert only(csv_of([row(プレゼント贈り主="渡辺 七子", ギフト注文="Y")])).gift_note == "プレゼント贈り主: 渡辺 七子"
    assert only(csv_of([row(ギフト注文="Y")])).gift_note == "ギフト注文"
    assert only(csv_of([row(ギフト注文="N")])).gift_note == ""


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("注文番号", "", "missing_item_no"),
        ("注文番号", "9.0E+08", "item_no_scientific"),
        ("注文番号", "A-1", "bad_item_no"),
        ("カート番号", "", "missing_order_no"),
        ("カート番号", "8.0E+08", "order_no_scientific"),
        ("数量", "0", "bad_quantity"),
        ("数量", "-1", "bad_quantity"),
        ("数量", "1.5", "bad_quantity"),
        ("数量", "=1+1", "formula_in_number"),
        ("注文金額の合計", "1,98", "bad_amount"),
        ("注文金額の合計", "1980.5", "bad_amount"),
        ("注文金額の合計", "-1", "bad_amount"),
        ("通貨", "円", "bad_currency"),
        ("入金日", "10/07/2026", "bad_date"),
        ("受取人名", "名" * 201, "too_long"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_no_other(csv_of, column, cell, code):
    good = row(注文番号="900000999", カート番号="800000999")
    file = qoo10.parse(csv_of([row(**{column: cell}), good]))
    assert codes(file) == [(2, code)]
    assert [order.order_no for order in file.orders] == ["800000999"]
    assert code in ROW_WHY


def test_yen_are_whole_whatever_dress_they_come_in(csv_of):
    for dress in ("1,980", "¥1,980", "1980.00", "１９８０円"):
        assert only(csv_of([row(注文金額の合計=dress)])).lines[0].total == 1980


def test_the_same_row_twice_comes_in_once_and_another_content_is_a_conflict(csv_of):
    file = qoo10.parse(csv_of([row(), row(), row(数量="3")]))
    assert codes(file) == [(3, "duplicate_row"), (4, "duplicate_conflict")]


def test_a_file_doubled_in_itself_gives_each_order_once(sample):
    whole = sample(NAMES[0])
    once, twice = qoo10.parse(whole), qoo10.parse(whole + whole)
    assert twice.orders == once.orders
    assert {code for _row, code in codes(twice)} == {"duplicate_row"}  # and the header in the middle is no row


def test_a_cart_to_two_addresses_or_in_two_currencies_is_not_put_together(csv_of):
    file = qoo10.parse(
        csv_of([row(), row(注文番号="900000102", 住所="大阪府見本市架空 7-8"), row(注文番号="900000103", 通貨="KRW")])
    )
    assert codes(file) == [(3, "other_address"), (4, "other_currency")]


def test_a_file_cut_off_inside_a_quoted_cell_is_refused(sample):
    data = sample(NAMES[0])
    assert refused(data[: data.index("置き配不可".encode("cp932"))]).code == "corrupt_file"


def test_broken_bytes_and_missing_cells_reject_their_rows_alone(csv_of):
    rows = [row(注文番号=f"90000010{n}", カート番号=f"80000010{n}") for n in range(4)]
    lines = csv_of(rows, "cp932").splitlines(keepends=True)
    lines[2] = lines[2].replace("見本町".encode("cp932"), b"\xfd\xff")
    lines[3] = lines[3].rsplit(b",", 1)[0] + b"\r\n"
    file = qoo10.parse(b"".join(lines))
    assert codes(file) == [(3, "broken_text"), (4, "bad_columns")]
    assert len(file.orders) == 2


def test_a_formula_in_a_text_stays_text_and_nul_is_cleaned(csv_of):
    order = only(csv_of([row(配送要請事項='=HYPERLINK("http://evil.example")', 受取人名="山\0田")]))
    assert order.message == '=HYPERLINK("http://evil.example")'
    assert order.receiver_name == "山田"


def test_a_smartstore_file_given_as_qoo10_is_named(sample):
    refusal = refused(sample("smartstore_orders.xlsx"))
    assert (refusal.code, refusal.about) == ("other_channel", {"channel": "smartstore"})
    assert "SmartStore" in why(refusal)
    assert refused(sample("shopify_orders_export.csv")).about == {"channel": "shopify"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_spreadsheet"),
        (b"<!DOCTYPE html><html><body>maintenance</body></html>", "not_spreadsheet"),
        ("商品,値段\nマグ,1\n".encode("cp932"), "no_header"),
        (bytes(range(256)) * 9, "not_spreadsheet"),
    ],
)
def test_what_is_no_order_list_is_refused(data, code):
    assert refused(data).code == code


@pytest.mark.slow
def test_10_000_rows_take_seconds(csv_of):
    rows = [row(注文番号=str(900000000 + n), カート番号=str(800000000 + n // 2)) for n in range(10_000)]
    file = READERS["qoo10"](csv_of(rows, "cp932"))
    assert (file.rows, len(file.orders), file.rejected) == (10_000, 5_000, [])
