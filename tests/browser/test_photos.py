"""A photo from a phone: chosen beside the words, sent with them, seen at once."""

import pictures
import pytest
from backroom import Backroom
from browser import PHONE
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])
def test_a_photo_goes_with_the_words(visit, live, javascript):
    shop = Backroom(live)
    code = shop.place(f"P-{javascript}")
    page = visit("/healthz", PHONE, name="", locale="en-US", javascript=javascript)
    page.context.add_cookies([{"name": "my_lang", "value": "en", "url": live.url + "/my"}])
    page.goto(live.url + shop.link(code))
    page.goto(f"{live.url}/my/orders/{code}/ask")
    page.get_by_label("Your message").fill("Look")
    page.get_by_label("Photos").set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.from_a_phone()}]
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="Send the message").tap()
    expect(page.locator("#said")).to_contain_text("Your message was sent.")
    page.goto(f"{live.url}/my/orders/{code}/ask")
    shown = page.get_by_role("img", name="Photo 1 of 1")
    expect(shown).to_be_visible()
    assert shown.evaluate("i => i.complete ? i.naturalWidth : i.decode().then(() => i.naturalWidth)") == 40
