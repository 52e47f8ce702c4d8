"""The drill: two hands press at the same moment, an order a round; then every row is counted. Knows no pages and no server.

It is played against the served shop, and against one with a guard taken out, where it must report what went wrong.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from threading import Barrier
from typing import Any

# How long before and after the end of a window it is pressed, in seconds.
EDGE = 1.0
TOO_LATE = re.compile("time to cancel (this )?at once is over")
# A sentence that says no says what to do next.
NEXT = re.compile("look|ask|settle|must lie between|sent back", re.I)


@dataclass(frozen=True, slots=True)
class Round:
    """The order that is fought over. `drawn` is the version of the page that both have before them; `parcel` waits for its driver."""

    number: int
    id: int
    code: str
    drawn: int
    lines: tuple[int, ...]
    secret: str
    parcel: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hand got: that it is done, or the sentence why not. `odd`: what no hand should ever get."""

    won: bool
    said: str = ""
    odd: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """One side. `leaves` are the facts of an order where it won, `told` the words by which the other learns of it."""

    name: str
    press: Callable[[Round], Answer]
    leaves: dict[str, Any]
    told: str
    mute: bool = False  # the clock and a file are told nothing on a page


@dataclass(slots=True)
class Tally:
    """How often each side won, what the losers read, and everything that was not as it must be."""

    wins: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0

    def __str__(self) -> str:
        rounds = self.wins.total()
        sides = ", ".join(f"{name} {n}" for name, n in sorted(self.wins.items()))
        return f"{rounds} rounds, {rounds / self.seconds:.0f}/s: {sides}"


class Handicap:
    """Nobody presses on the millisecond; and who was faster waits the next time, longer with each win in a row: so it stays a race."""

    JITTER, STEP = 0.003, 0.0015

    def __init__(self) -> None:
        self.lead, self.row, self.last = 0.0, 0, -1

    def pauses(self) -> list[float]:
        return [random.uniform(0, self.JITTER) + max(0.0, wait) for wait in (self.lead, -self.lead)]

    def won(self, side: int) -> None:
        self.row = self.row + 1 if side == self.last else 1
        self.lead += self.STEP * self.row * (-1 if side else 1)
        self.last = side


# The facts of orders, by their ids, as their rows have them.
Look = Callable[[Iterable[int]], dict[int, dict[str, Any]]]


def play(left: Hand, right: Hand, rounds: Iterable[Round], look: Look) -> Tally:
    """Play every round, then compare what each order has become with what its winner leaves."""
    tally, handicap, barrier, began = Tally(), Handicap(), Barrier(2), time.monotonic()
    hands, winners, before = (left, right), dict[int, Hand](), dict[str, Any]()
    with ThreadPoolExecutor(2) as people:
        for this in rounds:
            before = before or look([this.id])[this.id]
            both = zip(hands, handicap.pauses(), strict=True)
            pressed = [people.submit(_press, barrier, hand, pause, this) for hand, pause in both]
            side = _judge(tally, this, hands, [one.result() for one in pressed])
            if side is not None:
                winners[this.id] = hands[side]
                handicap.won(side)
    tally.seconds = time.monotonic() - began
    for id_, facts in look(winners).items():
        should = before | winners[id_].leaves
        if odd := {name: (facts[name], should[name]) for name in should if facts[name] != should[name]}:
            tally.wrong.append(f"order {id_}: {winners[id_].name} won, but (is, should be): {odd}")
    return tally


def at_the_edge(hands: list[Hand], rounds: list[Round], until: datetime) -> Tally:
    """Press from a second before `until` to a second after it, each hand in turn: before is in time, from then on too late."""
    tally, end = Tally(seconds=2 * EDGE), until.timestamp()

    def press(one: int) -> list[tuple[Round, float, Answer, float]]:
        done = []
        for n in range(one, len(rounds), len(hands)):
            time.sleep(max(0, end - EDGE + 2 * EDGE * n / len(rounds) - time.time()))
            done.append((rounds[n], time.time(), hands[one].press(rounds[n]), time.time()))
        return done

    with ThreadPoolExecutor(len(hands)) as people:
        pressed = [each for hand in people.map(press, range(len(hands))) for each in hand]
    for this, sent, answer, answered in pressed:
        tally.wins["in time" if answer.won else "too late"] += 1
        tally.said[answer.said] += 1
        if answer.won not in (sent < end, answered < end):
            tally.wrong.append(f"{this.code}: {sent - end:+.3f} to {answered - end:+.3f} s, {answer}")
        elif not answer.won and not (TOO_LATE.search(answer.said) and NEXT.search(answer.said)):
            tally.wrong.append(f"{this.code}: too late, and was told {answer.said!r}")
    return tally


def _press(barrier: Barrier, hand: Hand, pause: float, this: Round) -> Answer:
    barrier.wait()
    time.sleep(pause)
    return hand.press(this)


def _judge(tally: Tally, this: Round, hands: tuple[Hand, Hand], answers: list[Answer]) -> int | None:
    """Exactly one hand has won, and the other knows why, and what to do next. Which one: 0 or 1."""
    tally.wrong += [f"{this.code}: {h.name} {a.odd}" for h, a in zip(hands, answers, strict=True) if a.odd]
    won = [answer.won for answer in answers]
    if sum(won) != 1:
        tally.wrong.append(
            f"{this.code}: {'both' if all(won) else 'neither'} of {hands[0].name} and {hands[1].name} won"
        )
        return 0 if all(won) else None
    side = won.index(True)
    winner, loser, said = hands[side], hands[1 - side], answers[1 - side].said
    tally.wins[winner.name] += 1
    tally.said[f"{loser.name}: {said}"] += 1
    if not loser.mute and not (re.search(winner.told, said, re.I) and NEXT.search(said)):
        tally.wrong.append(f"{this.code}: {loser.name} lost to {winner.name}, and was told {said!r}")
    return side
