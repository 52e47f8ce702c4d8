"""Which notice leaves next, what becomes of it, and that several workers, dead or alive, never send one twice."""

import threading
from datetime import timedelta

import pytest

from sellerweb.shop import clock, history, orders, outbox, switches
from sellerweb.shop.db import db, read, reader, write
from sellerweb.shop.history import Actor
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused

both = pytest.mark.both
OWNER = Actor("staff", role="owner")


@pytest.fixture(autouse=True)
def set_up(context):
    """Mail can be sent, text messages cannot."""
    context.config.update(SMTP_URL="smtp://127.0.0.1:1", SOLAPI_KEY="")


@pytest.fixture
def place(shop):
    """place("A1"): an unpaid order of somebody with a mail address; its code."""

    def do(order_no="A1", **fields):
        told = {"ordered_at": clock.now(), "buyer_email": "kim@mail.test", **fields}
        return shop.place(order_no, LineIn("1", "노트", 3, "unpaid", total=9000), **told).code

    return do


@pytest.fixture
def notice(shop, place):
    """A notice that may leave: `order_pay` of A1."""
    shop.do(orders.pay, place())
    return one(shop)


def one(shop, order_no="A1"):
    return shop._of("notice", order_no, "id")[-1]


def delay(shop, code="A1", n=1):
    """So many more letters of this order."""
    for _ in range(n):
        shop.do(orders.delay, code, "The paper is late.")


@both
def test_a_claimed_notice_is_nobody_elses(shop, notice):
    taken = outbox.claim()
    assert (taken.id, taken.letter, taken.attempts, taken.state) == (notice.id, "order_pay", 1, "sending")
    assert outbox.claim() is None


def test_an_idle_worker_only_reads(shop, place, context):
    place()
    with write():  # nobody else could write now
        assert outbox.claim() is None


def test_nothing_leaves_before_its_time(shop, notice, later):
    shop.sql("UPDATE notice SET not_before = '2099-01-01 00:00:00'")
    assert outbox.claim() is None


def test_what_was_handed_over_and_taken_is_sent(shop, notice):
    taken = outbox.claim()
    outbox.handing(taken, message_id="<1@shop>", subject="Paid", body="Thank you")
    outbox.sent(taken)
    row = one(shop)
    assert (row.state, row.message_id, row.subject, row.body) == ("sent", "<1@shop>", "Paid", "Thank you")
    assert row.sent_at
    assert row.leased_until is None


