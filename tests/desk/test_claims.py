"""Claims at the desk: the list of what waits, and each step of a cancel, a return, an exchange and a redelivery."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from page import filled

from sellerweb.shop import cancels, history, returns
from sellerweb.shop.incoming import LineIn

CJ = "622344515213"
MONDAY = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
TWO = [LineIn("L1", "노트", 2, "new", total=20_000), LineIn("L2", "펜", 1, "new", total=5_000)]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def bob(at_desk):
    return at_desk("Bob")


@pytest.fixture
def customer(app):
    """customer(cancels.request, "A1", {1: 2}, "wish"): what a customer does on their own page."""

    def do(verb, code, *args, **more):
        with app.app_context(), history.act(history.CUSTOMER, verb.__name__) as act:
            return verb(act.order(code), *args, **more)

    return do


@pytest.fixture
def order(make_order):
    make_order("A1", channel="manual", lines=TWO, shipping_fee=3_000, buyer_email="kim@example.kr")


@pytest.fixture
def arrived(order, bob, send):
    """The order, sent and delivered."""
    send(bob, number=CJ)
    bob.submit(bob.open("/orders/A1"), "/orders/A1/deliver")


@pytest.fixture
def step(answered):
    """step(bob, 1, "accept", htmx, answer="…"): opens a step of a claim, fills it, presses its button."""

    def press(person, claim, verb, htmx=False, *, status=None, **values):
        page = person.open(f"/claims/{claim}/{verb}", htmx=htmx)
        answer = person.submit(page, f"/claims/{claim}/{verb}", htmx=htmx, status=status, **values)
        return answered(answer, person)

    return press


def claim(rows, n=1):
    return rows("SELECT * FROM claim WHERE id = :n", n=n)[0]


def money(rows):
    return [(r.amount, r.state) for r in rows("SELECT amount, state FROM refund ORDER BY id")]


def letters(rows):
    return [n.letter for n in rows("SELECT letter FROM notice ORDER BY id")]


def stage(rows):
    return rows("SELECT stage FROM orders")[0].stage


def tabs(page):
    return {a.text.strip(): int("".join(a.find("span").itertext())) for a in page.find(".tabs")}


def codes(page):
    return [e.get("id").removeprefix("claim-") for e in page.all(".row")]


# ── the list ──


def test_what_must_be_answered_first_is_on_top(bob, at_desk, make_order, customer, clock, htmx):
    for code in ("A1", "A2", "A3"):
        make_order(code, channel="manual")
    customer(cancels.request, "A2", {2: 1}, "wish")
    clock.shift(timedelta(hours=1))
    customer(cancels.request, "A1", {1: 1}, "late")
    page = bob.open("/claims", htmx=htmx)
    assert codes(page) == ["1", "2"]
    assert tabs(page) == {
        "All": 2, "Cancels": 2, "Returns": 0, "Exchanges": 0, "Redeliveries": 0, "Refunds": 0, "Inquiries": 0,
    }  # fmt: skip
    row = page.text("#claim-1")
    assert "A2" in row
    assert "김*준" in row
    assert "No longer wanted" in row
    assert "23h" in row
    assert codes(bob.open("/claims?kind=return", htmx=htmx)) == []
    clock.shift(timedelta(hours=24))
    assert "late" in at_desk("Bob").open("/claims", htmx=htmx).text("#claim-1")


def test_the_urgent_come_before_all_others(bob, arrived, make_order, customer):
    make_order("A2", channel="manual")
    customer(cancels.request, "A2", {3: 1}, "wish")
    customer(returns.request, "A1", "return", {1: 1}, "wrong_item")
    page = bob.open("/claims")
    assert codes(page) == ["2", "1"]
    assert "Urgent" in page.text("#claim-2")
    assert "Photo asked for" in bob.open("/claims/2/look", htmx=True).text("#panel-claim-2")


def test_the_list_is_live_and_keeps_what_is_open(bob, at_desk, make_order, customer):
    make_order("A1", channel="manual")
    make_order("A2", channel="manual")
    customer(cancels.request, "A1", {1: 1}, "wish")
    page = bob.open("/claims")
    url = page.find("#claims").get("hx-get")
    assert bob.open(url, htmx=True, status=204).response.data == b""
    customer(cancels.request, "A2", {2: 1}, "wish")
    answer = bob.open(url + "&open=1", htmx=True)
    assert codes(answer) == ["1", "2"]
    assert len(answer.find("#panel-claim-1")) == 0
    assert answer.find("#panel-claim-1").get("hx-morph-skip") is not None
    assert answer.find("#count-claims").get("hx-swap-oob") == "true"
    assert answer.text("#count-claims") == "2"
    other = at_desk("Alice")
    other.fill("/claims/1/withdraw")
    moved = bob.open(url + "&open=1", htmx=True)
    assert "moved on since" in moved.text(".group")
    assert codes(moved) == ["1", "2"]


def test_the_rail_counts_what_waits(bob, make_order, customer):
    make_order("A1", channel="manual")
    assert bob.open("/orders").find("#count-claims").get("hidden") is not None
    customer(cancels.request, "A1", {1: 1}, "wish")
    assert bob.open("/orders").text("#count-claims") == "1"


def test_nothing_waits_says_so(bob, htmx):
    assert "Nothing waits" in bob.open("/claims", htmx=htmx).text(".empty")


@pytest.mark.parametrize("path", ["/claims/1", "/claims/1/look", "/claims/1/approve", "/claims/" + "9" * 30])
def test_a_claim_that_does_not_exist_is_not_found(bob, path, htmx):
    bob.open(path, htmx=htmx, status=404)


# ── cancel ──


@pytest.fixture
def wished(order, customer):
    return customer(cancels.request, "A1", {1: 2, 2: 1}, "wish", "두 번 주문했어요")


def test_a_wish_stops_the_row_in_the_queue(bob, wished, htmx):
    page = bob.open("/orders", htmx=htmx)
    row = page.find("#order-A1")
    assert "hold" in row.get("class").split()
    assert "Cancel asked" in page.text("#order-A1")
    assert "/orders/A1/ship" not in [a.get("href") for a in row.iter("a")]
    assert "Cancel asked 1" in page.text("#chips")


def test_a_wish_about_some_pieces_leaves_the_ship_button(bob, order, customer, send, rows, broken, htmx):
    customer(cancels.request, "A1", {1: 2}, "wish")
    page = bob.open("/orders", htmx=htmx)
    assert "hold" in page.find("#order-A1").get("class").split()
    assert "/orders/A1/ship" in [a.get("href") for a in page.find("#order-A1").iter("a")]
    send(bob, number=CJ)
    assert stage(rows) == "partly_shipped"
    assert broken() == {}


def test_the_wish_is_answered_from_the_queues_row(bob, wished, rows, broken):
    page = bob.open("/orders/A1/look", htmx=True)
    assert "두 번 주문했어요" in page.text("#panel-A1")
    link = next(a for a in page.all("a") if a.get("href") == "/claims/1/approve")
    assert link.get("hx-target") == "#order-A1"
    asked = bob.open("/claims/1/approve", htmx=True, HX_Current_URL="http://localhost/orders")
    assert asked.find("#order-A1") is not None
    form = filled(asked.form("/claims/1/approve"))
    done = bob.post("/claims/1/approve", form, htmx=True, status=200, HX_Current_URL="http://localhost/orders")
    assert "Cancelled" in done.text(".toast")
    assert done.find("#order-A1") is not None
    assert stage(rows) == "cancelled"
    assert broken() == {}


def test_approve_cancels_and_owes_the_money(bob, wished, step, rows, broken, htmx):
    page = bob.open("/claims/1/approve", htmx=htmx)
    assert "₩28,000" in page.text("#panel-claim-1")
    done = step(bob, 1, "approve", htmx)
    assert done.form("/orders/A1/uncancel") is not None
    assert claim(rows).state == "done"
    assert money(rows) == [(28_000, "due")]
    assert letters(rows) == ["cancel_request", "cancel_approve"]
    assert broken() == {}


def test_an_approved_wish_can_be_taken_back_for_a_while(clock, bob, wished, step, rows, broken, htmx):
    done = step(bob, 1, "approve", htmx)
    clock.shift(29)
    headers = {"HX_Current_URL": "http://localhost/claims"} if htmx else {}
    answer = bob.post("/orders/A1/uncancel", filled(done.form("/orders/A1/uncancel")), htmx=htmx, **headers)
    assert answer.status == (200 if htmx else 303)
    if htmx:
        assert answer.headers["HX-Trigger"] == '{"poll": {"target": "body"}}'
    assert claim(rows).state == "requested"
    assert money(rows) == [(28_000, "failed")]
    assert codes(bob.open("/claims")) == ["1"]
    assert broken() == {}


def test_approve_may_give_another_sum(bob, wished, step, rows, broken, htmx):
    step(bob, 1, "approve", htmx, refund="20,000")
    assert money(rows) == [(20_000, "due")]
    assert broken() == {}


def test_approve_voids_the_label_and_says_so_before(bob, order, send, customer, step, rows, broken, htmx):
    send(bob, verb="label", number=CJ)
    customer(cancels.request, "A1", {1: 2, 2: 1}, "wish")
    page = bob.open("/claims/1/approve", htmx=htmx)
    assert "6223-4451-5213" in page.text("#panel-claim-1")
    assert "becomes void" in page.text("#panel-claim-1")
    step(bob, 1, "approve", htmx)
    assert "Do not hand over" in bob.open("/orders/handover").text("#stopped")
    assert broken() == {}


def test_refuse_needs_a_sentence_or_a_parcel(bob, wished, step, rows, broken, htmx):
    no = step(bob, 1, "refuse", htmx, status=422)
    assert "Say why" in no.text("#answer-c1-error")
    assert claim(rows).state == "requested"
    step(bob, 1, "refuse", htmx, answer="이미 제작이 시작되었어요")
    assert (claim(rows).state, claim(rows).answer) == ("refused", "이미 제작이 시작되었어요")
    assert letters(rows) == ["cancel_request", "cancel_refuse"]
    assert broken() == {}


def test_a_parcel_that_left_is_answer_enough(bob, order, customer, send, step, rows, broken, htmx):
    send(bob, number=CJ, **{"pieces-1-quantity": "0"})
    customer(cancels.request, "A1", {2: 1}, "wish")
    page = bob.open("/claims/1/refuse", htmx=htmx)
    assert "6223-4451-5213" in page.text("#panel-claim-1")
    step(bob, 1, "refuse", htmx, shipment="1")
    assert claim(rows).state == "refused"
    assert rows("SELECT shipment_id FROM notice WHERE letter = 'cancel_refuse'")[0].shipment_id == 1


def test_a_wish_taken_back_stands_red_in_its_place(bob, wished, send, step, rows, broken, htmx):
    step(bob, 1, "withdraw", htmx)
    page = bob.open("/orders", htmx=htmx)
    row = page.find("#order-A1")
    assert "hold" in row.get("class").split()
    assert "Send after all" in page.text("#order-A1")
    assert "cancel withdrawn: send it" in page.text("#order-A1")
    assert "/orders/A1/ship" in [a.get("href") for a in row.iter("a")]
    send(bob, number=CJ)
    assert rows("SELECT claim_flag FROM orders")[0].claim_flag == ""
    assert broken() == {}


def test_a_packer_decides_nothing_about_money(at_desk, wished, rows, htmx):
    carol = at_desk("Carol")
    page = carol.open("/claims/1/look", htmx=htmx)
    assert "decided by a manager" in page.text("#panel-claim-1")
    links = [a.get("href") for a in page.all("a")]
    assert "/claims/1/approve" not in links
    assert "/claims/1/withdraw" in links
    for verb in ("approve", "refuse"):
        carol.open(f"/claims/1/{verb}", htmx=htmx, status=403)
        carol.post(f"/claims/1/{verb}", {"answer": "no"}, htmx=htmx, status=403)
    assert claim(rows).state == "requested"


def test_a_second_answer_hears_that_it_has_moved_on(bob, at_desk, wished, step, rows, htmx):
    page = bob.open("/claims/1/refuse", htmx=htmx)
    step(at_desk("Alice"), 1, "approve")
    no = bob.submit(page, "/claims/1/refuse", htmx=htmx, answer="안 돼요", status=409)
    said = no.text(".said")
    assert "changed since your page was drawn" in said
    assert "Alice · Cancellation: approved" in said
    assert claim(rows).state == "done"
    late = bob.open("/claims/1/refuse", htmx=htmx)
    assert "moved on meanwhile" in late.text(".said")


def test_a_stale_answer_keeps_its_words(bob, at_desk, wished, rows, htmx):
    page = bob.open("/claims/1/refuse", htmx=htmx)
    at_desk("Alice").fill("/orders/A1/hold", reason="주소 확인")
    no = bob.submit(page, "/claims/1/refuse", htmx=htmx, answer="이미 포장했어요", status=409)
    assert "Alice · Put on hold" in no.text(".said")
    assert no.text("#answer-c1") == "이미 포장했어요"
    bob.submit(no, "/claims/1/refuse", htmx=htmx)
    assert claim(rows).state == "refused"


def test_a_double_tap_answers_once(bob, wished, rows, broken, htmx):
    values = filled(bob.open("/claims/1/approve", htmx=htmx).form("/claims/1/approve"))
    for _tap in range(2):
        assert bob.post("/claims/1/approve", values, htmx=htmx).status == (200 if htmx else 303)
    assert money(rows) == [(28_000, "due")]
    assert broken() == {}


def test_another_orders_claim_is_not_touched_by_a_forged_form(bob, wished, make_order, customer, rows):
    """The address names the claim; the order is the claim's own, whatever else a form says."""
    make_order("A2", channel="manual")
    customer(cancels.request, "A2", {3: 1}, "wish")
    bob.fill("/claims/2/approve")
    assert [claim(rows, n).state for n in (1, 2)] == ["requested", "done"]


