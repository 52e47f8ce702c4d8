"""Tables of products on their way in: waiting, running, done; a killed one goes on where it was. What a row does: `goods_file`."""

import time
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import OperationalError

from sellerweb.shop import clock, goods_file, history
from sellerweb.shop.db import forget, read, write
from sellerweb.shop.models import ProductFile, ProductFilePart
from sellerweb.shop.packed import pack, unpack
from sellerweb.shop.turns import LEASE, TURN, rest

# So many refused rows are named; nobody mends more by hand.
NAMED = 1_000


def receive(
    by: history.Actor,
    action_id: str,
    filename: str,
    table: Iterable[tuple[int, dict[str, str]]],
    rejected: Iterable[tuple[int, str, str]],
    unread: Iterable[str] = (),
) -> int:
    """Keep a table's rows to be taken in; `rejected` are those that cannot be, `unread` the columns that nobody knows.

    Returns the file's id, the same one for the same action.
    """
    parts, nameless = goods_file.parts(table)
    refused = sorted([*rejected, *nameless])
    report = {"new": 0, "changed": 0, "counted": 0, "rejected": len(refused), "unread": list(unread)[:50]}
    row = {
        "filename": filename, "rows": sum(map(len, parts)) + len(refused), "done": len(refused), "report": report,
        "rejected": refused[:NAMED], "staff_id": by.staff_id, "created_at": clock.now(),
    }  # fmt: skip
    try:
        with history.act(by, "import_products", action_id, [filename, row["rows"]]) as act:
            made = insert(ProductFile).returning(ProductFile.id)
            file_id = int(act.tx.scalars(made, {**row, "action_id": act.id}).one())
            packed = [{"file_id": file_id, "n": n, "rows": pack(part)} for n, part in enumerate(parts)]
            if packed:
                act.tx.execute(insert(ProductFilePart), packed)
            return file_id
    except history.Repeated:
        return int(read().scalars(select(ProductFile.id).where(ProductFile.action_id == action_id)).one())


def take_in(seconds: float = TURN, only: int | None = None) -> bool:
    """Take in what one turn has the time for, of the oldest file; `only` where that is this one. Whether there was any."""
    file_id = _claim(only)
    if file_id is None:
        return False
    try:
        _turn(file_id, seconds)
    except OperationalError:
        raise  # the database was away: the lease runs out, and the file goes on
    except Exception:
        _finish(file_id, "failed")  # else it would come again for ever
        raise
    finally:
        forget()
    return True


def get(file_id: int) -> Any:
    """The file as it stands; None: there is none."""
    return read().execute(select(ProductFile.__table__).where(ProductFile.id == file_id)).one_or_none()


def newest(limit: int = 10) -> list[Any]:
    """Without the rows that they name."""
    return list(read().execute(_SHOWN.order_by(ProductFile.id.desc()).limit(limit)))


def _claim(only: int | None) -> int | None:
    """Take the oldest file; None: there is none, or somebody has it. One whose worker died is taken when its lease has run out."""
    oldest = select(ProductFile.id).where(_ON_ITS_WAY).order_by(ProductFile.id).limit(1)
    found = read().scalar(oldest)  # asked twice a second: nobody's write waits for it
    forget()
    if found is None or only not in (None, found):
        return None
    free = ProductFile.leased_until.is_(None) | (ProductFile.leased_until < clock.now())
    with write() as tx:
        mine = update(ProductFile).where(ProductFile.id == found, _ON_ITS_WAY, free)
        claimed = tx.execute(mine.values(state="running", leased_until=clock.now() + LEASE)).rowcount
    return found if claimed else None


def _turn(file_id: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        parts = read().execute(_NEXT.where(ProductFilePart.file_id == file_id)).all()
        staff_id = read().scalar(select(ProductFile.staff_id).where(ProductFile.id == file_id))
        forget()
        if parts:
            _take_part(file_id, parts[0].n, unpack(parts[0].rows), history.Actor("staff", staff_id))
        if not parts[1:]:
            return _finish(file_id, "done")
        if time.monotonic() >= until:
            return _release(file_id)
        rest(began)


def _release(file_id: int) -> None:
    with write() as tx:
        tx.execute(update(ProductFile).where(ProductFile.id == file_id).values(leased_until=None))


def _take_part(file_id: int, n: int, rows: goods_file.Rows, by: history.Actor) -> None:
    """Take a part's rows in, in one transaction; the part is gone with it, and counted once."""
    mine = delete(ProductFilePart).where(ProductFilePart.file_id == file_id, ProductFilePart.n == n)
    with history.act(by, "import_products") as act:
        if not act.tx.execute(mine).rowcount:
            return  # another worker has taken it: this one's lease had run out
        found = goods_file.take(act, rows)
        now = act.tx.execute(_STANDING.where(ProductFile.id == file_id)).one()
        counted = {name: now.report[name] + getattr(found, name) for name in ("new", "changed", "counted")}
        report = {**now.report, **counted, "rejected": now.report["rejected"] + len(found.rejected)}
        named = sorted([*map(list, now.rejected), *map(list, found.rejected)])[:NAMED]
        values = {"done": now.done + len(rows), "report": report, "rejected": named}
        lease = clock.now() + LEASE
        act.tx.execute(update(ProductFile).where(ProductFile.id == file_id).values(**values, leased_until=lease))


def _finish(file_id: int, state: str) -> None:
    with write() as tx:
        tx.execute(delete(ProductFilePart).where(ProductFilePart.file_id == file_id))
        done = {"state": state, "leased_until": None, "finished_at": clock.now()}
        tx.execute(update(ProductFile).where(ProductFile.id == file_id).values(**done))


_ON_ITS_WAY = ProductFile.state.in_(["waiting", "running"])
_SHOWN = select(*(c for c in ProductFile.__table__.c if c.name != "rejected"))
_NEXT = select(ProductFilePart.n, ProductFilePart.rows).order_by(ProductFilePart.n).limit(2)
_STANDING = select(ProductFile.done, ProductFile.report, ProductFile.rejected).with_for_update()
