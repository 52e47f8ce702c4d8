"""Cancelling by the customer: what is shown is what is done, once, and only while the server's clock allows it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from page import filled
from sqlalchemy import text

from sellerweb.shop import clock
from sellerweb.shop.incoming import LineIn

HERE = "/my/orders/A1"
CANCEL = f"{HERE}/cancel"
ONE = [LineIn("1", "노트", 1, "new", total=9000)]


def lines(rows):
    return [(x.ordered, x.cancelled, x.asked) for x in rows("SELECT * FROM order_line ORDER BY position")]


def claims(rows):
    return [(c.kind, c.state, c.reason, c.refund, c.asked_by) for c in rows("SELECT * FROM claim ORDER BY id")]


def button(page):
    return page.text(".foot")


def test_everything_is_ticked_no_reason_is_chosen_and_the_button_names_the_sum(customer, place):
    place()
    page = customer().open(CANCEL)
    form = filled(page.form(CANCEL))
    assert len(form["line"]) == 2
    assert form.get("reason", []) == []
    assert form["how"] == ["now"]
    assert button(page) == "Cancel and get ₩24,800 back"
    assert page.text(".badge") in ("49m left", "50m left")


@pytest.mark.both
def test_a_cancel_takes_three_taps_and_owes_the_money(customer, place, rows, broken, answered, htmx):
    place()
    person = customer()
    cancel = next(a.get("href") for a in person.open(HERE).all("a") if a.get("class") == "btn bad")  # 1
    sent = person.submit(person.open(cancel), CANCEL, reason="wish", htmx=htmx)  # 2: the reason, 3: the button
    assert sent.status == (200 if htmx else 303)
    page = answered(sent, person)
    assert page.text("h1") == "This order was cancelled"
    assert "It is cancelled." in page.text("#said")
    assert "You get ₩24,800 back." in page.text("main")
    assert lines(rows) == [(2, 2, 0), (3, 3, 0)]
    assert claims(rows) == [("cancel", "done", "wish", 24_800, "customer")]
    assert [r.amount for r in rows("SELECT amount FROM refund")] == [24_800]
    assert [e.actor for e in rows("SELECT actor FROM event WHERE thing = 'cancel'")] == ["customer"]
    assert broken() == {}


def test_htmx_gets_the_orders_page_and_its_address(customer, place):
    place()
    page = customer().fill(CANCEL, reason="wish", htmx=True, status=200)
    assert page.headers["HX-Push-Url"] == HERE
    assert page.headers["HX-Retarget"] == "#main"


def test_some_pieces_can_be_cancelled(customer, place, rows, answered):
    place()
    person = customer()
    _notebook, pen = (str(x.id) for x in rows("SELECT id FROM order_line ORDER BY position"))
    page = person.open(CANCEL)
    quote = person.post(f"{CANCEL}/quote", {**filled(page.form(CANCEL)), "line": [pen], f"quantity-{pen}": "2"})
    assert "₩3,200" in button(quote)
    page = person.submit(quote, CANCEL, reason="option", line=[pen])
    assert answered(page, person).text("h1") == "We have received your order"
    assert lines(rows) == [(2, 0, 0), (3, 2, 0)]


def test_the_figures_follow_what_is_ticked_and_lose_nothing(customer, place, rows):
    place()
    person = customer()
    notebook, _pen = (str(x.id) for x in rows("SELECT id FROM order_line ORDER BY position"))
    form = filled(person.open(CANCEL).form(CANCEL))
    sent = {**form, "line": [notebook], "note": "so sorry", "reason": "late", "bank": "국민"}
    figures = person.post(f"{CANCEL}/quote", sent, htmx=True, status=200)
    assert "₩17,000" in figures.text("#figures")
    assert not figures.all("main")
    page = person.post(f"{CANCEL}/quote", sent, status=200)
    assert page.text("#note") == "so sorry"
    assert page.find("#bank").get("value") == "국민"
    assert filled(page.form(CANCEL))["reason"] == ["late"]
    assert filled(page.form(CANCEL))["line"] == [notebook]


def test_a_button_never_does_more_than_it_says(customer, place, rows):
    """Without scripts the sum is that of the page as it was drawn; unticking needs a second look."""
    place()
    person = customer()
    notebook = str(rows("SELECT id FROM order_line ORDER BY position")[0].id)
    page = person.fill(CANCEL, reason="wish", line=[notebook], status=422)
    assert "The sum has changed" in page.text("#figures")
    assert "₩17,000" in button(page)
    assert lines(rows) == [(2, 0, 0), (3, 0, 0)]
    assert person.submit(page, CANCEL).status == 303
    assert lines(rows) == [(2, 2, 0), (3, 0, 0)]


def test_a_reason_is_needed_and_another_reason_needs_words(customer, place, rows, htmx):
    place()
    person = customer()
    page = person.fill(CANCEL, note="I wrote this", status=422, htmx=htmx)
    assert "Choose a reason." in page.text("#reason-error")
    assert page.text("#note") == "I wrote this"
    page = person.fill(CANCEL, reason="other", status=422, htmx=htmx)
    assert "Say in a few words why." in page.text("#note-error")
    assert person.submit(page, CANCEL, note="My cat did it").status == 303
    assert rows("SELECT note FROM claim")[0].note == "My cat did it"


@pytest.mark.parametrize("reason", ["sold_out", "fraud", "mind", "", "x" * 500])
def test_reasons_of_the_staff_and_odd_ones_are_none(customer, place, rows, reason):
    place()
    customer().fill(CANCEL, reason=reason, status=422)
    assert claims(rows) == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"line": []}, "Tick at least one item."),
        ({"line": ["999999"]}, "cannot be chosen any more"),
        ({"line": ["x", "1 OR 1=1", "9" * 500]}, "cannot be chosen any more"),
        ({"quantity-{}": "0"}, "there are 3 at most"),
        ({"quantity-{}": "4"}, "there are 3 at most"),
        ({"quantity-{}": "-1"}, "there are 3 at most"),
        ({"quantity-{}": "1.5"}, "there are 3 at most"),
        ({"quantity-{}": "9" * 400}, "there are 3 at most"),
        ({"quantity-{}": ["1", "2"]}, "there are 3 at most"),
    ],
)
def test_odd_pieces_are_refused_with_the_form(customer, place, rows, sent, said):
    place()
    person = customer()
    pen = str(rows("SELECT id FROM order_line ORDER BY position DESC")[0].id)
    form = {**filled(person.open(CANCEL).form(CANCEL)), "reason": "wish"}
    page = person.post(CANCEL, {**form, **{k.format(pen): v for k, v in sent.items()}}, status=422)
    assert said in page.text("#quantity-error")
    assert lines(rows) == [(2, 0, 0), (3, 0, 0)]


@pytest.mark.both
@pytest.mark.parametrize(("second", "status"), [(-1, 303), (0, 409), (1, 409)])
def test_the_window_ends_at_its_second_by_the_servers_clock(customer, place, rows, at, second, status):
    begin = clock.now()
    at(begin)
    place(paid_at=begin, lines=ONE)
    person = customer()
    page = person.open(CANCEL)
    at(begin + timedelta(minutes=60, seconds=second))
    page = person.submit(page, CANCEL, reason="wish", status=status)
    assert lines(rows) == [(1, 1, 0) if status == 303 else (1, 0, 0)]
    if status == 409:
        assert "The time to cancel at once is over" in page.text(".said")
        assert button(page).endswith("Ask to cancel and get ₩12,000 back")
        assert filled(page.form(CANCEL))["reason"] == ["wish"]
        assert person.submit(page, CANCEL).status == 303
        assert claims(rows) == [("cancel", "requested", "wish", 12_000, "customer")]


@pytest.mark.both
def test_after_the_window_the_same_form_is_a_request(customer, place, rows, answered, broken, htmx):
    place(paid_at=clock.now() - timedelta(hours=2))
    person = customer()
    page = person.open(CANCEL)
    assert page.text("h1") == "Ask to cancel"
    assert "The time to cancel at once ended at" in button(page)
    page = answered(person.submit(page, CANCEL, reason="late", htmx=htmx), person)
    assert "Your request was sent" in page.text("#said")
    assert "Nothing of it is sent until the shop has answered." in page.text(".claim")
    assert lines(rows) == [(2, 0, 2), (3, 0, 3)]
    assert claims(rows)[0][:2] == ("cancel", "requested")
    assert broken() == {}


@pytest.mark.both
def test_a_request_can_be_taken_back(customer, place, rows, answered, htmx):
    place(paid_at=clock.now() - timedelta(hours=2))
    person = customer()
    person.fill(CANCEL, reason="late", status=303)
    page = answered(person.submit(person.open(HERE), f"{HERE}/withdraw", htmx=htmx), person)
    assert "You took your request back." in page.text("#said")
    assert lines(rows) == [(2, 0, 0), (3, 0, 0)]
    assert claims(rows)[0][:2] == ("cancel", "withdrawn")
    assert CANCEL in [a.get("href") for a in page.all("a")]


@pytest.mark.parametrize("claim", ["", "0", "999", "x", "9" * 50, "-1"])
def test_only_ones_own_requests_can_be_taken_back(customer, place, dump, claim):
    place()
    person = customer()
    before = dump()
    page = person.post(f"{HERE}/withdraw", {"claim": claim, "version": "1"}, status=409)
    assert "does not belong" in page.text(".said")
    assert dump() == before


def test_what_has_left_in_the_meantime_is_said_and_the_words_are_kept(customer, place, send, rows, answered, htmx):
    place()
    person = customer()
    page = person.open(CANCEL)
    send()
    page = person.submit(page, CANCEL, reason="other", note="My cat did it", status=409, htmx=htmx)
    assert "nothing was done yet" in page.text(".said")
    assert "Your parcel left the shop." in page.text(".said")
    assert page.text("h1") == "Your order is on its way"
    assert "you can ask to send it back" in page.text("main")
    assert page.text("#kept") == "My cat did it"
    assert claims(rows) == []
    page = answered(person.submit(page, f"{HERE}/ask", htmx=htmx), person)
    assert [m.words for m in rows("SELECT words FROM message")] == ["My cat did it"]


def test_a_page_that_is_stale_comes_back_filled_and_works_then(customer, place, staff, rows):
    place()
    person = customer()
    page = person.open(CANCEL)
    staff("confirm")
    page = person.submit(page, CANCEL, reason="late", note="please", status=409)
    assert "The shop began to prepare your order." in page.text(".said")
    assert page.text("#note") == "please"
    assert person.submit(page, CANCEL, status=303)
    assert claims(rows)[0][:3] == ("cancel", "requested", "late")


def test_without_a_version_a_form_is_of_no_page_of_ours(customer, place, rows):
    place()
    person = customer()
    form = filled(person.open(CANCEL).form(CANCEL))
    for version in ("", "x", "999", "-1", "1" * 40):
        person.post(CANCEL, {**form, "reason": "wish", "version": version}, status=409)
    assert claims(rows) == []


@pytest.mark.both
def test_a_second_tap_gets_the_same_answer(customer, place, rows):
    place()
    person = customer()
    page = person.open(CANCEL)
    for _ in range(3):
        assert person.submit(page, CANCEL, reason="wish").headers["Location"] == f"{HERE}?done=cancel"
    assert len(claims(rows)) == 1
    assert len(rows("SELECT * FROM refund")) == 1


@pytest.mark.both
@pytest.mark.slow
def test_twenty_cancels_of_the_same_moment_are_one(app, customer, place, rows, broken):
    place()
    people = [customer() for _ in range(20)]
    forms = [{**filled(person.open(CANCEL).form(CANCEL)), "reason": "wish"} for person in people]

    def press(n):
        return people[n].client.post(CANCEL, data=forms[n]).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = sorted(pool.map(press, range(20)))
    assert answers == [303] + [409] * 19
    assert lines(rows) == [(2, 2, 0), (3, 3, 0)]
    assert len(claims(rows)) == 1
    assert [r.amount for r in rows("SELECT amount FROM refund")] == [24_800]
    assert broken() == {}


def test_after_one_of_three_has_left_only_the_rest_can_be_cancelled(customer, place, send, rows):
    place()
    pen = rows("SELECT id FROM order_line ORDER BY position DESC")[0].id
    send("A1", {pen: 1})
    person = customer()
    page = person.open(CANCEL)
    assert filled(page.form(CANCEL))[f"quantity-{pen}"] == ["2"]
    person.submit(page, CANCEL, reason="late", status=303)
    assert lines(rows) == [(2, 0, 2), (3, 0, 2)]


def test_an_unpaid_order_is_cancelled_without_money(customer, place, rows):
    place(paid_at=None, lines=[LineIn("1", "노트", 2, "unpaid", total=9000)])
    person = customer()
    page = person.open(CANCEL)
    assert button(page) == "Cancel the order"
    assert "nothing is charged" in page.text("#figures")
    assert not page.all("#account")
    person.submit(page, CANCEL, reason="wish", status=303)
    assert lines(rows) == [(2, 2, 0)]
    assert rows("SELECT * FROM refund") == []


def test_an_account_is_sealed_and_goes_with_the_refund(customer, place, rows, app):
    place()
    person = customer()
    person.fill(CANCEL, reason="wish", bank="국민", account="１２３－４５６ 789-01", holder="김서준", status=303)
    sealed = rows("SELECT account FROM refund")[0].account
    assert sealed
    assert "12345678901" not in sealed
    from sellerweb.shop import sealed as seals

    with app.app_context():
        assert seals.unseal(sealed) == "국민 12345678901 김서준"


def test_what_is_kept_of_an_action_gives_no_account_away(app):
    """Bank and holder are soon guessed, so a plain hash of them would tell the number to whoever has the database."""
    from sellerweb.shop import history

    def kept():
        body = ["A1", {"account": "12345678901"}]
        with app.app_context(), history.act(history.CUSTOMER, "cancel", body=body) as act:
            return act.tx.execute(text("SELECT body FROM action WHERE id = :id"), {"id": act.id}).scalar_one()

    one = kept()
    assert kept() == one
    app.config["SECRET_KEY"] = "another shop's"
    assert kept() != one


@pytest.mark.parametrize(
    "typed",
    [
        {"account": "12345"},
        {"account": "12345678901234567"},
        {"account": "no number", "bank": "국민", "holder": "김"},
        {"account": "12345678901"},
        {"account": "12345678901", "bank": "국민"},
        {"bank": "국민"},
        {"holder": "김"},
    ],
)
def test_half_an_account_is_refused_and_stays(customer, place, rows, typed):
    place()
    page = customer().fill(CANCEL, reason="wish", status=422, **typed)
    assert page.find("#account").get("aria-invalid") == "true"
    assert page.find("#account-card").get("open") is not None
    for name, value in typed.items():
        assert page.find(f"#{name}").get("value") == value
    assert claims(rows) == []


def test_a_shop_that_was_paid_by_card_asks_for_no_account(customer, place, rows):
    place(channel="shopify")
    person = customer()
    assert not person.open(CANCEL).all("#account")
    form = {**filled(person.open(CANCEL).form(CANCEL)), "reason": "wish"}
    person.post(CANCEL, form | {"bank": "국민", "account": "12345678901", "holder": "김"}, status=303)
    assert rows("SELECT account FROM refund")[0].account == ""


@pytest.mark.parametrize("stage", ["shipped", "delivered", "cancelled"])
def test_where_nothing_can_be_cancelled_the_page_says_why(customer, place, send, staff, rows, stage):
    place()
    if stage == "cancelled":
        staff("cancel", "A1", {x.id: x.ordered for x in rows("SELECT id, ordered FROM order_line")}, "sold_out")
    else:
        send(delivered=stage == "delivered")
    person = customer()
    page = person.open(CANCEL)
    assert not [f for f in page.all("form") if f.get("action") == CANCEL]
    events = len(rows("SELECT * FROM event"))
    for how in ("now", "request"):
        version = str(rows("SELECT version FROM orders")[0].version)
        line = str(rows("SELECT id FROM order_line")[0].id)
        sent = {"version": version, "line": [line], "reason": "wish", "how": how, "sums": "17000-0"}
        assert person.post(CANCEL, sent).status in (409, 422)
    assert len(rows("SELECT * FROM event")) == events
