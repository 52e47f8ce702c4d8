"""Mails become threads: once, in the right one, with the order that knows the sender; machines and strangers do no harm."""

from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY, OWNER, Shop
from wishes import CUSTOMER, sound

from sellerweb.kit.mail_text import Mail, digest
from sellerweb.shop import history, mail_in, messages, mine, talk, threads
from sellerweb.shop.db import reader

OURS = "orders@shop.kr"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def come(words: str = "언제 오나요?", *, id: str = "1", answers: tuple[str, ...] = (), **more) -> bool:
    told = {"name": "김서준", "address": "kim@example.kr", "subject": "", "machine": False, **more}
    key, refs = digest(f"<{id}@kim>"), tuple(digest(a) for a in answers)
    return mail_in.take(Mail(key=key, answers=refs, words=words, **told), OURS, digest)


def placed(shop: Shop, code: str = "A1") -> None:
    shop.place(code, buyer_email="kim@example.kr", buyer_name="김서준")


def found(shop: Shop) -> list[tuple]:
    rows = shop.rows(
        "SELECT t.source, t.kind, o.code, t.contact, t.state FROM thread t LEFT JOIN orders o ON o.id = t.order_id ORDER BY t.id"
    )
    return [(r.source, r.kind, r.code, r.contact, r.state) for r in rows]


@pytest.mark.both
def test_a_mail_of_a_known_customer_stands_beside_their_order(shop):
    placed(shop)
    assert come(subject="배송")
    assert found(shop) == [("mail", "where_is_it", "A1", "kim@example.kr", "open")]
    assert [m.words for m in shop.rows("SELECT words FROM message")] == ["배송\n\n언제 오나요?"]
    with reader().connect() as conn:
        assert mine.of(conn, 1, MONDAY).messages == []  # a sender can be anybody: nothing of it on the customer's page
    with history.act(OWNER, "reply") as act:
        case = act.order("A1")
        messages.answer(case, "내일이에요.", talk.take(act, 1))
    assert shop.notices("A1") == [("order_answer", "waiting")]
    sound()


@pytest.mark.both
def test_the_same_mail_comes_in_once(shop):
    placed(shop)
    assert (come(), come()) == (True, False)
    assert len(shop.rows("SELECT * FROM message")) == 1
    sound()


def test_a_second_mail_and_an_answer_go_on_with_the_same_thread(shop):
    placed(shop)
    come()
    come("하나 더요", id="2")
    with history.act(OWNER, "solve") as act:
        threads.solve(talk.take(act, 1))
    come("아직 안 왔어요", id="3", answers=("<1@kim>",))
    assert found(shop) == [("mail", "where_is_it", "A1", "kim@example.kr", "open")]
    come("다른 이야기예요", id="4", address="lee@example.kr", answers=("<1@kim>",))
    assert len(found(shop)) == 2  # who answers a stranger's mail gets a thread of their own
    sound()


def test_an_answer_to_our_letter_finds_its_order_among_many(shop):
    placed(shop, "A1")
    placed(shop, "A2")
    shop.do(messages.ask, "A1", "색은요?", by=CUSTOMER)
    shop.do(messages.answer, "A1", "파랑이에요.", by=OWNER)
    shop.sql(
        "UPDATE notice SET message_id = '<notice-1.5@shop.kr>', state = 'sent', sent_at = created_at, handed_at = created_at"
    )
    come("둘 중 어느 주문인지 모름", id="2")
    assert found(shop)[-1][2] is None
    with history.act(OWNER, "solve") as act:
        threads.solve(talk.take(act, 2))
    come("고마워요", id="3", answers=("<notice-1.5@shop.kr>",))
    assert found(shop)[-1][2] == "A1"
    come("주문 A2 취소해 주세요", id="4", subject="A2", address="kim2@example.kr")
    assert found(shop)[-1][2] is None  # the number alone opens no order


@pytest.mark.parametrize("odd", [{"machine": True}, {"address": ""}, {"address": OURS}])
def test_machines_and_our_own_letters_make_no_thread(shop, odd):
    placed(shop)
    assert not come(**odd)
    assert found(shop) == []


def test_a_loop_ends(shop, monday):
    for n in range(mail_in.MOST_OF_ONE + 20):
        come(f"Re: {n}", id=f"{n}")
        monday.shift(timedelta(minutes=2))
    assert len(found(shop)) == 1
    assert len(shop.rows("SELECT * FROM message")) == mail_in.MOST_OF_ONE


def test_what_stays_in_the_mailbox_is_said(shop):
    come("가" * messages.LONGEST, left_out=2, cut=True, subject="사진")
    (message,) = shop.rows("SELECT words FROM message")
    assert len(message.words) <= messages.LONGEST
    assert message.words.endswith("(…)\n(+2 📎)")
    come("", id="2", address="lee@example.kr")
    assert shop.rows("SELECT words FROM message WHERE id = 2")[0].words == "(…)"


def shown(shop: Shop, code: str) -> list[str]:
    key = shop.rows("SELECT id FROM orders WHERE code = :code", code=code)[0].id
    with reader().connect() as conn:
        return [message.words for message in mine.of(conn, key, MONDAY).messages]


def replied(thread: int, code: str, words: str) -> None:
    with history.act(OWNER, "reply") as act:
        case = act.order(code)
        messages.answer(case, words, talk.take(act, thread))


def tied(thread: int, code: str) -> None:
    with history.act(OWNER, "tie") as act:
        threads.tie(talk.take(act, thread), code)


def test_what_one_customer_was_answered_stands_on_no_others_page(shop):
    placed(shop)
    shop.place("B2", phone="010-9999-8888", buyer_email="lee@example.kr")
    come()
    replied(1, "A1", "김서준님, 문 앞에 두었어요.")
    assert shown(shop, "A1") == ["김서준님, 문 앞에 두었어요."]
    tied(1, "B2")
    replied(1, "B2", "내일 가요.")
    assert (shown(shop, "A1"), shown(shop, "B2")) == ([], ["내일 가요."])
    sound()


def test_what_was_answered_before_an_order_was_known_stands_on_no_page(shop):
    placed(shop)
    come(address="stranger@example.kr")
    with history.act(OWNER, "reply") as act:
        messages.say(talk.take(act, 1), "어느 주문인가요?")
    tied(1, "A1")
    assert shown(shop, "A1") == []


def test_a_mail_into_a_thread_joined_with_a_page_stands_on_no_page(shop):
    placed(shop)
    come()
    shop.do(messages.ask, "A1", "여기서 물어요", by=CUSTOMER)
    with history.act(OWNER, "join") as act:
        threads.join(*talk.take_all(act, [1, 2]))
    assert come("저에게 환불해 주세요", id="2", answers=("<1@kim>",))
    assert shown(shop, "A1") == ["여기서 물어요"]
    assert shop.rows("SELECT thread_id FROM message WHERE words LIKE '저에게%'")[0].thread_id == 1
    sound()
