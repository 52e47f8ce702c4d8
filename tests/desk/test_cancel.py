"""Cancelling at the desk: the question with its figures, the deed, its undo, the wish that a packer notes."""

from datetime import UTC, datetime

import pytest
import time_machine
from page import filled

from sellerweb.shop.incoming import LineIn

CJ = "622344515213"
NOW = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
TWO = [
    LineIn("L1", "노트", 2, "new", total=20_000, sku="NOTE"),
    LineIn("L2", "펜", 1, "new", total=5_000, sku="PEN"),
]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def bob(at_desk):
    return at_desk("Bob")


@pytest.fixture
def order(make_order):
    """An order by hand of two notebooks and a pen, ₩25,000 and ₩3,000 for shipping."""
    make_order("A1", channel="manual", lines=TWO, shipping_fee=3_000, buyer_email="kim@example.kr")


def cancel(person, htmx, *, page=None, **values):
    page = page or person.open("/orders/A1/cancel", htmx=htmx)
    return person.submit(page, "/orders/A1/cancel", htmx=htmx, **{"reason": "wish", **values})


def counters(rows):
    found = rows("SELECT ordered, cancelled, packed, shipped, asked FROM order_line ORDER BY position")
    return [(x.ordered, x.cancelled, x.packed, x.shipped, x.asked) for x in found]


def money(rows):
    return [(r.amount, r.state) for r in rows("SELECT amount, state FROM refund ORDER BY id")]


def test_everything_is_cancelled_and_the_money_is_owed(bob, order, answered, rows, broken, htmx):
    page = answered(cancel(bob, htmx), bob)
    assert "are cancelled" in page.text(".toast")
    assert counters(rows) == [(2, 2, 0, 0, 0), (1, 1, 0, 0, 0)]
    assert rows("SELECT stage FROM orders")[0].stage == "cancelled"
    assert money(rows) == [(28_000, "due")]
    (letter,) = rows("SELECT letter, state, not_before FROM notice")
    assert (letter.letter, letter.state) == ("cancel_cancel", "waiting")
    assert str(letter.not_before) > str(NOW.replace(tzinfo=None))
    assert broken() == {}


def test_the_form_shows_the_sum_before_anything_is_done(bob, order, rows, htmx):
    page = bob.open("/orders/A1/cancel", htmx=htmx)
    said = page.text("#panel-A1")
    assert "₩25,000" in said
    assert "₩3,000" in said
    assert "₩28,000" in page.text("#sum-A1")
    assert "cannot be undone by the customer; you have 30 seconds" in said
    assert [e for e in page.all("input") if e.get("name") == "reason" and e.get("checked") is not None] == []
    assert counters(rows) == [(2, 0, 0, 0, 0), (1, 0, 0, 0, 0)]


def test_the_figures_follow_what_is_ticked(bob, order):
    page = bob.open("/orders/A1/cancel", htmx=True)
    asked = page.find("#what-A1")
    values = {"pieces-0-line": "1", "pieces-0-quantity": "1", "pieces-1-line": "2", "pieces-1-quantity": "0"}
    answer = bob.client.get(
        asked.get("hx-get"), query_string={**values, "reason": "wish"}, headers=bob._headers(True, {})
    )
    said = answer.get_data(as_text=True)
    assert "₩10,000" in said
    assert "The rest stays to be sent." in said
    assert 'name="shown" value="10000"' in said
    assert "csrf" not in said


def test_without_scripts_the_figures_are_worked_out_by_a_button_and_nothing_is_lost(bob, order, rows):
    page = bob.open("/orders/A1/cancel")
    values = {"reason": "sold_out", "note": "선반이 비었음", "pieces-0-quantity": "0"}
    again = bob.post(
        "/orders/A1/cancel", {**filled(page.form("/orders/A1/cancel")), **values, "recalculate": "y"}, status=200
    )
    assert "₩5,000" in again.text("#sum-A1")
    assert again.text("#note-A1") == "선반이 비었음"
    assert again.find("#q-1").get("value") == "0"
    assert again.find("#restock-A1").get("checked") is None
    assert counters(rows) == [(2, 0, 0, 0, 0), (1, 0, 0, 0, 0)]


