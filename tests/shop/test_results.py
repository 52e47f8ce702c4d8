"""A channel's result file held against a batch: what is marked, and what never is."""

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from sqlalchemy import event

from sellerweb.channels import WRITERS
from sellerweb.shop import batches, history, results, shipments
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import db, reader
from sellerweb.shop.incoming import Answer, LineIn
from sellerweb.shop.refused import Refused

BOB = history.Actor("staff", None, "manager")
pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def batch(shop: Shop):
    """Four orders of an item each, in one file for SmartStore."""
    for n in range(1, 5):
        shop.place(f"A{n}", LineIn(f"90{n}", "노트", 1, "new"), channel="smartstore")
        leave(shop, f"A{n}", n)
    return make("smartstore")


def leave(shop: Shop, order_no: str, n: int, pieces: dict[int, int] | None = None) -> int:
    chosen = {shop.lines(order_no)[i].id: q for i, q in (pieces or {0: 1}).items()}
    return shop.do(shipments.send, order_no, chosen, number(n), hand_over=True)


def number(n: int) -> shipments.Label:
    return shipments.Label("other", f"0632976615{n}", "x")


def make(channel: str):
    with history.act(BOB, "export") as act:
        made = batches.make(act, channel, "dispatch", WRITERS[channel, "dispatch"])
        return batches.get(act.tx, made)


def look(batch, *answers: Answer, **words: str) -> dict:
    with reader().connect() as conn:
        seen = results.look(conn, batch, answers, words)
    found = {name: [r.item_no for r in getattr(seen, name)] for name in ("told", "silent", "settled", "moved", "torn")}
    found |= {name: [(r.item_no, why) for r, why in getattr(seen, name)] for name in ("failed", "against")}
    found |= {"strangers": [a.key for a in seen.strangers], "unknown": {w: [r.item_no for r in rows] for w, rows in seen.unknown.items()}}  # fmt: skip
    return {name: rows for name, rows in found.items() if rows}


def mark(batch, *answers: Answer, rest: bool = False, version: int | None = None, **words: str) -> None:
    with reader().connect() as conn:
        version = batches.newest(conn, batch.id) if version is None else version
    with history.act(BOB, "tell") as act:
        results.mark(act, batch, version, answers, words, rest=rest)


def words(batch) -> list[tuple[str, str]]:
    with reader().connect() as conn:
        return [(row.word, row.why) for row in batches.rows_of(conn, batch.id)]


def test_what_is_looked_at_is_what_is_marked(shop, batch):
    file = Answer(2, "901", "told"), Answer(3, "902", "failed", "실패", "번호 오류"), Answer(4, "999", "told")
    assert look(batch, *file) == {"told": ["901"], "failed": [("902", "번호 오류")], "silent": ["903", "904"], "strangers": ["999"]}  # fmt: skip
    mark(batch, *file)
    assert words(batch) == [("told", ""), ("failed", "번호 오류"), ("written", ""), ("written", "")]
    assert [bool(shop.parcels(f"A{n}")[0].channel_told_at) for n in range(1, 5)] == [True, False, False, False]
    assert look(batch, *file) == {"settled": ["901", "902"], "silent": ["903", "904"], "strangers": ["999"]}
    with pytest.raises(Refused, match="nothing in this file"):
        mark(batch, *file)
    assert is_clean(audit())


def test_a_long_file_is_marked_by_few_statements(shop, batch):
    def counted(do) -> int:
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        do()
        return len(asked)

    one = counted(lambda: mark(batch, Answer(2, "901", "told")))
    three = counted(lambda: mark(batch, *(Answer(n, f"90{n}", "told") for n in (2, 3, 4))))
    assert 5 < three <= one + 2  # the parcel's own row, and nothing else, for each order


def test_rows_that_a_list_of_refusals_does_not_name_are_told_only_where_somebody_says_so(shop, batch):
    mark(batch, Answer(2, "902", "failed", why="x"), rest=True)
    assert [word for word, _why in words(batch)] == ["told", "failed", "told", "told"]


def test_a_number_that_was_corrected_since_is_never_marked(shop, batch):
    shop.do(shipments.correct, "A1", shop.parcels("A1")[0].id, number(9), "오기")
    assert look(batch, Answer(2, "901", "told"))["moved"] == ["901"]
    assert look(batch, Answer(3, "902", "told")) == {"told": ["902"], "silent": ["903", "904"]}
    mark(batch, Answer(2, "901", "told"), rest=True)
    assert words(batch)[0] == ("written", "")
    assert shop.parcels("A1")[0].channel_told_at is None


def test_an_answer_under_another_number_is_not_ours(shop, batch):
    file = Answer(2, "901", "told", number="77777"), Answer(3, "902", "told", number="6329-766152")
    found = look(batch, *file)
    assert (found["moved"], found["told"], found["silent"]) == (["901"], ["902"], ["903", "904"])


def test_a_number_said_twice_and_differently_is_left_alone(shop, batch):
    file = (
        Answer(2, "901", "told"),
        Answer(3, "901", "failed", why="x"),
        Answer(4, "902", "told"),
        Answer(5, "902", "told"),
    )
    found = look(batch, *file)
    assert (found["torn"], found["told"]) == (["901"], ["902"])


def test_a_word_that_nobody_knows_is_marked_as_people_say(shop, batch):
    assert look(batch, Answer(2, "901", "", "보류"))["unknown"] == {"보류": ["901"]}
    assert look(batch, Answer(2, "901", "", "보류", "보류"), 보류="failed")["failed"] == [("901", "보류")]


def test_what_was_marked_told_here_and_refused_there_is_shown_and_kept(shop, batch):
    mark(batch, Answer(2, "901", "told"))
    assert look(batch, Answer(2, "901", "failed", why="x"))["against"] == [("901", "x")]


def test_rows_of_another_batch_are_strangers_and_a_newer_batch_wins(shop, batch):
    mark(batch, Answer(2, "901", "failed", why="x"), rest=True)
    second = make("smartstore")
    assert look(second, Answer(2, "902", "told"))["strangers"] == ["902"]
    assert look(batch, Answer(2, "901", "told"))["moved"] == ["901"]


def test_an_answer_from_an_old_page_marks_nothing(shop, batch):
    with reader().connect() as conn:
        version = batches.newest(conn, batch.id)
    mark(batch, Answer(2, "901", "told"))
    with pytest.raises(Refused, match="meanwhile"):
        mark(batch, Answer(3, "902", "told"), version=version)


def test_of_a_shopify_order_its_parcels_are_told_apart_by_number_and_goods(shop):
    shop.place("#1", LineIn("a", "노트", 2, "new"), LineIn("b", "펜", 1, "new"), channel="shopify")
    code = shop.order("#1").code
    lines = shop.lines("#1")
    for n, pieces in ((1, {0: 1}), (2, {0: 1, 1: 1})):
        shop.do(shipments.send, code, {lines[i].id: q for i, q in pieces.items()}, number(n), hand_over=True)
    both = make("shopify")
    one, two = number(1).number, number(2).number
    file = Answer(2, "#1", "told", number=one), Answer(3, "#1", "failed", why="x", number=two, goods="펜"), Answer(4, "#1", "told", number=two, goods="노트")  # fmt: skip
    assert look(both, *file) == {"told": ["a", "a"], "failed": [("b", "x")]}
    assert look(both, Answer(2, "#1", "told")) == {"told": ["a", "a", "b"]}