# ── return ──


@pytest.fixture
def returned(arrived, customer):
    return customer(returns.request, "A1", "return", {1: 2}, "mind", "색이 달라요")


def test_a_return_goes_all_its_way(clock, bob, returned, step, rows, broken, htmx):
    step(bob, 1, "accept", htmx, answer="원래 상자에 담아 주세요")
    step(bob, 1, "collect", htmx, carrier="cj", number="585562040256")
    assert "585" in bob.open("/claims/1/look", htmx=htmx).text("#panel-claim-1")
    step(bob, 1, "receive", htmx, **{"pieces-0-quantity": "1"})
    assert "Inspect" in bob.open("/claims/1", htmx=False).text("#panel-claim-1")
    assert bob.open("/claims/1/receive", htmx=htmx).find("#q-c11").get("value") == "1"
    step(bob, 1, "receive", htmx)
    step(bob, 1, "inspect", htmx, **{"found-0-resellable": "1", "found-0-damaged": "1"})
    page = bob.open("/claims/1/finish", htmx=htmx)
    assert "₩17,000" in page.text("#panel-claim-1")
    step(bob, 1, "finish", htmx)
    assert claim(rows).state == "done"
    assert money(rows) == [(17_000, "due")]
    told = [letter for letter in letters(rows) if letter.startswith("return_")]
    assert told == ["return_request", "return_accept", "return_receive", "return_finish"]
    assert rows("SELECT returned FROM order_line WHERE id = 1")[0].returned == 2
    assert broken() == {}