def test_a_try_that_failed_comes_again_after_growing_pauses_and_ends_after_a_day(shop, notice, later):
    began, waited = clock.now(), []
    while (taken := outbox.claim()) is not None:
        outbox.handing(taken)
        outbox.retry(taken, "smtp_451")
        row = one(shop)
        assert row.handed_at is None or row.state == "failed"
        if row.state == "waiting":
            waited.append((row.not_before - clock.now()) // timedelta(minutes=1))
            assert outbox.claim() is None
            later(minutes=waited[-1])
    assert waited == [1, 5, 15, 60, 120, 240, 480, 480]
    assert timedelta(hours=20) < clock.now() - began < timedelta(days=1)
    assert (row.state, row.why) == ("failed", "smtp_451")


def test_a_worker_that_dies_before_the_words_leave_costs_nothing(shop, notice, later):
    outbox.claim()
    later(minutes=4)
    assert outbox.claim() is None
    later(minutes=2)
    again = outbox.claim()
    assert (again.id, again.attempts) == (notice.id, 2)


@both
def test_a_worker_that_dies_after_the_words_left_leaves_an_unsure_one(shop, notice, later):
    outbox.handing(outbox.claim())
    later(minutes=6)
    assert outbox.claim() is None
    assert (one(shop).state, one(shop).why) == ("unsure", "worker_died")


@both
def test_who_lost_the_lease_hands_nothing_over(shop, notice, later):
    slow = outbox.claim()
    later(minutes=6)
    quick = outbox.claim()
    with pytest.raises(outbox.Lost):
        outbox.handing(slow)
    outbox.handing(quick)
    outbox.retry(slow, "smtp_451")
    assert one(shop).state == "sending"
    outbox.sent(quick)
    assert one(shop).state == "sent"


def test_a_worker_that_was_only_slow_still_knows_what_came_of_it(shop, notice, later):
    slow = outbox.claim()
    outbox.handing(slow)
    later(minutes=6)
    outbox.claim()
    assert one(shop).state == "unsure"
    outbox.sent(slow)
    assert one(shop).state == "sent"


@both
def test_letters_of_one_order_leave_in_the_order_of_its_events(shop, notice):
    delay(shop)
    first = outbox.claim()
    assert first.letter == "order_pay"
    assert outbox.claim() is None, "the second waits while the first is under way"
    outbox.handing(first)
    outbox.retry(first, "smtp_451")
    assert outbox.claim() is None, "and while it waits for another try"
    outbox.failed(first, "smtp_550")
    shop.sql("UPDATE notice SET state = 'failed' WHERE letter = 'order_pay'")
    assert outbox.claim().letter == "order_delay"


def test_another_orders_letter_waits_for_nobody(shop, notice, place):
    shop.do(orders.pay, place("B1"))
    assert [outbox.claim().order_id, outbox.claim().order_id] == [shop.order("A1").id, shop.order("B1").id]


def test_a_medium_that_is_off_or_not_set_up_sends_nothing(shop, notice, place):
    switches.turn("mail", False)
    shop.do(orders.pay, place("B1", buyer_email="", phone="010-1234-5678"))
    assert outbox.claim() is None
    for order in ("A1", "B1"):
        assert (one(shop, order).state, one(shop, order).why) == ("suppressed", "off")
    switches.turn("mail", True)
    delay(shop)
    assert outbox.claim().letter == "order_delay"


def test_who_has_mail_and_phone_is_reached_by_what_is_on(shop, context, place):
    def told_by(order: str) -> str:
        shop.do(orders.pay, place(order, buyer_email="kim@example.kr", phone="010-1234-5678"))
        return one(shop, order).medium

    assert told_by("B1") == "email"
    switches.turn("mail", False)
    assert told_by("B2") == "email"  # neither is on: the mail is what stays unsent
    context.config["SOLAPI_KEY"] = "key"
    assert told_by("B3") == "sms"
    switches.turn("mail", True)
    assert told_by("B4") == "email"


@both
def test_the_switches_say_what_is_on(shop, context):
    assert [(s.name, s.on) for s in switches.all_(read())] == [("mail", True), ("sms", False)]
    switches.turn("mail", False)
    switches.turn("sms", True)
    assert [(s.name, s.wanted, s.on) for s in switches.all_(read())] == [("mail", False, False), ("sms", True, False)]
    with pytest.raises(KeyError):
        switches.turn("pigeon", True)


def test_an_erased_recipient_gets_nothing(shop, notice):
    shop.sql("UPDATE notice SET recipient = ''")
    assert outbox.claim() is None
    assert one(shop).why == "no_recipient"


def test_mail_switched_on_after_three_days_floods_nobody(shop, notice, later):
    later(days=3, seconds=1)
    assert outbox.claim() is None
    assert (one(shop).state, one(shop).why) == ("suppressed", "too_old")


def test_just_three_days_old_is_not_too_old(shop, notice, later):
    later(days=3)
    assert outbox.claim() is not None


def test_at_most_twenty_letters_an_order_and_day(shop, notice, later):
    delay(shop, n=22)
    handed = []
    while (taken := outbox.claim()) is not None:
        outbox.handing(taken)
        outbox.sent(taken)
        handed.append(taken.id)
    assert len(handed) == outbox.MOST_A_DAY
    assert {(n.state, n.why) for n in shop._of("notice", "A1", "id")[20:]} == {("suppressed", "too_many")}
    later(days=1, seconds=1)
    delay(shop)
    assert outbox.claim() is not None


def test_many_that_nobody_shall_get_are_put_aside_in_small_steps(shop, notice):
    shop.do(orders.delay, "A1", "late")
    switches.turn("mail", False)
    outbox.CHUNK, kept = 1, outbox.CHUNK
    try:
        assert outbox.claim() is None
        assert [n.state for n in shop._of("notice", "A1", "id")] == ["suppressed", "waiting"]
        assert outbox.claim() is None
    finally:
        outbox.CHUNK = kept
    assert [n.state for n in shop._of("notice", "A1", "id")] == ["suppressed", "suppressed"]


@pytest.mark.parametrize(("arrived", "state"), [(True, "sent"), (False, "waiting")], ids=["it arrived", "send again"])
def test_staff_settle_an_unsure_one(shop, notice, later, arrived, state):
    unsure_one()
    with history.act(OWNER, "settle", "once") as act:
        outbox.settle(act, notice.id, arrived=arrived)
    assert one(shop).state == state
    if not arrived:
        again = outbox.claim()
        assert (again.attempts, again.message_id) == (1, "<1@shop>"), "the same letter, so that a mailbox can tell"
    with pytest.raises(history.Repeated), history.act(OWNER, "settle", "once") as act:
        outbox.settle(act, notice.id, arrived=arrived)
    with pytest.raises(Refused), history.act(OWNER, "settle") as act:
        outbox.settle(act, notice.id, arrived=arrived)


def test_an_old_unsure_one_may_still_be_sent_again(shop, notice, later):
    unsure_one()
    later(days=30)
    with history.act(OWNER, "settle") as act:
        outbox.settle(act, notice.id, arrived=False)
    assert outbox.claim().id == notice.id


def test_a_failed_one_cannot_have_arrived_but_may_leave_or_be_left(shop, notice):
    outbox.failed(outbox.claim(), "smtp_550")
    with pytest.raises(Refused, match="never left"), history.act(OWNER, "settle") as act:
        outbox.settle(act, notice.id, arrived=True)
    with history.act(OWNER, "settle") as act:
        outbox.settle(act, notice.id, arrived=False)
    outbox.failed(outbox.claim(), "smtp_550")
    with history.act(OWNER, "drop") as act:
        outbox.drop(act, notice.id)
    assert (one(shop).state, one(shop).why) == ("suppressed", "dropped")
    assert outbox.troubled(read()) == []


def test_what_staff_must_look_at_is_listed_and_counted(shop, notice, place):
    unsure_one()
    shop.do(orders.pay, place("B1"))
    outbox.failed(outbox.claim(), "no_address")
    shop.do(orders.pay, place("C1"))
    assert [(n.code, n.state, n.why) for n in outbox.troubled(read())] == [
        ("B1", "failed", "no_address"),
        ("A1", "unsure", "no_answer"),
    ]
    assert outbox.counts(read()) == {"waiting": 1, "sending": 0, "unsure": 1, "failed": 1}
    assert [n.letter for n in outbox.of_order(read(), shop.order("B1").id)] == ["order_pay"]


@both
def test_several_workers_share_the_letters_and_send_none_twice(shop, place, context):
    for n in range(24):
        shop.do(orders.pay, place(f"N{n}"))
        delay(shop, f"N{n}")
    handed, wrong = [], []

    def work():
        with context.app_context():
            try:
                while (taken := outbox.claim()) is not None:
                    outbox.handing(taken)
                    handed.append((taken.order_id, taken.id))
                    outbox.sent(taken)
            except Exception as error:  # a thread's exception is seen by nobody
                wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()  # one may have found the rest under way
    assert wrong == []
    assert len(handed) == len(set(handed)) == 48
    by_order: dict[int, list[int]] = {}
    for order, notice in handed:
        by_order.setdefault(order, []).append(notice)
    assert all(ids == sorted(ids) for ids in by_order.values())


def test_the_outbox_looks_only_at_what_waits(shop, notice):
    """However long the history of sent letters is."""
    statement = outbox._due(clock.now()).limit(1).compile(db.engine, compile_kwargs={"literal_binds": True})
    with reader().connect() as conn:
        plan = [row[-1] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert "USING INDEX ix_notice_state (state=?)" in plan[0]
    assert not [step for step in plan if step.startswith(("SCAN", "USE TEMP"))]


def unsure_one():
    taken = outbox.claim()
    outbox.handing(taken, message_id="<1@shop>")
    outbox.unsure(taken, "no_answer")
