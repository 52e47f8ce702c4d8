"""Another address: before a label, with a postal code that is one, and without ever showing the old one."""

import pytest

from sellerweb.shop.shipments import Label

HERE = "/my/orders/A1"
READDRESS = f"{HERE}/readdress"
NEW = {"postcode": "04524", "address": "서울특별시 중구 세종대로 110, 3층"}


def address(rows):
    order = rows("SELECT receiver_name, phone, postcode, address, address_version FROM orders")[0]
    return order.receiver_name, order.phone, order.postcode, order.address, order.address_version


@pytest.mark.both
def test_a_new_address_is_saved_and_printed_slips_are_stale(customer, place, rows, answered, htmx):
    place()
    person = customer()
    page = answered(person.fill(READDRESS, htmx=htmx, **NEW), person)
    assert "The new address was saved." in page.text("#said")
    assert address(rows) == ("김서준", "010-1234-5678", "04524", "서울특별시 중구 세종대로 110, 3층", 2)
    assert "서울 중구 ****" in page.text("nav")
    assert [e.actor for e in rows("SELECT actor FROM event WHERE verb = 'readdress'")] == ["customer"]


def test_name_and_phone_change_where_they_are_typed(customer, place, rows):
    place()
    customer().fill(READDRESS, receiver_name="이하윤", phone="010 2222 3333", status=303, **NEW)
    assert address(rows)[:2] == ("이하윤", "010 2222 3333")


@pytest.mark.parametrize("postcode", ["", "123", "123456", "1234a", "135-080", "06236;", "６２３６"])
def test_a_korean_postal_code_has_five_digits(customer, place, rows, postcode):
    place()
    page = customer().fill(READDRESS, postcode=postcode, address="서울", status=422)
    assert "five digits" in page.text("#postcode-error")
    assert page.text("#address") == "서울"
    assert address(rows)[4] == 1


@pytest.mark.parametrize(("typed", "kept"), [("０６２３６", "06236"), (" 062 36", "06236")])
def test_the_digits_of_any_keyboard_will_do(customer, place, rows, typed, kept):
    place()
    customer().fill(READDRESS, postcode=typed, address="서울특별시 중구 1", status=303)
    assert address(rows)[2] == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("1540004", "154-0004"), ("154-0004", "154-0004"), ("〒１５４－０００４", "154-0004"), ("154ー0004", "154-0004")]
)  # fmt: skip
def test_a_japanese_postal_code_has_seven_digits(customer, place, rows, typed, kept):
    place(channel="shopify", country="JP", currency="JPY", postcode="100-0001", address="東京都千代田区1-1")
    person = customer()
    person.fill(READDRESS, postcode="12345", address="東京都世田谷区1-1", status=422)
    person.fill(READDRESS, postcode=typed, address="東京都世田谷区1-1", status=303)
    assert address(rows)[2] == kept


def test_elsewhere_a_postal_code_is_what_it_is(customer, place, rows):
    place(channel="shopify", country="GB", currency="GBP", postcode="SW1A 1AA", address="10 Downing Street")
    customer().fill(READDRESS, postcode="EC1A 1BB", address="1 High Street", status=303)
    assert address(rows)[2] == "EC1A 1BB"


@pytest.mark.parametrize(
    "typed",
    [{"address": ""}, {"address": "   "}, {"address": "가" * 501}, {"receiver_name": "가" * 101}, {"phone": "12"}, {"phone": "1" * 41}],
)  # fmt: skip
def test_what_is_missing_or_too_long_is_said_at_its_field(customer, place, rows, typed, htmx):
    place()
    page = customer().fill(READDRESS, status=422, htmx=htmx, **{**NEW, **typed})
    assert page.find(f"#{next(iter(typed))}").get("aria-invalid") == "true"
    assert address(rows)[4] == 1


def test_the_same_address_is_no_new_one(customer, place, rows):
    place()
    page = customer().fill(READDRESS, postcode="06236", address="서울특별시 강남구 테헤란로 152, 12층", status=422)
    assert "has already" in page.text("#address-error")


def test_under_a_label_the_address_is_settled_and_the_words_are_kept(customer, place, staff, rows, htmx):
    place()
    person = customer()
    page = person.open(READDRESS)
    parcel = staff("pack", "A1", {rows("SELECT id FROM order_line ORDER BY position")[0].id: 2})
    staff("label", "A1", parcel, Label("cj", "622344515213"))
    page = person.submit(page, READDRESS, status=409, htmx=htmx, **NEW)
    assert "Your parcel got its label." in page.text(".said")
    assert page.text("#kept") == NEW["address"]
    assert address(rows)[4] == 1
    assert not [f for f in person.open(READDRESS).all("form") if f.get("action") == READDRESS]
    sent = {"version": str(rows("SELECT version FROM orders")[0].version), **NEW}
    assert "label" in person.post(READDRESS, sent, status=409).text(".said")
    assert address(rows)[4] == 1


@pytest.mark.parametrize("stage", ["shipped", "cancelled"])
def test_an_order_that_is_over_keeps_its_address(customer, place, send, staff, rows, stage):
    place()
    if stage == "shipped":
        send()
    else:
        staff("cancel", "A1", {x.id: x.ordered for x in rows("SELECT id, ordered FROM order_line")}, "sold_out")
    sent = {"version": str(rows("SELECT version FROM orders")[0].version), **NEW}
    customer().post(READDRESS, sent, status=409)
    assert address(rows)[4] == 1


def test_a_line_stays_a_line_for_slips_and_carriers_files(customer, place, rows):
    place()
    typed = {"receiver_name": "이하윤\r\n받는 곳: 다른 집", "phone": "010-2222\n-3333"}
    customer().fill(READDRESS, **typed, **NEW, status=303)
    assert address(rows)[:2] == ("이하윤 받는 곳: 다른 집", "010-2222 -3333")


def test_a_phone_has_digits_that_phones_have(customer, place, rows):
    place()
    page = customer().fill(READDRESS, phone="٠١٠٢٣٤٥٦٧٨", **NEW, status=422)
    assert "whole phone number" in page.text("#phone-error")
    assert address(rows)[4] == 1
