"""What `sellerweb export` does: the desk's own batches, written into a file. No rules."""

from pathlib import Path

import click
from flask_babel import gettext as _

from sellerweb.channels import COMPANIES, WRITERS, leaves_out, unwritten
from sellerweb.shop import access, batches, history, telling
from sellerweb.shop.db import read
from sellerweb.shop.refused import Refused


def new(channel: str, kind: str, out: Path) -> None:
    """Make the next batch and write its file; where the file cannot be written, nothing is remembered."""
    writer = WRITERS[channel, kind]
    with history.act(history.Actor("staff"), "export") as act:
        batch = batches.make(act, channel, kind, writer)
        made = batches.get(act.tx, batch) if batch else None
        orders = {row.order_id for row in batches.rows_of(act.tx, batch)} if batch else set()
        out.write_bytes(made.body if made else writer.write([]))
    if orders:
        access.look(orders, None, "export")
    number = f" (batch {batch})" if batch else ""
    click.echo(f"{made.rows if made else 0} {kind} rows of {channel}: {out}{number}")
    _name_others(channel, kind)


def again(channel: str, kind: str, out: Path, batch: int) -> None:
    """The file of a batch, byte for byte."""
    made = batches.get(read(), batch) if 0 < batch < 2**31 else None
    if made is None or (made.channel, made.kind) != (channel, kind):
        raise Refused(_("There is no such file. Nothing was changed."))
    out.write_bytes(made.body)
    click.echo(f"{made.rows} {kind} rows of {channel}: {out} (batch {batch})")
    access.look({row.order_id for row in batches.rows_of(read(), batch)}, None, "export")


def preview(channel: str, kind: str) -> None:
    items = batches.fresh(read(), channel, kind, leaves_out)
    for item in items:
        said = item.promised_on or f"{COMPANIES[channel](item)}\t{item.number}"
        click.echo(f"{item.order_no}\t{item.item_no}\t{said}")
    click.echo(f"{len(items)} {kind} rows of {channel}", err=True)
    if lost := "".join(sorted(set("".join(unwritten(channel, item) for item in items)))):
        click.echo(_("Letters that this file cannot write are left out of names: %(letters)s", letters=lost), err=True)
    _name_others(channel, kind)


def _name_others(channel: str, kind: str) -> None:
    """What waits for the channel's answer to an earlier file, and what no file can tell."""
    things = telling.things(read(), channel, kind)
    if waiting := {thing.batch_id for thing in things if thing.word == "written"}:
        batch = ", ".join(str(number) for number in sorted(filter(None, waiting)))
        click.echo(_("Written before and not answered for yet: batch %(batch)s.", batch=batch), err=True)
    left_out = [x.item for x in things if kind == "dispatch" and leaves_out(channel, x.item)]
    for order_no in dict.fromkeys(item.order_no for item in left_out):
        click.echo(
            _("%(no)s left without a number. It is not in the file; tell the channel by hand.", no=order_no), err=True
        )