def test_a_sum_that_nobody_has_seen_is_not_booked(bob, order, rows, htmx):
    no = cancel(bob, htmx, **{"pieces-0-quantity": "1", "note": "한 권만"})
    assert no.status == 422
    assert "sum has changed" in no.text("#refund-A1-error")
    assert no.text("#note-A1") == "한 권만"
    assert money(rows) == []
    assert cancel(bob, htmx, page=no).status in (200, 303)
    assert money(rows) == [(15_000, "due")]


def test_staff_may_give_another_sum(bob, order, rows, broken, htmx):
    cancel(bob, htmx, refund="１０,０００")
    assert money(rows) == [(10_000, "due")]
    assert broken() == {}


@pytest.mark.parametrize("typed", ["28001", "-1", "1.5", "abc", "9" * 29, "32,50"])
def test_a_sum_that_cannot_be_is_refused_at_its_field(bob, order, rows, typed, htmx):
    no = cancel(bob, htmx, refund=typed, note="그대로")
    assert no.status == 422
    assert no.find("#refund-A1").get("aria-invalid") == "true"
    assert no.find("#refund-A1").get("value") == typed
    assert no.text("#note-A1") == "그대로"
    assert money(rows) == []
    assert rows("SELECT * FROM claim") == []


def test_sold_out_on_one_line_sends_the_rest(bob, order, send, answered, rows, broken, htmx):
    page = bob.open("/orders/A1/cancel?reason=sold_out&line=1", htmx=htmx)
    assert [page.find(f"#q-{n}").get("value") for n in (1, 2)] == ["2", "0"]
    assert page.find("#restock-A1").get("checked") is None
    assert "The rest stays to be sent." in page.text("#sum-A1")
    cancel(bob, htmx, page=page, reason="sold_out")
    assert counters(rows) == [(2, 2, 0, 0, 0), (1, 0, 0, 0, 0)]
    assert money(rows) == [(20_000, "due")]
    assert [n.letter for n in rows("SELECT letter FROM notice")] == ["cancel_cancel"]
    send(bob, number=CJ)
    assert rows("SELECT stage FROM orders")[0].stage == "shipped"
    assert broken() == {}


def test_every_line_has_its_sold_out_link(bob, order, htmx):
    links = [a.get("href") for a in bob.open("/orders/A1/cancel", htmx=htmx).all("a")]
    assert "/orders/A1/cancel?reason=sold_out&line=1" in links
    assert "/orders/A1/cancel?reason=sold_out&line=2" in links


@pytest.mark.parametrize("reason", ["fraud", "other"])
def test_some_reasons_ask_for_a_note(bob, order, rows, reason, htmx):
    no = cancel(bob, htmx, reason=reason, refund="1000")
    assert no.status == 422
    assert no.text("#note-A1-error")
    assert no.find("#refund-A1").get("value") == "1000"
    cancel(bob, htmx, page=no, reason=reason, note="카드 명의가 다름")
    assert rows("SELECT note FROM claim")[0].note == "카드 명의가 다름"


def test_without_a_reason_nothing_happens(bob, order, rows, htmx):
    no = cancel(bob, htmx, reason="")
    assert no.status == 422
    assert "Choose a reason" in no.text("#panel-A1")
    assert rows("SELECT * FROM claim") == []


def test_nothing_is_told_where_staff_say_so(bob, order, rows, htmx):
    page = bob.open("/orders/A1/cancel", htmx=htmx)
    values = filled(page.form("/orders/A1/cancel")) | {"reason": "wish"}
    del values["tell"]
    bob.post("/orders/A1/cancel", values, htmx=htmx)
    assert rows("SELECT * FROM notice") == []
    assert len(rows("SELECT * FROM claim")) == 1


def test_pieces_that_are_not_put_back_leave_the_shelf(bob, order, rows, htmx):
    page = bob.open("/orders/A1/cancel", htmx=htmx)
    values = filled(page.form("/orders/A1/cancel")) | {"reason": "wish"}
    del values["restock"]
    bob.post("/orders/A1/cancel", values, htmx=htmx)
    assert not rows("SELECT restock FROM claim")[0].restock


