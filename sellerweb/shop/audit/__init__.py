"""The audit: recomputes every invariant from the rows alone and names the first row that breaks one. Writes nothing.

It asks none of the code that keeps the invariants but the pure ones (`states`, `cancelling`), and runs in constant memory while the
shop works: one snapshot, a few hundred orders at a time.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from sellerweb.shop.audit import (
    claims,
    conflicts,
    customers,
    history,
    money,
    notices,
    once,
    pieces,
    shelves,
    stage,
    tellings,
    threads,
)
from sellerweb.shop.audit.whole import Finding, Whole, strays, wholes
from sellerweb.shop.db import reader

# Each check gives, for every thing that it looked at, None or what is wrong with it.
BY_ORDER = (
    ("Q1", pieces.counters),
    ("Q2", pieces.parcels),
    ("Q2", claims.pieces),
    ("Q3", pieces.never_too_many),
    ("Q4", pieces.never_both),
    ("Q5", stage.stage),
    ("Q5", claims.flag),
    ("H1", history.sequence),
    ("H2", history.replay),
    ("H3", history.actions),
    ("D1", once.actions),
    ("D2", once.lines),
    ("N1", notices.owed),
    ("N2", notices.ends),
    ("N3", notices.true),
    ("M1", money.totals),
    ("M2", money.refunds),
    ("M2", money.never_more_than_paid),
    ("C1", customers.links),
    ("C2", customers.in_time),
    ("C3", customers.posted),
    ("K2", conflicts.settled),
)
BY_TABLE = (
    ("Q2", pieces.foreign),
    ("Q5", stage.tallies),
    ("H1", strays),
    ("H3", history.notices),
    ("D2", once.orders),
    ("D2", once.imports),
    ("M1", money.integers),
    ("C1", customers.shared),
    ("C1", customers.kept),
    ("T1", threads.clocks),
    ("T2", threads.histories),
    ("S1", shelves.moved),
    ("S2", shelves.reserved),
    ("K1", tellings.batches),
    ("K1", tellings.words),
    ("K1", tellings.parcels),
    ("K1", tellings.days),
)

Report = dict[str, dict[str, Any]]


def audit() -> Report:
    """{invariant: {checked, violations, first}}; `first` is None, or {table, id, order, seq, what}."""
    report: Report = {name: {"checked": 0, "violations": 0, "first": None} for name, _check in BY_ORDER + BY_TABLE}
    with reader().connect() as conn:
        conn = _one_snapshot(conn)
        for whole in wholes(conn):
            _by_order(report, whole)
        for name, check in BY_TABLE:
            _count(report[name], check(conn))
    return report


def is_clean(report: Report) -> bool:
    return not any(row["violations"] for row in report.values())


def _one_snapshot(conn: Connection) -> Connection:
    # On SQLite a transaction is one snapshot anyway; on PostgreSQL each statement would see a later shop.
    return conn if conn.dialect.name == "sqlite" else conn.execution_options(isolation_level="REPEATABLE READ")


def _by_order(report: Report, whole: Whole) -> None:
    for name, check in BY_ORDER:
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
