"""What `sellerweb import` does: a file read and taken in here and now, and what became of it. No rules."""

from pathlib import Path
from typing import Any

import click

from sellerweb.channels import READERS, column_words, manual
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.sentence import ROW_WHY
from sellerweb.desk import own_columns
from sellerweb.desk.labels import CONFLICT
from sellerweb.shop import asking, imports, taking_in
from sellerweb.shop.db import read
from sellerweb.shop.incoming import FileError, FileRead

OUTCOMES = ("new", "updated", "unchanged")


def take_in(channel: str, path: Path, password: str, encoding: str) -> dict[str, Any]:
    """Take a file in behind those that wait; what came of it, with its sentences. Raises FileError."""
    found = READERS[channel](path.read_bytes(), password, encoding)
    file = _matched(found) if isinstance(found, OwnTable) else found
    import_id = imports.receive(file, path.name, behind=True)
    report = taking_in.run(import_id)
    return {
        **({"channel": file.channel} if channel == "auto" else {}),
        "orders": file.count,
        "lines": report["lines"],
        **{name: report[name] for name in OUTCOMES},
        "rejected": [{**row, "why": str(ROW_WHY[row["code"]])} for row in imports.rejected(import_id)],
        "conflicts": [{**one, "why": str(CONFLICT[one["code"]])} for one in report["conflicts"]],
    }


def tell(answer: dict[str, Any]) -> None:
    """Print it for people: the figures on stdout, what needs a look on stderr."""
    recognised = f"{answer['channel']}: " if "channel" in answer else ""
    counted = ", ".join(f"{answer[name]} {name}" for name in OUTCOMES)
    click.echo(f"{recognised}{answer['orders']} orders, {answer['lines']} lines: {counted}")
    for row in answer["rejected"]:
        click.echo(f"row {row['row']}: {row['why']}", err=True)
    for one in answer["conflicts"]:
        click.echo(f"{one['order_no']}: {one['why']}", err=True)


def _matched(table: OwnTable) -> FileRead:
    """The orders of a table of one's own: as its columns were matched on the page, else as their names say for sure."""
    said = asking.remembered(read(), table.fingerprint) or {"columns": column_words.guess(table.header)}
    if manual.lacking(said["columns"]):
        raise FileError("columns_unknown")
    for name, field in said["columns"].items():
        click.echo(f"{name} = {own_columns.FIELD[field]}", err=True)
    return manual.orders(table, said["columns"], own_columns.home(said.get("currency", ""))).packed()
