"""The tests' PostgreSQL server: starts, keeps databases apart, and leaves nothing behind."""

import time
from pathlib import Path

import postgres_server
import psycopg
import pytest
from postgres_server import PostgresMissing, PostgresServer
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server():
    with PostgresServer() as running:
        yield running


def test_it_speaks_korean_and_has_room_for_many(server):
    engine = create_engine(server.create("주문"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT '배송' || length('배송')")) == "배송2"
        assert connection.scalar(text("SHOW max_connections")) == "200"
        assert connection.scalar(text("SHOW listen_addresses")) == ""
    engine.dispose()


def test_databases_come_and_go(server):
    server.create("short_lived")
    server.drop("short_lived")
    server.drop("short_lived")
    engine = create_engine(server.url("short_lived"))
    with pytest.raises(OperationalError, match="does not exist"):
        engine.connect()
    engine.dispose()


def test_drop_does_not_wait_for_those_still_connected(server):
    server.create("busy")
    with psycopg.connect(host=server.socket_dir, user="postgres", dbname="busy") as connection:
        server.drop("busy")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_stop_leaves_nothing_behind():
    server = PostgresServer(fsync=True)
    folder = Path(server.socket_dir)
    postmaster = Path("/proc", (folder / "data/postmaster.pid").read_text().split()[0])
    assert postmaster.exists()
    server.stop()
    server.stop()
    deadline = time.monotonic() + 5
    while postmaster.exists() and time.monotonic() < deadline:  # its last act and its end are two moments
        time.sleep(0.01)
    assert not postmaster.exists()
    assert not folder.exists()


def test_a_server_that_cannot_start_says_why():
    with pytest.raises(RuntimeError, match="max_connections"):
        PostgresServer(max_connections=0)


def test_a_missing_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres_server.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres_server, "Path", lambda folder: tmp_path)
    with pytest.raises(PostgresMissing, match="apt-get install postgresql"):
        PostgresServer()
