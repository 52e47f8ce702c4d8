"""Two tablets on one shop: each sees where the other is before opening it, and a draft outlives its page."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


def beat(page):
    """What together.js does every ten seconds, now."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_one_sees_what_the_other_answers_and_a_draft_survives(visit, live):
    code = live.order("TOGETHER-1")
    alice, carol = visit(f"/orders/{code}/answer"), visit(f"/orders?q={code}", name="Carol")
    words = alice.get_by_label("Answer")
    row = carol.locator(f"#order-{code}")
    beat(carol)
    expect(row.locator(".here")).to_have_text("Alice is looking")
    with alice.expect_response("**/draft"):
        words.press_sequentially("It left yes")
    expect(alice.locator(f"#order-{code} > .here")).to_have_count(0)
    beat(carol)
    expect(row.locator(".here")).to_have_text("Alice is typing")

    # The tablet slept, and the page was thrown away.
    alice.reload()
    expect(words).to_have_value("It left yes")
    expect(alice.locator(f"#order-{code}")).to_contain_text("Your draft is back")
    alice.goto(f"{live.url}/orders?q={code}")
    expect(alice.locator(f"#order-{code} > .here")).to_have_text("Your draft")
    alice.goto(f"{live.url}/orders/{code}/answer")
    words.fill("It left yesterday")
    alice.get_by_role("button", name="Send the answer").click()
    expect(alice.locator(".toast")).to_contain_text("on its way")
    alice.goto(f"{live.url}/orders/{code}/answer")
    expect(words).to_have_value("")
