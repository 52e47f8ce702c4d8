"""The order's own page: what it says of each stage, and what it never shows."""

from datetime import timedelta

import pytest
from page import filled

from sellerweb.shop import clock
from sellerweb.shop.incoming import LineIn

HERE = "/my/orders/A1"
UNDO, SECOND = timedelta(seconds=30), timedelta(seconds=1)


@pytest.fixture
def lines(rows):
    """lines(): the order's line ids, in order."""
    return lambda: [x.id for x in rows("SELECT id FROM order_line ORDER BY id")]


def hrefs(page):
    return {a.get("href").removeprefix(HERE) for a in page.all("a") if a.get("href").startswith(HERE)}


def test_a_new_order_counts_down_and_shows_what_can_be_done(customer, place, at):
    begin = clock.now()
    at(begin)
    place()
    page = customer().open(HERE)
    assert page.text("h1") == "We have received your order"
    assert [li.get("class") for li in page.all("li")][:4] == ["done", "now", None, None]
    assert "You can cancel until" in page.text("#window")
    assert "50m to go" in page.text(".window")
    bar = page.find("progress")
    assert (bar.get("max"), bar.get("value")) == ("3600", "3000")
    assert hrefs(page) == {"/readdress", "/cancel", "/ask"}
    assert "₩24,800" in page.text("main")


def test_the_last_minute_is_less_than_one(customer, place):
    place(paid_at=clock.now() - timedelta(minutes=59, seconds=30))
    assert "Less than a minute to go" in customer().open(HERE).text(".window")


def test_after_the_window_it_says_why_since_when_and_what_to_do_instead(customer, place):
    place(paid_at=clock.now() - timedelta(minutes=61))
    page = customer().open(HERE)
    assert "ended at today" in page.text(".window")
    assert "You can ask for it" in page.text(".window")
    assert not page.all("progress")


def test_an_unpaid_order_shows_no_address_and_no_phone(customer, place):
    place(paid_at=None, lines=[LineIn("1", "노트", 1, "unpaid", total=9000)], buyer_phone="010-8888-7777")
    person = customer()
    for path in ("", "/cancel", "/readdress", "/ask"):
        page = person.open(HERE + path)
        for secret in ("5678", "7777", "강남", "테헤란로", "06236", "seojun@"):
            assert secret not in page.html
    assert person.open(HERE).text("h1") == "We are waiting for your payment"


def test_name_phone_and_address_are_masked_everywhere(customer, place, send):
    place(buyer_phone="010-8888-7777", message="문 앞에 놓아 주세요")
    person = customer()
    for path in ("", "/cancel", "/readdress", "/ask"):
        page = person.open(HERE + path)
        for secret in ("김서준", "1234-5678", "8888-7777", "테헤란로", "06236", "seojun@"):
            assert secret not in page.html
    page = person.open(HERE)
    assert "서울 강남구 ****김*준 · 010-****-5678" in page.text("nav")
    assert "김*준 (010-****-7777)" in page.text("main")


def test_nothing_of_the_staff_is_seen(customer, place, desk, rows):
    place()
    desk.fill("/orders/A1/hold", reason="Alice thinks this is odd")
    page = customer().open(HERE)
    for secret in ("Alice", "odd", "hold"):
        assert secret not in page.html


def test_two_parcels_say_which_has_arrived_and_where_to_follow_them(customer, place, send, lines):
    place()
    notebook, pen = lines()
    send("A1", {notebook: 2}, delivered=True)
    page = customer().open(HERE)
    assert page.text("h1") == "Part of your order is on its way"
    assert "크라프트 노트 A5 · 라인 × 2" in page.text(".parcel")
    assert "3 still to come" in page.text("main")
    send("A1", {pen: 3})
    page = customer().open(HERE)
    assert "1 of 2 has arrived." in page.text("main")
    links = [a.get("href") for a in page.all("a") if "cjlogistics" in a.get("href", "")]
    assert len(links) == 2
    assert "cannot be cancelled any more" in page.text("main")
    assert {"/return", "/exchange", "/redelivery", "/ask"} == hrefs(page)


def test_a_parcel_that_is_only_labelled_has_not_left(customer, place, staff, lines):
    place()
    from sellerweb.shop.shipments import Label

    parcel = staff("pack", "A1", {lines()[0]: 2, lines()[1]: 3})
    staff("label", "A1", parcel, Label("cj", "622344515213"))
    page = customer().open(HERE)
    assert page.text("h1") == "Your parcel is packed and about to leave"
    assert not page.all(".parcel")
    assert "6223" not in page.html
    assert hrefs(page) == {"/cancel", "/ask"}


def test_a_promised_day_and_a_delay_are_said(customer, place, staff, change):
    place()
    staff("promise", "A1", clock.now().date() + timedelta(days=2))
    assert "It leaves the shop by" in customer().open(HERE).text("main")
    change("UPDATE orders SET ship_due_at = ordered_at")
    page = customer().open(HERE)
    assert "longer than planned" in page.text("main")


def test_refunds_are_shown_with_how_far_they_are(customer, place, staff, lines, at):
    place()
    staff("cancel", "A1", {lines()[1]: 1}, "sold_out")
    at(clock.now() + UNDO)
    page = customer().open(HERE)
    assert "1 cancelled" in page.text(".items")
    assert "Money back Is being prepared-₩1,600" in page.text(".kv")
    assert "It is sold out" in page.text(".claim")


