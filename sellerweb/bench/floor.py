"""The least that ships a piece over HTTP: Flask, one guarded UPDATE, one commit, the same commit settings."""

import os
import sqlite3
import threading

from flask import Flask

app = Flask("floor")
_local = threading.local()


@app.post("/<int:line>")
def ship(line: int) -> tuple[str, int]:
    conn = _connection()
    conn.execute("BEGIN IMMEDIATE")
    moved = conn.execute(
        "UPDATE order_line SET shipped = shipped + 1 WHERE id = ? AND ordered - cancelled - packed - shipped >= 1",
        (line,),
    ).rowcount
    conn.execute("COMMIT")
    return ("shipped", 200) if moved else ("too late", 409)


def _connection() -> sqlite3.Connection:
    if not hasattr(_local, "conn"):
        _local.conn = sqlite3.connect(os.environ["SELLERWEB_BENCH_DB"], isolation_level=None)
        _local.conn.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;")
    conn: sqlite3.Connection = _local.conn
    return conn
