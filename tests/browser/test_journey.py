"""The first whole path in a real browser: file in, a wrong number, the right one, undo, ship again, slip."""

import io
import re
from pathlib import Path

import pypdf
import pytest
from browser import PHONE, TABLET
from live import wrong
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SAMPLE = Path(__file__).parent.parent / "data" / "samples" / "smartstore_orders.xlsx"
PORTRAIT = (820, 1180)
expect.set_options(timeout=20_000)


def take_in(page):
    page.locator(".rail").get_by_role("link", name="Channels").click()
    page.get_by_label("File", exact=True).set_input_files(SAMPLE)
    page.get_by_role("button", name="Take in").click()
    expect(page.locator("#report")).to_be_visible()


def report(page):
    """What the report says in the end: how many were new, updated, unchanged, rejected."""
    expect(page.locator(".figures")).to_be_visible()
    return [int(n) for n in page.locator(".figures dd").all_inner_texts()]


def pdf_text(page, code):
    """The slip, fetched with the page's own cookies and token, as its form does."""
    token = page.locator("input[name=csrf_token]").first.get_attribute("value")
    form = {"csrf_token": token, "size": "a5"}
    answer = page.request.post(page.url.partition("/orders")[0] + f"/orders/{code}/slip", form=form)
    assert answer.headers["content-type"] == "application/pdf"
    return "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.body())).pages)


def states(live, code):
    query = "SELECT s.state FROM shipment s JOIN orders o ON o.id = s.order_id WHERE o.code = :code ORDER BY s.id"
    return [state for (state,) in live.rows(query, code=code)]


@pytest.mark.parametrize(
    ("size", "code"),
    [(TABLET, "2026100710000011"), (PORTRAIT, "2026100710000013"), (PHONE, "2026100710000014")],
    ids=["tablet", "portrait", "phone"],
)
def test_from_the_file_to_the_slip(visit, live, size, code):
    page = visit("/orders", size)
    take_in(page)
    new, updated, unchanged, rejected = report(page)
    assert (new + updated + unchanged, rejected) == (15, 0)
    page.get_by_role("link", name="To the new orders").click()
    row = page.locator(f"#order-{code}")
    row.get_by_role("link", name="Ship", exact=True).click()
    number = live.number()
    field = row.get_by_label("Tracking number")
    expect(field).to_be_focused()

    field.fill(wrong(number))
    row.get_by_role("button", name="Ship", exact=True).click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(row.locator(f"#hint-{code} .bad")).not_to_be_empty()
    expect(field).to_have_value(wrong(number))
    assert states(live, code) == []

    field.fill(number)
    row.get_by_role("button", name="Ship", exact=True).click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Shipped")
    expect(row).to_contain_text("Shipped")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)

    row.get_by_role("link", name="Ship", exact=True).click()
    expect(field).to_have_value("")
    field.fill(number)
    row.get_by_role("button", name="Ship", exact=True).click()
    expect(page.locator(".toast", has_text="Shipped")).to_be_visible()
    assert states(live, code) == ["voided", "shipped"]
    text = pdf_text(page, code)
    assert code in text
    assert "핸드메이드" in text


def test_without_scripts(visit, live):
    code = "2026100710000021"
    page = visit("/orders", javascript=False)
    take_in(page)
    for _look in range(200):
        if page.locator(".figures").count():
            break
        page.get_by_role("link", name="Look again").click()
    assert sum(report(page)) == 15
    page.get_by_role("link", name="To the new orders").click()
    page.locator(f"#order-{code}").get_by_role("link", name="Ship", exact=True).click()
    number = live.number()
    page.get_by_label("Tracking number").fill(wrong(number))
    page.get_by_role("button", name="Ship", exact=True).click()
    expect(page.get_by_label("Tracking number")).to_have_value(wrong(number))
    expect(page.locator(f"#hint-{code} .bad")).not_to_be_empty()
    page.get_by_label("Tracking number").fill(number)
    page.get_by_role("button", name="Ship", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Shipped")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    page.get_by_role("link", name="Ship", exact=True).first.click()
    page.get_by_label("Tracking number").fill(number)
    page.get_by_role("button", name="Save number").click()
    expect(page.locator(".toast")).to_contain_text("waits for the driver")
    page.get_by_role("link", name="Handover").first.click()
    page.get_by_role("button", name="All were picked up").click()
    expect(page.locator(".banner", has_text="left")).to_be_visible()
    assert states(live, code) == ["voided", "shipped"]
    page.goto(f"{live.url}/orders/{code}/slip")
    assert code in pdf_text(page, code)


def tab_to(page, target):
    """Tab until `target` has the focus, as somebody without a mouse does."""
    for _key in range(150):
        if target.count() and target.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} was not reached by Tab")


def test_with_the_keyboard_alone(visit, live):
    code = live.order("KEYBOARD1", ordered_at=None)
    page = visit(f"/orders?q={code}")
    row = page.locator(f"#order-{code}")
    number = live.number()
    tab_to(page, row.get_by_role("link", name="Ship", exact=True))
    page.keyboard.press("Enter")
    field = row.get_by_label("Tracking number")
    expect(field).to_be_focused()
    page.keyboard.type(wrong(number), delay=90)
    tab_to(page, row.get_by_role("button", name="Ship", exact=True))
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(number, delay=90)
    tab_to(page, row.get_by_role("button", name="Ship", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Shipped")
    tab_to(page, page.get_by_role("button", name="Undo"))
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Taken back")
    tab_to(page, row.get_by_role("link", name="Ship", exact=True))
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type(number, delay=90)
    page.keyboard.press("Enter")
    expect(page.locator(".toast", has_text="Shipped")).to_be_visible()
    assert states(live, code) == ["voided", "shipped"]


def test_signing_in_by_the_form(visit, live):
    page = visit("/orders", name="")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("Name").fill("Carol")
    page.get_by_label("Password").fill("moonlit paper crane 7")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(live.url + "/orders")
    page.get_by_text("Carol").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
