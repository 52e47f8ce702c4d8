"""What a customer and the shop write to each other about an order."""

from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY, OWNER, Shop
from wishes import CUSTOMER, refusal, sound

from sellerweb.shop import clock, inbox, messages
from sellerweb.shop.db import reader


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def ask(shop: Shop, words: str, code: str = "A1") -> None:
    shop.do(messages.ask, code, words, by=CUSTOMER)


def waiting(shop: Shop) -> list[tuple[str, str]]:
    with reader().connect() as conn:
        rows, _after = inbox.page(conn, inbox.Filter(), 0, clock.now())
        return [(row.code, row.last_words) for row in rows]


@pytest.mark.both
def test_a_question_waits_until_it_is_answered(shop, monday):
    shop.place("A1")
    shop.place("A2")
    ask(shop, "언제 오나요?")
    monday.shift(60)
    ask(shop, "색이 뭔가요?", "A2")
    ask(shop, "내일 오나요?")
    assert waiting(shop) == [("A1", "내일 오나요?"), ("A2", "색이 뭔가요?")]
    shop.do(messages.answer, "A1", "네, 내일 도착해요.", by=OWNER)
    assert waiting(shop) == [("A2", "색이 뭔가요?")]
    with reader().connect() as conn:
        thread = messages.of_order(conn, shop.order("A1").id)
    answered = MONDAY + timedelta(minutes=1)
    assert [(m.sender, m.words, m.answered_at) for m in thread] == [
        ("customer", "언제 오나요?", answered),
        ("customer", "내일 오나요?", answered),
        ("staff", "네, 내일 도착해요.", None),
    ]
    assert shop.notices("A1") == [("order_answer", "waiting")]  # a question is no letter
    assert shop._of("notice", "A1", "id")[0].values == {"words": "네, 내일 도착해요."}
    sound()


def test_what_is_asked_after_the_answer_waits_again(shop):
    shop.place()
    shop.do(messages.answer, "A1", "감사합니다.")  # nobody had asked
    ask(shop, "언제 오나요?")
    assert waiting(shop) == [("A1", "언제 오나요?")]


@pytest.mark.both
def test_a_message_says_something_and_not_too_much(shop):
    shop.place()
    for verb in (messages.ask, messages.answer):
        assert refusal(shop, verb, "").field == "words"
        assert refusal(shop, verb, " \n ").field == "words"
        assert refusal(shop, verb, "가" * (messages.LONGEST + 1)).field == "words"
    ask(shop, "가" * messages.LONGEST)


def test_words_stay_out_of_the_history(shop):
    shop.place()
    ask(shop, "제 번호는 010-9999-8888이에요")
    assert "9999" not in str(shop.dump("event", "action", "notice"))
