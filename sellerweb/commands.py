"""The `sellerweb` command: its sub-commands, one a function. Errors on stderr; exit 0, 1 (refused) or 2 (wrong usage)."""

import json
import sqlite3
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError

from sellerweb import config, create_app, languages
from sellerweb.carriers.commands import carriers
from sellerweb.channels import READERS, WRITERS
from sellerweb.channels.encodings import CHOICES
from sellerweb.channels.sentence import CHANNEL
from sellerweb.kit.pdf import PdfError
from sellerweb.shop.models import ROLES
from sellerweb.shop.outgoing import KINDS
from sellerweb.shop.policy import CHANNELS
from sellerweb.shop.refused import Refused
from sellerweb.shop.states import STAGES

NO_DATABASE = _l(
    "The database did not answer as it should (%(error)s). Nothing was changed. Look whether it runs; if it is new or older"
    " than the program, run `sellerweb migrate`.",
    error="%(error)s",
)
# Older ones have the write-ahead log's reset race.
SAFE_SQLITE = (3, 51, 3)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sellerweb")
def main() -> None:
    """The order desk of a small online shop."""


@main.group(name="carriers", commands=dict(carriers.commands), help=carriers.help)
@click.pass_context
def carriers_(ctx: click.Context) -> None:
    # The room itself knows no app; its sentences are translated here.
    ctx.with_resource(languages.alone(config.read().language))


def in_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the app, in the shop's language, and say refusals as sentences."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            app = create_app()
        except config.BadSetting as bad:
            raise click.UsageError(str(bad)) from bad
        with app.app_context(), force_locale(app.config["BABEL_DEFAULT_LOCALE"]):
            try:
                return command(*args, **kwargs)
            except Refused as no:
                _fail(str(no.why))
            except (OSError, PdfError) as error:
                _fail(_("That could not be written: %(why)s. Nothing else was changed.", why=str(error)))
            except DBAPIError as error:
                _fail(str(NO_DATABASE) % {"error": type(error.orig).__name__})

    return run


def _fail(why: str) -> None:
    click.echo(why, err=True)
    sys.exit(1)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat()))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Run the production server with the worker beside it."""
    from sellerweb import server

    try:
        config.read()
    except config.BadSetting as bad:
        raise click.UsageError(str(bad)) from bad
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (only compared)
    click.echo(f"\n  http://{shown}:{port}/sign-in\n")
    sys.exit(server.serve(host, port))


@main.command()
def worker() -> None:
    """Take files in and do what is due; safe to run several."""
    from sellerweb import worker as work

    try:
        app = create_app()
    except config.BadSetting as bad:
        raise click.UsageError(str(bad)) from bad
    work.run(app)


@main.command()
@in_app
def migrate() -> None:
    """Bring the database to the newest schema."""
    from flask_migrate import upgrade

    upgrade()


@main.command()
@click.option("--if-empty", is_flag=True, help="Do nothing, and succeed, where there are orders or people already.")
@in_app
def demo(if_empty: bool) -> None:
    """Fill an empty database with a believable shop, and print who may sign in."""
    from sellerweb import demo as shop
    from sellerweb.shop import staff

    if not shop.is_empty():
        if if_empty:
            click.echo("  There is a shop here already. A lost password: sellerweb staff reset NAME")
            return
        _fail("The database is not empty. Nothing was changed; the demo shop goes into an empty one only.")
    # Said before the shop is filled: whoever stops it half-way can still sign in.
    click.echo()
    for name, role in (("박지은", "owner"), ("이수민", "packer")):
        click.echo(f"  {name} ({role})   one-time password: {staff.add(name, role)}")
    click.echo("  Filling the demo shop …")
    shop.fill()
    if found := shop.visitor():
        order_no, secret = found
        click.echo(
            f"  A customer's page ({order_no}, which can still be cancelled): {current_app.config['BASE_URL']}/my/{secret}"
        )


@main.group(name="staff")
def staff_() -> None:
    """The people at the desk."""


@staff_.command(name="add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@in_app
def staff_add(name: str, role: str) -> None:
    """Add a person and print the one-time first password."""
    from sellerweb.shop import staff

    click.echo(staff.add(name, role))


@staff_.command(name="reset")
@click.argument("name")
@in_app
def staff_reset(name: str) -> None:
    """Give a person a new one-time password, and print it; they are signed out everywhere."""
    from sellerweb.shop import staff

    found = next((person for person in staff.people() if person.name == name), None)
    if found is None:
        _fail(_("There is nobody called %(name)s. Nothing was changed.", name=name))
    else:
        click.echo(staff.reset_password(found.id))


@main.command(name="import")
@click.argument("channel", type=click.Choice(list(READERS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--password", default="", help="The password of a protected workbook.")
@click.option("--encoding", type=click.Choice(CHOICES), default=None, help="Of a text file where it cannot be told.")
@click.option("--json", "as_json", is_flag=True)
@in_app
def import_(channel: str, file: Path, password: str, encoding: str | None, as_json: bool) -> None:
    """Take a channel's file in; taking it in again adds nothing. `auto` recognises whose it is; `manual` is one of your own."""
    from sellerweb import importing
    from sellerweb.channels.sentence import why
    from sellerweb.shop.incoming import FileError

    try:
        answer = importing.take_in(channel, file, password, encoding or "")
    except FileError as error:
        if as_json:
            _print_json({"error": {"code": error.code, "why": why(error)}})
        _fail(why(error))
        return
    _print_json(answer) if as_json else importing.tell(answer)


