"""Two people and a customer in one thread at the same moment: one answer leaves, nothing is lost, nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from bare_shop import OWNER, PACKER, Shop
from wishes import CUSTOMER, sound

from sellerweb.shop import history, inbox, messages, talk, threads
from sellerweb.shop.db import reader
from sellerweb.shop.history import Actor

pytestmark = pytest.mark.slow
ROUNDS = 12


def at_once(shop: Shop, *works) -> list[str]:
    """Each work in a thread of its own, begun together; what became of each: "done", or the name of its no."""
    gate = Barrier(len(works))

    def run(work) -> str:
        with shop.app.app_context():
            gate.wait(20)
            try:
                work()
            except talk.MovedOn:
                return "moved on"
            return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works, timeout=60))


def reply(by: Actor, key: int, seen: talk.Seen | None):
    def work() -> None:
        with history.act(by, "reply") as act:
            case = act.order("A1")
            messages.answer(case, "네.", talk.take(act, key, seen))

    return work


def ask(code: str = "A1"):
    def work() -> None:
        with history.act(CUSTOMER, "ask") as act:
            messages.ask(act.order(code), "언제 오나요?")

    return work


def version(key: int) -> talk.Seen:
    with reader().connect() as conn:
        return talk.Seen(inbox.one(conn, key).version)


@pytest.mark.both
@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_answers_to_one_question_one_leaves(shop, guarded):
    shop.sql(*(f"INSERT INTO staff (id, name, role, password, must_change, active, language, sound, created_at) VALUES ({n}, 'P{n}', 'packer', '', false, true, '', false, '2026-11-16 00:00:00')" for n in (1, 2)))  # fmt: skip
    shop.place()
    became = []
    for _round in range(ROUNDS):
        ask()()
        seen = version(1) if guarded else None
        became.append(sorted(at_once(shop, reply(Actor("staff", 1, "packer"), 1, seen), reply(Actor("staff", 2, "packer"), 1, seen))))  # fmt: skip
    if guarded:
        assert became == [["done", "moved on"]] * ROUNDS
    else:  # without what the page was drawn from, both leave: the guard is what holds them apart
        assert ["done", "done"] in became
    sound()


@pytest.mark.both
def test_everything_at_once_ends_and_is_sound(shop):
    shop.place("A1")
    shop.place("A2")
    ask()()

    def note() -> None:
        with history.act(PACKER, "note") as act:
            messages.note(talk.take(act, 1), "메모")

    def tie(code: str):
        def work() -> None:
            with history.act(OWNER, "tie") as act:
                it = talk.take(act, 2, orders=[1, 2])
                if it.row.order_id != (1 if code == "A1" else 2):
                    threads.tie(it, code)

        return work

    with history.act(OWNER, "begin") as act:
        threads.begin(act, "phone", "전화", order="A1")
    for _round in range(ROUNDS):
        at_once(shop, ask(), ask("A2"), note, tie("A1"), tie("A2"), reply(PACKER, 1, None))
    sound()
