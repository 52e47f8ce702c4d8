"""Fingers: whatever is pressed is 44 px high, at the three sizes, and no page is wider than the screen."""

import pytest
from browser import PHONE, PORTRAIT, TABLET
from browser import finger_faults as wrong
from playwright.sync_api import expect

from sellerweb.channels import WRITERS
from sellerweb.shop import batches, conflicts, history, locations, shipments, stock
from sellerweb.shop.incoming import LineIn, OrderIn

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
SIZES = pytest.mark.parametrize("size", [TABLET, PORTRAIT, PHONE], ids=["tablet", "portrait", "phone"])
LONG = "아주" * 60
STAFF = history.Actor("staff", None, "packer")


@pytest.fixture(scope="module")
def shop(live):
    live.order("FINGER1", quantity=99_999, receiver_name=LONG, address=LONG + " " + LONG, message=LONG)
    live.order("FINGER2" + "9" * 50)
    fill_channels(live)
    return live


def fill_channels(live):
    """A file that was made and refused, one that would be, a disagreement, a product on two shelves: all with long words."""
    for code in ("FINGER3", "FINGER4"):
        live.order(code, lines=[LineIn(f"{code}-1", LONG, 2, "new", sku="S" * 120, option=LONG)])
    with live.app.app_context():
        for code in ("FINGER3", "FINGER4"):
            with history.act(STAFF, "ship") as act:
                case = act.order(code)
                label = shipments.Label("cj", live.number())
                shipments.send(case, dict.fromkeys(case.lines, 2), label, hand_over=True)
            if code == "FINGER3":
                with history.act(STAFF, "export") as act:
                    batch = batches.make(act, "smartstore", "dispatch", WRITERS["smartstore", "dispatch"])
                    rows = {row.id: LONG for row in batches.rows_of(act.tx, batch)}
                    batches.settle(act, batch, max(rows), "failed", rows)
        with history.act(STAFF, "count_stock") as act:
            for place in ("창고", "가게" * 40):
                stock.count(act, 1, locations.add(act, place), 99_999, "other", LONG)
            said = {"address": "부산광역시 해운대구 2"}
            found = conflicts.Disagreement("address_again", LONG, LONG, said=said)
            conflicts.follow(act.order("FINGER1"), [found], OrderIn("FINGER1", "KRW"))


PAGES = [
    "/orders", "/orders?tab=delivered", "/orders?q=FINGER", "/orders/FINGER1", "/orders/FINGER1/ship", "/orders/FINGER1/hold",
    "/orders/FINGER1/promise", "/orders/FINGER1/readdress", "/orders/FINGER1/slip", "/orders/handover", "/orders/filter",
    "/imports", "/staff", "/staff/1", "/moves", "/reasons", "/orders/archive/older", "/password", "/nothing",
    "/policy", "/policy/manual/cut_off", "/orders/new", "/replies", "/replies/new", "/replies/where_shipped/ko", "/replies/phrases",
    "/orders/FINGER1/answer", "/customers/1", "/manuals", "/manuals/late_parcel/ko", "/manuals/late_parcel/ko/edit", "/reviews", "/reviews/new",
    "/reviews/import", "/products", "/products/1", "/products/file", "/locations", "/channels/tell", "/channels/tell/1",
    "/channels/tell/smartstore/dispatch", "/channels/conflicts",
]  # fmt: skip


@SIZES
@pytest.mark.parametrize("locale", ["ko-KR", "ja-JP", "en-US"])
def test_every_page_is_made_for_fingers(visit, shop, size, locale):
    page, found = visit("/orders", size, locale=locale), {}
    for path in PAGES:
        page.goto(shop.url + path)
        if said := wrong(page):
            found[path] = said
    assert found == {}


@SIZES
def test_an_opened_row_the_toast_the_bar_and_the_menu(visit, shop, size):
    code = shop.order(f"FINGER-{size[0]}", quantity=99_999, receiver_name=LONG, address=LONG + " " + LONG, message=LONG)
    page = visit("/orders?q=FINGER", size)  # found, for the first page of a tab may be full of other tests' orders
    row = page.locator(f"#order-{code}")
    row.locator(".c-act a").click()
    expect(row.locator("[data-scan]")).to_be_visible()
    assert wrong(page) == []
    row.locator("[data-scan]").fill(shop.number())
    row.locator(".acts .go").click()
    expect(page.locator(".toast button")).to_be_visible()
    assert wrong(page) == []
    page.locator(".toast button").click()
    expect(row.locator(".c-act a")).to_be_visible()
    page.locator(f"#order-FINGER2{'9' * 50} .pick").click()
    expect(page.locator(".bar")).to_be_visible()
    assert wrong(page) == []
    page.locator(".menu summary").click()
    expect(page.locator(".drop")).to_be_visible()
    assert wrong(page) == []


@SIZES
def test_the_door_is_made_for_fingers(visit, live, size):
    assert wrong(visit("/sign-in", size, name="")) == []


def test_a_policy_that_is_broken_would_be_seen(chromium, live):
    """The watch over the console, which every browser test ends with, does see."""
    page = live.sign_in(chromium.new_page())
    page.goto(live.url + "/orders")
    with page.expect_event("console", lambda m: "Content Security Policy" in m.text):
        page.evaluate("document.body.setAttribute('onclick', '1')")
    page.context.close()