@main.command()
@click.argument("channel", type=click.Choice(list(dict.fromkeys(channel for channel, _kind in WRITERS))))
@click.option("--kind", type=click.Choice(KINDS), default="dispatch", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--batch", type=int, help="The file of this number once more, as it was.")
@in_app
def export(channel: str, kind: str, out: Path | None, dry_run: bool, batch: int | None) -> None:
    """Write what the channel takes back and was not told yet: numbers of parcels (dispatch), days promised (promise)."""
    from sellerweb import exporting

    if (channel, kind) not in WRITERS:
        raise click.UsageError(_("%(channel)s takes no file of this kind.", channel=CHANNEL[channel]))
    if dry_run:
        exporting.preview(channel, kind)
    elif out is None:
        raise click.UsageError(_("Say with --out where the file goes."))
    elif batch is not None:
        exporting.again(channel, kind, out, batch)
    else:
        exporting.new(channel, kind, out)


@main.command()
@click.option("--stage", type=click.Choice(STAGES))
@click.option("--channel", type=click.Choice(CHANNELS))
@click.option("--json", "as_json", is_flag=True)
@in_app
def orders(stage: str | None, channel: str | None, as_json: bool) -> None:
    """List orders with their lines and counters; with --json their people too, which is written down."""
    from sellerweb.shop import access, queries
    from sellerweb.shop.db import read

    found = queries.orders(read(), stage or "", channel or "")
    if as_json:
        listed = list(found)
        _print_json(listed)
        if seen := [order["id"] for order in listed if order["address"]]:
            access.look(seen, None, "export")
        return
    for order in found:
        click.echo(f"{order['code']}\t{order['channel']}\t{order['stage']}\t{order['goods']}")


@main.command()
@click.argument("order", nargs=-1, required=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@click.option("--size", type=click.Choice(["a4", "a5", "a6", "4x6"]), default="a5", show_default=True)
@in_app
def slips(order: tuple[str, ...], out: Path, size: Any) -> None:
    """Print packing slips into one PDF."""
    from sellerweb.desk import paper
    from sellerweb.desk.slips import slip_of
    from sellerweb.shop import printing

    found = _wholes(order)
    numbers = printing.count([w.order.id for w in found], None)
    drawn = [s for s in (slip_of(w, numbers[w.order.id]) for w in found) if s]
    out.write_bytes(paper.slip_pdf(drawn, size, current_app.config["BABEL_DEFAULT_LOCALE"]))
    click.echo(f"{len(drawn)} slips: {out}")


@main.command()
@click.argument("order", nargs=-1)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@in_app
def picklist(order: tuple[str, ...], out: Path) -> None:
    """What to fetch for these orders (or all that are to be packed), shelf by shelf, as PDF."""
    from sellerweb.desk import paper
    from sellerweb.desk.slips import slip_of
    from sellerweb.shop import queries
    from sellerweb.shop.db import read

    stages = ("new", "preparing", "partly_shipped")
    # Of all that is to be packed, what somebody asks to cancel is left out; what is named must be there.
    wholes = (
        _wholes(order)
        if order
        else [w for stage in stages for o in queries.orders(read(), stage) if (w := queries.whole(read(), o["code"]))]
    )
    drawn = [slip for whole in wholes if (slip := slip_of(whole, 1))]
    if not drawn:
        _fail(_("There is nothing to fetch."))
    out.write_bytes(
        paper.picklist_pdf(paper.picks(drawn), "Pick list", lang=current_app.config["BABEL_DEFAULT_LOCALE"])
    )
    click.echo(f"{len(drawn)} orders: {out}")


def _wholes(codes: tuple[str, ...]) -> list[Any]:
    """The orders that can be printed; an unknown one, or one with nothing to send, is refused by name."""
    from sellerweb.desk.slips import slip_of
    from sellerweb.shop import queries
    from sellerweb.shop.db import read

    found = []
    for code in dict.fromkeys(codes):
        whole = queries.whole(read(), code)
        if whole is None:
            _fail(_("There is no order %(code)s. Nothing was printed.", code=code))
        elif whole.order.stage in ("awaiting_payment", "cancelled", "expired") or slip_of(whole, 1) is None:
            _fail(_("Order %(code)s has nothing to send. Nothing was printed.", code=code))
        else:
            found.append(whole)
    return found


@main.command()
@click.option("--json", "as_json", is_flag=True)
@in_app
def audit(as_json: bool) -> None:
    """Recompute every invariant; exit 1 and name the first broken row where one does not hold."""
    from sellerweb.shop.audit import audit as recompute

    found = recompute()
    if as_json:
        _print_json(found)
    else:
        for name, result in found.items():
            broken = f"BROKEN {result['violations']}: {result['first']}" if result["violations"] else "ok"
            click.echo(f"{name}  {result['checked']} checked  {broken}", err=bool(result["violations"]))
    sys.exit(1 if any(result["violations"] for result in found.values()) else 0)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@in_app
def backup(file: Path) -> None:
    """A consistent copy of the database while it runs."""
    from sellerweb.shop import copy

    copy.to(file)
    click.echo(f"{file.stat().st_size} bytes: {file}")


@main.command()
@in_app
def doctor() -> None:
    """Look for what the machine lacks."""
    from sellerweb.kit import pdf

    lacking = pdf.missing()
    for name in lacking:
        click.echo(f"missing: {name}", err=True)
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        click.echo(
            f"note: SQLite {sqlite3.sqlite_version} can lose a commit when two processes checkpoint in the same instant"
            f" (mended in 3.51.3); a desk of one machine hardly meets it, and backups are the guard.",
            err=True,
        )
    sys.exit(1 if lacking else 0)


@main.group()
def bench() -> None:
    """What a page and a ship cost beside the least they could cost; loopback only, in folders of its own."""


@bench.command(name="queue")
@click.option("--size", "sizes", multiple=True, type=int, help="Orders in the shop; may be given several times.")
@click.option("--rounds", default=60, show_default=True)
def bench_queue(sizes: tuple[int, ...], rounds: int) -> None:
    """The 50-row queue fragment beside hand-written SQL and string formatting."""
    from sellerweb.bench import queue

    queue.run(sizes or queue.SIZES, rounds)


@bench.command(name="files")
@click.option("--size", "sizes", multiple=True, type=int, help="Rows of the workbook; may be given several times.")
def bench_files(sizes: tuple[int, ...]) -> None:
    """A workbook taken in, beside reading it alone and bare inserts alone: rows a second and peak memory."""
    from sellerweb.bench import files

    files.run(sizes or files.SIZES)


@bench.command(name="ship")
@click.option("--size", default=100_000, show_default=True, help="Orders in the shop.")
@click.option("--each", default=120, show_default=True, help="Ships for each number of writers.")
def bench_ship(size: int, each: int) -> None:
    """The whole POST over HTTP beside a bare guarded UPDATE with commit."""
    from sellerweb.bench import ship

    ship.run(size, each)
