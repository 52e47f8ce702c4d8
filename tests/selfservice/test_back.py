"""Sending back, exchanging, missing pieces: the figures before, the request after, and who may still ask."""

from datetime import timedelta

import pytest
from page import filled

from sellerweb.shop import clock
from sellerweb.shop.incoming import LineIn

HERE = "/my/orders/A1"
RETURN = f"{HERE}/return"


@pytest.fixture
def lines(rows):
    return lambda: [str(x.id) for x in rows("SELECT id FROM order_line ORDER BY position")]


@pytest.fixture
def quote(customer, place, send):
    """quote(kind, reason=…, line=…): the figures that the page shows, as htmx asks for them."""

    def ask(person, kind="return", **typed):
        form = filled(person.open(f"{HERE}/{kind}").form(f"{HERE}/{kind}"))
        return person.post(f"{HERE}/{kind}/quote", {**form, **typed}, htmx=True, status=200)

    return ask


def claims(rows):
    return [(c.kind, c.state, c.reason, c.refund, c.fee) for c in rows("SELECT * FROM claim ORDER BY id")]


def test_nothing_is_ticked_and_no_sum_is_shown_at_first(customer, place, send):
    place()
    send(delivered=True)
    page = customer().open(RETURN)
    assert filled(page.form(RETURN)).get("line", []) == []
    assert "Choose the pieces and a reason" in page.text("#figures")


@pytest.mark.parametrize(
    ("reason", "says", "fee", "back"),
    [
        ("mind", "You bear the shipping back.", "-₩3,000", "₩14,000"),
        ("broken", "The shop bears the shipping.", "", "₩17,000"),
        ("other", "The shop decides who bears the shipping", "", "₩17,000"),
    ],
)
def test_the_figures_say_who_bears_what(customer, place, send, quote, lines, reason, says, fee, back):
    place()
    send(delivered=True)
    figures = quote(customer(), reason=reason, line=[lines()[0]]).text("#figures")
    assert says in figures
    assert fee in figures
    assert f"Comes back to you{back}" in figures
    assert ("take a photo" in figures) == (reason == "broken")


@pytest.mark.both
def test_what_was_shown_is_what_is_asked_for(customer, place, send, lines, rows, answered, broken, htmx):
    place()
    send(delivered=True)
    person = customer()
    first = person.fill(RETURN, line=[lines()[0]], reason="mind", note="too big", status=422)
    assert "Please look at the sums below" in first.text("#figures")
    assert "Ask to send back, for ₩14,000" in first.text(".foot")
    page = answered(person.submit(first, RETURN, htmx=htmx), person)
    assert "Your request was sent." in page.text("#said")
    assert claims(rows) == [("return", "requested", "mind", 14_000, 3_000)]
    assert "Waiting for an answer" in page.text(".claim")
    assert "If the shop agrees, you get back₩14,000" in page.text(".claim")
    assert broken() == {}


def test_other_figures_than_were_shown_are_not_agreed_to(customer, place, send, lines, rows):
    place()
    send(delivered=True)
    person = customer()
    page = person.fill(RETURN, line=[lines()[0]], reason="broken", status=422)
    page = person.submit(page, RETURN, reason="mind", status=422)
    assert "The sum has changed" in page.text("#figures")
    assert claims(rows) == []


def test_no_piece_is_asked_for_twice(customer, place, send, lines, rows):
    place()
    send(delivered=True)
    person = customer()
    page = person.fill(RETURN, line=[lines()[0]], reason="mind", status=422)
    person.submit(page, RETURN, status=303)
    page = person.open(RETURN)
    assert [e.get("value") for e in page.all("input") if e.get("name") == "line"] == [lines()[1]]
    person.post(RETURN, {**filled(page.form(RETURN)), "line": [lines()[0]], "reason": "mind"}, status=422)
    assert len(claims(rows)) == 1


def test_an_exchange_needs_to_know_for_what_and_shows_what_it_costs(customer, place, send, lines, rows, quote):
    place()
    send(delivered=True)
    person, exchange = customer(), f"{HERE}/exchange"
    assert "You pay₩6,000" in quote(person, "exchange", reason="size", line=[lines()[0]]).text("#figures")
    page = person.fill(exchange, line=[lines()[0]], reason="size", status=422)
    page = person.submit(page, exchange, status=422)
    assert "Say what you would like instead" in page.text("#option-error")
    person.submit(page, exchange, option="그리드", status=303)
    assert rows("SELECT kind, option, fee, refund FROM claim")[0].option == "그리드"


