"""Files of one's own whose columns nobody knows yet: kept until somebody says what they are; and what was said, for the next one.

Such a file is an import with nothing to take in (`done`, no orders) that still has its payload, the table. No reading of files.
"""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, Connection, bindparam, insert, select, text, update

from sellerweb.shop import clock, imports
from sellerweb.shop.db import read, write
from sellerweb.shop.models import Import, Setting, UtcTime
from sellerweb.shop.packed import pack, unpack
from sellerweb.shop.refused import Refused

KEPT = timedelta(days=7)
_ASKS = (Import.channel == "manual", Import.state == "done", Import.payload.is_not(None))
_PUT_AWAY = (
    update(Import).where(*_ASKS).values(state="failed", payload=None, report={**imports.NOTHING, "put_away": True})
)
_REMEMBER = text(
    "INSERT INTO setting (name, value, changed_at) VALUES (:name, :value, :at)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at"
).bindparams(bindparam("value", type_=JSON()), bindparam("at", type_=UtcTime()))


def ask(table: dict[str, Any], filename: str, staff_id: int | None) -> int:
    """Keep a table until its columns are known, a week at most. Returns the import's id."""
    now = clock.now()
    row = {**_asks(table), "filename": filename[:200], "staff_id": staff_id, "created_at": now}
    with write() as tx:
        tx.execute(_PUT_AWAY.where(Import.created_at < now - KEPT))
        return int(tx.execute(insert(Import).returning(Import.id), row).scalar_one())


def ask_of(import_id: int, table: dict[str, Any]) -> None:
    """The same of a file that the worker has read."""
    with write() as tx:
        tx.execute(update(Import).where(Import.id == import_id).values(**_asks(table), how={}, leased_until=None))


def _asks(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "channel": "manual",
        "state": "done",
        "payload": pack(table),
        "report": {**imports.NOTHING, "rows": len(table["rows"]), "asks": True},
    }


def asked(import_id: int) -> dict[str, Any] | None:
    """The table that waits for its columns; None: it does not, or no more."""
    payload = read().scalar(select(Import.payload).where(Import.id == import_id, *_ASKS))
    return unpack(payload) if payload else None


def answer(import_id: int, columns: dict[str, str], currency: str) -> None:
    """Its columns are known now: the worker reads the table by them. Raises Refused."""
    how = imports.kept_how(imports.How(columns=columns, currency=currency))
    with write() as tx:
        imports.refuse_second(tx, "manual")
        asks = update(Import).where(Import.id == import_id, *_ASKS)
        if not tx.execute(asks.values(state="unread", how=how, report=imports.NOTHING)).rowcount:
            raise Refused(
                _l("The columns of this file were matched already, or it was put away. Nothing was taken in twice.")
            )


def discard(import_id: int) -> None:
    """The file is not wanted after all: of it stays that it was there."""
    with write() as tx:
        tx.execute(_PUT_AWAY.where(Import.id == import_id))


def remember(fingerprint: str, said: dict[str, Any]) -> None:
    """What the columns with this fingerprint mean, for the next file that has them."""
    with write() as tx:
        tx.execute(_REMEMBER, {"name": _name(fingerprint), "value": said, "at": clock.now()})


def remembered(conn: Connection, fingerprint: str) -> dict[str, Any] | None:
    said: dict[str, Any] | None = conn.scalar(select(Setting.value).where(Setting.name == _name(fingerprint)))
    return said


def _name(fingerprint: str) -> str:
    return f"columns:{fingerprint}"
