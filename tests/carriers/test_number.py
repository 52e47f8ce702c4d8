"""Facts about reading what was typed or scanned. No carrier's rules."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sellerweb.carriers.number import normalise, reading


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("632976615493", "632976615493"),
        (" 6329 7661\t5493\r\n", "632976615493"),
        ("６３２９７６６１５４９３", "632976615493"),
        ("ｅｇ７２５０８９３０３ｊｐ", "EG725089303JP"),
        ("eg725089303jp", "EG725089303JP"),
        ("6329-7661-5493", "632976615493"),
        ("6000ー8104ー7215", "600081047215"),
        ("6000ｰ8104－7215", "600081047215"),
        ("6000‐8104–7215−", "600081047215"),
        ("6329\u200b7661\ufeff5493\u3000", "632976615493"),
        ("a271012047736a", "271012047736"),
        ("D271012047736B", "271012047736"),
        ("]C1632976615493", "632976615493"),
        ("]F0A271012047736A", "271012047736"),
        ("]C1\x1d420193809261290336128704280838\x1d", "420193809261290336128704280838"),
    ],
)
def test_normalise_mends_what_hands_and_scanners_do(typed, number):
    assert normalise(typed) == number


@pytest.mark.parametrize("text", ["EG725089303JP", "A271012047736", "271012047736A", "E271012047E", "AB", "A"])
def test_normalise_keeps_letters_that_belong_to_the_number(text):
    assert normalise(text) == text


@pytest.mark.parametrize("text", ["632976615493.0", "6.33E+11", "오전10시상차"])
def test_normalise_does_not_hide_what_is_no_number(text):
    assert normalise(text) == text


@example("A1A")
@example("]]C1C1-A1A")
@example("a\u00ad\u0301")
@example("ß\u0345¨ŉﬀ")
@given(st.text())
def test_normalise_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_normalise_twice_changes_no_single_character():
    for point in range(sys.maxunicode + 1):
        once = normalise(chr(point) + "1")
        assert normalise(once) == once


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        (" \r\n-\u200b", "empty"),
        ("632976615493", ""),
        ("632976615493\r\n", ""),
        ("632976615493,", ""),
        ("632976615493\n6329-7661-5493", ""),
        ("632976615493,632675005115", "several"),
        ("632976615493 / 632675005115", "several"),
        ("632976615493；632675005115", "several"),
        ("632976615493、632675005115", "several"),
        ("632976615493\r\n632675005115\r\n", "several"),
        ("EG725089303JP\nEE994353255CN", "several"),
        ("632976615493.0", "spreadsheet"),
        ("632976615493.", "spreadsheet"),
        ("6.33E+11", "spreadsheet"),
        ("6.32976615493e11", "spreadsheet"),
        ("6,33E+11", "spreadsheet"),
        ("6E+11", "spreadsheet"),
        ("632,976,615,493", "spreadsheet"),
        ("633E11", ""),
        ("오전10시상차", "memo"),
        ("N/A", "memo"),
        ("오전/오후", "memo"),
        ("632976615493 빠른배송", "memo"),
        ("'632976615493", "memo"),
        ("٦٣٢٩٧٦٦١٥٤٩٣", "memo"),
        ("000000000000", "placeholder"),
        ("1111-1111-1111", "placeholder"),
        ("TBC000000000000", ""),
    ],
)
def test_reading_names_the_fault(text, fault):
    assert reading(text)[1] == fault


def test_reading_drops_a_stray_separator():
    assert reading("632976615493;\n") == ("632976615493", "")