@pytest.mark.parametrize("wants", ["resend", "refund"])
def test_what_never_came_can_be_told(customer, place, send, lines, rows, wants):
    place()
    send()
    person, missing = customer(), f"{HERE}/redelivery"
    page = person.fill(missing, line=[lines()[1]], reason="missing", wants=wants, status=422)
    person.submit(page, missing, status=303)
    claim = rows("SELECT kind, state, wants FROM claim")[0]
    assert (claim.kind, claim.state, claim.wants) == ("redelivery", "reported", wants)
    assert "The shop knows about it" in person.open(HERE).text(".claim")


def test_an_odd_wish_is_refused(customer, place, send, lines, rows):
    place()
    send()
    person, missing = customer(), f"{HERE}/redelivery"
    page = person.fill(missing, line=[lines()[1]], reason="missing", status=422)
    person.submit(page, missing, wants="gold", status=422)
    assert claims(rows) == []


@pytest.mark.both
@pytest.mark.parametrize(("second", "status"), [(-1, 303), (0, 409), (1, 409)])
def test_the_time_to_send_back_ends_at_its_second(customer, place, send, lines, rows, at, app, second, status):
    from sellerweb.shop import policy

    place()
    send(delivered=True)
    begin = clock.now()
    end = policy.end_of(policy.DEFAULTS["manual"], begin, days=7)
    at(end - timedelta(seconds=5))
    person = customer()
    page = person.fill(RETURN, line=[lines()[0]], reason="mind", status=422)
    at(end + timedelta(seconds=second))
    page = person.submit(page, RETURN, status=status)
    assert len(claims(rows)) == (status == 303)
    if status == 409:
        assert "is over" in page.text(".said")


def test_a_return_whose_fee_eats_it_up_says_that_nothing_comes_back(customer, place, send, lines):
    place(lines=[LineIn("1", "엽서", 1, "new", total=2_000)])
    send(delivered=True)
    person = customer()
    person.submit(person.fill(RETURN, line=[lines()[0]], reason="mind", status=422), RETURN, status=303)
    said = person.open(HERE).text(".claim")
    assert "You bear₩3,000" in said
    assert "If the shop agrees, you get back₩0" in said


def test_an_accepted_return_shows_the_shops_words_and_can_be_taken_back(customer, place, send, staff, lines, rows):
    place()
    send(delivered=True)
    person = customer()
    person.submit(person.fill(RETURN, line=[lines()[0]], reason="mind", status=422), RETURN, status=303)
    claim = rows("SELECT id FROM claim")[0].id
    staff("accept", "A1", claim, "Put it at the door.")
    page = person.open(HERE)
    assert "Please send the goods back." in page.text(".claim")
    assert "Put it at the door." in page.text(".claim")
    person.submit(page, f"{HERE}/withdraw", status=303)
    assert claims(rows)[0][1] == "withdrawn"


def test_what_staff_noted_about_a_claim_is_not_shown(customer, place, staff, rows, at):
    place()
    staff("cancel", "A1", {rows("SELECT id FROM order_line")[0].id: 1}, "fraud", "Bob knows this crook")
    at(clock.now() + timedelta(seconds=30))
    page = customer().open(HERE)
    assert "The shop could not accept the order" in page.text(".claim")
    for secret in ("Bob", "crook", "raud"):
        assert secret not in page.html


def test_what_the_shop_found_out_about_its_parcel_is_not_the_customers_to_take_back(
    customer, place, send, staff, dump, rows
):
    place()
    staff("lose", "A1", send())
    person = customer()
    page = person.open(HERE)
    assert "Missing or damaged" in page.text(".claim")
    assert f"{HERE}/withdraw" not in [form.get("action") for form in page.all("form")]
    order, claim = rows("SELECT version FROM orders")[0], rows("SELECT id FROM claim")[0]
    before = dump()
    sent = {"claim": str(claim.id), "version": str(order.version)}
    assert "write to the shop" in person.post(f"{HERE}/withdraw", sent, status=409).text(".said")
    assert dump() == before


def test_a_tap_repeated_about_another_request_is_another_tap(customer, place, send, lines, rows):
    place()
    send(pieces={int(lines()[0]): 2})
    person = customer()
    person.fill(f"{HERE}/cancel", reason="wish", how="request", status=303)
    person.submit(person.fill(RETURN, line=lines()[:1], reason="mind", status=422), RETURN, status=303)
    first, second = (str(c.id) for c in rows("SELECT id FROM claim ORDER BY id"))
    tap = {"version": str(rows("SELECT version FROM orders")[0].version), "action_id": "one"}
    person.post(f"{HERE}/withdraw", {**tap, "claim": first}, status=303)
    person.post(f"{HERE}/withdraw", {**tap, "claim": first}, status=303)
    person.post(f"{HERE}/withdraw", {**tap, "claim": second}, status=409)
    assert [c[1] for c in claims(rows)] == ["withdrawn", "requested"]
