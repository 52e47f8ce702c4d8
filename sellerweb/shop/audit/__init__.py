"""The audit: recomputes every invariant from the rows alone and names the first row that breaks one. Writes nothing.

It asks none of the code that keeps the invariants but the pure ones (`states`), and runs in constant memory while the
shop works: one snapshot, a few hundred orders at a time.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from sellerweb.shop.audit import history, money, pieces, stage
from sellerweb.shop.audit.whole import Finding, Whole, strays, wholes
from sellerweb.shop.db import reader

# Each check gives, for every thing that it looked at, None or what is wrong with it.
BY_ORDER = {
    "Q1": pieces.counters,
    "Q2": pieces.parcels,
    "Q3": pieces.never_too_many,
    "Q4": pieces.never_both,
    "Q5": stage.stage,
    "H1": history.sequence,
    "H2": history.replay,
    "H3": history.actions,
    "M1": money.totals,
}
BY_TABLE = {"Q2": pieces.foreign, "Q5": stage.tallies, "H1": strays, "H3": history.notices, "M1": money.integers}

Report = dict[str, dict[str, Any]]


def audit() -> Report:
    """{invariant: {checked, violations, first}}; `first` is None, or {table, id, order, seq, what}."""
    report: Report = {name: {"checked": 0, "violations": 0, "first": None} for name in BY_ORDER}
    with reader().connect() as conn:
        conn = _one_snapshot(conn)
        for whole in wholes(conn):
            _by_order(report, whole)
        for name, check in BY_TABLE.items():
            _count(report[name], check(conn))
    return report


def is_clean(report: Report) -> bool:
    return not any(row["violations"] for row in report.values())


def _one_snapshot(conn: Connection) -> Connection:
    # On SQLite a transaction is one snapshot anyway; on PostgreSQL each statement would see a later shop.
    return conn if conn.dialect.name == "sqlite" else conn.execution_options(isolation_level="REPEATABLE READ")


def _by_order(report: Report, whole: Whole) -> None:
    for name, check in BY_ORDER.items():
        try:
            _count(report[name], check(whole))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # Rows that nobody of ours wrote (text for a number): worth a finding, not a crash.
            what = f"cannot be followed: {error}"
            _count(report[name], [whole.finding("orders", whole.order.id, what)])


def _count(row: dict[str, Any], results: Iterable[Finding | None]) -> None:
    for finding in results:
        row["checked"] += 1
        if finding is not None:
            row["violations"] += 1
            row["first"] = row["first"] or finding.as_dict()
