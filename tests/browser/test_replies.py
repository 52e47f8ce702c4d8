"""An answer in a real browser: a template chosen by the keyboard, and how it will read while it is typed."""

import pictures
import pytest
from backroom import Backroom
from browser import axe_violations
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


def test_a_template_is_chosen_by_keyboard_and_read_before_it_leaves(visit, live):
    code = Backroom(live).place("REPLY1")
    page = visit(f"/orders/{code}/answer")
    page.get_by_label("Photos").set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.from_a_phone()}]
    )
    page.get_by_label("Template", exact=True).focus()
    page.keyboard.press("ArrowDown")
    field, shown = page.locator(f"#words-{code}"), page.locator(f"#shown-{code}")
    expect(shown).to_contain_text("주문 REPLY1은")
    field.fill("[고객명]님, [쿠폰]")
    expect(shown).to_contain_text("[쿠폰] is nothing that an order can tell")
    field.fill("[고객명]님, 곧 보내요")
    expect(shown).to_contain_text("김서준님, 곧 보내요")
    assert page.get_by_label("Photos").evaluate("f => f.files.length") == 1  # choosing words does not lose the photo
    assert axe_violations(page) == ""
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".toast")).to_contain_text("Your answer is on its way.")
    expect(page.locator("#whole")).to_contain_text("김서준님, 곧 보내요")
