"""Threads: their clock, what staff do with them, who moved on meanwhile; tied, joined, and gone with a test order."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bare_shop import MONDAY, OWNER, Shop
from sqlalchemy import event
from wishes import CUSTOMER, sound

from sellerweb.shop import attachments, clock, deleting, history, inbox, messages, question_kinds, talk, threads
from sellerweb.shop.audit import audit
from sellerweb.shop.db import reader
from sellerweb.shop.history import Actor
from sellerweb.shop.refused import Refused
from sellerweb.shop.reply_clock import Rate

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def do(verb, thread: int, *args, by: Actor = OWNER, seen: talk.Seen | None = None):
    with history.act(by, verb.__name__) as act:
        return verb(talk.take(act, thread, seen), *args)


def noted(source: str, words: str, **more) -> int:
    with history.act(OWNER, "begin") as act:
        return threads.begin(act, source, words, **more).row.id


def ask(shop: Shop, words: str = "언제 오나요?", code: str = "A1") -> int:
    shop.do(messages.ask, code, words, by=CUSTOMER)
    return shop.rows("SELECT max(thread_id) AS id FROM message")[0].id


def thread(key: int) -> SimpleNamespace:
    with reader().connect() as conn:
        return inbox.one(conn, key)


def listed(**filter_) -> list[int]:
    with reader().connect() as conn:
        rows, _after = inbox.page(conn, inbox.Filter(**filter_), 0, clock.now())
    return [row.id for row in rows]


def rate(span: str, who: str = "others") -> Rate:
    with reader().connect() as conn:
        return inbox.rates(conn, ZoneInfo("Asia/Seoul"), clock.now())[span, who]


@pytest.mark.both
def test_the_clock_runs_from_the_first_unanswered_message_to_the_answer(shop, monday):
    shop.place()
    it = ask(shop)
    monday.shift(HOUR)
    ask(shop, "아직인가요?")
    assert thread(it).due_at == MONDAY + 24 * HOUR
    assert thread(it).kind == "where_is_it"
    shop.do(messages.answer, "A1", "내일 도착해요.", by=OWNER)
    assert (thread(it).due_at, listed(), listed(tab="answered")) == (None, [], [it])
    monday.shift(HOUR)
    ask(shop, "고마워요")
    assert thread(it).due_at == MONDAY + 26 * HOUR
    sound()


@pytest.mark.both
def test_it_stands_still_while_we_wait_for_the_customer(shop, monday):
    shop.place()
    it = ask(shop)
    monday.shift(20 * HOUR)
    do(threads.wait, it)
    assert (thread(it).due_at, thread(it).left_seconds) == (None, 4 * 3600)
    monday.shift(72 * HOUR)
    assert rate("month") == Rate(0, 0)
    ask(shop, "사진 보내요")
    assert thread(it).due_at == clock.now() + 4 * HOUR
    monday.shift(3 * HOUR)
    shop.do(messages.answer, "A1", "확인했어요.", by=OWNER)
    assert rate("today") == Rate(1, 1)
    sound()


def test_waiting_does_not_mend_what_is_late(shop, monday):
    shop.place()
    it = ask(shop)
    monday.shift(25 * HOUR)
    with pytest.raises(Refused, match="late already"):
        do(threads.wait, it)


@pytest.mark.both
def test_the_rate_counts_late_ones_at_once_and_forgives_what_needed_no_answer(shop, monday):
    for code in ("A1", "A2", "A3"):
        shop.place(code)
        ask(shop, code=code)
    shop.do(messages.answer, "A1", "네.", by=OWNER)
    do(threads.solve, 2)  # a thank-you: nobody has to answer that
    monday.shift(25 * HOUR)
    assert (rate("month"), rate("today")) == (Rate(2, 1), Rate(1, 0))
    do(threads.solve, 3)
    assert (rate("month"), rate("today")) == (Rate(2, 1), Rate(1, 0))  # too late is too late, solved or not
    noted("talktalk", "재고 있나요?")
    monday.shift(3 * HOUR)
    assert (rate("today", "talktalk"), rate("today")) == (Rate(1, 0), Rate(1, 0))
    monday.shift(timedelta(days=31))
    assert rate("month") == Rate(0, 0)
    sound()


@pytest.mark.both
def test_a_solved_thread_opens_again_with_a_new_message(shop):
    shop.place()
    it = ask(shop)
    do(threads.solve, it)
    assert (listed(), listed(tab="solved")) == ([], [it])
    assert ask(shop, "반품하고 싶어요") == it
    assert (thread(it).state, thread(it).kind, listed()) == ("open", "return", [it])
    sound()


@pytest.mark.both
def test_a_slip_of_the_finger_costs_no_clock(shop, monday):
    shop.place()
    it = ask(shop)
    monday.shift(2 * HOUR)
    ask(shop, "하나 더요")
    do(threads.solve, it)
    do(threads.reopen, it)
    assert thread(it).due_at == MONDAY + 24 * HOUR
    sound()


@pytest.mark.both
def test_a_snooze_never_outlasts_the_clock(shop, monday):
    shop.place()
    it = ask(shop)
    do(threads.snooze, it, MONDAY + 72 * HOUR)
    assert thread(it).snoozed_until == MONDAY + 23.5 * HOUR
    assert (listed(), listed(tab="snoozed")) == ([], [it])
    monday.shift(23 * HOUR)
    assert threads.wake_due() == 0
    monday.shift(HOUR / 2)
    assert threads.wake_due() == 1
    assert listed() == [it]
    with pytest.raises(Refused, match="due soon"):
        do(threads.snooze, it, MONDAY + 72 * HOUR)
    sound()


def test_a_new_message_wakes(shop):
    shop.place()
    it = ask(shop)
    do(threads.snooze, it, MONDAY + 2 * HOUR)
    ask(shop, "급해요")
    assert (thread(it).state, thread(it).snoozed_until) == ("open", None)


@pytest.mark.both
def test_who_must_be_answered_first_stands_on_top(shop, monday):
    shop.place()
    slow = ask(shop)
    monday.shift(HOUR)
    quick = noted("talktalk", "오늘 출발하나요?", name="이하늘")
    phone = noted("phone", "주소를 바꾸고 싶대요", order="A1")
    assert listed() == [quick, slow, phone]
    assert thread(quick).due_at == clock.now() + 2 * HOUR
    assert (listed(kind="address"), listed(channel="talktalk"), listed(channel="manual")) == ([phone], [quick], [slow, phone])  # fmt: skip
    assert (listed(clock="soon"), listed(clock="late"), listed(mine=True)) == ([], [], [])
    monday.shift(HOUR / 2)
    assert listed(clock="soon") == [quick]


@pytest.mark.both
def test_pages_follow_each_other_without_gap_or_repeat(shop):
    for n in range(inbox.PAGE + 7):
        noted("phone", f"{n}")
    with reader().connect() as conn:
        first, after = inbox.page(conn, inbox.Filter(), 0, MONDAY)
        rest, end = inbox.page(conn, inbox.Filter(), 0, MONDAY, after)
    assert [row.id for row in first + rest] == list(range(1, inbox.PAGE + 8))
    assert end == ""


def test_nothing_reads_the_whole_history_of_threads(shop):
    said, plans = [], []
    with reader().connect() as conn:
        event.listen(conn, "before_cursor_execute", lambda *args: said.append((args[2], args[3])))
        for tab in inbox.TABS:
            inbox.page(conn, inbox.Filter(tab=tab), 0, MONDAY)
        inbox.counts(conn, 0, MONDAY)
        inbox.rates(conn, ZoneInfo("Asia/Seoul"), MONDAY)
        for statement, values in list(said):
            plans += [row.detail for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert len(said) > len(inbox.TABS)
    assert [line for line in plans if line.startswith(("SCAN thread", "SCAN message"))] == []


@pytest.mark.both
def test_a_note_stays_inside_and_moves_no_clock(shop):
    shop.place()
    it = ask(shop)
    do(messages.note, it, "까다로운 분이에요")
    assert (thread(it).due_at, thread(it).last_words) == (MONDAY + 24 * HOUR, "언제 오나요?")
    assert shop.notices("A1") == []
    sound()


@pytest.mark.both
def test_what_was_said_elsewhere_is_noted_and_not_sent(shop):
    shop.place(buyer_email="kim@example.kr")
    it = noted("phone", "언제 오나요?", order="A1")
    do(messages.say, it, "내일이라고 했어요")
    assert (thread(it).due_at, shop.notices("A1")) == (None, [])
    sound()


@pytest.mark.both
def test_somebody_elses_step_is_news_and_ones_own_is_not(shop):
    shop.sql(*(f"INSERT INTO staff (id, name, role, password, must_change, active, language, sound, created_at) VALUES ({n}, 'P{n}', 'packer', '', false, true, '', false, '2026-11-16 00:00:00')" for n in (1, 2)))  # fmt: skip
    me, other = Actor("staff", 1, "packer"), Actor("staff", 2, "packer")
    order = shop.place()
    it = ask(shop)
    seen = talk.Seen(thread(it).version, order.version + 1)
    do(threads.sort, it, "late", by=me)
    do(threads.assign, it, 1, by=me, seen=seen)
    do(messages.note, it, "제가 볼게요", by=other)
    with pytest.raises(talk.MovedOn):
        do(threads.solve, it, by=me, seen=seen)
    fresh = talk.Seen(thread(it).version, order.version + 1)
    shop.do(messages.answer, "A1", "내일이에요", by=me)
    do(threads.solve, it, by=me, seen=fresh)
    with pytest.raises(talk.MovedOn):
        do(threads.reopen, it, by=other, seen=fresh)


@pytest.mark.both
def test_a_new_message_is_news_to_everybody(shop):
    shop.place()
    it = ask(shop)
    seen = talk.Seen(thread(it).version)
    ask(shop, "취소해 주세요")
    with pytest.raises(talk.MovedOn):
        do(threads.solve, it, seen=seen)


@pytest.mark.both
def test_tied_to_another_order_all_goes_along(shop):
    one, two = shop.place("A1"), shop.place("A2")
    it = ask(shop)
    photo = SimpleNamespace(data=b"1", small=b"1", width=1, height=1, sha256="0" * 64)
    with attachments.storing([photo]) as stored, history.act(CUSTOMER, "ask") as act:
        case = act.order("A1")
        attachments.keep(case, stored, message=messages.ask(case, "사진이에요"))
    with history.act(OWNER, "tie") as act:
        threads.tie(talk.take(act, it, orders=[one.id, two.id]), "A2")
    assert {
        row.order_id for row in shop.rows("SELECT order_id FROM message UNION SELECT order_id FROM attachment")
    } == {two.id}
    sound()


@pytest.mark.both
def test_what_was_written_on_a_page_goes_to_no_strangers_order(shop):
    shop.place("A1")
    shop.place("A2", phone="010-9999-8888")
    it = ask(shop)
    with pytest.raises(Refused, match="same customer"):
        do(threads.tie, it, "A2")
    with pytest.raises(Refused, match="no order"):
        do(threads.tie, it, "A9")
    by_phone = noted("phone", "주문 번호를 모르신대요")
    do(threads.tie, by_phone, "A2")
    assert thread(by_phone).code == "A2"


@pytest.mark.both
def test_two_threads_become_one_and_the_earlier_clock_counts(shop, monday):
    shop.place()
    page = ask(shop)
    monday.shift(HOUR)
    talktalk = noted("talktalk", "언제 오나요? (톡톡)")
    with history.act(OWNER, "join") as act:
        threads.join(*talk.take_all(act, [talktalk, page]))
    it = thread(talktalk)
    assert (it.code, it.source, it.due_at, it.last_words) == ("A1", "page", MONDAY + 3 * HOUR, "언제 오나요? (톡톡)")
    assert (thread(page).state, thread(page).joined_id, listed(tab="solved")) == ("solved", talktalk, [])
    sound()
    assert ask(shop, "여보세요?") == talktalk
    shop.do(messages.answer, "A1", "내일이에요.", by=OWNER)
    assert rate("today") == Rate(2, 2)
    sound()


def test_threads_of_two_orders_are_not_mixed(shop):
    shop.place("A1")
    shop.place("A2")
    one, two = ask(shop), ask(shop, code="A2")
    with pytest.raises(Refused, match="different orders"), history.act(OWNER, "join") as act:
        threads.join(*talk.take_all(act, [one, two]))


@pytest.mark.both
def test_a_search_finds_words_names_and_orders(shop):
    shop.place("A1", receiver_name="김서준")
    mine, other = ask(shop, "무지 노트 100% 있나요?"), noted("phone", "환불 문의", name="박나래")

    def found(words):
        with reader().connect() as conn:
            return [row.id for row in inbox.found(conn, words)]

    assert [found(words) for words in ("무지", "100%", "%", "A1", "김서준", "나래", "없는말")] == [
        [mine], [mine], [mine], [mine], [mine], [other], [],
    ]  # fmt: skip


@pytest.mark.both
def test_a_test_orders_threads_go_with_it(shop):
    shop.place()
    shop.sql("UPDATE orders SET is_test = true")
    one, two = ask(shop), noted("phone", "전화", order="A1")
    do(messages.note, one, "시험")
    with history.act(OWNER, "join") as act:
        threads.join(*talk.take_all(act, [two, one]))
    with history.act(OWNER, "delete") as act:
        deleting.delete(act, "A1")
    assert shop.dump("thread", "thread_event", "message") == {"thread": [], "thread_event": [], "message": []}
    sound()


@pytest.mark.both
@pytest.mark.parametrize(
    ("damage", "name", "what"),
    [
        ("UPDATE thread SET due_at = NULL", "T1", "1 messages wait, but the clock is off"),
        ("UPDATE message SET answered_at = at", "T1", "0 messages wait, but the clock is on"),
        ("UPDATE message SET due_at = NULL", "T1", "its messages say None"),
        ("UPDATE thread SET state = 'snoozed'", "T1", "snoozed, but asleep until None"),
        ("UPDATE message SET order_id = NULL", "T1", "a message is of another order"),
        ("UPDATE thread SET version = 9", "T2", "version 9, but its events are [1, 2]"),
        ("UPDATE thread SET kind = 'late'", "T2", "kind is late, its history says where_is_it"),
        ("UPDATE thread_event SET action_id = NULL WHERE seq = 2", "T2", "event 2 has no action"),
    ],
)
def test_the_audit_names_the_thread_that_cannot_be(shop, damage, name, what):
    shop.place()
    ask(shop)
    shop.damage(damage)
    found = audit()[name]["first"]
    assert (found["table"], found["order"]) == ("thread", "A1")
    assert what in found["what"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("택배 언제 오나요?", "where_is_it"), ("주문 취소해 주세요", "cancel"), ("주소 잘못 적었어요, 배송지 변경", "address"),
        ("컵이 깨져서 왔어요", "damaged"), ("M 사이즈로 교환하고 싶어요", "exchange"), ("いつ届きますか", "where_is_it"),
        ("商品が破損していました", "damaged"), ("Where is my parcel?", "where_is_it"), ("안녕하세요", "other"), ("이 사진보다 어두워요", "other"),
    ],
)  # fmt: skip
def test_the_kind_is_guessed_from_the_words(words, kind):
    assert question_kinds.guess(words) == kind
