"""A desk to measure: the whole app over a shop of any size, with somebody signed in; and a bare Flask app as floor."""

import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from sellerweb import config, create_app
from sellerweb.bench import stock
from sellerweb.shop import db, staff

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@contextmanager
def shop(count: int) -> Iterator[tuple[Flask, FlaskClient, Path]]:
    """A shop of `count` orders in a folder of its own, the app, and a client that is signed in as its owner."""
    with TemporaryDirectory(prefix="sellerweb-bench-") as folder:
        settings = config.read({"SELLERWEB_DATA_DIR": folder})
        app = create_app(settings)
        path = Path(folder) / "sellerweb.db"
        with app.app_context():
            upgrade()
        stock.fill(path, count)
        yield app, sign_in(app), path
        with app.app_context():
            db.db.engine.dispose()
            db.reader().dispose()
        shutil.rmtree(folder, ignore_errors=True)


def sign_in(app: Flask) -> FlaskClient:
    """Somebody at the desk, without the half second that a password takes."""
    with app.app_context():
        secret = staff.add("bench", "owner")
        token = staff.sign_in("bench", secret, "127.0.0.1")
        with db.write() as tx:
            tx.exec_driver_sql("UPDATE staff SET must_change = false")
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def statements(app: Flask, act: Callable[[], Any]) -> int:
    """How many SQL statements `act` makes, BEGIN and PRAGMA left out."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, text: str, *_: Any) -> None:
        if not text.startswith(("BEGIN", "PRAGMA")):
            seen.append(text)

    with app.app_context():
        engines = {db.db.engine, db.reader()}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    act()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def medians(cases: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each case; the cases take turns, so that a noisy moment meets them all."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for round_ in range(rounds + 5):
        for name, act in cases.items():
            start = time.perf_counter()
            act()
            if round_ >= 5:  # the first ones warm up
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(t) for name, t in times.items()}


def floor_app(path: Path) -> FlaskClient:
    """The least that answers the same question: Flask, sqlite3, an f-string. No person, no language, no rules."""
    app = Flask("floor")
    conn = sqlite3.connect(path, check_same_thread=False)

    @app.get("/")
    def rows() -> str:
        found = conn.execute(
            "SELECT code, channel, order_no, stage, ordered_at, ship_due_at, receiver_name, town, goods, lines_count, pieces,"
            " total, message FROM orders WHERE stage IN ('new','preparing','ready','partly_shipped') AND archived_at IS NULL"
            " ORDER BY ship_due_at, id LIMIT 51"
        ).fetchall()
        conn.execute("SELECT staff_id FROM staff_session WHERE key = ?", ("x",)).fetchone()
        return "<ol>" + "".join(_ROW.format(*r) for r in found[:50]) + "</ol>"

    return app.test_client()


_ROW = (
    '<li class="row" id="order-{0}"><div class="line"><label class="pick"><input type="checkbox" name="id" value="{0}" form="picked">'
    '<span class="vh">Pick {0}</span></label><div class="flex c-id"><span class="ch" title="{1}"><span aria-hidden="true">N</span>'
    '<span class="vh">{1}</span></span><div class="two"><a class="num ref sm" href="/orders/{0}">{2}</a><span class="xs mute num">{4}</span>'
    '</div></div><div class="two c-who"><span class="strong clip">{6}</span><span class="xs mute clip">{7}</span></div>'
    '<div class="two c-what"><span class="clip">{8}</span><span class="xs mute clip">{10} pcs · {11} · {12}</span></div><div class="c-due">'
    '<time class="badge num b-info" datetime="{5}" title="{5}"><svg class="i s" aria-hidden="true"><use href="/static/icons.svg#clock">'
    '</use></svg>{5}</time></div><div class="c-act"><a class="btn wide" href="/orders/{0}/ship" hx-get="/orders/{0}/ship" '
    'hx-target="#order-{0}" hx-swap="outerHTML" aria-expanded="false"><svg class="i" aria-hidden="true"><use '
    'href="/static/icons.svg#truck"></use></svg>Ship</a></div></div><div id="panel-{0}" class="slot" hx-morph-skip></div></li>'
)
