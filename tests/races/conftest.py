"""`served`: the program as a shop runs it, on SQLite and on PostgreSQL. `twin`: two apps of one database in this process,

whose guards a test may take out. Both have somebody at each of their pages.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from bare_shop import Shop
from live import Live
from races.ground import Ground
from races.hands import Inside, Seats, Wire, at_desk, at_home

from sellerweb import create_app
from sellerweb.shop.db import db, reader

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=DATABASES)
def served(request, sqlite_template, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """`.ground` is the shop from inside; `.seats` and `.others` are browsers, each with a connection of its own."""
    folder = tmp_path_factory.mktemp("races")
    database = sqlite_template
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        database = server.create(folder.name, "empty")
    live = Live(folder, database, "en")
    sends = [Wire(live.url) for _ in range(4)]
    try:
        homes, desks = [at_home(live.app, s) for s in sends[:2]], [at_desk(live.app, s) for s in sends[2:]]
        seats, others = (Seats(home, *desks, live.app) for home in homes)
        yield SimpleNamespace(ground=Ground(live.app), seats=seats, others=others)
    finally:
        for send in sends:
            send.close()
        live.stop()
        if request.param == "postgresql":
            server.drop(folder.name)


@pytest.fixture
def twin(settings, app, cast, compiled_templates) -> Iterator[SimpleNamespace]:
    """The same from two apps in this process: each has its own connections, so that only the database stands between them."""
    apps = [app, create_app(settings)]
    for one in apps:
        one.jinja_env.bytecode_cache = compiled_templates
        one.testing = False  # what breaks is an answer, as in the served program
    homes, desks = [at_home(one, Inside(one)) for one in apps], [at_desk(one, Inside(one)) for one in apps]
    seats = [Seats(homes[0], desks[1], desks[0], apps[1]), Seats(homes[1], desks[0], desks[1], apps[0])]
    shop = Shop(app, settings.database_url)
    yield SimpleNamespace(ground=Ground(app), seats=seats[0], others=seats[1], apps=apps, shop=shop)
    with apps[1].app_context():
        reader().dispose()
        db.engine.dispose()
