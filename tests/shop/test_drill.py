"""Many hands at once: who comes first is open, what comes of it is not. Each drill runs on both databases.

Controls take the guards away, so that we know that a drill would see them missing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from bare_shop import PACKER, Shop
from flask import Flask
from sqlalchemy import bindparam, select, update

from sellerweb import create_app
from sellerweb.config import Config
from sellerweb.shop import case as cases
from sellerweb.shop import counters, history, opening, orders, shipments
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import db, reader
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.models import Order, OrderLine
from sellerweb.shop.refused import Refused

HANDS = 32
OPEN = 8


def together(servers: list[Flask], hands: int, work: Callable[[int], Any]) -> Counter[str]:
    """Each hand does `work(its number)` at the same moment: how often each came to what ("done", or the exception)."""
    outcomes: Counter[str] = Counter()
    ready = Barrier(hands)

    def hand(number: int) -> None:
        with servers[number % len(servers)].app_context():
            ready.wait()
            try:
                work(number)
            except Exception as error:
                outcomes[type(error).__name__] += 1
            else:
                outcomes["done"] += 1

    threads = [Thread(target=hand, args=(number,)) for number in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def epost(number: int) -> shipments.Label:
    return shipments.Label("epost", f"6{number:012}")


def cancel(case: cases.Case, line: int) -> None:
    if not case.move_pieces("cancel", {line: 1}):
        raise Refused("too few")
    case.record("cancel", "cancel")


def fight(shop: Shop, servers: list[Flask] | None = None) -> Counter[str]:
    """Every hand wants one piece of the same line: to pack it, to send it, or to cancel it."""
    shop.place("A1", LineIn("1", "노트", OPEN, "new"))
    line = shop.line("A1").id

    def work(number: int) -> None:
        with history.act(PACKER, "drill") as act:
            case = act.order("A1")
            if number % 3 == 0:
                shipments.pack(case, {line: 1})
            elif number % 3 == 1:
                shipments.send(case, {line: 1}, epost(number), hand_over=True)
            else:
                cancel(case, line)

    return together(servers or [shop.app], HANDS, work)


@pytest.mark.both
def test_of_32_requests_for_8_pieces_exactly_8_are_accepted(shop):
    assert fight(shop) == {"done": OPEN, "Refused": HANDS - OPEN}
    line = shop.line("A1")
    assert line.cancelled + line.packed + line.shipped == OPEN
    assert is_clean(audit())


@pytest.mark.both
def test_control_without_guards_the_drill_and_the_audit_both_see_it(shop, monkeypatch):
    unguarded = {
        verb: counters.PieceMove(move.steps, _unguarded(move.steps)) for verb, move in counters.PIECE_MOVES.items()
    }
    monkeypatch.setattr(counters, "PIECE_MOVES", unguarded)
    shop.damage()
    if shop.url.startswith("sqlite"):
        shop.sql("PRAGMA ignore_check_constraints = ON")  # stays so on the one writing connection
    assert fight(shop)["done"] > OPEN
    report = audit()
    assert report["Q1"]["first"]["table"] == "order_line"
    assert report["Q3"]["first"]["order"] == "A1"
    assert report["Q1"]["violations"] == 1


@pytest.fixture
def servers(settings: Config) -> Iterator[list[Flask]]:
    """Four servers of one shop: each has its own connections, so that only the database stands between them."""
    servers = [create_app(settings) for _ in range(4)]
    yield servers
    for server in servers:
        with server.app_context():
            reader().dispose()
            db.engine.dispose()


@pytest.mark.both
def test_four_servers_accept_no_more_than_one(shop, servers):
    assert fight(shop, servers) == {"done": OPEN, "Refused": HANDS - OPEN}
    assert is_clean(audit())


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_control_without_the_order_locked_the_drill_sees_it(shop, monkeypatch):
    monkeypatch.setattr(opening, "_LOCKED", select(Order.__table__))
    assert set(fight(shop)) - {"done", "Refused"}


def _unguarded(steps: dict[str, int]) -> Any:
    line = OrderLine.__table__.c
    values = {name: line[name] + step * bindparam("q") for name, step in steps.items()}
    return update(OrderLine).where(line.id == bindparam("line")).values(values)


@pytest.mark.both
def test_the_same_action_sent_by_8_at_once_has_one_effect(shop):
    shop.place("A1")
    line = shop.line("A1").id

    def work(_number: int) -> None:
        with history.act(PACKER, "pack", "one-form", {"q": 1}) as act:
            shipments.pack(act.order("A1"), {line: 1})

    assert together([shop.app], 8, work) == {"done": 1, "Repeated": 7}
    assert shop.line("A1").packed == 1
    assert shop.events("A1") == ["order place", "shipment pack"]


@pytest.mark.both
def test_one_number_put_on_two_orders_at_once_stands_on_one(shop):
    codes = [f"{row}{side}" for row in range(6) for side in "ab"]
    for code in codes:
        shop.place(code)
    lines = {code: shop.line(code).id for code in codes}

    def work(number: int) -> None:
        code = codes[number]
        with history.act(PACKER, "ship") as act:
            shipments.send(act.order(code), {lines[code]: 1}, epost(number // 2), hand_over=True)

    assert together([shop.app], len(codes), work) == {"done": 6, "SameParcel": 6}
    assert len(shop.rows("SELECT DISTINCT number FROM shipment")) == 6
    assert is_clean(audit())


@pytest.mark.both
def test_of_8_pages_of_the_same_version_one_wins_and_the_others_are_stale(shop):
    version = shop.place("A1").version

    def work(number: int) -> None:
        with history.act(PACKER, "hold") as act:
            orders.hold(act.order("A1", version), f"{number}")

    assert together([shop.app], 8, work) == {"done": 1, "Stale": 7}
    assert shop.order("A1").version == version + 1
    assert is_clean(audit())
