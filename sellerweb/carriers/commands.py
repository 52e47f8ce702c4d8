"""`sellerweb carriers check` and `guess`: the rules at a command line. No rules of its own."""

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

from sellerweb.carriers.check import Checked, check
from sellerweb.carriers.guess import guess


@click.group()
def carriers() -> None:
    """Check tracking numbers and guess their carriers."""


@carriers.command("check")
@click.argument("carrier")
@click.argument("number", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print {outcome, number, why, link}.")
def check_command(carrier: str, number: str | None, as_json: bool) -> None:
    """Check NUMBER for CARRIER (an id: cj, yamato, ...). Exit 1 when it is refused.

    With - instead of both: lines of carrier, TAB, number from standard input, one JSON line each.
    """
    if (carrier == "-") != (number is None):
        raise click.UsageError("Give CARRIER and NUMBER, or - alone.")
    if number is None:
        for answer in _answers(sys.stdin.buffer):
            _print(answer)
        return
    checked = check(carrier, number)
    refused = checked.outcome == "reject"
    if as_json:
        _print(_plain(checked))
    else:
        lines = [f"{checked.outcome} {checked.number}".rstrip(), str(checked.why), checked.link]
        _echo("\n".join(filter(None, lines)), err=refused)
    if refused:
        raise click.exceptions.Exit(1)


@carriers.command("guess")
@click.argument("number")
@click.option("--country", default="KR", show_default=True, help="The shop's country.")
@click.option("--json", "as_json", is_flag=True, help="Print {candidates: [{carrier, strength}], preselect}.")
def guess_command(number: str, country: str, as_json: bool) -> None:
    """List the carriers whose NUMBER it may be, the likeliest first; * marks the one to choose beforehand."""
    guessed = guess(number, country)
    candidates = [{"carrier": each.carrier, "strength": each.strength} for each in guessed.candidates]
    if as_json:
        _print({"candidates": candidates, "preselect": guessed.preselect})
        return
    for each in guessed.candidates:
        _echo(f"{each.carrier} {each.strength}{' *' if each.carrier == guessed.preselect else ''}")


def _answers(lines: BinaryIO) -> Iterator[dict[str, Any]]:
    for line in lines:
        # A byte that is no UTF-8 spoils its own line, not the thousands after it.
        carrier, tab, number = line.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n").partition("\t")
        if tab:
            yield _plain(check(carrier.strip(), number))
        else:
            why = "The line needs a carrier, a TAB and a number."
            yield {"outcome": "reject", "number": "", "why": why, "link": ""}


def _plain(checked: Checked) -> dict[str, Any]:
    return {
        "outcome": checked.outcome,
        "number": checked.number,
        "why": str(checked.why),
        "link": checked.link,
    }


def _print(value: dict[str, Any]) -> None:
    _echo(json.dumps(value, ensure_ascii=False))


def _echo(text: str, err: bool = False) -> None:
    # An argument that was no UTF-8 carries lone surrogates, which a strict stream would refuse to print.
    click.echo(text.encode("utf-8", "replace"), err=err)
