"""Writing to the shop: the words arrive, the answers are shown, and odd text stays text."""

import pytest

from sellerweb.shop import history, messages

HERE = "/my/orders/A1"
ASK = f"{HERE}/ask"


@pytest.fixture
def answer(app):
    def write(words):
        with app.app_context(), history.act(history.Actor("staff", role="owner"), "answer") as act:
            messages.answer(act.order("A1"), words)

    return write


@pytest.mark.both
def test_words_arrive_and_answers_are_shown(customer, place, answer, answered, rows, htmx):
    place()
    person = customer()
    page = answered(person.fill(ASK, words="Is it\nvegan?", htmx=htmx), person)
    assert "Your message was sent." in page.text("#said")
    assert "You wrote today" in page.text("nav")
    answer("It is paper.")
    assert "The shop wrote today" in person.open(HERE).text("nav")
    talk = person.open(ASK).text(".talk")
    assert "달빛문구" in talk
    assert "It is paper." in talk
    assert [(m.sender, m.words) for m in rows("SELECT * FROM message ORDER BY id")] == [
        ("customer", "Is it\nvegan?"),
        ("staff", "It is paper."),
    ]


@pytest.mark.parametrize("words", ["", " ", "\u3000\n\t ", "\u200b", "a" * 4001])
def test_nothing_and_too_much_are_not_sent(customer, place, rows, words, htmx):
    place()
    page = customer().fill(ASK, words=words, status=422, htmx=htmx)
    assert page.find("#words").get("aria-invalid") == "true"
    if words.strip("\u200b").strip():
        assert "4000 characters at most" in page.text("#words-error")
        assert page.text("#words") == words
    assert rows("SELECT * FROM message") == []


def test_an_answer_that_came_meanwhile_is_read_first_and_the_words_stay(customer, place, answer, rows, htmx):
    place()
    person = customer()
    page = person.open(ASK)
    answer("We have sent you another one.")
    page = person.submit(page, ASK, words="Where is it?", status=409, htmx=htmx)
    assert "The shop wrote to you." in page.text(".said")
    assert "We have sent you another one." in page.text(".talk")
    assert page.text("#words") == "Where is it?"
    assert person.submit(page, ASK).status == 303


def test_what_happens_to_the_order_does_not_stop_a_message(customer, place, send, rows):
    place()
    person = customer()
    page = person.open(ASK)
    send()
    person.submit(page, ASK, words="Where is it?", status=303)
    assert [m.words for m in rows("SELECT words FROM message")] == ["Where is it?"]


def test_a_second_tap_writes_once(customer, place, rows):
    place()
    person = customer()
    page = person.open(ASK)
    for _ in range(3):
        person.submit(page, ASK, words="Hello", status=303)
    assert len(rows("SELECT * FROM message")) == 1


def test_one_can_always_write(customer, place, send):
    place()
    send(delivered=True)
    customer().fill(ASK, words="Thank you", status=303)
