"""Two tablets on one shop: what one is typing survives what the other does."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


def poll(page):
    """What app.js does every ten seconds, now."""
    page.evaluate("document.body.dispatchEvent(new CustomEvent('poll'))")


def open_ship(page, code):
    row = page.locator(f"#order-{code}")
    row.get_by_role("link", name="Ship", exact=True).click()
    expect(row.get_by_label("Tracking number")).to_be_visible()
    return row


def ship(page, code, number):
    row = open_ship(page, code)
    row.get_by_label("Tracking number").fill(number)
    row.get_by_role("button", name="Ship", exact=True).click()
    expect(page.locator(".toast", has_text=code)).to_be_visible()


def test_what_one_types_survives_what_the_other_does(visit, live):
    mine, theirs, new = live.order("LIVE1", quantity=3), live.order("LIVE2"), "LIVE3"
    alice, carol = visit("/orders?tab=new&pages=9"), visit("/orders?tab=new&pages=9", name="Carol")
    row = open_ship(alice, mine)
    row.get_by_label("Tracking number").press_sequentially("6223", delay=90)
    row.get_by_label("Pieces of").fill("2")
    row.get_by_label("Tracking number").focus()

    ship(carol, theirs, live.number())
    live.order(new)
    poll(alice)
    expect(alice.locator(f"#order-{new}")).to_be_visible()
    expect(alice.locator(f"#order-{theirs}")).to_have_count(0)
    expect(row.get_by_label("Tracking number")).to_have_value("6223")
    expect(row.get_by_label("Tracking number")).to_be_focused()
    expect(row.get_by_label("Pieces of")).to_have_value("2")

    row.get_by_label("Tracking number").fill(live.number())
    row.get_by_role("button", name="Ship", exact=True).click()
    expect(alice.locator(".toast", has_text=mine)).to_be_visible()
    assert live.rows(
        "SELECT l.shipped FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.code = 'LIVE1'"
    ) == [(2,)]


def test_an_open_row_that_moved_on_stays_and_says_so(visit, live):
    code = live.order("LIVE4")
    alice, carol = visit("/orders?tab=new&pages=9"), visit("/orders?tab=new&pages=9", name="Carol")
    row = open_ship(alice, code)
    row.get_by_label("Tracking number").fill("6223")
    ship(carol, code, live.number())
    poll(alice)
    expect(alice.locator(".group", has_text="moved on since")).to_be_visible()
    expect(row.get_by_label("Tracking number")).to_have_value("6223")
    row.get_by_label("Tracking number").fill(live.number())
    row.get_by_role("button", name="Ship", exact=True).click()
    expect(row.get_by_role("alert").first).to_contain_text("has changed since your page was drawn")
    expect(row).to_contain_text("Carol")
    assert len(live.rows("SELECT * FROM shipment s JOIN orders o ON o.id = s.order_id WHERE o.code = 'LIVE4'")) == 1


def test_two_open_rows_both_survive(visit, live):
    first, second = live.order("LIVE5"), live.order("LIVE6")
    alice = visit("/orders?tab=new&pages=9")
    for code in (first, second):
        open_ship(alice, code).get_by_label("Tracking number").fill(f"12-{code}")
    live.order("LIVE7")
    poll(alice)
    expect(alice.locator("#order-LIVE7")).to_be_visible()
    for code in (first, second):
        expect(alice.locator(f"#order-{code}").get_by_label("Tracking number")).to_have_value(f"12-{code}")


def test_a_colleagues_hold_is_seen_and_a_tick_is_kept(visit, live):
    held, ticked = live.order("LIVE8"), live.order("LIVE9")
    alice = visit("/orders?tab=new&pages=9")
    alice.locator(f"#order-{ticked} .pick").click()
    live.person("Carol").fill(f"/orders/{held}/hold", reason="so")
    poll(alice)
    expect(alice.locator(f"#order-{held}")).to_contain_text("On hold")
    expect(alice.locator(f"#order-{ticked}").get_by_role("checkbox")).to_be_checked()
    expect(alice.locator(".bar")).to_be_visible()


def test_back_brings_the_filter_and_forward_takes_it_again(visit, live):
    live.order("LIVE10")
    alice = visit("/orders")
    alice.locator(".tabs").get_by_role("link", name="New").click()
    expect(alice).to_have_url(live.url + "/orders?tab=new")
    first = alice.locator("#queue .row a.ref").first  # others may have left so many that ours is further below
    address = first.get_attribute("href")
    first.click()
    expect(alice).to_have_url(live.url + address)
    alice.go_back()
    expect(alice.locator(".tabs [aria-current]")).to_contain_text("New")
    alice.go_back()
    expect(alice.locator(".tabs [aria-current]")).to_contain_text("To do")


def test_when_the_server_does_not_answer_what_was_typed_stays(visit, live):
    code = live.order("LIVE11")
    alice = visit("/orders?tab=new&pages=9")
    row = open_ship(alice, code)
    number = live.number()
    row.get_by_label("Tracking number").fill(number)
    alice.route(f"**/orders/{code}/ship", lambda route: route.abort())
    row.get_by_role("button", name="Ship", exact=True).click()
    expect(alice.locator("#banner")).to_contain_text("does not answer")
    expect(row.get_by_label("Tracking number")).to_have_value(number)
    with alice.expect_response("**/orders/poll?*"):
        poll(alice)  # the server's answer to nobody is no answer to her
    expect(alice.locator("#banner")).to_contain_text("does not answer")
    alice.unroute(f"**/orders/{code}/ship")
    row.get_by_role("button", name="Ship", exact=True).click()
    expect(alice.locator(".toast", has_text=code)).to_be_visible()
    expect(alice.locator("#banner")).to_be_empty()


def test_the_eye_shows_and_hides_again(visit, live):
    code = live.order("LIVE12")
    alice = visit("/orders?tab=new&pages=9")
    row = open_ship(alice, code)
    row.get_by_role("button", name="Show address and phone").click()
    expect(row).to_contain_text("테헤란로 152")
    alice.clock.install()
    alice.reload()
    row = open_ship(alice, code)
    row.get_by_role("button", name="Show address and phone").click()
    expect(row).to_contain_text("테헤란로 152")
    alice.clock.run_for(32_000)
    expect(row).not_to_contain_text("테헤란로 152")
    expect(row).to_contain_text("김*준")