def test_a_part_that_stays_away_is_missing(bob, returned, step, rows, broken, htmx):
    step(bob, 1, "accept", htmx)
    step(bob, 1, "receive", htmx, **{"pieces-0-quantity": "1"})
    page = bob.open("/claims/1/inspect", htmx=htmx)
    assert page.find("#i1-1-resellable").get("value") == "1"
    assert page.find("#i1-1-missing").get("value") == "1"
    step(bob, 1, "inspect", htmx)
    assert claim(rows).goods == 10_000
    assert broken() == {}


def test_an_inspection_that_does_not_add_up_is_refused(bob, returned, step, rows, htmx):
    step(bob, 1, "accept", htmx)
    step(bob, 1, "receive", htmx)
    no = step(bob, 1, "inspect", htmx, status=422, **{"found-0-resellable": "1"})
    assert "together they must be 2" in no.text("#panel-claim-1")
    assert no.find("#i1-1-resellable").get("value") == "1"
    bad = step(bob, 1, "inspect", htmx, status=422, **{"found-0-damaged": "-1"})
    assert bad.find("#i1-1-damaged").get("aria-invalid") == "true"
    assert claim(rows).state == "received"


def test_more_than_was_to_come_back_is_refused(bob, returned, step, rows, htmx):
    step(bob, 1, "accept", htmx)
    no = step(bob, 1, "receive", htmx, status=422, **{"pieces-0-quantity": "3"})
    assert "more than was to come back" in no.text("#panel-claim-1")
    assert no.find("#q-c11").get("value") == "3"
    assert claim(rows).state == "accepted"


