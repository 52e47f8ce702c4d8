"""A customer on a phone: three taps to a cancel, figures that follow the fingers, a clock that is the server's."""

import pytest
from backroom import Backroom, poll
from browser import PHONE, axe_violations
from playwright.sync_api import expect

from sellerweb.shop import clock, history, messages, orders
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.models import Order

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
LONG = "아주" * 60


@pytest.fixture(scope="module")
def shop(live):
    return Backroom(live)


@pytest.fixture
def phone(visit, shop):
    """phone("C1"): the order's page on a phone, opened by its letter's link."""

    def arrive(code, locale="en-US", **more):
        page = visit("/healthz", PHONE, name="", locale=locale, **more)
        page.context.add_cookies([{"name": "my_lang", "value": locale[:2], "url": shop.live.url + "/my"}])
        page.goto(shop.live.url + shop.link(code))
        return page

    return arrive


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])
def test_a_cancel_is_three_taps_with_the_sum_before(phone, shop, javascript):
    code = shop.place(f"C-TAPS-{javascript}")
    page = phone(code, javascript=javascript)
    assert page.url == f"{shop.live.url}/my/orders/{code}"
    page.get_by_role("link", name="Cancel the order").tap()  # 1
    expect(page.get_by_role("button", name="Cancel and get ₩24,800 back")).to_be_in_viewport()
    page.get_by_label("I changed my mind").tap()  # 2
    page.get_by_role("button", name="Cancel and get ₩24,800 back").tap()  # 3
    expect(page.get_by_role("heading", level=1)).to_have_text("This order was cancelled")
    expect(page.locator("#said")).to_contain_text("It is cancelled.")
    assert page.url.startswith(f"{shop.live.url}/my/orders/{code}")
    assert shop.live.rows(
        "SELECT l.cancelled FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.code = :code", code=code
    ) == [(2,), (3,)]


def test_the_figures_follow_the_fingers(phone, shop):
    page = phone(shop.place("C-FIGURES"))
    page.get_by_role("link", name="Cancel the order").tap()
    page.get_by_label("In your own words").fill("I am sorry")
    page.get_by_text("Account for the money").tap()
    page.get_by_label("Bank").fill("국민")
    page.locator("input[name=line]").nth(0).uncheck()
    expect(page.locator(".foot button")).to_have_text("Cancel and get ₩4,800 back")
    page.get_by_label("Pieces of 젤펜").select_option("1")
    expect(page.locator(".foot button")).to_have_text("Cancel and get ₩1,600 back")
    expect(page.get_by_label("In your own words")).to_have_value("I am sorry")
    expect(page.get_by_label("Bank")).to_have_value("국민")
    page.locator("input[name=line]").nth(1).uncheck()
    expect(page.locator(".foot")).to_contain_text("Tick at least one item.")
    expect(page.locator(".foot button")).to_have_count(0)


def test_figures_of_a_return_without_scripts(phone, shop):
    code = shop.place("C-PLAIN", minutes=2000)
    shop.send(code, delivered=True)
    page = phone(code, javascript=False)
    page.get_by_role("link", name="Send something back").tap()
    page.locator("input[name=line]").nth(0).check()
    page.get_by_label("I changed my mind").check()
    page.get_by_label("In your own words").fill("too big")
    page.get_by_role("button", name="Calculate the sum").tap()
    expect(page.locator("#figures")).to_contain_text("₩14,000")
    expect(page.get_by_label("In your own words")).to_have_value("too big")
    page.get_by_role("button", name="Ask to send back, for ₩14,000").tap()
    expect(page.locator("#said")).to_contain_text("Your request was sent.")


def test_the_window_is_the_servers_and_closes_while_one_looks(phone, shop):
    code = shop.place("C-WINDOW", minutes=59)
    page = phone(code)
    page.clock.install(time=0)  # a phone whose own clock is decades off
    page.reload()
    expect(page.locator(".window")).to_contain_text("to go")
    with shop.live.app.app_context():
        from sqlalchemy import update

        from sellerweb.shop.db import write

        with write() as tx:
            tx.execute(update(Order).where(Order.code == code).values(cancel_until=clock.now()))
    poll(page)
    expect(page.locator(".window")).to_contain_text("ended at")
    expect(page.get_by_role("link", name="Ask to cancel")).to_be_visible()
    expect(page.locator("progress")).to_have_count(0)


def test_a_form_that_lies_open_becomes_a_request_and_keeps_what_was_typed(phone, shop):
    code = shop.place("C-OPEN")
    page = phone(code)
    page.get_by_role("link", name="Cancel the order").tap()
    page.get_by_label("In your own words").fill("typed before")
    page.get_by_label("It takes too long").check()
    shop.do(orders.confirm, code)
    poll(page)
    expect(page.locator(".foot button")).to_have_text("Ask to cancel and get ₩24,800 back")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask to cancel")
    expect(page.locator(".chead .badge")).to_have_count(0)
    expect(page.get_by_label("In your own words")).to_have_value("typed before")
    page.locator(".foot button").tap()
    expect(page.locator(".said")).to_contain_text("nothing was done yet")
    expect(page.get_by_label("In your own words")).to_have_value("typed before")
    expect(page.get_by_label("It takes too long")).to_be_checked()
    page.locator(".foot button").tap()
    expect(page.locator("#said")).to_contain_text("Your request was sent.")
    page.get_by_role("button", name="Take this request back").tap()
    expect(page.locator("#said")).to_contain_text("You took your request back.")