def test_what_staff_may_still_take_back_is_neither_done_nor_promised(customer, place, staff, lines, rows, at):
    place()
    begin, person = clock.now(), customer()
    at(begin)
    old = person.open(HERE)
    form = person.open(f"{HERE}/cancel").form(f"{HERE}/cancel")
    staff("cancel", "A1", dict(zip(lines(), (2, 3), strict=True)), "sold_out")
    at(begin + UNDO - SECOND)
    page = person.open(old.find("#main").get("hx-get"), htmx=True)
    assert page.text("h1") == "The shop is preparing a change to your order"
    stale = person.post(f"{HERE}/cancel", filled(form) | {"reason": ["wish"]}, status=409)
    assert "The shop is preparing a change to your order." in stale.text(".said")
    figures = person.post(f"{HERE}/cancel/quote", filled(form), htmx=True, status=200)
    for seen in (page.text("#main"), stale.text("main"), figures.text("#figures")):
        told = [word for word in ("cancelled", "Money back", "You get", "sold out") if word in seen]
        assert told == [], seen
    at(begin + UNDO)
    page = person.open(page.find("#main").get("hx-get"), htmx=True)  # no event says so: the clock does
    assert page.text("h1") == "This order was cancelled"
    assert "You get ₩24,800 back." in page.text("#main")


def test_a_wish_that_is_granted_is_being_prepared_until_it_cannot_be_taken_back(customer, place, staff, ask, lines, at):
    place(paid_at=clock.now() - timedelta(hours=3))
    begin, person = clock.now(), customer()
    at(begin)
    wish = ask({lines()[1]: 3}, "wish")
    staff("approve", "A1", wish)
    page = person.open(HERE)
    assert "Is being prepared" in page.text(".claim")
    assert "cancelled" not in page.text("#main")
    staff("undo", "A1", wish)
    assert "Waiting for an answer" in person.open(HERE).text(".claim")
    staff("approve", "A1", wish)
    at(begin + UNDO)
    assert "These pieces are cancelled." in person.open(HERE).text(".claim")


def test_a_lost_parcel_is_not_on_its_way_and_promises_nothing_before_it_is_decided(
    customer, place, send, staff, rows, at
):
    place()
    staff("lose", "A1", send())
    page = customer().open(HERE)
    assert page.text("h1") == "Your parcel was lost on the way"
    assert "get back" not in page.text("#main")
    assert page.all(".steps") == []
    staff("refund", "A1", rows("SELECT id FROM claim")[0].id)
    assert "You get back₩24,800" in customer().open(HERE).text(".claim")


def test_long_after_it_came_the_page_says_since_when_nothing_can_be_sent_back_or_reported(customer, place, send, at):
    place()
    send(delivered=True)
    person = customer()
    begin = clock.now()
    at(begin + timedelta(days=59))
    assert {"/return", "/redelivery"} <= hrefs(person.open(HERE))
    at(begin + timedelta(days=120))
    page = customer().open(HERE)
    assert hrefs(page) == {"/ask"}
    assert "The time to send something back or report it ended on" in page.text("nav")


def test_a_day_to_send_back_is_named_and_then_only_faults_remain(customer, place, send, at):
    place()
    send(delivered=True)
    begin = clock.now()
    person = customer()
    assert "Until" in person.open(HERE).text("nav")
    at(begin + timedelta(days=9))
    page = person.open(HERE + "/return")
    assert {e.get("value") for e in page.all("input") if e.get("name") == "reason"} == {
        "defective", "broken", "wrong_item", "wrong_option", "differs",
    }  # fmt: skip
    at(begin + timedelta(days=59))
    assert "/return" in hrefs(person.open(HERE))


@pytest.mark.parametrize(
    ("channel", "address"),
    [("smartstore", "https://order.pay.naver.com/home"), ("qoo10", "https://www.qoo10.jp/gmkt.inc/My/")],
)
def test_a_marketplaces_order_shows_its_stage_and_the_way_there(customer, place, dump, channel, address):
    place(channel=channel)
    person = customer()
    for path in ("", "/cancel", "/return", "/readdress", "/ask"):
        page = person.open(HERE + path)
        assert page.text("h1") == "We have received your order"
        assert address in [a.get("href") for a in page.all("a")]
        assert page.all("form") == []
        assert hrefs(page) == set()
    before = dump()
    token = person.token()
    for verb in ("cancel", "return", "redelivery", "withdraw", "readdress", "ask"):
        sent = {"csrf_token": token, "version": "1", "line": "1", "reason": "wish", "how": "now", "sums": "24800-0"}
        more = {"words": "x", "address": "서울", "postcode": "06236", "claim": "1"}
        no = person._seen(person.client.post(f"{HERE}/{verb}", data=sent | more), 409)
        assert "bought at a marketplace" in no.text(".said"), verb
    assert dump() == before


def test_the_poll_answers_only_when_something_is_new(customer, place, at, staff):
    now = clock.now()
    at(now)
    place()
    person = customer()
    asks = person.open(HERE).find("#main").get("hx-get")
    assert person.open(asks, htmx=True, status=204).html == ""
    at(now + timedelta(minutes=2))
    page = person.open(asks, htmx=True)
    assert "48m to go" in page.text(".window")
    assert page.find("#main").get("hx-get") != asks
    asks = page.find("#main").get("hx-get")
    staff("confirm")
    assert person.open(asks, htmx=True).text("h1") == "We are getting your order ready"


def test_a_fragment_is_the_page_without_its_frame(customer, place):
    place()
    person = customer()
    fragment = person.open(HERE, htmx=True)
    assert not fragment.all("html")
    assert fragment.text("title") == "Order A1 · 달빛문구"
    assert fragment.headers["Vary"].startswith("HX-Request-Type")


def test_a_page_asks_few_questions_of_the_database(customer, place, send, app):
    from sqlalchemy import event

    from sellerweb.shop.db import reader

    place()
    send(delivered=True)
    person, asked = customer(), []
    with app.app_context():
        engine = reader()
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    person.open(HERE)
    assert len(asked) <= 10, asked
