"""Whose file it is, and in which letters: seen from the file, and asked where it cannot be seen."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellerweb.channels import READERS, auto, encodings, qoo10, shopify
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.sentence import FILE_WHY
from sellerweb.shop.incoming import FileError

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["files"]
OWN = [{"주문번호": "A-1", "받는분": "김하늘", "주소": "서울특별시 강남구 가상대로 1", "상품명": "머그컵"}]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_recognised_by_its_columns(sample, name):
    expected = EXPECTED[name]
    file = auto.parse(sample(name), expected.get("password", ""))
    assert (file.channel, len(file.orders)) == (expected["channel"], expected["counts"]["orders"])
    own = import_module(f"sellerweb.channels.{expected['channel']}")
    assert file == own.parse(sample(name), expected.get("password", ""))


def test_behind_the_fence_it_is_recognised_as_well(sample):
    data = sample("shopify_orders_export.csv")
    assert READERS["auto"](data) == READERS["shopify"](data)


@pytest.mark.parametrize("name", ["smartstore_dispatch_filled.xlsx", "qoo10_upload_tracking_cp932.csv"])
def test_what_a_channel_takes_back_is_recognised_too(sample, name):
    assert auto.parse(sample(name)).channel == name.split("_")[0]


def test_the_sheet_that_is_recognised_may_be_the_second(book):
    assert auto.parse(book(sheets_before=["안내"])).channel == "smartstore"


def test_a_file_that_nobody_s_columns_fit_is_a_table_of_one_s_own(csv_of):
    assert isinstance(auto.parse(csv_of(OWN)), OwnTable)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_table_of_one_s_own_is_read_in_the_letters_it_is_written_in(csv_of, encoding):
    table = auto.parse(csv_of(OWN, encoding))
    assert (table.header, table.rows) == (list(OWN[0]), [(2, list(OWN[0].values()))])


def test_japanese_ones_too(csv_of):
    rows = [{"注文番号": "A-1", "お名前": "髙橋 ①郎", "住所": "北海道架空市﨑町", "商品名": "マグカップ"}]
    assert auto.parse(csv_of(rows, "cp932")).rows == [(2, list(rows[0].values()))]


def test_letters_that_read_in_two_ways_are_asked_about_with_how_they_would_read(csv_of):
    data = csv_of([{"order": "A-1", "name": "山田", "item": "mug"}], "cp932")
    with pytest.raises(FileError) as refusal:
        auto.parse(data)
    assert refusal.value.code == "unsure_encoding"
    assert "山田" in refusal.value.about["cp932"]
    assert auto.parse(data, encoding="cp932").rows == [(2, ["A-1", "山田", "mug"])]


def test_what_does_not_fit_an_encoding_is_shown_as_a_mark_that_a_page_can_hold(csv_of):
    row = {
        "配送状態": "配送要請",
        "注文番号": "1",
        "商品名": "マグカップ",
        "受取人名": "山田花子",
        "住所": "東京都架空区見本町",
    }
    data = csv_of([row], "euc_jp")
    with pytest.raises(FileError) as refusal:
        auto.parse(data)
    assert "\ufffd" in "".join(refusal.value.about.values())
    assert all(reading.encode() for reading in refusal.value.about.values())


def test_a_header_proves_letters_that_are_too_like_others_to_be_guessed(csv_of):
    rows = [{"注文番号": "900000101", "カート番号": "800000011", "数量": "1", "受取人名": "山田 花子"}]
    assert auto.parse(csv_of(rows, "euc_jp")).orders[0].receiver_name == "山田 花子"


def test_names_with_a_line_end_each_do_not_hide_what_parts_them(csv_of):
    rows = [{"상품주문번호\n": "2026100710000111", "수량\n": "2"}]
    assert auto.parse(csv_of(rows)).orders[0].lines[0].quantity == 2


def test_what_people_choose_is_taken_and_what_does_not_fit_it_is_rejected_by_row(csv_of):
    data = csv_of([{"order": "A-1", "name": "Jane"}, {"order": "A-2", "name": "山田"}], "cp932")
    table = auto.parse(data, encoding="utf-8")
    assert table.rows == [(2, ["A-1", "Jane"])]
    assert [(r.row, r.code) for r in table.rejected] == [(3, "broken_text")]


def test_a_mark_at_the_beginning_decides_whatever_was_chosen(csv_of):
    assert auto.parse(csv_of(OWN, "utf-8-sig"), encoding="cp932").rows == [(2, list(OWN[0].values()))]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_spreadsheet"),
        (b"<html><table>", "not_spreadsheet"),
        (b"%PDF-1.7 ...", "not_spreadsheet"),
        (b"PK\x03\x04 but no zip", "corrupt_file"),
        (bytes(range(256)) * 4, "not_spreadsheet"),
        (b"name,goods\nJane,\0\0\0", "not_spreadsheet"),
        (b'a,b\n"1,2\n', "corrupt_file"),
        (b"one column\n1\n2\n", "no_header"),
        (",".join(f"c{n}" for n in range(101)).encode(), "no_header"),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", "corrupt_file"),
    ],
)
def test_what_is_no_list_is_refused(data, code):
    with pytest.raises(FileError) as refusal:
        auto.parse(data)
    assert refusal.value.code == code


def outcome(channel, data, encoding=""):
    try:
        channel.parse(data, "", encoding)
    except FileError as refusal:
        return refusal.code
    return "read"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_at_all_raise_anything_else(data):
    assert outcome(auto, data) in ("read", *FILE_WHY)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["", *encodings.CHOICES]), st.sampled_from([auto, qoo10, shopify]))
def test_rows_of_any_bytes_under_a_known_header_never_raise_anything_else(tail, encoding, channel):
    head = (
        "注文番号,カート番号,数量\n".encode("cp932") if channel is qoo10 else b"Name,Lineitem name,Lineitem quantity\n"
    )
    assert outcome(channel, head + tail, encoding) in ("read", *FILE_WHY)