def test_the_clock_begins_with_the_goods(bob, returned, step, rows, htmx):
    step(bob, 1, "accept", htmx)
    assert claim(rows).due_at is None
    step(bob, 1, "receive", htmx)
    assert str(claim(rows).due_at).startswith("2026-11-26 15:00")  # the end of the third business day in Seoul
    assert "Nov 26" in bob.open("/claims/1", htmx=htmx).text("#claim-1")


def test_staff_decide_who_pays(bob, returned, step, rows, broken, htmx):
    assert claim(rows).fee == 3_000
    no = step(bob, 1, "bear", htmx, status=422, bearer="seller")
    assert no.text("#note-c1-error")
    step(bob, 1, "bear", htmx, bearer="seller", ways="0", note="단골이라서")
    assert (claim(rows).bearer, claim(rows).fee, claim(rows).refund) == ("seller", 0, 20_000)
    step(bob, 1, "bear", htmx, bearer="customer", ways="2", note="다시 보니")
    assert (claim(rows).fee, claim(rows).refund) == (6_000, 14_000)
    bob.post("/claims/1/bear", {"bearer": "customer", "ways": "7", "note": "x"}, htmx=htmx, status=422)
    assert broken() == {}


def test_a_fee_that_eats_up_the_goods_is_no_shipping(bob, arrived, customer, htmx):
    """A pen of ₩5,000 goes back for both ways of ₩3,000: nothing is left, and nothing else comes back either."""
    customer(returns.request, "A1", "return", {2: 1}, "mind")
    bob.submit(bob.open("/claims/1/bear"), "/claims/1/bear", bearer="customer", ways="2", note="둘 다")
    facts = bob.open("/claims/1/look", htmx=htmx).text("#panel-claim-1")
    assert "₩6,000" in facts
    assert "To give back₩0" in facts
    assert "₩1,000" not in facts


