"""A shop without pages: places orders, does verbs as its people do, and looks at the rows that come of it."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import Select, select, text

from sellerweb.shop import history, intake
from sellerweb.shop.db import db, reader
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Base, Order

PACKER = history.Actor("staff", role="packer")
OWNER = history.Actor("staff", role="owner")
MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 10:00 in Seoul


class Shop:
    """One shop with its own database. `do` is one staff member pressing one button."""

    packer, owner = PACKER, OWNER

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url

    def place(self, order_no: str = "A1", *lines: LineIn, channel: str = "manual", **told: Any) -> SimpleNamespace:
        """An order of one line with three pieces, unless told otherwise; returns its row."""
        told = {
            "currency": "KRW",
            "ordered_at": MONDAY,
            "phone": "010-1234-5678",
            "address": "서울특별시 마포구 1",
            **told,
        }
        lines = lines or (LineIn("1", "노트", 3, "new", total=9000),)
        with history.act(history.CHANNEL, "import") as act:
            intake.place(act, channel, OrderIn(order_no, lines=list(lines), **told))
        return self.order(order_no)

    def tell(self, order_no: str, *lines: LineIn, channel: str = "manual", **told: Any) -> tuple[str, list[str]]:
        """The channel says this about the order now."""
        with history.act(history.CHANNEL, "import") as act:
            return intake.take(act, channel, OrderIn(order_no, lines=list(lines), **{"currency": "KRW", **told}))

    def do(self, verb: Callable[..., Any], code: str, *args: Any, by: history.Actor = PACKER, **more: Any) -> Any:
        with history.act(by, verb.__name__) as act:
            return verb(act.order(code), *args, **more)

    def order(self, order_no: str = "A1") -> SimpleNamespace:
        return self._typed(select(Order.__table__).where(Order.order_no == order_no))[0]

    def lines(self, order_no: str = "A1") -> list[SimpleNamespace]:
        return self._of("order_line", order_no, "position")

    def line(self, order_no: str = "A1") -> SimpleNamespace:
        return self.lines(order_no)[0]

    def parcels(self, order_no: str = "A1") -> list[SimpleNamespace]:
        return self._of("shipment", order_no, "id")

    def events(self, order_no: str = "A1") -> list[str]:
        """What the history says, in order: "order place", "shipment pack", …"""
        return [f"{e.thing} {e.verb}" for e in self._of("event", order_no, "seq")]

    def notices(self, order_no: str = "A1") -> list[tuple[str, str]]:
        return [(n.letter, n.state) for n in self._of("notice", order_no, "id")]

    def rows(self, query: str, **values: Any) -> list[SimpleNamespace]:
        with reader().connect() as conn:
            return [SimpleNamespace(**row._mapping) for row in conn.execute(text(query), values)]

    def sql(self, *statements: str) -> None:
        """Behind the shop's back, in one transaction."""
        with db.engine.begin() as conn:
            for statement in statements:
                conn.exec_driver_sql(statement)

    def damage(self, *statements: str) -> None:
        """The same with every guard of the database put aside: triggers, CHECKs and foreign keys."""
        if self.url.startswith("sqlite"):
            # A plain connection: foreign keys are off until they are asked for.
            with sqlite3.connect(self.url.removeprefix("sqlite:///")) as conn:
                conn.execute("PRAGMA ignore_check_constraints = ON")
                for (trigger,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                    conn.execute(f"DROP TRIGGER {trigger}")
                for statement in statements:
                    conn.execute(statement)
            conn.close()
            return
        checks = self.rows(
            "SELECT conname AS name, CAST(conrelid::regclass AS text) AS place FROM pg_constraint"
            " WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace"
        )
        guarded = self.rows(
            "SELECT DISTINCT CAST(tgrelid::regclass AS text) AS place FROM pg_trigger WHERE NOT tgisinternal"
        )
        self.sql(
            *(f"ALTER TABLE {guard.place} DISABLE TRIGGER USER" for guard in guarded),
            *(f"ALTER TABLE {check.place} DROP CONSTRAINT {check.name}" for check in checks),
            *statements,
        )

    def dump(self, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of these tables: equal before and after means that nothing was written."""
        with reader().connect() as conn:
            return {t: sorted(map(tuple, conn.execute(text(f"SELECT * FROM {t}"))), key=repr) for t in tables}

    def _of(self, table: str, order_no: str, by: str) -> list[SimpleNamespace]:
        rows = Base.metadata.tables[table]
        of_order = rows.c.order_id == select(Order.id).where(Order.order_no == order_no).scalar_subquery()
        return self._typed(select(rows).where(of_order).order_by(rows.c[by]))

    def _typed(self, query: Select[Any]) -> list[SimpleNamespace]:
        with reader().connect() as conn:
            return [SimpleNamespace(**row._mapping) for row in conn.execute(query)]
