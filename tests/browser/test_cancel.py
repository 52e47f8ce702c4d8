"""Cancels in a real browser: figures that follow the finger, the toast that takes back, two people at once."""

import pytest
from browser import PHONE, TABLET, axe_violations
from playwright.sync_api import expect

from sellerweb.shop import cancels, history
from sellerweb.shop.incoming import LineIn

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
SIZES = pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
LINES = [LineIn("1", "노트", 2, "new", total=20_000), LineIn("2", "펜", 1, "new", total=5_000)]


def by_hand(live, code):
    """An order by hand of two notebooks and a pen, and ₩3,000 for shipping."""
    return live.order(code, channel="manual", lines=LINES, shipping_fee=3_000)


def wish(live, code):
    """Its customer asks to cancel everything, on their own page."""
    with live.app.app_context(), history.act(history.CUSTOMER, "request") as act:
        case = act.order(code)
        cancels.request(case, {line.id: line.ordered for line in case.lines.values()}, "wish", "두 번 주문했어요")


def poll(page):
    """What app.js does every ten seconds, now."""
    page.evaluate("document.body.dispatchEvent(new CustomEvent('poll'))")


def test_everything_down_to_the_button_fits_on_a_tablets_screen(visit, live):
    code = by_hand(live, "CANCEL-FITS")
    page = visit(f"/orders/{code}/cancel", TABLET)
    button = page.get_by_role("button", name="Cancel these pieces").bounding_box()
    last = page.get_by_label("Note", exact=True).bounding_box()
    assert last["y"] + last["height"] < button["y"] < button["y"] + button["height"] <= TABLET[1]


@SIZES
def test_the_figures_follow_and_the_toast_takes_back(visit, live, size):
    code = by_hand(live, f"CANCEL-{size[0]}")
    page = visit(f"/orders?q={code}", size)
    row = page.locator(f"#order-{code}")
    row.locator(".c-act a").click()
    row.get_by_role("link", name="Cancel", exact=True).click()
    sums = page.locator(f"#sum-{code}")
    expect(sums).to_contain_text("₩28,000")
    row.get_by_label("Pieces of 노트").fill("1")
    expect(sums).to_contain_text("₩15,000")
    expect(sums).to_contain_text("The rest stays to be sent")
    row.get_by_role("radio", name="No longer wanted").check()
    row.get_by_label("Note", exact=True).fill("전화로 들음")
    row.get_by_role("radio", name="Sold out").check()
    expect(row.get_by_label("Put the pieces back on sale")).not_to_be_checked()
    expect(row.get_by_label("Note", exact=True)).to_have_value("전화로 들음")
    assert axe_violations(page) == ""
    row.get_by_role("button", name="Cancel these pieces").click()
    toast = page.locator(".toast", has_text="are cancelled")
    expect(toast).to_be_visible()
    assert live.rows(
        "SELECT cancelled FROM order_line l JOIN orders o ON o.id = l.order_id WHERE code = :c", c=code
    ) == [
        (1,),
        (1,),
    ]
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="as it was")).to_be_visible()
    assert live.rows("SELECT refunded FROM orders WHERE code = :c", c=code) == [(0,)]


@SIZES
def test_a_wish_turns_the_row_red_while_somebody_watches_and_is_answered_there(visit, live, size):
    code = by_hand(live, f"WISH-{size[0]}")
    page = visit(f"/orders?q={code}", size)
    row = page.locator(f"#order-{code}")
    expect(row.get_by_role("link", name="Ship", exact=True)).to_be_visible()
    wish(live, code)
    poll(page)
    expect(row).to_contain_text("Cancel asked")
    expect(page.locator("#count-claims")).to_be_visible()
    row.locator(".c-act a").click()
    expect(row).to_contain_text("두 번 주문했어요")
    row.get_by_role("link", name="Approve").click()
    expect(row.get_by_role("button", name="Approve")).to_be_visible()
    assert axe_violations(page) == ""
    row.get_by_role("button", name="Approve").click()
    expect(row).to_contain_text("Cancelled")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("Cancel asked")


@SIZES
def test_the_list_of_requests_is_live_and_an_answer_can_be_taken_back(visit, live, size):
    code, other = by_hand(live, f"LIST-{size[0]}"), by_hand(live, f"LATER-{size[0]}")
    wish(live, code)
    page = visit("/claims?kind=cancel", size)
    row = page.locator("#claims .row", has_text=code)
    row.get_by_role("link", name="Look").click()
    row.get_by_role("link", name="Refuse").click()
    row.get_by_label("Words for the customer").fill("이미 만들고 있어요")
    wish(live, other)
    poll(page)
    expect(page.locator("#claims .row", has_text=other)).to_be_visible()
    expect(row.get_by_label("Words for the customer")).to_have_value("이미 만들고 있어요")
    row.get_by_role("link", name="Back").click()
    row.get_by_role("link", name="Approve").click()
    row.get_by_role("button", name="Approve").click()
    expect(row).to_contain_text("Done")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(row).not_to_contain_text("Done")
    expect(row).to_contain_text("by tomorrow")


def test_without_scripts(visit, live):
    code = by_hand(live, "NOSCRIPT-CANCEL")
    page = visit(f"/orders/{code}/cancel", javascript=False)
    page.get_by_label("Pieces of 노트").fill("0")
    page.get_by_role("radio", name="Takes too long").check()
    page.get_by_role("button", name="Work it out again").click()
    expect(page.locator(f"#sum-{code}")).to_contain_text("₩5,000")
    page.get_by_role("button", name="Cancel these pieces").click()
    expect(page.locator(".toast")).to_contain_text("are cancelled")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("as it was")