def test_a_packed_label_is_voided_and_the_bench_is_told(bob, order, send, answered, rows, broken, htmx):
    send(bob, verb="label", number=CJ)
    assert "6223-4451-5213" in bob.open("/orders/A1/cancel", htmx=htmx).text("#sum-A1")
    cancel(bob, htmx)
    assert rows("SELECT state FROM shipment")[0].state == "voided"
    bench = bob.open("/orders/handover")
    assert "Do not hand over" in bench.text("#stopped")
    assert "6223-4451-5213" in bench.text("#stopped")
    found = bob.open(f"/orders?q={CJ}", htmx=htmx)
    assert "Do not hand over" in found.text("#stopped")
    typed = bob.open(f"/orders/A1/check?number={CJ}&carrier=cj", htmx=True)
    assert "Do not hand over" in typed.text(".hint")
    assert "1 stopped" in bob.open("/orders", htmx=htmx).text("#chips")
    after = answered(bob.submit(bench, "/orders/A1/set-aside"), bob)
    assert not after.all("#stopped")
    assert rows("SELECT stopped_at FROM shipment")[0].stopped_at is None
    assert broken() == {}


def test_undo_gives_everything_back(clock, bob, order, send, answered, rows, broken, htmx):
    before = counters(rows)
    done = answered(cancel(bob, htmx), bob)
    assert done.find(".toast").get("data-seconds") == "30"
    clock.shift(29)
    page = answered(bob.submit(done, "/orders/A1/uncancel", htmx=htmx), bob)
    assert "as it was" in page.text(".toast")
    assert counters(rows) == before
    assert rows("SELECT stage FROM orders")[0].stage == "new"
    assert money(rows) == [(28_000, "failed")]
    assert rows("SELECT refunded FROM orders")[0].refunded == 0
    assert [n.state for n in rows("SELECT state FROM notice")] == ["suppressed"]
    assert broken() == {}


def test_undo_says_that_a_void_label_stays_void(bob, order, send, answered, rows, broken, htmx):
    send(bob, verb="label", number=CJ)
    done = answered(cancel(bob, htmx), bob)
    page = answered(bob.submit(done, "/orders/A1/uncancel", htmx=htmx), bob)
    assert "The label stays void" in page.text(".toast")
    assert (rows("SELECT state FROM shipment")[0].state, rows("SELECT stage FROM orders")[0].stage) == ("voided", "new")
    assert "Do not hand over" in bob.open("/orders/handover").text("#stopped")
    assert broken() == {}


def test_undo_after_the_time_is_refused(clock, bob, order, answered, rows, broken, htmx):
    done = answered(cancel(bob, htmx), bob)
    clock.shift(30)
    no = bob.submit(done, "/orders/A1/uncancel", htmx=htmx, status=409)
    assert "too late" in no.text(".said")
    assert rows("SELECT stage FROM orders")[0].stage == "cancelled"
    assert broken() == {}


def test_undo_twice_is_undo_once(bob, order, answered, rows, broken, htmx):
    done = answered(cancel(bob, htmx), bob)
    for _tap in range(2):
        assert bob.submit(done, "/orders/A1/uncancel", htmx=htmx).status in (200, 303)
    assert len(rows("SELECT * FROM event WHERE verb = 'undo'")) == 1
    assert broken() == {}


@pytest.mark.parametrize("claim", ["2", "0", "-1", "x", "", "9" * 40])
def test_a_foreign_claim_is_not_undone(bob, order, make_order, rows, claim, htmx):
    cancel(bob, htmx)
    bob.post("/orders/A1/uncancel", {"claim": claim, "action_id": "x"}, htmx=htmx, status=404)
    assert rows("SELECT state FROM claim")[0].state == "done"


def test_a_double_tap_cancels_once_and_offers_the_same_undo(bob, order, answered, rows, broken, htmx):
    values = filled(bob.open("/orders/A1/cancel", htmx=htmx).form("/orders/A1/cancel")) | {"reason": "wish"}
    first, second = (answered(bob.post("/orders/A1/cancel", values, htmx=htmx), bob) for _tap in range(2))
    assert len(rows("SELECT * FROM claim")) == 1
    assert filled(first.form("/orders/A1/uncancel"))["claim"] == filled(second.form("/orders/A1/uncancel"))["claim"]
    assert broken() == {}


def test_a_stale_page_says_what_won_and_keeps_what_was_typed(bob, at_desk, order, rows, htmx):
    page = bob.open("/orders/A1/cancel", htmx=htmx)
    carol = at_desk("Carol")
    carol.submit(carol.open("/orders/A1"), "/orders/A1/confirm")
    no = cancel(bob, htmx, page=page, note="전화로 취소", refund="1,000")
    assert no.status == 409
    assert "Carol · Confirmed" in no.text(".said")
    assert no.text("#note-A1") == "전화로 취소"
    assert no.find("#refund-A1").get("value") == "1,000"
    cancel(bob, htmx, page=no)
    assert money(rows) == [(1_000, "due")]


