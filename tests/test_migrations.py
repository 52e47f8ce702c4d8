"""The migrations make what the models say, on both databases, and can be undone and done again."""

import re
from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from sellerweb.shop import orders
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import db, reader
from sellerweb.shop.models import Base

pytestmark = pytest.mark.both


@pytest.fixture
def conn(context):
    with reader().connect() as conn:
        yield conn


def ours(_object, name, kind, *_more) -> bool:
    """Not the gram table of SQLite and its shadows, nor PostgreSQL's gram index: no model can have them."""
    return not (name and (name.startswith("order_gram") or name == "ix_order_text_grams"))


def test_the_migrations_make_what_the_models_say(conn):
    options = {"compare_type": True, "include_object": ours}
    assert compare_metadata(MigrationContext.configure(conn, opts=options), Base.metadata) == []


def test_the_check_constraints_are_those_of_the_models(conn, empty_twin):
    """Autogenerate does not look at them, so names and text are compared with tables that the models made."""
    there, should = checks(conn), checks(empty_twin)
    assert there == should
    assert {name for table in there.values() for name in table} == {
        check.name
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }


def test_every_partial_index_has_its_condition(conn, empty_twin):
    assert conditions(conn) == conditions(empty_twin)


def test_down_and_up_again_makes_the_same(context):
    with db.engine.connect() as conn:
        before = shape(conn)
    downgrade(revision="base")
    with db.engine.connect() as conn:
        assert set(inspect(conn).get_table_names()) <= {"alembic_version"}
        assert functions(conn) == 0
    upgrade()
    with db.engine.connect() as conn:
        assert shape(conn) == before


@pytest.mark.parametrize(
    "statement",
    ["UPDATE event SET note = 'x'", "UPDATE event SET seq = 9", "DELETE FROM event", "UPDATE access SET what = 'x'"],
)
def test_nobody_rewrites_history(context, make_order, statement):
    make_order("A1")
    with db.engine.begin() as tx:
        tx.execute(text("INSERT INTO access (at, order_id, what) VALUES ('2026-11-16 00:00:00', 1, 'page')"))
    with pytest.raises(DatabaseError, match="insert-only"), db.engine.begin() as tx:
        tx.execute(text(statement))


def test_a_test_orders_history_may_go_with_it(context, make_order):
    make_order("A1")
    with db.engine.begin() as tx:
        tx.execute(text("UPDATE orders SET is_test = true"))
    with db.engine.begin() as tx:
        assert tx.execute(text("DELETE FROM event")).rowcount == 1


def test_the_database_itself_refuses_counters_that_cannot_be(context, make_order):
    make_order("A1", quantity=2)
    for wrong in (
        "shipped = 3",
        "packed = -1",
        "shipped = 1, delivered = 2",
        "shipped = 1, returned = 2",
        "ordered = 0",
    ):
        with pytest.raises(DatabaseError, match=r"(?i)check"), db.engine.begin() as tx:
            tx.execute(text(f"UPDATE order_line SET {wrong}"))


def test_a_live_number_stands_once_in_the_database_too(context, make_order):
    insert = (
        "INSERT INTO shipment (order_id, state, carrier, carrier_name, number, same_parcel, override_reason, created_at)"
        " VALUES (1, '{state}', 'cj', '', '632976615493', {same}, '', '2026-11-16 00:00:00')"
    )
    make_order("A1")
    with db.engine.begin() as tx:
        for state, same in (("labelled", "false"), ("voided", "false"), ("shipped", "true")):
            tx.execute(text(insert.format(state=state, same=same)))
    with pytest.raises(DatabaseError, match=r"(?i)unique"), db.engine.begin() as tx:
        tx.execute(text(insert.format(state="shipped", same="false")))


def test_an_order_code_and_its_number_stand_once(context, make_order):
    assert make_order("A1", channel="manual") != make_order("A1", channel="qoo10")
    with pytest.raises(DatabaseError, match=r"(?i)unique"):
        make_order("A1", channel="manual")
    assert orders.code_of("A1") == "A1"


@pytest.fixture
def empty_twin(context, tmp_path, request):
    """Another database of the same kind, made by the models alone."""
    twin, drop = _twin(db.engine, tmp_path, request)
    Base.metadata.create_all(twin)
    with twin.connect() as conn:
        yield conn
    twin.dispose()
    drop()


def _twin(engine: Engine, tmp_path, request) -> tuple[Engine, Callable[[], None]]:
    if engine.dialect.name == "sqlite":
        return create_engine(f"sqlite:///{tmp_path / 'twin.db'}"), lambda: None
    server = request.getfixturevalue("postgres")
    name = f"twin_{tmp_path.name}"
    return create_engine(server.create(name)), lambda: server.drop(name)


def checks(conn: Connection) -> dict[str, dict[str, str]]:
    look = inspect(conn)
    return {
        table: {check["name"]: squeezed(check["sqltext"]) for check in look.get_check_constraints(table)}
        for table in Base.metadata.tables
    }


def conditions(conn: Connection) -> dict[str, str]:
    """Each partial index with its condition, as the database tells it."""
    kind = conn.dialect.name
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% WHERE %'",
    }[kind]
    return {name: squeezed(sql.partition(" WHERE ")[2]) for name, sql in conn.execute(text(query))}


def functions(conn: Connection) -> int:
    if conn.dialect.name == "sqlite":
        return 0
    return conn.scalar(text("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace")) or 0


def shape(conn: Connection) -> list[str]:
    """Everything that the database keeps about its own tables, indexes, triggers."""
    if conn.dialect.name == "sqlite":
        return sorted(
            squeezed(sql) for sql in conn.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        )
    queries = (
        "SELECT table_name || column_name || data_type || is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    )
    return sorted(row for query in queries for row in conn.scalars(text(query)))


def squeezed(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def test_disagreements_from_before_they_were_told_are_told_by_one_event_each(context, make_order):
    make_order("A1")
    downgrade(revision="0016")
    columns = "id, order_id, line_id, code, ours, theirs, said, state, seen_at, answered_at"
    with db.engine.begin() as tx:
        for values in (
            "1, 1, 1, 'quantity_changed', '1', '2', '{}', 'open', '2026-11-16 00:00:00', NULL",
            "2, 1, NULL, 'address_again', 'a', 'b', '{}', 'agreed', '2026-11-16 00:00:00', '2026-11-16 01:00:00'",
        ):
            tx.execute(text(f"INSERT INTO conflict ({columns}) VALUES ({values})"))
    upgrade()
    report = audit()
    assert is_clean(report), report
    with reader().connect() as conn:
        told = conn.execute(
            text("SELECT verb, version FROM event JOIN orders ON orders.id = order_id ORDER BY seq")
        ).all()
    assert told == [("place", 3), ("disagree", 3), ("agree", 3)]
