"""Refunds at the desk: counting down, to be sent, on their way; the account behind its seal; sums of one currency only."""

from datetime import UTC, datetime

import pytest
import time_machine
from page import filled

from sellerweb.shop import cancels, history, refunds
from sellerweb.shop.clock import now
from sellerweb.shop.incoming import LineIn

MONDAY = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
ACCOUNT = "신한 110-123-456789 김서준"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def bob(at_desk):
    return at_desk("Bob")


@pytest.fixture
def owed(app, make_order, clock):
    """owed("A1"): an order by hand that its customer has cancelled; the time to undo is over."""

    def owe(code="A1", account=ACCOUNT, total=12_400, currency="KRW"):
        line = LineIn(f"{code}-1", "노트", 1, "new", total=total)
        told = {"currency": currency, "buyer_email": "kim@example.kr", "paid_at": now()}
        make_order(code, channel="manual", lines=[line], **told)
        with app.app_context():
            with history.act(history.CUSTOMER, "cancel") as act:
                case = act.order(code)
                cancels.cancel(case, dict.fromkeys(case.lines, 1), "wish", account=account)
            clock.shift(60)
            refunds.hand_due()

    return owe


def state(rows, n=1):
    return rows("SELECT state FROM refund WHERE id = :n", n=n)[0].state


def step(person, refund, verb, htmx, *, status=None, **values):
    page = person.open(f"/refunds/{refund}/{verb}", htmx=htmx)
    return person.submit(page, f"/refunds/{refund}/{verb}", htmx=htmx, status=status, **values)


def test_a_refund_counts_down_until_the_cancel_stands(clock, bob, make_order, htmx):
    make_order("A1", channel="manual")
    bob.fill("/orders/A1/cancel", reason="wish")
    page = bob.open("/refunds")
    assert "Counting down" in page.text(".list")
    assert "₩12,400" in page.text("#refund-1")
    assert "/refunds/1/send" not in [a.get("href") for a in page.all("a")]
    assert "moved on" in bob.open("/refunds/1/send", htmx=htmx).text(".said")


def test_the_money_goes_its_way(bob, owed, answered, rows, broken, htmx):
    owed()
    assert state(rows) == "manual"
    page = bob.open("/refunds/1/send", htmx=htmx)
    assert "₩12,400" in page.text(".panel")
    done = answered(step(bob, 1, "send", htmx), bob)
    assert "on its way" in done.text(".toast")
    assert state(rows) == "sent"
    step(bob, 1, "settle", htmx)
    assert state(rows) == "done"
    (order,) = rows("SELECT refunded FROM orders")
    assert order.refunded == 12_400
    assert [n.letter for n in rows("SELECT letter FROM notice")][-1] == "refund_settle"
    assert "Refunded" in bob.open("/orders/A1").text("#whole")
    assert broken() == {}


def test_a_row_says_by_which_way_how_long_and_what_is_next(bob, owed, clock):
    owed()
    owed("A2", account="")
    clock.shift(2 * 3600)
    first, second = (bob.open("/refunds").text(f"#refund-{n}") for n in (1, 2))
    assert "김*준" in first
    assert "owed for 2h" in first
    assert "Bank account given" in first
    assert "Transfer it to the account, then say so here." in first
    assert "No bank account yet" in second
    assert "Ask the customer for an account" in second
    assert "김서준" not in first + second


def test_the_account_is_forgotten_when_the_money_is_there(bob, owed, rows, htmx):
    owed()
    assert rows("SELECT account FROM refund")[0].account not in ("", ACCOUNT)
    step(bob, 1, "settle", htmx)
    assert rows("SELECT account FROM refund")[0].account == ""
    no = bob.post("/refunds/1/reveal", {}, htmx=htmx, status=409)
    assert "No bank account is kept" in no.text(".said")


def test_a_look_at_the_account_is_written_down(bob, owed, rows, htmx):
    owed()
    page = bob.open("/refunds/1/send", htmx=htmx)
    assert ACCOUNT not in page.html
    assert "110-123" not in bob.open("/refunds").html
    shown = bob.submit(page, "/refunds/1/reveal", htmx=htmx, status=200)
    assert ACCOUNT in shown.text("#account-1")
    assert shown.headers["Cache-Control"] == "no-store"
    (look,) = rows("SELECT a.what, s.name FROM access a JOIN staff s ON s.id = a.staff_id")
    assert (look.what, look.name) == ("account", "Bob")
    masked = bob.open(shown.find("#account-1").get("data-remask"), htmx=True)
    assert ACCOUNT not in masked.html
    assert len(rows("SELECT * FROM access")) == 1