def test_what_has_left_meanwhile_is_not_cancelled(bob, at_desk, order, send, rows, broken, htmx):
    page = bob.open("/orders/A1/cancel", htmx=htmx)
    send(at_desk("Carol"), number=CJ)
    no = cancel(bob, htmx, page=page)
    assert no.status == 409
    assert "Carol · Shipped" in no.text(".said")
    assert money(rows) == []
    assert broken() == {}


def test_more_pieces_than_there_are_are_refused_beside_them(bob, order, rows, htmx):
    no = cancel(bob, htmx, **{"pieces-0-quantity": "3", "refund": "100", "note": "세 권"})
    assert no.status == 422
    assert "not that many pieces" in no.text("#panel-A1")
    assert no.find("#q-1").get("value") == "3"
    assert no.text("#note-A1") == "세 권"


@pytest.mark.parametrize("typed", ["-1", "1.5", "", "abc", "9" * 5000])
def test_a_count_that_is_none_is_refused_at_its_field(bob, order, rows, typed, htmx):
    no = cancel(bob, htmx, **{"pieces-0-quantity": typed})
    assert no.status == 422
    assert no.find("#q-1").get("aria-invalid") == "true"
    assert rows("SELECT * FROM claim") == []


def test_an_unpaid_order_is_cancelled_without_money(bob, make_order, rows, broken, htmx):
    make_order("A1", state="unpaid", channel="manual")
    page = bob.open("/orders/A1/cancel", htmx=htmx)
    assert "Nothing was paid" in page.text("#sum-A1")
    cancel(bob, htmx, page=page)
    assert rows("SELECT stage FROM orders")[0].stage == "cancelled"
    assert money(rows) == []
    assert broken() == {}


def test_the_marketplace_pays_its_own_customers_back(bob, make_order, rows, broken, htmx):
    make_order("A1", channel="smartstore")
    page = bob.open("/orders/A1/cancel", htmx=htmx)
    assert "marketplace pays the customer back" in page.text("#sum-A1")
    assert not page.all("#refund-A1")
    cancel(bob, htmx, page=page)
    assert money(rows) == []
    assert broken() == {}


def test_a_packer_sees_why_and_notes_the_wish(at_desk, order, answered, rows, broken, htmx):
    carol = at_desk("Carol")
    page = carol.open("/orders/A1/cancel", htmx=htmx)
    assert "a manager or the owner decides" in page.text("#panel-A1")
    assert "/orders/A1/cancel" not in [f.get("action") for f in page.all("form")]
    carol.post("/orders/A1/cancel", {"reason": "wish"}, htmx=htmx, status=403)
    carol.open("/orders/A1/cancel/sum", htmx=htmx, status=403)
    form = carol.open("/orders/A1/request-cancel", htmx=htmx)
    values = {"reason": "wish", "note": "전화", "pieces-1-quantity": "0"}
    done = answered(carol.submit(form, "/orders/A1/request-cancel", htmx=htmx, **values), carol)
    assert "until a manager has answered" in done.text(".toast")
    assert counters(rows) == [(2, 0, 0, 0, 2), (1, 0, 0, 0, 0)]
    (claim,) = rows("SELECT state, asked_by, note FROM claim")
    assert (claim.state, claim.asked_by, claim.note) == ("requested", "staff", "전화")
    assert broken() == {}


def test_a_packer_takes_nothing_back(at_desk, bob, order, rows, htmx):
    cancel(bob, htmx)
    at_desk("Carol").post("/orders/A1/uncancel", {"claim": "1"}, htmx=htmx, status=403)
    assert rows("SELECT state FROM claim")[0].state == "done"


def test_a_shipped_order_has_no_cancel_button(bob, order, send, htmx):
    send(bob, number=CJ)
    page = bob.open("/orders/A1")
    assert "/orders/A1/cancel" not in [a.get("href") for a in page.all("a")]
    no = bob.open("/orders/A1/cancel", htmx=htmx)
    assert "can be cancelled any more" in no.text(".said")


def test_the_note_is_text_wherever_it_is_shown(bob, order, rows, htmx):
    cancel(bob, htmx, note="<script>alert(1)</script>{{ 7*7 }}")
    assert "<script>alert" not in bob.open("/orders/A1").html