def test_what_happens_at_the_bench_is_seen_on_the_phone(phone, shop):
    code = shop.place("C-BENCH")
    page = phone(code)
    shop.send(code, positions={0})
    poll(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Part of your order is on its way")
    shop.do(messages.answer, code, "It left today.")
    poll(page)
    expect(page.get_by_role("link", name="Write to the shop")).to_contain_text("The shop wrote")
    expect(page.get_by_role("link", name="Track it")).to_have_attribute("rel", "noreferrer")


def test_when_the_server_does_not_answer_what_was_typed_stays(phone, shop):
    code = shop.place("C-OFFLINE")
    page = phone(code)
    page.get_by_role("link", name="Write to the shop").tap()
    page.get_by_label("Your message").fill("Is it vegan?")
    page.route("**/ask", lambda route: route.abort())
    page.get_by_role("button", name="Send the message").tap()
    expect(page.locator("#banner")).to_contain_text("does not answer")
    expect(page.get_by_label("Your message")).to_have_value("Is it vegan?")
    page.unroute("**/ask")
    page.get_by_role("button", name="Send the message").tap()
    expect(page.locator("#said")).to_contain_text("Your message was sent.")


def test_a_wrong_field_gets_the_eye_and_back_leads_back(phone, shop):
    code = shop.place("C-FOCUS")
    page = phone(code)
    page.get_by_role("link", name="Change the address").tap()
    page.get_by_label("New address").fill("서울특별시 중구 1")
    page.get_by_label("Postal code").fill("123")
    page.get_by_role("button", name="Save the new address").tap()
    expect(page.get_by_label("Postal code")).to_be_focused()
    page.get_by_label("Postal code").fill("04524")
    page.get_by_role("button", name="Save the new address").tap()
    expect(page.locator("#said")).to_contain_text("The new address was saved.")
    expect(page).to_have_title("Order C-FOCUS · 달빛문구")


def test_the_secret_is_nowhere_but_in_its_cookie(phone, shop):
    code = shop.place("C-SECRET")
    page = phone(code)
    secret = next(c["value"] for c in page.context.cookies(f"{shop.live.url}/my/orders/{code}") if c["name"] == "order")
    assert secret not in page.content()
    assert secret not in page.evaluate("document.cookie")
    assert page.evaluate("document.referrer") == ""
    assert all(c["name"] != "order" for c in page.context.cookies(f"{shop.live.url}/my/orders/OTHER"))
    page.go_back()
    assert secret not in page.url


# What can be pressed, and the least of it that a finger meets: for a box or a radio its label.
SMALL = """() => {
  const small = [];
  for (const e of document.querySelectorAll("button, summary, select, textarea, input:not([type=hidden]), a")) {
    const met = e.matches("[type=checkbox], [type=radio]") ? e.closest("label") || e : e;
    const box = met.getBoundingClientRect();
    if (!met.checkVisibility({visibilityProperty: true}) || met.classList.contains("vh") || !box.width) continue;
    if (box.height < 43.5 || box.width < 43.5) small.push(`${met.tagName} "${met.innerText || met.name}" ${box.width} x ${box.height}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) small.push(`${document.documentElement.scrollWidth} px wide`);
  return small;
}"""


@pytest.fixture(scope="module")
def stories(shop):
    """One order of each kind: {code: pages}."""
    shop.place("S-NEW", receiver_name=LONG)
    line = [LineIn("1", LONG, 99_999, "unpaid", option="x" * 200, total=99_999_999)]
    shop.place("S-UNPAID", paid_at=None, lines=line)
    shop.place("S-PART", minutes=300)
    shop.send("S-PART", positions={0}, delivered=True)
    shop.place("S-DONE", minutes=3000)
    shop.send("S-DONE", positions={0}, delivered=True)
    shop.send("S-DONE", positions={1}, delivered=True)
    shop.place("S-NAVER", channel="smartstore")
    for words in (LONG, "https://example.com/" + "x" * 300):
        with shop.live.app.test_request_context("/my/"), history.act(history.CUSTOMER, "ask") as act:
            messages.ask(act.order("S-NEW"), words)
    shop.do(messages.answer, "S-NEW", LONG)
    return {
        "S-NEW": ("", "/cancel", "/readdress", "/ask"),
        "S-UNPAID": ("", "/cancel"),
        "S-PART": ("", "/cancel", "/redelivery"),
        "S-DONE": ("", "/return", "/exchange", "/redelivery"),
        "S-NAVER": ("",),
    }


@pytest.mark.parametrize(
    ("locale", "dark"), [("ko-KR", False), ("ja-JP", True), ("en-US", False), ("ko-KR", True)],
    ids=["ko", "ja-dark", "en", "ko-dark"],
)  # fmt: skip
def test_every_page_is_open_to_everybody_and_made_for_fingers(phone, shop, stories, locale, dark):
    found = {}
    for code, pages in stories.items():
        page = phone(code, locale=locale, dark=dark)
        for path in pages:
            page.goto(f"{shop.live.url}/my/orders/{code}{path}")
            if said := [*page.evaluate(SMALL), axe_violations(page)]:
                found[code + path] = [s for s in said if s]
    page.goto(f"{shop.live.url}/my/nothing")
    found["nothing"] = [s for s in (*page.evaluate(SMALL), axe_violations(page)) if s]
    assert {path: said for path, said in found.items() if said} == {}
