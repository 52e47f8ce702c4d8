"""A file taken in, order by order: waiting, running, done; a killed one goes on where it was. No reading of files.

Orders are keyed by the channel's numbers, so taking one in twice changes nothing.
"""

import json
import time
import zlib
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from sellerweb.shop import clock, history, intake
from sellerweb.shop.db import forget, read, reader, write
from sellerweb.shop.incoming import FileIn
from sellerweb.shop.models import Import
from sellerweb.shop.refused import Refused

CHUNK = 25
TRIES = 3
LEASE = timedelta(seconds=15)
REST = 0.12
BUSY = _l(
    "A file of this channel is still coming in. Wait until it is done, then drop this one again. Nothing was taken in."
)

FAILED = _l(
    "This file could not be taken in to its end. What came in stays; drop the file again, nothing comes in twice."
)


def receive(file: FileIn, filename: str, staff_id: int | None = None, *, behind: bool = False) -> int:
    """Keep what was read, to be applied by the worker or by `run`. Returns the import's id.

    Raises Refused where a file of the same channel is still on its way in, unless this may stand `behind` it.
    """
    with write() as tx:
        if not behind:
            refuse_second(tx, file.channel)
        row = {**contents(file), "filename": filename[:200], "staff_id": staff_id, "created_at": clock.now()}
        return int(tx.execute(insert(Import).returning(Import.id), row).scalar_one())


def contents(file: FileIn) -> dict[str, Any]:
    """The columns of an import that follow from what was read."""
    return {
        "channel": file.channel,
        "payload": zlib.compress(json.dumps(file.to_json(), ensure_ascii=False).encode()),
        "orders": len(file.orders),
        "report": {"rows": file.rows, "rejected": [asdict(r) for r in file.rejected], **zero()},
    }


def refuse_second(tx: Connection, channel: str) -> None:
    """Refused where a file of the channel is still on its way in."""
    on_its_way = (Import.channel == channel, Import.state.in_(["waiting", "running"]))
    if tx.scalar(select(Import.id).where(*on_its_way).limit(1)):
        raise Refused(BUSY)


def claim() -> int | None:
    """Take the oldest import that waits, or whose worker died; None: nothing to do, or one is under way."""
    due = Import.state.in_(["waiting", "running"])
    if read().scalar(select(Import.id).where(due).limit(1)) is None:
        forget()
        return None  # asked twice a second: nobody's write waits for that
    with write() as tx:
        now = clock.now()
        if tx.scalar(select(Import.id).where(Import.state == "running", Import.leased_until >= now).limit(1)):
            return None
        found = tx.scalar(select(Import.id).where(due).order_by(Import.id).limit(1).with_for_update(skip_locked=True))
        if found is not None:
            tx.execute(update(Import).where(Import.id == found).values(state="running", leased_until=now + LEASE))
        return found


def apply(import_id: int) -> dict[str, Any]:
    """Take every order in, a chunk a transaction, and return the report. What cannot be applied is failed, and raised."""
    try:
        return _apply(import_id)
    except OperationalError:
        raise  # the database was away: the lease runs out, and the import goes on
    except Exception:
        # Else it would be taken up again for ever, with every other file of the channel behind it.
        with write() as tx:
            _progress(tx, import_id, state="failed", payload=None, finished_at=clock.now())
        raise


def _apply(import_id: int) -> dict[str, Any]:
    with write() as tx:
        row = tx.execute(select(Import.__table__).where(Import.id == import_id)).one()
    if row.payload is None:
        return dict(row.report)
    file = FileIn.from_json(json.loads(zlib.decompress(row.payload)))
    report, done = dict(row.report), row.done
    while done < len(file.orders):
        began = time.monotonic()
        report = _take_chunk(import_id, file, done, report)
        done += CHUNK
        if reader().dialect.name == "sqlite":
            # It has one writer, and its queue is not fair: the people at the desk get as long as the chunk took, or as
            # long as everybody who waits has surely asked once more (SQLite's busy handler asks every 100 ms at the latest).
            time.sleep(min(time.monotonic() - began, REST))
    with write() as tx:
        _progress(tx, import_id, state="done", payload=None, finished_at=clock.now(), report=report)
    return report


def _take_chunk(import_id: int, file: FileIn, done: int, report: dict[str, Any]) -> dict[str, Any]:
    """Take the next orders in, in one transaction; returns the report so far."""
    chunk = file.orders[done : done + CHUNK]
    for tries in range(TRIES):
        counted = {**report, "conflicts": list(report["conflicts"])}
        try:
            with history.act(history.CHANNEL, "import") as act:
                for told, (outcome, conflicts) in zip(chunk, intake.take_all(act, file.channel, chunk), strict=True):
                    counted[outcome] += 1
                    counted["lines"] += len(told.lines)
                    counted["conflicts"] += [{"order_no": told.order_no, "code": c} for c in conflicts]
                now = clock.now()
                _progress(act.tx, import_id, done=done + len(chunk), report=counted, leased_until=now + LEASE)
            return counted
        except IntegrityError:
            # Somebody at the desk wrote the same number in this moment: look again at what stands there now.
            if tries == TRIES - 1:
                raise
    return report


def run(import_id: int) -> dict[str, Any]:
    """Apply what stands before this import (one that was killed, say) and then this one; returns its report."""
    while True:
        mine = get(import_id)
        if mine.state == "done":
            return dict(mine.report)
        if mine.state == "failed":
            raise Refused(FAILED)
        claimed = claim()
        if claimed is None:
            time.sleep(0.2)
        else:
            apply(claimed)
        forget()


def get(import_id: int) -> Any:
    """The import as it stands, without its payload; None: there is none."""
    return read().execute(select(*_SHOWN).where(Import.id == import_id)).one_or_none()


def newest(limit: int = 20) -> list[Any]:
    return list(read().execute(select(*_SHOWN).order_by(Import.id.desc()).limit(limit)))


def last_finished() -> Any:
    """When the newest file of each channel was in: {channel: instant}."""
    rows = read().execute(select(Import.channel, func.max(Import.finished_at)).group_by(Import.channel))
    return {channel: at for channel, at in rows if at}


def _progress(tx: Connection, import_id: int, **values: Any) -> None:
    tx.execute(update(Import).where(Import.id == import_id).values(**values))


def zero() -> dict[str, Any]:
    """What the report of a file counts, before anything is in."""
    return {"new": 0, "updated": 0, "unchanged": 0, "lines": 0, "conflicts": []}


_SHOWN = [c for c in Import.__table__.c if c.name != "payload"]
