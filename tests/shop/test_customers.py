"""Who is one person: by phone or e-mail, never by name; and what staff noted about them."""

import importlib.util
from pathlib import Path

import pytest
from bare_shop import OWNER
from sqlalchemy import text

from sellerweb.shop import contacts, customers, deleting, history, messages, orders, threads
from sellerweb.shop.db import read, write
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused

MINE = {"buyer_name": "김서준", "buyer_phone": "010-1234-5678", "buyer_email": "seojun@example.kr"}
NOBODY = {"buyer_name": "김서준", "buyer_phone": "", "buyer_email": "", "phone": "", "phone2": ""}


def theirs(shop, code="A1"):
    """The numbers of all orders of whoever bought this one, oldest first."""
    who = customers.person(read(), shop.order(code).id)
    return [row.order_no for row in reversed(customers.orders(read(), who, 2**31 - 1))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("010-1234-5678", "82"), ("+82 10 1234 5678", "82")),
        (("010-1234-5678", "81"), ("+82 10-1234-5678", "81")),  # a Korean who sends to Japan
        (("０９０-1234-5678", "81"), ("0081 90 1234 5678", "82")),
        (("206-555-0119", "1"), ("+1 (206) 555-0119", "1")),
    ],
)
def test_one_number_has_one_spelling(one, other):
    assert contacts.phone(*one) == contacts.phone(*other) != ""


@pytest.mark.parametrize("typed", ["", "1234", "010-****-5678", "000-0000-0000", "010-0000-0000", "0502-1234-5678"])
def test_what_is_nobodys_number_is_no_key(typed):
    assert contacts.phone(typed, "82") == ""


def test_050_is_a_persons_own_number_in_japan_alone():
    assert contacts.phone("050-1234-5678", "81") == "815012345678"
    assert contacts.phone("+82 50-1234-5678", "81") == ""


def test_numbers_of_two_countries_that_look_alike_stay_two():
    assert contacts.phone("090-7123-4567", "81") != contacts.phone("907-123-4567", "1")


@pytest.mark.parametrize("typed", ["", "kim", "k**@example.kr", "kim @example.kr", "a@b.kr, c@d.kr"])
def test_what_is_no_address_is_no_key(typed):
    assert contacts.email(typed) == ""


@pytest.mark.both
def test_orders_are_joined_by_phone_or_mail_and_by_way_of_a_third(shop):
    shop.place("A1", **NOBODY | {"buyer_phone": "010-1234-5678"})
    shop.place(
        "A2", **NOBODY | {"buyer_phone": "+82 10 1234 5678", "buyer_email": "SeoJun@Example.kr"}, channel="shopify"
    )
    shop.place("A3", **NOBODY | {"buyer_name": "Seojun Kim", "buyer_email": "seojun@example.kr"}, channel="qoo10")
    shop.place("B1", **NOBODY | {"buyer_phone": "010-9999-1234"})
    for code in ("A1", "A2", "A3"):
        assert theirs(shop, code) == ["A1", "A2", "A3"]
    assert theirs(shop, "B1") == ["B1"]


def test_a_name_and_an_address_alone_join_nobody(shop):
    shop.place("A1", **NOBODY)
    shop.place("A2", **NOBODY)
    assert theirs(shop, "A1") == ["A1"]


def test_a_gift_does_not_make_its_receiver_the_buyer(shop):
    shop.place("A1", **MINE | {"phone": "010-7777-1212"})
    shop.place("A2", **NOBODY | {"buyer_phone": "010-7777-1212"})
    assert theirs(shop, "A1") == ["A1"]


def test_where_nobody_says_who_bought_the_receiver_counts_and_joins_no_others(shop):
    shop.place("A1", **MINE)
    shop.place("A2", **NOBODY | {"phone": "010-1234-5678", "phone2": "010-7777-1212"})
    shop.place("A3", **NOBODY | {"buyer_phone": "010-7777-1212"})
    assert theirs(shop, "A1") == theirs(shop, "A2") == ["A1", "A2"]
    who = customers.person(read(), shop.order("A1").id)
    order = shop.order("A2").id
    assert customers.matched(read(), who, [order])[order] == [("phone", "821012345678", "receiver")]


def test_who_has_too_many_numbers_is_no_person(shop, monkeypatch):
    monkeypatch.setattr(customers, "MOST_KEYS", 3)
    for n in range(4):
        shop.place(f"A{n}", **NOBODY | {"buyer_phone": f"010-1234-567{n}", "buyer_email": "office@example.kr"})
    assert theirs(shop, "A0") == ["A0", "A1", "A2", "A3"]  # by the address of this very order
    shop.place("A9", **NOBODY | {"buyer_phone": "010-1234-5671"})
    assert theirs(shop, "A0") == ["A0", "A1", "A2", "A3"]  # and no further


def test_a_number_that_is_mended_moves_the_order(shop):
    shop.place("A1", **NOBODY | {"phone": "010-1234-5678"})
    shop.place("A2", **NOBODY | {"phone": "010-9999-1234"})
    assert theirs(shop) == ["A1"]
    shop.do(orders.readdress, "A2", {"phone": "010 1234 5678"}, by=OWNER)
    assert theirs(shop) == ["A1", "A2"]


