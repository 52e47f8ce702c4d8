"""Gaps in words: three names for each, nothing left empty, and nothing that was filled in is read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerweb.shop.placeholders import PLACEHOLDERS, Unfilled, fill, unknown, used

VALUES = {p.key: f"<{p.key}>" for p in PLACEHOLDERS}


@pytest.mark.parametrize("language", ["ko", "ja", "en"])
def test_each_has_a_name_of_its_own_in_each_language(language):
    names = [p.name(language) for p in PLACEHOLDERS]
    assert len(set(names)) == len(names)
    for p in PLACEHOLDERS:
        assert fill(f"[{p.name(language)}]", VALUES) == f"<{p.key}>"


def test_a_gap_that_would_stay_empty_is_named():
    with pytest.raises(Unfilled) as empty:
        fill("번호: [송장번호]", {**VALUES, "number": " "})
    assert empty.value.name == "송장번호"


def test_what_is_no_placeholder_is_named_once():
    assert unknown("[고객명]님 [쿠폰] [쿠폰] [__class__]") == ["쿠폰", "__class__"]
    assert used("[고객명] [注文番号] [쿠폰]") == {"customer", "order_no"}
    with pytest.raises(Unfilled):
        fill("[쿠폰]", VALUES)


def test_brackets_around_a_placeholder_stay():
    assert fill("[[가게이름]] 안녕", {"shop": "달빛문구"}) == "[달빛문구] 안녕"


def test_an_optional_line_with_nothing_to_say_is_left_out():
    words = "앞\n가게 안내: [안내]\n뒤"
    assert fill(words, {**VALUES, "note": ""}) == "앞\n뒤"
    assert fill(words, VALUES) == "앞\n가게 안내: <note>\n뒤"


def test_only_what_may_be_missing_is_optional():
    assert {p.key for p in PLACEHOLDERS if p.optional} == {"note", "option", "answer_by", "fees"}


@given(st.text())
def test_what_is_filled_in_is_never_read_again(name):
    value = f"x{name}[고객명]{{customer}}%(customer)s"
    assert fill("[상품명]", {**VALUES, "items": value}) == value


@given(st.text(alphabet="[]가고객명 \n{}%", max_size=40))
def test_a_text_is_filled_whole_or_refused_for_what_is_no_placeholder(text):
    if unknown(text):
        with pytest.raises(Unfilled):
            fill(text, VALUES)
    else:
        assert "[고객명]" not in fill(text, VALUES)
