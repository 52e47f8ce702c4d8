"""Who is looking at or typing in an order or a conversation just now. Leaves no history, and decides nothing.

The one write without an event: it is true for seconds, and nobody's deed. Counted in whole by the next beat.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, or_, select

from sellerweb.shop import clock
from sellerweb.shop.db import read, write
from sellerweb.shop.models import Presence, Staff

# A page says so every ten seconds; two that got lost are forgiven.
FRESH = timedelta(seconds=25)
# What a crashed tablet left behind goes with somebody's next beat.
STALE = timedelta(hours=1)
MOST = 20

Others = dict[str, list[tuple[str, bool]]]


def beat(tab: str, staff_id: int, places: Mapping[str, bool]) -> Others:
    """This page of this person is at `places` {place: whether they type there}, and nowhere else. Returns who else is where.

    {place: [(name, typing)]}: the other people's, those who type first.
    """
    mine = select(Presence.tab).where(Presence.tab == tab, Presence.staff_id == staff_id).limit(1)
    if places or read().scalar(mine):
        with write() as tx:
            _replace(tx, tab, staff_id, places)
    return others(read(), staff_id)


def others(conn: Connection, staff_id: int) -> Others:
    there = (
        select(Presence.place, Staff.name, Presence.typing)
        .join(Staff, Staff.id == Presence.staff_id)
        .where(Presence.staff_id != staff_id, Presence.seen_at > clock.now() - FRESH)
        .order_by(Presence.typing.desc(), Staff.name)
    )
    found: Others = {}
    for row in conn.execute(there):
        named = found.setdefault(row.place, [])
        if row.name not in [name for name, _typing in named]:  # twice on two tablets is one person
            named.append((row.name, row.typing))
    return found


def _replace(tx: Connection, tab: str, staff_id: int, places: Mapping[str, bool]) -> None:
    now = clock.now()
    tx.execute(delete(Presence).where(or_(Presence.tab == tab, Presence.seen_at < now - STALE)))
    rows = [
        {"tab": tab, "place": place, "staff_id": staff_id, "typing": typing, "seen_at": now}
        for place, typing in list(places.items())[:MOST]
    ]
    if rows:
        tx.execute(insert(Presence), rows)
