"""Fixtures of the shop room's tests: `shop` (SQLite) and `both` (the same test on SQLite and PostgreSQL)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from bare_shop import Shop, opened
from postgres_server import PostgresServer
from psycopg import sql

_COPY = sql.SQL("CREATE DATABASE {} TEMPLATE template_shop")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    with opened(f"sqlite:///{folder / 'shop.db'}", folder):
        flask_migrate.upgrade()
    return folder / "shop.db"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server whose database `template_shop` is migrated and empty."""
    with PostgresServer() as server:
        with opened(server.create("template_shop"), Path("/tmp")):
            flask_migrate.upgrade()
        yield server


@pytest.fixture
def shop(migrated: Path, tmp_path: Path) -> Iterator[Shop]:
    shutil.copy(migrated, tmp_path / "shop.db")
    with opened(f"sqlite:///{tmp_path / 'shop.db'}", tmp_path) as shop:
        yield shop


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def both(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """The same test in a shop on SQLite and in one on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("shop")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    server._run(_COPY, "shop")
    with opened(server.url("shop"), request.getfixturevalue("tmp_path")) as shop:
        yield shop
    server.drop("shop")
