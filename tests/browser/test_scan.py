"""A scanner is a keyboard that types fast, through whatever layout is on, and ends with Enter."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
EMS = "EE123456785KR"

# One scan: keys as a Hangul layout gives them (the key's place is right, its letter is not), typed without a pause.
# What a key would write goes into the focused field unless somebody prevents it, as a browser does.
SCAN = """(text) => {
  const shifted = {":": "Semicolon", "?": "Slash", "_": "Minus", "+": "Equal", "&": "Digit7"};
  const plain = {"-": "Minus", ".": "Period", "/": "Slash", ";": "Semicolon", "=": "Equal", " ": "Space"};
  const press = (key, code, shiftKey) => {
    const at = document.activeElement;
    const event = new KeyboardEvent("keydown", {key, code, shiftKey, bubbles: true, cancelable: true});
    const free = at.dispatchEvent(event);
    if (free && key.length === 1 && at.matches("input:not([type=checkbox]):not([type=radio]), textarea"))
      document.execCommand("insertText", false, key);
    if (free && key === "Enter" && at.form) at.form.requestSubmit();
  };
  const hangul = "ㅁㅠㅊㅇㄷㄹㅎㅗㅑㅓㅏㅣㅡㅜㅐㅔㅂㄱㄴㅅㅕㅍㅈㅌㅛㅋ";
  for (const c of text) {
    if (/\\d/.test(c)) press(c, "Digit" + c, false);
    else if (/[a-z]/i.test(c)) press(hangul[c.toLowerCase().charCodeAt(0) - 97], "Key" + c.toUpperCase(), /[A-Z]/.test(c));
    else press(c, shifted[c] || plain[c], c in shifted);
  }
  press("Enter", "Enter", false);
}"""


def scan(page, text):
    page.evaluate(SCAN, text)


def opened(page, code):
    row = page.locator(f"#order-{code}")
    row.get_by_role("link", name="Ship", exact=True).click()
    expect(row.get_by_label("Tracking number")).to_be_focused()
    return row


def leave_fields(page):
    page.evaluate("document.activeElement.blur()")


@pytest.mark.parametrize("text", ["622344515213", EMS])
def test_a_scan_anywhere_fills_the_number_of_the_open_row(visit, live, text):
    code = live.order(f"SCAN{len(text)}")
    page = visit("/orders?tab=new&pages=9")
    row = opened(page, code)
    leave_fields(page)
    scan(page, text)
    expect(row.get_by_label("Tracking number")).to_have_value(text)
    expect(row.get_by_label("Tracking number")).to_be_focused()
    expect(row.locator(f"#hint-{code} .hint")).to_be_visible()


def test_a_scan_into_a_quantity_does_not_change_it(visit, live):
    code = live.order("SCANQ", quantity=7)
    page = visit("/orders?tab=new&pages=9")
    row = opened(page, code)
    row.get_by_label("Pieces of").fill("5")
    scan(page, "622344515213")
    expect(row.get_by_label("Pieces of")).to_have_value("5")
    expect(row.get_by_label("Tracking number")).to_have_value("622344515213")


def test_a_scanned_order_opens_its_row(visit, live):
    code = live.order("2026112199990001")
    page = visit("/orders?tab=new&pages=9")
    scan(page, code)
    expect(page.locator(f"#order-{code}").get_by_label("Tracking number")).to_be_focused()


def test_a_scanned_order_does_not_disturb_what_was_typed_for_another(visit, live):
    one, two = live.order("2026112199990002"), live.order("2026112199990003")
    page = visit("/orders?tab=new&pages=9")
    field = opened(page, one).get_by_label("Tracking number")
    field.fill("6223")
    scan(page, two)
    expect(page.locator(f"#order-{two}").get_by_label("Tracking number")).to_be_visible()
    expect(field).to_have_value("6223")
    assert live.rows("SELECT * FROM shipment s JOIN orders o ON o.id = s.order_id WHERE o.code = :code", code=one) == []


def test_a_scan_goes_to_the_row_that_was_opened_last(visit, live):
    one, two = live.order("2026112199990004"), live.order("2026112199990005")
    page = visit("/orders?tab=new&pages=9")
    for code in (one, two):
        leave_fields(page)
        scan(page, code)
        expect(page.locator(f"#order-{code}").get_by_label("Tracking number")).to_be_visible()
    leave_fields(page)
    scan(page, "622344515213")
    expect(page.locator(f"#order-{two}").get_by_label("Tracking number")).to_have_value("622344515213")
    expect(page.locator(f"#order-{one}").get_by_label("Tracking number")).to_have_value("")


def test_a_scan_into_the_number_ships(visit, live):
    code = live.order("SCANSHIP")
    page = visit("/orders?tab=new&pages=9")
    opened(page, code)
    scan(page, live.number())
    expect(page.locator(".toast", has_text=code)).to_contain_text("Shipped")


def test_a_slips_code_opens_the_slip(visit, live):
    code = live.order("SCAN-slip_1")
    page = visit("/orders")
    scan(page, f"{live.url}/orders/{code}/slip?print=1")
    expect(page).to_have_url(re.compile(re.escape(f"/orders/{code}/slip?print=1")))


def test_a_foreign_address_is_searched_for_and_not_opened(visit, live):
    page = visit("/orders")
    scan(page, "https://example.com/orders/A1/slip")
    expect(page).to_have_url(re.compile(re.escape(live.url) + "/orders\\?q="))


def test_a_scan_with_nothing_open_is_searched_for(visit, live):
    code = live.order("2026112199990006")
    page = visit("/orders/handover")
    scan(page, code)
    expect(page).to_have_url(live.url + f"/orders?q={code}")
    expect(page.locator(f"#order-{code}")).to_be_visible()


def test_slow_typing_passes_untouched(visit, live):
    code = live.order("SCANSLOW")
    page = visit(f"/orders/{code}/hold")
    reason = page.get_by_label("Why it waits")
    reason.press_sequentially("1234567 asks", delay=90)
    expect(reason).to_have_value("1234567 asks")
    reason.press("Enter")
    expect(page.locator(".toast")).to_contain_text("On hold")


def test_the_page_says_that_it_is_ready(visit):
    expect(visit("/orders").locator("#scanning")).to_be_visible()
    expect(visit("/orders", javascript=False).locator("#scanning")).to_be_hidden()
