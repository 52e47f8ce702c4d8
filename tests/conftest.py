"""What tests start from: a fresh, migrated database, the app on it, the cast, and orders."""

import shutil
from datetime import timedelta

import kept_rules
import pytest
from argon2 import PasswordHasher
from flask_migrate import upgrade
from kept_app import KeptApp, close, strict_app
from person import PASSWORD, Person
from sqlalchemy import insert

from sellerweb import config, create_app
from sellerweb.shop import clock, history, intake, passwords, staff
from sellerweb.shop.db import write
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Staff

CAST = {"Alice": "owner", "Bob": "manager", "Carol": "packer"}
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def pytest_configure(config):
    kept_rules.install()
    config.addinivalue_line("markers", "both: runs on SQLite and on PostgreSQL")


def pytest_generate_tests(metafunc):
    if metafunc.definition.get_closest_marker("both"):
        metafunc.parametrize("database", DATABASES, indirect=True)


@pytest.fixture(autouse=True, scope="session")
def quick_passwords():
    """A third of a second for every password is right at the door and wrong in a thousand tests."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", quick)
        patch.setattr(passwords, "_NOBODYS", quick.hash("nobody's"))
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """An empty SQLite database, made once by the real migrations."""
    folder = tmp_path_factory.mktemp("template")
    _migrate(folder, f"sqlite:///{folder / 'empty.db'}")
    return folder / "empty.db"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A PostgreSQL server with the database `empty`, made once by the real migrations."""
    from postgres_server import PostgresServer

    with PostgresServer() as server:
        _migrate(tmp_path_factory.mktemp("postgres"), server.create("empty"))
        yield server


@pytest.fixture
def database(request, tmp_path):
    """The address of a fresh, migrated database: SQLite, or what the mark `both` asks for."""
    if getattr(request, "param", "sqlite") == "sqlite":
        path = tmp_path / "shop.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres")
    name = f"shop_{tmp_path.name}"
    yield server.create(name, "empty")
    server.drop(name)


@pytest.fixture
def settings(tmp_path, database):
    return _settings(tmp_path / "data", database)


@pytest.fixture(scope="session")
def kept_apps():
    """{"sqlite": the app that all tests on SQLite share, …}, each made when first asked for."""
    return {}


@pytest.fixture
def app(settings, kept_apps, tmp_path_factory):
    kind = settings.database_url.partition(":")[0]
    if kind not in kept_apps:
        kept_apps[kind] = KeptApp(_settings(tmp_path_factory.mktemp(kind), settings.database_url))
    app = kept_apps[kind].on(settings)
    yield app
    close(app)


@pytest.fixture
def app_alone(settings):
    """An app of this test's own, which may be given routes."""
    app = strict_app(settings)
    yield app
    close(app)


@pytest.fixture
def context(app):
    """For tests of the shop itself, which needs a database but no request."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def kept_password(quick_passwords):
    return passwords.keep(PASSWORD)


@pytest.fixture
def cast(app, kept_password):
    """Alice the owner, Bob the manager, Carol the packer: {name: id}."""
    rows = [
        {"name": name, "role": role, "password": kept_password, "created_at": clock.now(), "must_change": False}
        | {"language": "", "sound": False, "active": True}
        for name, role in CAST.items()
    ]
    with app.app_context(), write() as tx:
        return {row["name"]: tx.execute(insert(Staff).values(row).returning(Staff.id)).scalar_one() for row in rows}


@pytest.fixture
def at_desk(app, cast):
    """at_desk("Carol"): that person, signed in, in a browser of their own. (How the form lets people in: desk/test_door.py.)"""

    def arrive(name):
        person = Person(app.test_client(), name)
        with app.app_context():
            session = staff.sign_in(name, PASSWORD, "127.0.0.1")
        with person.client.session_transaction() as cookie:
            cookie.update(_user_id=session, _fresh=True)
        return person

    return arrive


@pytest.fixture
def desk(at_desk):
    """Alice, signed in."""
    return at_desk("Alice")


@pytest.fixture
def stranger(client, cast):
    """Somebody at the same desk who has not signed in."""
    return Person(client)


@pytest.fixture
def make_order(app):
    """make_order("A1", state="new", quantity=2, channel="manual", currency="KRW", …fields of OrderIn): its code."""

    def make(order_no="A1", *, state="new", channel="smartstore", quantity=1, lines=None, **fields):
        now = clock.now()
        known = {
            "currency": "KRW",
            "ordered_at": now - timedelta(hours=2),
            "paid_at": None if state in ("unpaid", "waiting") else now - timedelta(hours=2),
            "receiver_name": "김서준",
            "buyer_name": "김서준",
            "phone": "010-1234-5678",
            "postcode": "06236",
            "address": "서울특별시 강남구 테헤란로 152, 12층",
            "country": "KR",
        }
        lines = lines or [
            LineIn(f"{order_no}-1", "크라프트 노트 A5", quantity, state, option="라인", total=12_400 * quantity)
        ]
        with app.app_context(), history.act(history.CHANNEL, "import") as act:
            return intake.place(act, channel, OrderIn(order_no, lines=lines, **known | fields)).order.code

    return make


def _settings(folder, database):
    return config.read(
        {
            "SELLERWEB_DATA_DIR": str(folder),
            "SELLERWEB_DATABASE_URL": database,
            "SELLERWEB_SECRET_KEY": "for tests alone",
            "SELLERWEB_BASE_URL": "http://localhost",
            "SELLERWEB_LANGUAGE": "en",
            "SELLERWEB_SHOP_NAME": "달빛문구",
        }
    )


def _migrate(folder, url):
    app = create_app(config.read({"SELLERWEB_DATA_DIR": str(folder), "SELLERWEB_DATABASE_URL": url}))
    with app.app_context():
        upgrade()
    close(app)