def test_a_held_claim_says_why_and_is_released(bob, returned, step, rows, htmx):
    step(bob, 1, "hold", htmx, reason="사진을 기다려요")
    page = bob.open("/claims/1/look", htmx=htmx)
    assert "사진을 기다려요" in page.text("#panel-claim-1")
    links = [a.get("href") for a in page.all("a")]
    assert "/claims/1/release" in links
    assert "/claims/1/hold" not in links
    step(bob, 1, "release", htmx)
    assert claim(rows).held_at is None


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_a_return_that_ends_early_leaves_the_pieces_with_the_customer(bob, returned, step, rows, broken, verb, htmx):
    step(bob, 1, verb, htmx, **({"answer": "사용한 흔적이 있어요"} if verb == "refuse" else {}))
    assert claim(rows).state == {"refuse": "refused", "withdraw": "withdrawn"}[verb]
    assert rows("SELECT claimed FROM order_line WHERE id = 1")[0].claimed == 0
    assert "cancel" not in rows("SELECT claim_flag FROM orders")[0].claim_flag
    assert broken() == {}


def test_a_packer_receives_and_inspects_but_does_not_pay(at_desk, bob, returned, step, rows, htmx):
    carol = at_desk("Carol")
    carol.open("/claims/1/accept", htmx=htmx, status=403)
    step(bob, 1, "accept")
    step(carol, 1, "receive", htmx)
    step(carol, 1, "inspect", htmx)
    for verb in ("finish", "bear", "refuse"):
        carol.open(f"/claims/1/{verb}", htmx=htmx, status=403)
        carol.post(f"/claims/1/{verb}", {"answer": "x"}, htmx=htmx, status=403)
    assert claim(rows).state == "inspected"