def test_a_refund_that_failed_is_owed_again_to_another_account(bob, owed, answered, rows, broken, htmx):
    owed()
    no = step(bob, 1, "fail", htmx, status=422)
    assert no.find("#note-r1").get("aria-invalid") == "true"
    step(bob, 1, "fail", htmx, note="예금주가 달라요")
    assert rows("SELECT state, account, note FROM refund")[0].account == ""
    assert rows("SELECT refunded FROM orders")[0].refunded == 0
    assert "예금주가 달라요" in bob.open("/refunds").text("#refund-1")
    step(bob, 1, "again", htmx, account="국민 123-45 이수민")
    assert [state(rows, n) for n in (1, 2)] == ["failed", "due"]
    assert rows("SELECT account FROM refund WHERE id = 2")[0].account not in ("", "국민 123-45 이수민")
    assert "#refund-1" not in bob.open("/refunds").html
    assert broken() == {}


def test_what_failed_twice_by_two_taps_is_owed_once(bob, owed, rows, broken, htmx):
    owed()
    bob.fill("/refunds/1/fail", note="x")
    values = filled(bob.open("/refunds/1/again", htmx=htmx).form("/refunds/1/again"))
    for _tap in range(2):
        assert bob.post("/refunds/1/again", values, htmx=htmx).status == (200 if htmx else 303)
    assert len(rows("SELECT * FROM refund")) == 2
    assert broken() == {}


def test_sums_of_two_currencies_are_never_added(bob, owed):
    owed("A1", total=12_400)
    owed("A2", total=8_000)
    owed("A3", total=3_200, currency="USD")
    group = bob.open("/refunds").text(".group")
    assert "₩20,400" in group
    assert "US$32.00" in group


def test_a_refund_that_has_moved_on_says_so(bob, at_desk, owed, rows, htmx):
    owed()
    page = bob.open("/refunds/1/settle", htmx=htmx)
    at_desk("Alice").fill("/refunds/1/fail", note="x")
    no = bob.submit(page, "/refunds/1/settle", htmx=htmx, status=409)
    assert "changed since your page was drawn" in no.text(".said")
    assert state(rows) == "failed"


def test_a_stale_note_is_kept(bob, at_desk, owed, rows, htmx):
    owed()
    page = bob.open("/refunds/1/fail", htmx=htmx)
    at_desk("Alice").fill("/refunds/1/send")
    no = bob.submit(page, "/refunds/1/fail", htmx=htmx, note="은행이 닫혔어요", status=409)
    assert no.find("#note-r1").get("value") == "은행이 닫혔어요"
    bob.submit(no, "/refunds/1/fail", htmx=htmx)
    assert state(rows) == "failed"


@pytest.mark.parametrize("path", ["/refunds", "/refunds/1", "/refunds/1/send", "/refunds/1/account"])
def test_a_packer_sees_no_refunds(at_desk, owed, path, htmx):
    owed()
    at_desk("Carol").open(path, htmx=htmx, status=403)


@pytest.mark.parametrize("path", ["/refunds/1/send", "/refunds/1/reveal", "/refunds/1/settle"])
def test_a_packer_moves_no_money(at_desk, owed, rows, path, htmx):
    owed()
    at_desk("Carol").post(path, {}, htmx=htmx, status=403)
    assert state(rows) == "manual"
    assert rows("SELECT * FROM access") == []


@pytest.mark.parametrize("refund", ["2", "0", "9" * 30])
def test_a_refund_that_does_not_exist_is_not_found(bob, owed, refund, htmx):
    owed()
    bob.open(f"/refunds/{refund}/send", htmx=htmx, status=404)
    bob.post(f"/refunds/{refund}/reveal", {}, htmx=htmx, status=404)


def test_no_money_owed_says_so(bob):
    assert "No money is owed" in bob.open("/refunds").text(".empty")
