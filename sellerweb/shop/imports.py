"""Files taken in: unread, waiting, running, done; a killed one goes on where it was. No reading of files, no orders.

Orders are keyed by the channel's numbers, so taking one in twice changes nothing.
"""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from sellerweb.shop import clock, sealed
from sellerweb.shop.db import forget, read, write
from sellerweb.shop.incoming import FileError, FileRead
from sellerweb.shop.models import Import, ImportPart
from sellerweb.shop.refused import Refused
from sellerweb.shop.turns import LEASE

# Longer than any reading takes: the child ends before.
READING = timedelta(seconds=90)
# How long a file stays that could not be read and that somebody may still give the password of.
KEPT = timedelta(days=1)
# What is asked for, and the file read again with it; any other refusal is the last word about a file.
ASKS = {"password_needed": "password", "wrong_password": "password", "unsure_encoding": "encoding"}
BUSY = _l(
    "A file of this channel is still coming in. Wait until it is done, then drop this one again. Nothing was taken in."
)
FAILED = _l(
    "This file could not be taken in to its end. What came in stays; drop the file again, nothing comes in twice."
)
_ON_ITS_WAY = Import.state.in_(["waiting", "running"])


@dataclass(frozen=True, slots=True)
class How:
    """How a file is to be read: whose it is said to be, with which letters and password; `anew`: its columns are asked for again.

    Where the `columns` {name: field} of a table are known by now, the table is what is kept, and `currency` its money.
    """

    channel: str = "auto"
    encoding: str = ""
    password: str = ""
    anew: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that nobody has read yet."""

    id: int
    data: bytes
    how: How


def receive(file: FileRead, filename: str, staff_id: int | None = None, *, behind: bool = False) -> int:
    """Keep what was read, for the worker to take in. Returns the import's id.

    Raises Refused where a file of the same channel is still on its way in, unless this may stand `behind` it.
    """
    with write() as tx:
        if not behind:
            refuse_second(tx, file.channel)
        row = _row(filename, staff_id, state="waiting", channel=file.channel)
        import_id = int(tx.execute(insert(Import).returning(Import.id), row).scalar_one())
        fill(tx, import_id, file)
        return import_id


def keep(data: bytes, filename: str, how: How, staff_id: int | None = None) -> int:
    """Keep a file that is too big to be read while somebody waits: the worker reads it. Returns the import's id."""
    with write() as tx:
        row = _row(filename, staff_id, state="unread", channel="", payload=data, how=kept_how(how))
        return int(tx.execute(insert(Import).returning(Import.id), row).scalar_one())


def fill(tx: Connection, import_id: int, file: FileRead) -> None:
    """An import holds from now on what was read of its file, and waits to be taken in."""
    report = {**NOTHING, "rows": file.rows, "rejected": len(file.rejected)}
    values = {"channel": file.channel, "orders": file.count, "report": report, "payload": None, "how": {}}
    rejected = [asdict(row) for row in file.rejected]
    _set(tx, import_id, **values, rejected=rejected, state="waiting", leased_until=None)
    parts = [{"import_id": import_id, "n": n, "orders": part} for n, part in enumerate(file.parts)]
    if parts:
        tx.execute(insert(ImportPart), parts)


def refuse(import_id: int, no: FileError) -> None:
    """It could not be read. The file stays for a day where only a word is missing."""
    with write() as tx:
        report = {**NOTHING, "error": no.code, "about": no.about}
        _set(tx, import_id, state="refused", report=report, leased_until=None, finished_at=clock.now())
        if no.code not in ASKS:
            _set(tx, import_id, payload=None, how={})


def read_again(import_id: int, password: str, encoding: str) -> None:
    """Let a refused file be read once more, with what was missing, where it is still there."""
    refused = (Import.id == import_id, Import.state == "refused", Import.payload.is_not(None))
    with write() as tx:
        how = tx.scalar(select(Import.how).where(*refused).with_for_update())
        if how is not None:
            said = {"password": sealed.seal(password), "encoding": encoding or how["encoding"]}
            _set(tx, import_id, state="unread", how={**how, **said}, finished_at=None)


def sweep() -> None:
    """Files that nobody has given the password of are forgotten."""
    with write() as tx:
        old = (Import.state == "refused", Import.payload.is_not(None), Import.finished_at < clock.now() - KEPT)
        tx.execute(update(Import).where(*old).values(payload=None, how={}))


def refuse_second(tx: Connection, channel: str) -> None:
    """Refused where a file of the channel is still on its way in."""
    on_its_way = Import.state.in_(
        ["unread", "waiting", "running"]
    )  # of one that nobody has read the channel is not known
    if tx.scalar(select(Import.id).where(Import.channel == channel, on_its_way).limit(1)):
        raise Refused(BUSY)


