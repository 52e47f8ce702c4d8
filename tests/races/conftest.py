"""`served`: the program as a shop runs it. `twin`: two apps in this process, whose guards a test may take out.

Both on SQLite and on PostgreSQL, with somebody at each of their pages.
"""

import shutil
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from bare_shop import Shop
from flask import Flask
from live import Live
from races.ground import Ground
from races.hands import Inside, Seats, Wire, at_desk, at_home
from sqlalchemy import insert

from sellerweb import config, create_app
from sellerweb.shop import clock
from sellerweb.shop.db import db, reader, write
from sellerweb.shop.models import Staff

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=DATABASES)
def fresh(request, sqlite_template, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """`.url` is a migrated, empty database of a module's own, `.folder` its place."""
    folder = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        yield SimpleNamespace(folder=folder, url=f"sqlite:///{shutil.copy(sqlite_template, folder / 'shop.db')}")
        return
    server = request.getfixturevalue("postgres")
    yield SimpleNamespace(folder=folder, url=server.create(folder.name, "empty"))
    server.drop(folder.name)


@pytest.fixture(scope="module")
def served(fresh) -> Iterator[SimpleNamespace]:
    """`.ground` is the shop from inside; `.seats` and `.others` are browsers, each with a connection of its own."""
    live = Live(fresh.folder, fresh.url, "en")
    sends = [Wire(live.url) for _ in range(4)]
    try:
        homes, desks = [at_home(live.app, s) for s in sends[:2]], [at_desk(live.app, s) for s in sends[2:]]
        seats, others = (Seats(home, *desks, live.app) for home in homes)
        yield SimpleNamespace(ground=Ground(live.app), seats=seats, others=others)
    finally:
        for send in sends:
            send.close()
        live.stop()


@pytest.fixture(scope="module")
def twin(fresh, kept_password) -> Iterator[SimpleNamespace]:
    """The same from two apps in this process: each has its own connections, so that only the database stands between them.

    And the database checks nothing: what holds, our own guards hold.
    """
    env = {"DATA_DIR": str(fresh.folder), "DATABASE_URL": fresh.url, "SECRET_KEY": "for tests alone"}
    env |= {"BASE_URL": "http://localhost", "LANGUAGE": "en"}
    settings = config.read({f"SELLERWEB_{name}": value for name, value in env.items()})
    apps = [create_app(settings) for _ in range(2)]
    _prepare(apps, fresh.url, kept_password)
    homes, desks = [at_home(app, Inside(app)) for app in apps], [at_desk(app, Inside(app)) for app in apps]
    seats, others = Seats(homes[0], desks[1], desks[0], apps[1]), Seats(homes[1], desks[0], desks[1], apps[0])
    yield SimpleNamespace(ground=Ground(apps[0]), seats=seats, others=others)
    for app in apps:
        with app.app_context():
            reader().dispose()
            db.engine.dispose()


def _prepare(apps: list[Flask], url: str, kept_password: str) -> None:
    """Alice may sign in, and no CHECK of the database stands in anybody's way."""
    alice = {"name": "Alice", "role": "owner", "password": kept_password, "created_at": clock.now()}
    with apps[0].app_context():
        with write() as tx:
            tx.execute(insert(Staff).values(must_change=False, language="", sound=False, active=True, **alice))
        Shop(apps[0], url).damage()
    for app in apps:
        with app.app_context(), db.engine.begin() as conn:
            if conn.dialect.name == "sqlite":
                conn.exec_driver_sql("PRAGMA ignore_check_constraints = ON")  # stays so on the one writing connection