def test_a_later_file_that_knows_the_address_joins_the_order(shop):
    shop.place("A1", **MINE)
    shop.place("A2", **NOBODY)
    assert theirs(shop) == ["A1"]
    shop.tell("A2", **NOBODY | {"buyer_email": "seojun@example.kr"})
    assert theirs(shop) == ["A1", "A2"]


@pytest.mark.both
def test_sums_are_a_row_a_currency_without_what_was_not_paid(shop):
    shop.place("A1", **MINE)
    shop.place("A2", LineIn("1", "노트", 3, "unpaid", total=9000), **MINE)
    shop.place("A3", **MINE, currency="JPY")
    shop.place("A4", **MINE)
    shop.sql("UPDATE orders SET is_test = true WHERE order_no = 'A4'")
    who = customers.person(read(), shop.order("A1").id)
    first = shop.order("A1")
    found = {row.currency: (row.orders, row.paid, row.back) for row in customers.sums(read(), who)}
    assert found == {
        "KRW": (3, first.total + first.shipping_fee, 0),
        "JPY": (1, first.total + first.shipping_fee, 0),
    }


def test_a_note_is_seen_with_every_order_of_the_person(shop):
    shop.place("A1", **MINE)
    shop.place("A2", **MINE)
    shop.do(customers.note, "A1", "문 앞에 두지 말아 달라고 하심")
    who = customers.person(read(), shop.order("A2").id)
    [note] = customers.notes(read(), who, 2**31 - 1)
    assert (note.words, note.code, note.version) == ("문 앞에 두지 말아 달라고 하심", "A1", 1)
    assert shop.events("A1")[-1] == "order note"


@pytest.mark.both
@pytest.mark.parametrize("contact", ["010-1234 5678", "+82 10-1234-5678", "SeoJun@example.KR", ""])
def test_what_was_asked_about_no_order_is_theirs_by_its_contact(shop, contact):
    shop.place("A1", **MINE)
    with history.act(OWNER, "begin") as act:
        threads.begin(act, "phone", "또 있나요?", contact=contact)
        threads.begin(act, "phone", "남의 말", name="김서준", contact="010-8888-1212")
    who = customers.person(read(), shop.order("A1").id)
    assert [row.words for row in customers.asked(read(), who, 2**31 - 1)] == (["또 있나요?"] if contact else [])


def test_of_two_who_change_a_note_one_is_told(shop):
    shop.place("A1", **MINE)
    note = shop.do(customers.note, "A1", "하나")
    shop.do(customers.change_note, "A1", note, 1, "둘")
    for stale in (
        lambda: shop.do(customers.change_note, "A1", note, 1, "셋"),
        lambda: shop.do(customers.remove_note, "A1", note, 1),
    ):
        with pytest.raises(customers.Changed):
            stale()
    assert [row.words for row in shop.rows("SELECT words FROM customer_note")] == ["둘"]
    shop.do(customers.remove_note, "A1", note, 2)
    assert shop.rows("SELECT words FROM customer_note") == []


def test_a_note_is_not_changed_by_way_of_another_order(shop):
    shop.place("A1", **MINE)
    shop.place("B1", **NOBODY)
    note = shop.do(customers.note, "A1", "하나")
    with pytest.raises(customers.Changed):
        shop.do(customers.change_note, "B1", note, 1, "둘")


@pytest.mark.parametrize("words", ["", "  ", "가" * 2001])
def test_a_note_says_something_and_not_too_much(shop, words):
    shop.place("A1", **MINE)
    with pytest.raises(Refused):
        shop.do(customers.note, "A1", words)


def test_keys_and_notes_go_with_a_deleted_test_order(shop):
    shop.place("A1", **MINE)
    shop.sql("UPDATE orders SET is_test = true")
    shop.do(customers.note, "A1", "하나")
    shop.do(messages.ask, "A1", "언제 오나요?")
    with_it = deleting.what_goes(read(), shop.order("A1").id)
    assert (with_it["customer_key"], with_it["customer_note"]) == (2, 1)
    with history.act(OWNER, "delete") as act:
        deleting.delete(act, "A1")
    assert shop.rows("SELECT order_id FROM customer_key UNION ALL SELECT order_id FROM customer_note") == []


@pytest.mark.both
def test_the_migration_gives_older_orders_the_keys_that_new_ones_get(shop):
    """What it spells is frozen there; that it is what `contacts` spells holds on the day on which it is made."""
    told = [
        MINE, NOBODY, NOBODY | {"phone": "0502-1234-5678", "phone2": "+82 10-4444-1212"}, NOBODY | {"buyer_email": "K@Example.KR"},
        MINE | {"country": "JP", "currency": "JPY", "buyer_phone": "050-1234-5678"},
        MINE | {"country": "", "currency": "USD", "buyer_phone": "+44 20 7946 0958"},
    ]  # fmt: skip
    for n, each in enumerate(told):
        shop.place(f"A{n}", **each)
    all_ = "SELECT kind, value, order_id, role FROM customer_key ORDER BY order_id, kind"
    before = shop.rows(all_)
    path = next(Path("migrations/versions").glob("*_customers.py"))
    spec = importlib.util.spec_from_file_location("customers_migration", path)
    step = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(step)
    step.CHUNK = 2
    with write() as tx:
        tx.execute(text("DELETE FROM customer_key"))
        step._fill(tx)
    assert shop.rows(all_) == before
    assert len(before) > 6