def claim_unread() -> Unread | None:
    """Take the oldest file that is to be read, or whose reader died; None: nothing to do."""
    now = clock.now()
    free = (Import.state == "unread", (Import.leased_until < now) | Import.leased_until.is_(None))
    oldest = select(Import.id).where(*free).order_by(Import.id).limit(1)
    if _nothing(oldest):
        return None
    with write() as tx:
        row = tx.execute(oldest.with_only_columns(Import.id, Import.payload, Import.how).with_for_update(skip_locked=True)).one_or_none()  # fmt: skip
        if row is None:
            return None
        _set(tx, row.id, leased_until=now + READING)
        return Unread(row.id, row.payload, How(**{**row.how, "password": sealed.unseal(row.how.get("password", ""))}))


def claim() -> int | None:
    """Take the import whose turn it is; None: nothing to do, or one is under way.

    Of each channel the oldest; of several channels the one that has waited longest, so that a small file of one need not
    wait for a big one of another. One whose worker died is taken up when its lease has run out.
    """
    earlier = aliased(Import)
    behind = select(earlier.id).where(
        earlier.channel == Import.channel, earlier.state.in_(["waiting", "running"]), earlier.id < Import.id
    )
    if _nothing(select(Import.id).where(_ON_ITS_WAY).limit(1)):
        return None
    with write() as tx:
        now = clock.now()
        if tx.scalar(select(Import.id).where(Import.state == "running", Import.leased_until >= now).limit(1)):
            return None
        turn = (Import.leased_until.is_not(None), Import.leased_until, Import.id)
        due = select(Import.id).where(_ON_ITS_WAY, ~behind.exists()).order_by(*turn).limit(1)
        found = tx.scalar(due.with_for_update(skip_locked=True, of=Import))
        if found is not None:
            _set(tx, found, state="running", leased_until=now + LEASE)
        return found


def release(import_id: int) -> None:
    """Let another one have its turn."""
    with write() as tx:
        _set(tx, import_id, leased_until=clock.now() - timedelta(microseconds=1))


def finish(import_id: int, state: str = "done") -> None:
    """Everything is in, or nothing more of it will be."""
    with write() as tx:
        tx.execute(delete(ImportPart).where(ImportPart.import_id == import_id))
        _set(tx, import_id, state=state, finished_at=clock.now())


def standing(tx: Connection, import_id: int) -> Any:
    """How far it is: its channel, the orders done and its report, in the transaction that goes on."""
    row = select(Import.channel, Import.done, Import.report).where(Import.id == import_id)
    return tx.execute(row.with_for_update()).one()


def progress(tx: Connection, import_id: int, **values: Any) -> None:
    """Write how far it is, in the transaction that took it there: whose it is stays so for a while."""
    _set(tx, import_id, leased_until=clock.now() + LEASE, **values)


def get(import_id: int) -> Any:
    """The import as it stands, without what it holds; None: there is none."""
    return read().execute(select(*_SHOWN).where(Import.id == import_id)).one_or_none()


def rejected(import_id: int) -> list[dict[str, Any]]:
    """The rows that did not come in: [{"row": 1-based number, "code": of `channels.sentence.ROW_WHY`}]."""
    return list(read().execute(select(Import.rejected).where(Import.id == import_id)).scalar_one())


def newest(limit: int = 20) -> list[Any]:
    return list(read().execute(select(*_SHOWN).order_by(Import.id.desc()).limit(limit)))


def last_finished() -> Any:
    """When the newest file of each channel was in: {channel: instant}."""
    finished = (Import.channel, func.max(Import.finished_at))
    rows = read().execute(select(*finished).where(Import.state == "done").group_by(Import.channel))
    return {channel: at for channel, at in rows if at}


def _row(filename: str, staff_id: int | None, **values: Any) -> dict[str, Any]:
    return {"report": NOTHING, **values, "filename": filename[:200], "staff_id": staff_id, "created_at": clock.now()}


def kept_how(how: How) -> dict[str, Any]:
    """The column `how`: its password sealed."""
    return {**asdict(how), "password": sealed.seal(how.password)}


def _nothing(wanted: Any) -> bool:
    """Whether a query finds nothing: asked twice a second, so nobody's write waits for it."""
    found = read().scalar(wanted)
    forget()
    return found is None


def _set(tx: Connection, import_id: int, **values: Any) -> None:
    tx.execute(update(Import).where(Import.id == import_id).values(**values))


# What the report of a file says before anything is in.
NOTHING = {"rows": 0, "rejected": 0, "new": 0, "updated": 0, "unchanged": 0, "lines": 0, "conflicts": []}
_SHOWN = [c for c in Import.__table__.c if c.name not in ("payload", "rejected", "how")] + [
    Import.payload.is_not(None).label("kept")
]
