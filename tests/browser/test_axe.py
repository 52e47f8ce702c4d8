"""Nothing that axe knows of shuts anybody out: every page of the desk, on a tablet and a phone, light and dark."""

import pytest
from browser import PHONE, TABLET, axe_violations
from page import filled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
LOOKS = [(TABLET, False, "ko-KR"), (TABLET, True, "ja-JP"), (PHONE, False, "en-US"), (PHONE, True, "ko-KR")]


@pytest.fixture(scope="module")
def shop(live):
    """An order of each kind: late, held, asked to be cancelled, with a note, labelled, unpaid, sent."""
    live.order("AXE-NEW", quantity=2, message="부재 시 경비실에 맡겨 주세요.")
    live.order("AXE-WISH", state="cancel_requested")
    live.order("AXE-UNPAID", state="unpaid")
    live.order("AXE-SENT", state="shipped")
    live.order("AXE-HELD")
    live.order("AXE-LABEL")
    alice = live.person("Alice")
    alice.fill("/orders/AXE-HELD/hold", reason="색상 확인")
    form = alice.open("/orders/AXE-LABEL/ship").form("/orders/AXE-LABEL/ship")
    alice.post("/orders/AXE-LABEL/label", {**filled(form), "number": live.number()}, status=303)
    return live


PAGES = [
    "/orders", "/orders?tab=cancelled", "/orders?q=nothing", "/orders/AXE-NEW", "/orders/AXE-WISH", "/orders/AXE-LABEL",
    "/orders/AXE-NEW/ship", "/orders/AXE-NEW/hold", "/orders/AXE-NEW/promise", "/orders/AXE-NEW/readdress",
    "/orders/AXE-NEW/slip", "/orders/handover", "/orders/filter", "/imports", "/staff", "/staff/1", "/moves", "/password",
    "/policy", "/policy/manual/cut_off", "/orders/new", "/customers/1", "/manuals", "/manuals/late_parcel/ko", "/manuals/late_parcel/ko/edit",
    "/reviews", "/reviews/new", "/reviews/import", "/reasons", "/orders/archive/older", "/nothing",
]  # fmt: skip


@pytest.mark.parametrize(("size", "dark", "locale"), LOOKS, ids=["tablet", "tablet-dark", "phone", "phone-dark"])
def test_every_page_is_open_to_everybody(visit, shop, size, dark, locale):
    page, found = visit("/orders", size, dark=dark, locale=locale), {}
    for path in PAGES:
        page.goto(shop.url + path)
        if violations := axe_violations(page):
            found[path] = violations
    assert found == {}, "\n".join(f"{path}\n{said}" for path, said in found.items())


@pytest.mark.parametrize(("size", "dark", "locale"), LOOKS, ids=["tablet", "tablet-dark", "phone", "phone-dark"])
def test_an_opened_row_with_its_sentence_and_a_toast(visit, shop, size, dark, locale):
    page = visit("/orders?tab=new&pages=9", size, dark=dark, locale=locale)
    row = page.locator("#order-AXE-NEW")
    row.locator(".c-act a").click()
    expect(row.locator("[data-scan]")).to_be_visible()
    assert axe_violations(page) == ""
    row.locator("[data-scan]").fill("622344515293")
    row.locator(".acts .go").click()
    expect(row.locator("[aria-invalid=true]")).to_be_visible()
    assert axe_violations(page) == ""
    row.locator("[data-scan]").fill(shop.number())
    row.locator(".acts .go").click()
    expect(page.locator(".toast")).to_be_visible()
    assert axe_violations(page) == ""
    page.locator(".toast button").click()
    expect(row.locator(".c-act a")).to_be_visible()
    page.locator("#order-AXE-HELD .pick").click()
    page.locator(".menu summary").click()
    expect(page.locator(".drop")).to_be_visible()
    assert axe_violations(page) == ""


@pytest.mark.parametrize(("size", "dark", "locale"), LOOKS, ids=["tablet", "tablet-dark", "phone", "phone-dark"])
def test_the_door(visit, live, size, dark, locale):
    page = visit("/sign-in", size, name="", dark=dark, locale=locale)
    assert axe_violations(page) == ""
    page.locator("button.go").click()
    page.locator("[name=name]").fill("Nobody")
    page.locator("[name=password]").fill("nothing")
    page.locator("button.go").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    assert axe_violations(page) == ""
