"""What an attack on the desk found, each as a fact that must stay: on both databases where they differ."""

import pytest
from page import filled


@pytest.mark.both
@pytest.mark.parametrize(
    "address",
    [
        "/orders?q=김서준",
        "/orders/poll?q=김",
        "/orders?q=a%00b",
        "/orders?q=김&after=0.99999999999999999",
        "/orders?tab=delivered&after=0.99999999999999999",
        "/orders?until=9999-12-31",
        "/orders?since=0001-01-01",
    ],
)
def test_odd_addresses_are_answered_on_both_databases(desk, make_order, address):
    make_order("A1")
    assert desk.client.get(address).status_code == 200


@pytest.mark.both
def test_a_letter_that_no_database_keeps_is_left_out_of_every_search_and_field(desk, make_order, rows):
    make_order("A1")
    for address in ("/orders?q=", "/threads?q=", "/products?find=", "/letters?q="):
        for letter in ("%00", "%ED%A0%80", "A%001"):
            desk.open(address + letter)
    assert desk.open("/orders?q=A%001").all("#order-A1")
    desk.fill("/orders/A1/hold", htmx=True, status=200, reason="나중에\0 \0보내요")
    assert rows("SELECT hold_reason FROM orders")[0].hold_reason == "나중에 보내요"


@pytest.mark.both
@pytest.mark.parametrize("address", ["/orders/A%00", "/staff/9223372036854775808", "/imports/4294967296"])
def test_what_no_page_asks_for_is_refused_with_a_page(desk, address):
    assert desk.client.get(address).status_code in (400, 404)


def test_a_body_that_is_no_form_is_refused(desk, stranger):
    assert desk.client.post("/orders/A1/confirm", json={"action_id": 5}).status_code == 400
    assert stranger.client.post("/sign-in", json=[1, 2]).status_code == 400


def test_an_address_of_the_asking_page_that_is_none_breaks_nothing(desk, make_order):
    make_order("A1")
    asked = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": "http://["}
    assert desk.client.get("/orders/A1/ship", headers=asked).status_code == 200


def test_a_ship_that_was_taken_back_is_not_said_to_be_done_again(desk, make_order):
    make_order("A1")
    page = desk.open("/orders/A1/ship")
    sent = {"number": "585562040256"}
    shipped = desk.submit(page, "/orders/A1/ship", htmx=True, status=200, **sent)
    desk.submit(shipped, "/orders/A1/unship", htmx=True, status=200)
    again = desk.submit(page, "/orders/A1/ship", htmx=True, status=409, **sent)
    assert "taken back" in again.html


def test_a_labelled_order_is_handed_over_and_not_packed_again(desk, make_order):
    make_order("A1")
    form = desk.open("/orders/A1/ship").form("/orders/A1/ship")
    desk.post("/orders/A1/label", {**filled(form), "number": "585562040256"}, status=303)
    assert "/orders/A1/look" in desk.open("/orders?tab=ready", htmx=True).html
    opened = desk.open("/orders/A1/ship", htmx=True)
    desk.submit(opened, "/orders/A1/handover", htmx=True, status=200)
    assert "A1" in desk.open("/orders?tab=shipped", htmx=True).html


def test_the_sentence_of_a_refusal_outlives_the_next_poll(desk, make_order):
    make_order("A1")
    page = desk.open("/orders/A1/ship")
    desk.post("/orders/A1/confirm", {})
    refused = desk.submit(page, "/orders/A1/ship", htmx=True, status=409, number="585562040256")
    slot = refused.html[refused.html.index('id="panel-A1"') :]
    assert slot.index('name="open"') < slot.index("hint bad")


@pytest.mark.parametrize(("typed", "shown"), [("渡辺 健", "渡辺 *"), ("김 준", "김 *"), ("김서준", "김*준")])
def test_a_short_last_name_is_masked_whole(desk, make_order, typed, shown):
    make_order("A1", receiver_name=typed)
    page = desk.open("/orders", htmx=True).html
    assert (shown in page, typed in page) == (True, False)
