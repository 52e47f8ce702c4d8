"""Result files of channels between their upload and their being marked: kept, their columns known, put away. No rules: `results`.

What its columns and its words mean is remembered for the channel's next file that has the same columns.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, insert, select, update

from sellerweb.shop import asking, clock
from sellerweb.shop.db import read, write
from sellerweb.shop.models import ResultFile
from sellerweb.shop.packed import pack, unpack
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act

KEPT = timedelta(days=7)
_WAITS = ResultFile.payload.is_not(None)


def keep(batch: int, table: dict[str, Any], filename: str, columns: dict[str, Any] | None, staff_id: int | None) -> int:
    """Keep a file until it is looked over, a week at most. Returns its id."""
    now = clock.now()
    payload = pack(table)
    row = {"batch_id": batch, "filename": filename[:200], "payload": payload, "columns": columns, "report": None}
    with write() as tx:
        tx.execute(update(ResultFile).where(_WAITS, ResultFile.created_at < now - KEPT).values(payload=None))
        new = insert(ResultFile).returning(ResultFile.id)
        return int(tx.execute(new, {**row, "staff_id": staff_id, "created_at": now}).scalar_one())


def get(conn: Connection, result: int, batch: int) -> Any:
    """The file of this batch; None: there is none."""
    which = (ResultFile.id == result, ResultFile.batch_id == batch)
    return conn.execute(select(ResultFile.__table__).where(*which)).one_or_none()


def table_of(row: Any) -> dict[str, Any]:
    """What was read of a file that still waits."""
    table: dict[str, Any] = unpack(row.payload)
    return table


def of_batch(conn: Connection, batch: int) -> list[Row[Any]]:
    """A batch's result files without their tables, the newest first; those that were put away are left out."""
    waits = _WAITS.label("waits")
    rows = select(ResultFile.id, ResultFile.filename, ResultFile.created_at, ResultFile.report, waits)
    rows = rows.where(ResultFile.batch_id == batch, _WAITS | ResultFile.report.is_not(None))
    return list(conn.execute(rows.order_by(ResultFile.id.desc()).limit(10)))


def match(result: int, columns: dict[str, Any]) -> None:
    """Its columns mean this."""
    with write() as tx:
        tx.execute(update(ResultFile).where(ResultFile.id == result, _WAITS).values(columns=columns))


def marked(act: "Act", result: int, columns: dict[str, Any], report: dict[str, int]) -> None:
    """What it says was marked, in the same transaction; refused where another tablet has done so, or matched it anew."""
    row = act.tx.execute(
        select(ResultFile.columns).where(ResultFile.id == result, _WAITS).with_for_update()
    ).one_or_none()
    if row is None or row.columns != columns:
        raise Refused(
            _l("This file was marked, put away or matched anew meanwhile. Nothing was changed; look at it again.")
        )
    act.tx.execute(update(ResultFile).where(ResultFile.id == result).values(payload=None, report=report))


def put_away(result: int) -> None:
    with write() as tx:
        tx.execute(update(ResultFile).where(ResultFile.id == result, _WAITS).values(payload=None))


def remember(channel: str, header: Iterable[str], said: dict[str, Any]) -> None:
    """What such columns mean, and the words in them."""
    asking.remember(_mark(channel, header), said)


def remembered(channel: str, header: Iterable[str]) -> dict[str, Any] | None:
    return asking.remembered(read(), _mark(channel, header))


def _mark(channel: str, header: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(["result", channel, *sorted(header)]).encode()).hexdigest()[:32]
