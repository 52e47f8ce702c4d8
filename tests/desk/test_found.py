"""Searching at the desk: by whatever is at hand, and nothing secret on the page that answers."""

import pytest

from sellerweb.shop.incoming import LineIn

CJ = "622344515213"


@pytest.fixture
def shop(desk, make_order, send):
    make_order(
        "2026112184512331",
        receiver_name="황보서연",
        phone="010-7777-4321",
        lines=[LineIn("I-1", "가죽 수첩", 1, "new", option="라인", sku="KN-A5-L")],
    )
    make_order("2026112184512399", receiver_name="山田 太郎", phone="090-1111-2222", buyer_name="山田 花子")
    send(desk, "2026112184512331", number=CJ)
    return desk


@pytest.mark.parametrize(
    "words",
    [
        "2026112184512331", "84512331", "황보서연", "서연", "보서", "4321", "01077774321", "010-7777-4321",
        "KN-A5-L", "kn-a5", CJ, "6223-4451-5213", "６２２３４４５１５２１３", "가죽", "죽 수첩", "I-1",
    ],
)  # fmt: skip
def test_it_is_found_by_what_is_at_hand(shop, words, htmx):
    page = shop.client.get("/orders", query_string={"q": words}, headers=shop._headers(htmx, {}))
    assert b'id="order-2026112184512331"' in page.data
    assert b'id="order-2026112184512399"' not in page.data


@pytest.mark.parametrize("words", ["山田", "太郎", "花子", "2222", "山田 太郎"])
def test_japanese_names_are_found(shop, words, htmx):
    page = shop.client.get("/orders", query_string={"q": words}, headers=shop._headers(htmx, {}))
    assert b'id="order-2026112184512399"' in page.data
    assert b'id="order-2026112184512331"' not in page.data


def test_what_is_not_there_is_said(shop, htmx):
    page = shop.open("/orders?q=nothing", htmx=htmx)
    assert "Nothing was found" in page.text(".empty")
    assert "nothing" in page.text("h2")


def test_what_was_found_is_masked(shop):
    html = shop.open("/orders?q=4321").html
    assert "황**연" in html
    assert "황보서연" not in html
    assert "7777" not in html


def test_a_search_goes_through_all_stages(shop):
    assert "Shipped" in shop.open(f"/orders?q={CJ}").text("#order-2026112184512331")