# ── exchange ──


@pytest.fixture
def exchanged(arrived, customer):
    return customer(returns.request, "A1", "exchange", {1: 1}, "size", option="무지")


def test_an_exchange_sends_the_other_and_opens_the_order_again(bob, exchanged, send, step, rows, broken, htmx):
    for verb in ("accept", "receive", "inspect"):
        step(bob, 1, verb, htmx)
    page = bob.open("/claims/1/resend", htmx=htmx)
    assert page.find("#option-c1").get("value") == "무지"
    step(bob, 1, "resend", htmx)
    assert stage(rows) == "partly_shipped"
    no = bob.post("/claims/1/finish", {"action_id": "f"}, htmx=htmx, status=409)
    assert "has not left yet" in no.text(".said")
    send(bob, number="585562040256")
    step(bob, 1, "finish", htmx)
    assert claim(rows).state == "done"
    assert money(rows) == []
    assert broken() == {}


def test_an_exchange_that_is_sold_out_becomes_a_return(bob, exchanged, step, rows, broken, htmx):
    step(bob, 1, "accept", htmx)
    step(bob, 1, "convert", htmx)
    assert (claim(rows).kind, claim(rows).bearer, claim(rows).refund) == ("return", "seller", 10_000)
    for verb in ("receive", "inspect", "finish"):
        step(bob, 1, verb, htmx)
    assert money(rows) == [(10_000, "due")]
    assert broken() == {}


# ── redelivery ──


@pytest.fixture
def lost(order, bob, send, answered):
    """A parcel that the carrier has lost."""
    send(bob, number=CJ)
    answered(bob.submit(bob.open("/orders/A1"), "/orders/A1/lose"), bob)


def test_a_lost_parcel_begins_a_redelivery(bob, order, send, answered, rows, broken, htmx):
    send(bob, number=CJ)
    page = answered(bob.submit(bob.open("/orders/A1"), "/orders/A1/lose", htmx=htmx), bob)
    assert "Marked as lost" in page.text(".toast")
    assert (claim(rows).kind, claim(rows).reason, claim(rows).state) == ("redelivery", "lost", "reported")
    assert rows("SELECT state FROM shipment")[0].state == "lost"
    assert broken() == {}


@pytest.mark.parametrize("restock", [True, False])
def test_a_parcel_that_came_back_goes_on_sale_or_not(bob, order, send, rows, broken, restock, htmx):
    send(bob, number=CJ)
    form = filled(bob.open("/orders/A1").form("/orders/A1/come-back"))
    assert form["restock"] == ["y"]
    if not restock:
        del form["restock"]
    bob.post("/orders/A1/come-back", form, htmx=htmx)
    assert rows("SELECT state FROM shipment")[0].state == "came_back"
    assert claim(rows).reason == "came_back"
    assert broken() == {}


def test_what_was_lost_is_sent_once_more(bob, lost, send, step, rows, broken, htmx):
    step(bob, 1, "check", htmx)
    step(bob, 1, "resend", htmx)
    assert claim(rows).state == "resent"
    assert stage(rows) == "partly_shipped"
    send(bob, number="585562040256")
    assert broken() == {}


def test_what_was_lost_is_paid_back(bob, lost, step, rows, broken, htmx):
    assert "₩28,000" in bob.open("/claims/1/refund", htmx=htmx).text("#panel-claim-1")
    step(bob, 1, "refund", htmx, refund="25,000")
    assert money(rows) == [(25_000, "due")]
    assert broken() == {}


@pytest.mark.parametrize("verb", ["found", "refuse", "withdraw"])
def test_a_redelivery_that_needs_nothing(bob, lost, step, rows, broken, verb, htmx):
    step(bob, 1, verb, htmx, **({"answer": "경비실에 있어요"} if verb == "refuse" else {}))
    assert claim(rows).closed_at is not None
    assert money(rows) == []
    assert broken() == {}


# ── noted by staff ──


