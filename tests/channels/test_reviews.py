"""Reviews in tables of others: columns in three languages, stars however they are written, and what is none."""

from zoneinfo import ZoneInfo

import pytest

from sellerweb.channels import own_table, reviews
from sellerweb.channels.cells import RowError

SEOUL = ZoneInfo("Asia/Seoul")
SMARTSTORE = "리뷰글번호,상품번호,상품명,리뷰구분,구매자평점,포토/영상,리뷰상세내용,리뷰도움수,등록자,리뷰등록일,상품주문번호,답글여부\n"


def taken(text):
    table = own_table.parse(text.encode())
    return reviews.read(table, reviews.guess(table.header), SEOUL)


def test_a_smartstore_file_is_understood():
    told, rejected = taken(
        SMARTSTORE + "4001,77,달빛 노트,일반,2,,종이가 얇아요,0,moon****,2026-11-20 10:00:00,2026111512345678,N\n"
    )
    [one] = told
    assert (one.stars, one.words, one.product, one.name, one.ref, one.order) == (
        2, "종이가 얇아요", "달빛 노트", "moon****", "4001", "2026111512345678",
    )  # fmt: skip
    assert one.written_at.isoformat() == "2026-11-20T01:00:00+00:00"
    assert rejected == []


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("評価,レビュー内容,商品名,投稿者,投稿日", {"stars", "words", "product", "name", "written_at"}),
        (
            "rating,body,reviewer_name,product_title,review date,id",
            {"stars", "words", "name", "product", "written_at", "ref"},
        ),
        ("별점,내용,리뷰 상세 내용,작성자", {"stars", "words", "name"}),
    ],
)
def test_columns_are_known_in_three_languages(header, fields):
    found = reviews.guess(header.split(","))
    assert set(found.values()) == fields
    assert found.get("내용", "") == ""  # the one that says most is taken


@pytest.mark.parametrize(
    ("cell", "stars"), [("★★★☆☆", 3), ("4", 4), ("4.5", 4), ("5점", 5), ("３", 3), ("2/5", 2), ("⭐⭐", 2)]
)
def test_stars_are_read_however_they_are_written(cell, stars):
    assert reviews._stars(cell) == stars


@pytest.mark.parametrize("cell", ["", "0", "6", "좋아요", "-3", "★★★★★★", "99999999999"])
def test_what_is_no_star_is_refused(cell):
    with pytest.raises(RowError, match="bad_stars"):
        reviews._stars(cell)


def test_one_bad_row_leaves_the_others():
    told, rejected = taken("별점,내용\n5,좋아요\n9,나빠요\n1," + "가" * 4001 + "\n3,음\n")
    assert [one.stars for one in told] == [5, 3]
    assert [(row.row, row.code) for row in rejected] == [(3, "bad_stars"), (4, "too_long")]
