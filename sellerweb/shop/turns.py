"""How long files share the database with the people at the desk: turns, rests and leases. Knows no file."""

import time
from datetime import timedelta

from sellerweb.shop.db import reader

# Renewed with every part; one whose worker died is taken up by another when it has run out.
LEASE = timedelta(seconds=15)
# After so many seconds another file has its turn.
TURN = 2.0
REST = 0.12


def rest(began: float) -> None:
    """Leave the writer to the others after a part that was begun at `began` (monotonic seconds).

    SQLite has one writer, and its queue is not fair: the people at the desk get as long as the part took, or as long as
    everybody who waits has surely asked once more (its busy handler asks every 100 ms at the latest).
    """
    if reader().dialect.name == "sqlite":
        time.sleep(min(time.monotonic() - began, REST))
