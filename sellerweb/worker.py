"""The worker: takes files in, closes what was never paid, folds counts. A loop over rows; several may run at once."""

import logging
import signal
import threading
from collections.abc import Callable
from time import monotonic

from flask import Flask
from sqlalchemy.exc import DBAPIError

from sellerweb.shop import expiry, imports, tally
from sellerweb.shop.db import forget

log = logging.getLogger("sellerweb.worker")
PAUSE = 0.5
# What is done now and then: seconds between, and what.
CHORES: tuple[tuple[float, Callable[[], object]], ...] = ((60.0, tally.fold), (600.0, expiry.expire))


def run(app: Flask) -> None:
    """Work until told to stop (SIGTERM, SIGINT); what is under way is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    due = {chore: monotonic() + every for every, chore in CHORES}
    while not stop.is_set():
        with app.app_context():
            try:
                busy = step()
                for every, chore in CHORES:
                    if monotonic() >= due[chore]:
                        chore()
                        due[chore] = monotonic() + every
            except DBAPIError:
                log.warning("the database did not answer; trying again")  # no parameters: they may name people
                busy = False
        if not busy:
            stop.wait(PAUSE)


def step() -> bool:
    """One piece of work, if there is any."""
    claimed = imports.claim()
    if claimed is not None:
        imports.apply(claimed)
    forget()
    return claimed is not None
