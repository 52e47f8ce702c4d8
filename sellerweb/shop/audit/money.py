"""M1: money and counts are whole numbers, in a currency that exists, and add up. M2: never more goes back than was paid.

Reads only what it is given.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from babel.numbers import is_currency
from sqlalchemy import (
    ColumnClause,
    Connection,
    Integer,
    Numeric,
    Select,
    false,
    func,
    inspect,
    literal_column,
    or_,
    select,
)

from sellerweb.shop.audit.replayed import Facts
from sellerweb.shop.audit.whole import Finding, Whole
from sellerweb.shop.models import Base

_WHOLE = ("integer", "null")


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
    columns = inspect(conn).get_multi_columns(filter_names=list(Base.metadata.tables))
    for (_schema, name), there in columns.items():
        for column in there:
            what = f"{column['name']} is of type {column['type']}"
            yield Finding(name, None, "", None, what) if isinstance(column["type"], Numeric) else None
    if conn.dialect.name == "sqlite":  # PostgreSQL's integer columns hold nothing else
        for name in Base.metadata.tables:
            yield from _fractions(conn, name)


def _fractions(conn: Connection, table: str) -> Iterator[Finding]:
    names, odd = _odd(table)
    for row in conn.execute(odd):
        for column, value, kind in zip(names, row[1::2], row[2::2], strict=True):
            if kind not in _WHOLE:
                yield Finding(table, row.id, "", None, f"{column} is {value!r}")


@cache
def _odd(table: str) -> tuple[list[str], Select[Any]]:
    """The whole-number columns of a table, and the rows of which one is none: each with its value and its kind."""
    # SQLite keeps what it is given: 1.5 in an INTEGER column stays 1.5. One look at a table, however many columns it has.
    names = [column.name for column in Base.metadata.tables[table].c if isinstance(column.type, Integer)]
    values: list[ColumnClause[Any]] = [literal_column(f'"{name}"') for name in names]  # of our own models
    kinds = [func.typeof(value) for value in values]
    pairs = [one.label(f"{what}{n}") for n in range(len(names)) for what, one in (("v", values[n]), ("k", kinds[n]))]
    odd = select(literal_column("rowid").label("id"), *pairs).select_from(Base.metadata.tables[table])
    return names, odd.where(or_(false(), *(kind.not_in(_WHOLE) for kind in kinds)))


def refunds(whole: Whole) -> Iterator[Finding | None]:
    """M2: an order's refunds are in its money, one for each claim at a time, and add up to what the order says."""
    counted = [refund for refund in whole.refunds if refund.state != "failed"]
    of_claim = Counter(refund.claim_id for refund in counted if refund.claim_id is not None)
    for refund in whole.refunds:
        if refund.currency != whole.order.currency:
            wrong = f"is in {refund.currency}, the order in {whole.order.currency}"
        elif refund in counted and of_claim[refund.claim_id] > 1:
            wrong = f"claim {refund.claim_id} is paid back {of_claim[refund.claim_id]} times"
        else:
            wrong = ""
        yield whole.finding("refund", refund.id, wrong) if wrong else None
    back = sum(refund.amount for refund in counted)
    wrong = f"refunded is {whole.order.refunded}, the refunds add up to {back}"
    yield None if back == whole.order.refunded else whole.finding("orders", whole.order.id, wrong)


def never_more_than_paid(whole: Whole) -> Iterator[Finding | None]:
    """M2: event by event, what was to go back never exceeded what had been paid."""
    worth = (whole.order.total or 0) + whole.order.shipping_fee
    then = Facts()
    for event in whole.events:
        then.play(event)
        if "refunds" in event.changes:
            back = sum(refund["amount"] for refund in then.refunds.values() if refund["state"] != "failed")
            paid = worth if then.order["paid_at"] else 0
            wrong = f"{back} were to go back of {paid} paid"
            yield None if back <= paid else whole.finding("event", event.id, wrong, event.seq)
