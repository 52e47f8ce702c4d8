"""The files that Qoo10 and Shopify take back."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sellerweb.channels import qoo10, qoo10_upload, shopify_fulfilment, smartstore_dispatch
from sellerweb.channels.written import as_csv
from sellerweb.shop.outgoing import ItemOut

MUG = ItemOut(
    order_no="800000011",
    item_no="900000101",
    name="ハンドメイド マグカップ",
    option="カラー:ホワイト",
    sku="MUG-WH",
    receiver_name="山田 花子",
    country="JP",
    state="new",
    method="",
    ordered=1,
)


def item(**more):
    return ItemOut(**{name: getattr(MUG, name) for name in MUG.__slots__} | more)


ITEMS = [
    item(carrier="sagawa", number="500000000101"),
    item(order_no="800000012", item_no="900000102", ordered=2, receiver_name="佐藤 次郎", carrier="japanpost", number="500000000102"),
    item(
        order_no="800000012", item_no="900000103", name="ハンドメイド プレート", option="サイズ:20cm/カラー:ブルー", sku="PLATE-20-BL",
        receiver_name="佐藤 次郎", carrier="japanpost", number="500000000102",
    ),
]  # fmt: skip


def table(data, encoding):
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def without_seller_code(rows):
    """販売者商品コード is not kept beside オプションコード; it is not what Qoo10 finds the order by."""
    place = rows[0].index("販売者商品コード")
    return [rows[0], *([*row[:place], "", *row[place + 1 :]] for row in rows[1:])]


def test_the_tracking_file_equals_the_sample(sample):
    there = sample("qoo10_upload_tracking_cp932.csv")
    written = qoo10_upload.tracking(ITEMS)
    assert table(written, "cp932") == without_seller_code(table(there, "cp932"))
    assert written.splitlines(keepends=True)[0] == there.splitlines(keepends=True)[0]  # to the byte, with its CRLF


def test_the_ship_date_file_equals_the_sample(sample):
    there = sample("qoo10_upload_expected_ship_date_cp932.csv")
    promised = [item(**{n: getattr(x, n) for n in x.__slots__} | {"promised_on": date(2026, 10, 12)}) for x in ITEMS]
    assert table(qoo10_upload.ship_dates(promised), "cp932") == without_seller_code(table(there, "cp932"))


def test_no_items_give_the_header_alone():
    assert table(qoo10_upload.tracking([]), "cp932") == [list(qoo10_upload.HEADER)]
    assert table(shopify_fulfilment.write([]), "utf-8") == [list(shopify_fulfilment.HEADER)]


def test_what_nobody_can_follow_is_left_out():
    assert table(qoo10_upload.tracking([item(carrier="direct")]), "cp932")[1:] == []


@pytest.mark.parametrize(
    ("carrier", "name", "company"),
    [
        ("sagawa", "", "佐川急便"),
        ("japanpost", "", "ゆうパック"),
        ("cj", "", "CJ大韓通運"),
        ("other", "近所の便", "近所の便"),
        ("other", "", "その他"),
        ("なぞの運送", "", "なぞの運送"),
    ],
)
def test_a_carrier_is_written_as_qoo10_calls_it(carrier, name, company):
    assert qoo10_upload.company(item(carrier=carrier, carrier_name=name, number="1")) == company


def test_letters_that_cp932_has_not_are_left_out_and_named():
    flower = item(receiver_name="김🌸하나", name="マグ☕〜㈱髙", number="1")
    rows = table(qoo10_upload.tracking([flower, item(number="2")]), "cp932")
    assert [(row[7], row[11]) for row in rows[1:]] == [("マグ～㈱髙", ""), (MUG.name, "山田 花子")]
    assert qoo10_upload.unwritten(flower) == "☕김🌸하나"


def test_a_carrier_or_number_that_cp932_cannot_write_is_not_half_written():
    assert qoo10_upload.company(item(carrier="other", carrier_name="동네배송", number="1")) == "その他"
    assert table(qoo10_upload.tracking([item(carrier="other", number="한진1")]), "cp932")[1:] == []


@given(st.lists(st.text(st.sampled_from("=+-@＝＋－＠\t\r\n 🌸가a1,\"'"), max_size=5), min_size=5, max_size=5))
def test_nothing_that_we_write_begins_like_a_formula(words):
    name, option, sku, receiver, carrier = words
    evil = item(
        order_no=name or "x", name=name, option=option, sku=sku, receiver_name=receiver, carrier="other",
        carrier_name=carrier, number=sku, quantity=1, item_no=receiver, promised_on=date(2026, 10, 12),
    )  # fmt: skip
    xlsx = CalamineWorkbook.from_filelike(io.BytesIO(smartstore_dispatch.dispatch([evil]))).get_sheet_by_index(0)
    written = [
        *table(qoo10_upload.tracking([evil]), "cp932"),
        *table(qoo10_upload.ship_dates([evil]), "cp932"),
        *table(shopify_fulfilment.write([evil]), "utf-8"),
        *table(as_csv(["a"], [words], "utf-8-sig"), "utf-8-sig"),
        *xlsx.to_python(),
    ]
    assert [cell for row in written for cell in row if str(cell)[:1] in set("=+-@＝＋－＠\t\r\n")] == []


def test_what_begins_like_a_formula_is_text_in_both_files():
    evil = item(name="=1+1", sku="@x", option="+1", receiver_name="-cmd", number="1", carrier="sagawa")
    assert [table(qoo10_upload.tracking([evil]), "cp932")[1][n] for n in (7, 9, 10, 11)] == [
        "'=1+1",
        "'+1",
        "'@x",
        "'-cmd",
    ]
    assert table(shopify_fulfilment.write([evil]), "utf-8")[1][1:3] == ["'=1+1", "'@x"]


def test_line_breaks_quotes_and_commas_survive():
    row = table(qoo10_upload.tracking([item(option='色: "白",\n青', number="1")]), "cp932")[1]
    assert row[9] == '色: "白", 青'


def test_what_qoo10_would_see_reads_back_as_the_same_items(sample):
    file = qoo10.parse(qoo10_upload.tracking(ITEMS))
    assert file.rejected == []
    assert [(o.order_no, x.item_no, x.carrier, x.tracking_number) for o in file.orders for x in o.lines] == [
        ("800000011", "900000101", "sagawa", "500000000101"),
        ("800000012", "900000102", "japanpost", "500000000102"),
        ("800000012", "900000103", "japanpost", "500000000102"),
    ]


def test_a_fulfilment_is_a_row_for_each_line_with_number_and_page():
    left = datetime(2026, 10, 8, 1, tzinfo=UTC)
    sent = item(order_no="#1002", name="Mug", sku="MUG-WH", quantity=2, country="US", carrier="sagawa", number="400000001002", shipped_at=left)  # fmt: skip
    head, row = table(shopify_fulfilment.write([sent]), "utf-8")
    assert dict(zip(head, row, strict=True)) == {
        "Name": "#1002",
        "Lineitem name": "Mug",
        "Lineitem sku": "MUG-WH",
        "Lineitem quantity": "2",
        "Tracking Company": "Sagawa (EN)",
        "Tracking Number": "400000001002",
        "Tracking URL": row[6],
        "Fulfilled at": "2026-10-08 01:00:00 +0000",
    }
    assert row[6].startswith("https://")
    assert row[6].endswith("400000001002")


@pytest.mark.parametrize(
    ("carrier", "country", "company"),
    [
        ("yamato", "JP", "Yamato (JA)"),
        ("yamato", "US", "Yamato (EN)"),
        ("cj", "KR", "CJ Logistics"),
        ("other", "KR", "Other"),
    ],
)
def test_a_carrier_is_written_as_shopify_spells_it(carrier, country, company):
    assert shopify_fulfilment.company(item(carrier=carrier, country=country)) == company