@pytest.mark.parametrize("kind", ["return", "exchange", "redelivery"])
def test_staff_note_what_a_customer_says_on_the_phone(at_desk, arrived, answered, rows, broken, kind, htmx):
    carol = at_desk("Carol")
    page = carol.open(f"/orders/A1/claim?kind={kind}", htmx=htmx)
    values = {"pieces-0-quantity": "1", "pieces-1-quantity": "0", "reason": "broken", "note": "모서리가 찌그러짐"}
    done = answered(carol.submit(page, "/orders/A1/claim", htmx=htmx, **values), carol)
    assert "noted" in done.text(".toast")
    assert (claim(rows).kind, claim(rows).asked_by, claim(rows).note) == (kind, "staff", "모서리가 찌그러짐")
    assert rows("SELECT quantity FROM claim_line")[0].quantity == 1
    assert broken() == {}


def test_the_figures_of_a_new_claim_follow_the_reason(bob, arrived):
    asked = {
        "kind": "return",
        "pieces-0-line": "1",
        "pieces-0-quantity": "2",
        "pieces-1-line": "2",
        "pieces-1-quantity": "0",
    }

    def sum_of(reason):
        answer = bob.client.get(
            "/orders/A1/claim/sum", query_string={**asked, "reason": reason}, headers=bob._headers(True, {})
        )
        return answer.get_data(as_text=True)

    assert "₩17,000" in sum_of("mind")
    assert "Ask the customer for a photo" in sum_of("broken")
    assert "₩20,000" in sum_of("broken")


def test_a_new_claim_keeps_what_was_typed_when_it_is_refused(bob, arrived, rows, htmx):
    page = bob.open("/orders/A1/claim?kind=return", htmx=htmx)
    no = bob.submit(page, "/orders/A1/claim", htmx=htmx, reason="other", status=422, **{"pieces-0-quantity": "1"})
    assert no.text("#note-A1-error")
    assert no.find("#q-1").get("value") == "1"
    many = bob.submit(no, "/orders/A1/claim", htmx=htmx, note="이유", status=422, **{"pieces-0-quantity": "9"})
    assert "not that many pieces" in many.text("#panel-A1")
    assert rows("SELECT * FROM claim") == []


def test_nothing_has_left_so_nothing_comes_back(bob, order, htmx):
    page = bob.open("/orders/A1/claim?kind=return", htmx=htmx)
    assert "Nothing of this order has left" in page.text(".said")


def test_an_order_with_a_claim_shows_it_on_its_page(bob, returned):
    page = bob.open("/orders/A1")
    assert "색이 달라요" in page.text("#order-A1")
    assert "Change of mind" in page.text("#whole")
    assert "/claims/1/accept" in [a.get("href") for a in page.all("a")]
    assert "Return asked" in bob.open("/orders?tab=delivered").text("#order-A1")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", '"><img src=x>', "%(n)s"])
def test_a_customers_words_are_text(bob, arrived, customer, text, htmx):
    customer(returns.request, "A1", "exchange", {1: 1}, "mind", text, option=text)
    for path in ("/claims", "/claims/1/look", "/claims/1/accept", "/claims/1", "/orders/A1", "/orders"):
        html = bob.open(path, htmx=htmx).html
        assert "<script>alert" not in html
        assert "<img src=x>" not in html
    assert text in bob.open("/claims/1/look", htmx=htmx).text("#panel-claim-1")


# ── one claim's own page ──


def test_a_claims_own_page_follows_an_undo_and_keeps_a_form_that_is_open(bob, wished):
    here = {"HX_Current_URL": "http://localhost/claims/1"}
    form = filled(bob.open("/claims/1/approve", htmx=True, **here).form("/claims/1/approve"))
    done = bob.post("/claims/1/approve", form, htmx=True, **here)
    assert "Done" in done.text("#panel-claim-1")  # here it stays open
    asks = bob.open("/claims/1").find("#claims").get("hx-get")
    bob.open(asks, htmx=True, status=204)
    bob.post("/orders/A1/uncancel", {"claim": "1", "action_id": "1"}, status=303)
    seen = bob.open(f"{asks}&open=1", htmx=True)
    assert "Approve" in seen.text("#panel-claim-1")
    assert seen.find("#panel-claim-1").get("hx-morph-skip") is None
    asked = bob.open("/claims/1/approve", htmx=True, **here)
    assert asked.find("#panel-claim-1").get("hx-morph-skip") is not None
