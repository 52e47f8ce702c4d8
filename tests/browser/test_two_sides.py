"""A customer on a phone and a packer on a tablet want the same order at the same moment: both are told the truth."""

import pytest
from backroom import Backroom, poll
from browser import PHONE, TABLET
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop(live):
    return Backroom(live)


@pytest.fixture
def sides(visit, shop):
    """sides("T1"): the order's page on the phone, and the queue on the tablet with the order's form open."""

    def meet(code, panel="ship", name="Alice"):
        phone = visit("/healthz", PHONE, name="", locale="en-US")
        phone.context.add_cookies([{"name": "my_lang", "value": "en", "url": shop.live.url + "/my"}])
        phone.goto(shop.live.url + shop.link(code))
        tablet = visit(f"/orders/{code}/{panel}", TABLET, name=name)
        return phone, tablet

    return meet


def ask_to_cancel(phone, button):
    phone.get_by_role("link", name="cancel").first.tap()
    phone.get_by_label("I changed my mind").check()
    phone.get_by_role("button", name=button).tap()


def test_who_cancels_first_stops_the_packer_who_is_told_what_to_do(sides, shop):
    code = shop.place("T-FIRST")
    phone, tablet = sides(code)
    tablet.locator("[name=number]").fill(shop.live.number())
    ask_to_cancel(phone, "Cancel and get")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This order was cancelled")
    tablet.locator(f"#ship-{code} button.go").click()
    expect(tablet.get_by_role("alert").filter(has_text="Nothing was changed")).to_be_visible()
    assert shop.live.rows(
        "SELECT count(*) FROM shipment s JOIN orders o ON o.id = s.order_id WHERE o.code = :c", c=code
    )[0] == (0,)


def test_who_ships_first_leaves_the_customer_a_way_back(sides, shop):
    code = shop.place("T-SECOND")
    phone, tablet = sides(code)
    phone.get_by_role("link", name="Cancel the order").tap()
    phone.get_by_label("In your own words").fill("please keep these words")
    phone.get_by_label("I changed my mind").check()
    tablet.locator("[name=number]").fill(shop.live.number())
    tablet.locator(f"#ship-{code} button.go").click()
    expect(tablet.locator("#toasts")).to_contain_text("Shipped")
    phone.locator(".foot button").tap()
    expect(phone.locator(".said")).to_contain_text("Your parcel left the shop.")
    expect(phone.get_by_role("link", name="Send something back")).to_be_visible()
    assert shop.live.rows(
        "SELECT sum(l.cancelled), sum(l.shipped) FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.code = :c",
        c=code,
    ) == [(0, 5)]


def test_a_wish_about_a_labelled_parcel_stops_it_at_the_bench(sides, shop, visit):
    code = shop.place("T-BENCH")
    phone, tablet = sides(code)
    tablet.locator("[name=number]").fill(shop.live.number())
    tablet.get_by_role("button", name="Save number").click()
    expect(tablet.locator("#toasts")).to_contain_text("waits for the driver")
    poll(phone)
    ask_to_cancel(phone, "Ask to cancel")
    expect(phone.locator("#said")).to_contain_text("Your request was sent.")
    bench = visit("/orders/handover", TABLET, name="Carol")
    bench.get_by_role("button", name="All were picked up").click()
    expect(bench.locator("main")).to_contain_text("The customer has asked to cancel")
    tablet.goto(shop.live.url + "/claims")
    expect(tablet.locator("main")).to_contain_text(code)
