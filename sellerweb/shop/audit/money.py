"""M1: money and counts are whole numbers, in a currency that exists, and add up. Reads only what it is given."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from babel.numbers import is_currency
from sqlalchemy import ColumnClause, Connection, Integer, Numeric, func, inspect, literal_column, select

from sellerweb.shop.audit.whole import Finding, Whole
from sellerweb.shop.models import Base


def totals(whole: Whole) -> Iterator[Finding | None]:
    """An order's total is the sum of its lines' where all are known; its currency is one that exists."""
    order = whole.order
    amounts = [line.total for line in whole.lines if line.total is not None]
    should = sum(amounts) if len(amounts) == len(whole.lines) else None
    if not _exists(order.currency):
        wrong = f"currency is {order.currency!r}"
    elif order.total != should:
        wrong = f"total is {order.total}, its lines add up to {should}"
    elif min(order.shipping_fee, *amounts, 0) < 0:
        wrong = "an amount is below zero"
    else:
        wrong = ""
    yield whole.finding("orders", order.id, wrong) if wrong else None


@cache
def _exists(currency: str) -> bool:
    return currency.isupper() and is_currency(currency)


def integers(conn: Connection) -> Iterator[Finding | None]:
    """No column is of a kind with fractions, and none on SQLite holds one all the same."""
    for name, table in Base.metadata.tables.items():
        for there in inspect(conn).get_columns(name):
            what = f"{there['name']} is of type {there['type']}"
            yield Finding(name, None, "", None, what) if isinstance(there["type"], Numeric) else None
        if conn.dialect.name != "sqlite":
            continue  # PostgreSQL's integer columns hold nothing else
        for column in table.c:
            if isinstance(column.type, Integer):
                yield from _fractions(conn, name, column.name)


def _fractions(conn: Connection, table: str, column: str) -> Iterator[Finding]:
    # SQLite keeps what it is given: 1.5 in an INTEGER column stays 1.5.
    value: ColumnClause[Any] = literal_column(f'"{column}"')  # a name of our own models
    odd = select(literal_column("rowid").label("id"), value.label("value")).select_from(Base.metadata.tables[table])
    for row in conn.execute(odd.where(func.typeof(value).not_in(["integer", "null"]))):
        yield Finding(table, row.id, "", None, f"{column} is {row.value!r}")
