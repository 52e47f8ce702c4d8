"""Telling of a delay: beforehand, with a reason and an offer; the promised day stays."""

import pytest


def test_a_delay_is_told_with_its_reason_and_offer(at_desk, make_order, answered, rows, broken, htmx):
    bob = at_desk("Bob")
    make_order("A1", channel="manual", buyer_email="kim@example.kr")
    page = bob.open("/orders/A1/delay", htmx=htmx)
    values = {"reason": "종이가 일주일 늦게 와요", "offer": "배송비 3,000원을 돌려드려요"}
    done = answered(bob.submit(page, "/orders/A1/delay", htmx=htmx, **values), bob)
    assert "will be late" in done.text(".toast")
    (letter,) = rows('SELECT letter, "values" AS said FROM notice')
    assert letter.letter == "order_delay"
    assert "offer" in str(letter.said)
    assert "Delay told" in bob.open("/orders/A1").text("#whole")
    assert broken() == {}


def test_the_promised_day_stays(at_desk, make_order, rows, htmx):
    bob = at_desk("Bob")
    make_order("A1")
    before = rows("SELECT promised_on, ship_due_at FROM orders")
    bob.fill("/orders/A1/delay", htmx=htmx, reason="x")
    assert rows("SELECT promised_on, ship_due_at FROM orders") == before


@pytest.mark.parametrize("reason", ["", "  ", "x" * 401])
def test_a_delay_without_a_reason_is_refused_and_the_offer_is_kept(desk, make_order, rows, reason, htmx):
    make_order("A1")
    page = desk.open("/orders/A1/delay", htmx=htmx)
    no = desk.submit(page, "/orders/A1/delay", htmx=htmx, reason=reason, offer="쿠폰 MOON10", status=422)
    assert no.text("#reason-A1-error")
    assert no.find("#offer-A1").get("value") == "쿠폰 MOON10"
    assert rows("SELECT * FROM notice") == []


def test_a_packer_tells_of_no_delay(at_desk, make_order, htmx):
    carol = at_desk("Carol")
    make_order("A1")
    assert "/orders/A1/delay" not in [a.get("href") for a in carol.open("/orders/A1").all("a")]
    carol.post("/orders/A1/delay", {"reason": "x"}, htmx=htmx, status=403)


def test_a_sent_order_is_not_late_any_more(desk, make_order, send, htmx):
    make_order("A1")
    send(desk, number="622344515213")
    no = desk.post("/orders/A1/delay", {"reason": "x", "action_id": "1"}, htmx=htmx, status=409)
    assert "left already" in no.text(".said")


def test_the_promise_says_that_the_customer_is_told(desk, make_order):
    make_order("A1")
    assert "gets a letter" in desk.open("/orders/A1/promise").text("#panel-A1")
