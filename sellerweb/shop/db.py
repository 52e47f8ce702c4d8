"""The database: how a connection is made, and the two ways to use one (read, write). No queries.

SQLite: every write begins IMMEDIATE (a deferred read-then-write fails at once and ignores the busy time-out),
through a pool of one, which is the process's queue of writers; reads have connections of their own.
PostgreSQL: one pool; a writer locks the order's row first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, create_engine, event

from sellerweb.shop.models import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def options(url: str) -> dict[str, Any]:
    """Engine options of the writing engine."""
    if url.startswith("sqlite"):
        return {
            "pool_size": 1,
            "max_overflow": 0,
            "pool_timeout": 10,
            "hide_parameters": True,  # an error quotes no customer
            "execution_options": {"sqlite_begin": "IMMEDIATE"},
        }
    return {"pool_size": 8, "max_overflow": 8, "pool_timeout": 10, "pool_pre_ping": True, "hide_parameters": True}


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        reader = writer = db.engine
        if writer.dialect.name == "sqlite":
            _listen(writer)
            reader = create_engine(writer.url, pool_size=8, max_overflow=8, pool_timeout=10, hide_parameters=True)
            _listen(reader)
    app.extensions["sellerweb_reader"] = reader
    app.teardown_appcontext(lambda _: forget())


@contextmanager
def write() -> Iterator[Connection]:
    """One write transaction: committed at the end, rolled back on any exception."""
    forget()  # who waits for a writer must not hold a reader: the pool would run dry
    try:
        with db.engine.begin() as tx:
            yield tx
    finally:
        forget()  # also after a refusal: what is shown then is what won


def read() -> Connection:
    """The request's reading connection: one snapshot for all that a page shows."""
    if "reading" not in g:
        g.reading = reader().connect()
    return g.reading  # type: ignore[no-any-return]


def forget() -> None:
    """End the request's snapshot, so that the next `read` sees what was just written."""
    conn = g.pop("reading", None)
    if conn is not None:
        conn.close()


def reader() -> Engine:
    engine: Engine = current_app.extensions["sellerweb_reader"]
    return engine


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and is the wrong one
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(conn: Connection) -> None:
    conn.exec_driver_sql(f"BEGIN {conn.get_execution_options().get('sqlite_begin', '')}")
