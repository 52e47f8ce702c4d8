"""The worker: takes files in, sends letters, wakes conversations, closes what was never paid, folds counts. Loops over rows; several may run."""

import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from sellerweb import mailbox, reading
from sellerweb.notices import post
from sellerweb.shop import (
    attachments,
    drafts,
    expiry,
    follow_ups,
    imports,
    product_files,
    refunds,
    taking_in,
    tally,
    threads,
)
from sellerweb.shop.db import forget

log = logging.getLogger("sellerweb.worker")
PAUSE = 0.5
# What is done now and then: seconds between, and what.
CHORES: tuple[tuple[float, Callable[[], object]], ...] = (
    (10.0, refunds.hand_due),
    (60.0, tally.fold),
    (60.0, threads.wake_due),
    (600.0, expiry.expire),
    (900.0, follow_ups.send),
    (21600.0, attachments.sweep),
    (21600.0, drafts.sweep),
    (3600.0, imports.sweep),
)

MAIL: tuple[tuple[float, Callable[[], object]], ...] = ((60.0, mailbox.look),)


def run(app: Flask) -> None:
    """Work until told to stop (SIGTERM, SIGINT); what is under way is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # A mail server may be slow and a file long: none waits for another.
    with ThreadPoolExecutor(len(BESIDE) + 1, "beside") as beside:
        others = [beside.submit(_keep_on, app, stop, *work) for work in (*BESIDE, (_chores(MAIL),))]
        _keep_on(app, stop, _chores(CHORES))
        for other in others:
            other.result()


def step() -> bool:
    """A round of everything in this thread: files, a letter."""
    return True in [reading.read_one(), take_in(), product_files.take_in(), post.deliver_one()]


def take_in() -> bool:
    """Take in one file's turn, if there is any."""
    claimed = imports.claim()
    if claimed is not None:
        taking_in.apply(claimed)
    forget()
    return claimed is not None


# What goes on beside the chores, each in a thread of its own.
BESIDE: tuple[tuple[Callable[[], bool], ...], ...] = (
    (reading.read_one,),
    (take_in, product_files.take_in),
    (post.deliver_one,),
)


def _keep_on(app: Flask, stop: threading.Event, *work: Callable[[], bool]) -> None:
    """Do `work` again and again, with a pause where there was none to do."""
    try:
        while not stop.is_set():
            busy = False
            with app.app_context():
                try:
                    busy = True in [piece() for piece in work]
                except (DBAPIError, NoConnection):
                    log.warning("the database did not answer; trying again")  # no parameters: they may name people
            if not busy:
                stop.wait(PAUSE)
    finally:
        stop.set()  # one that breaks takes the other along: whoever started us starts us again


def _chores(chores: tuple[tuple[float, Callable[[], object]], ...]) -> Callable[[], bool]:
    due = {chore: monotonic() + every for every, chore in chores}

    def do() -> bool:
        for every, chore in chores:
            if monotonic() >= due[chore]:
                chore()
                due[chore] = monotonic() + every
        return False

    return do
