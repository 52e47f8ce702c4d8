"""Finding an order by number and phone: alike for wrong and foreign ones, and not to be tried out."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from sellerweb import create_app
from sellerweb.shop import clock, lookups
from sellerweb.shop.db import db, reader


def find(person, number="A1", phone="010-1234-5678", **more):
    return person.fill("/my/", number=number, phone=phone, **more)


def said(page):
    return page.status, re.sub(r'value="[^"]*"', "", page.text("main"))


@pytest.mark.both
def test_number_and_phone_open_the_order_by_a_link_of_its_own(stranger, place, rows):
    place()
    stranger.client.set_cookie("my_lang", "en", path="/my")
    page = find(stranger)
    assert page.status == 303
    assert page.headers["Location"] == "/my/orders/A1"
    assert stranger.follow(page).text("h1") == "We have received your order"
    made = rows("SELECT (SELECT count(*) FROM order_link) AS links, (SELECT count(*) FROM look_up_failure) AS wrong")[0]
    assert (made.links, made.wrong) == (1, 0)


@pytest.mark.parametrize(
    ("phone", "typed"),
    [
        ("010-1234-5678", "01012345678"),
        ("010-1234-5678", "+82 10-1234-5678"),
        ("010-1234-5678", "+82 (0)10 1234 5678"),
        ("010-1234-5678", "0082 10 1234 5678"),
        ("010-1234-5678", "０１０ １２３４ ５６７８"),
        ("+82 10-1234-5678", "010 1234 5678"),
        ("1012345678", "010-1234-5678"),
        ("090-1234-5678", "+81 90 1234 5678"),
        ("+1 206-555-0112", "206 555 0112"),
    ],
)
def test_a_phone_is_its_digits(phone, typed):
    assert lookups.same_phone(typed, phone)


@pytest.mark.parametrize(
    ("phone", "typed"),
    [("", ""), ("", "010"), ("010-****-5678", "010-****-5678"), ("010-1234-5678", "5678"), ("112", "112")],
)
def test_what_is_no_whole_phone_is_nobodys(phone, typed):
    assert not lookups.same_phone(typed, phone)


@pytest.mark.parametrize("typed", ["#1001", "1001", " １００１ ", "1001\u200b"])
def test_a_number_is_found_as_people_write_it(stranger, place, typed):
    place("#1001", channel="shopify")
    assert find(stranger, number=typed).status == 303


def test_the_buyer_and_the_receiver_may_look(app, stranger, place):
    place("M1", buyer_phone="02-555-1234")
    assert find(stranger, number="m1", phone="02 555 1234").status == 303
    assert find(stranger, number="M1").status == 303


@pytest.mark.both
def test_the_same_number_of_two_channels_leads_to_each_ones_own(stranger, place):
    place("1001", channel="shopify", phone="010-1111-1111")
    place("#1001", channel="manual", phone="010-2222-2222")
    assert find(stranger, number="1001", phone="010-1111-1111").headers["Location"] == "/my/orders/1001"
    assert find(stranger, number="1001", phone="010-2222-2222").headers["Location"] == "/my/orders/1001-2"


def test_a_marketplaces_order_opens_too(stranger, place):
    place(channel="smartstore")
    assert find(stranger).status == 303


def test_wrong_foreign_and_missing_are_answered_alike(stranger, place):
    place()
    place("A2", phone="010-9999-9999", buyer_phone="010-9999-9999")
    answers = [said(find(stranger, number=n, phone=p)) for n, p in
               (("A1", "010-9999-9999"), ("NONE", "010-1234-5678"), ("A1", "***"), ("A2", "010-1234-5678"))]  # fmt: skip
    assert answers[0][0] == 422
    assert "cannot find" in answers[0][1]
    assert len(set(answers)) == 1


def test_what_was_typed_stays(stranger, place):
    page = find(stranger, number="A9", phone="010-0000-0000")
    assert page.find("#number").get("value") == "A9"
    assert page.find("#phone").get("aria-invalid") == "true"


@pytest.mark.parametrize(("number", "phone"), [("", ""), (" ", "010"), ("A1", ""), ("A" * 65, "1"), ("A1", "1" * 41)])
def test_a_form_that_says_nothing_is_no_try(stranger, rows, number, phone):
    assert find(stranger, number=number, phone=phone).status == 422
    assert rows("SELECT * FROM look_up_failure") == []


@pytest.mark.both
def test_after_five_wrong_tries_an_order_is_closed_for_an_hour_even_to_the_right_phone(stranger, place, at):
    place()
    begin = clock.now()
    at(begin)
    for n in range(lookups.WRONG_BY_ORDER):
        assert find(stranger, number="a1", phone=f"010-0000-000{n}").status == 422
    right, none = find(stranger), find(stranger, number="A1", phone="010-7777-7777")
    assert right.status == 429
    assert said(right) == said(none)
    assert int(right.headers["Retry-After"]) == 3600
    assert "60 minutes" in right.text("main")
    at(begin + timedelta(hours=1, seconds=-1))
    assert find(stranger).status == 429
    at(begin + timedelta(hours=1))
    assert find(stranger).status == 303


@pytest.mark.both
def test_after_ten_wrong_tries_an_address_waits_a_quarter_of_an_hour(stranger, place, at):
    place()
    begin = clock.now()
    at(begin)
    for n in range(lookups.WRONG_BY_ADDRESS):
        assert find(stranger, number=f"X{n}").status == 422
    assert find(stranger).status == 429
    at(begin + timedelta(minutes=15))
    assert find(stranger).status == 303


def test_orders_that_are_not_there_are_counted_like_others(stranger, place):
    for _ in range(5):
        assert find(stranger, number="NONE").status == 422
    assert find(stranger, number="NONE").status == 429


def test_right_looks_are_not_counted(stranger, place, rows):
    place()
    for _ in range(12):
        assert find(stranger).status == 303
    assert rows("SELECT * FROM look_up_failure") == []


def test_an_ipv6_network_is_one_address(context):
    ours, theirs = "2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1"
    assert lookups._network(ours) == lookups._network(theirs) != lookups._network("2001:db8:1:3::1")
    assert lookups._network("192.0.2.1") != lookups._network("192.0.2.2")
    assert lookups._network("") == ""


@pytest.mark.slow
@pytest.mark.both
def test_two_servers_count_together_even_in_the_same_moment(app, settings, place, rows):
    place()
    other = create_app(replace(settings, secret_key="another server"))
    other.testing = True

    def try_at(n):
        server = (app, other)[n % 2]
        client = server.test_client()
        page = client.get("/my/").get_data(as_text=True)
        token = re.search(r'csrf_token" value="([^"]+)', page)[1]
        where = {"REMOTE_ADDR": f"192.0.2.{n}"}
        sent = {"csrf_token": token, "number": "A1", "phone": f"010-0000-00{n:02}"}
        return client.post("/my/", data=sent, environ_overrides=where).status_code

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(pool.map(try_at, range(12)))
    assert answers == [422] * 5 + [429] * 7
    assert len(rows("SELECT * FROM look_up_failure")) == 10
    with other.app_context():
        reader().dispose()
        db.engine.dispose()
