"""What a channel's result file says of the rows of a batch: held against what is known here, seen, and then marked. Reads no files.

Nothing is marked that the file does not say of this very batch, and nothing about a number that was corrected since.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row

from sellerweb import carriers
from sellerweb.shop import batches, telling
from sellerweb.shop.incoming import Answer
from sellerweb.shop.refused import Refused

if TYPE_CHECKING:
    from sellerweb.shop.history import Act


@dataclass(slots=True)
class Look:
    """What would be marked, and what not. Rows of the batch: `told`, `failed` with the channel's words, `silent` (the file says
    nothing of them), `settled` (known already), `against` (marked as told here, refused there), `moved` (the number was
    corrected, the parcel taken back, another file says more, or this one has another number), `torn` (said twice, differently), `unknown` {word: rows}.
    Rows of the file: `strangers` are about nothing in this batch."""

    told: list[Any] = field(default_factory=list)
    failed: list[tuple[Any, str]] = field(default_factory=list)
    silent: list[Any] = field(default_factory=list)
    settled: list[Any] = field(default_factory=list)
    against: list[tuple[Any, str]] = field(default_factory=list)
    moved: list[Any] = field(default_factory=list)
    torn: list[Any] = field(default_factory=list)
    unknown: dict[str, list[Any]] = field(default_factory=dict)
    strangers: list[Answer] = field(default_factory=list)


def keys(conn: Connection, batch: int) -> tuple[set[str], set[str]]:
    """The numbers by which a file may speak of the batch's rows: the items', and the orders'."""
    rows = batches.rows_of(conn, batch)
    return {row.item_no for row in rows}, {row.order_no for row in rows}


def look(conn: Connection, batch: Any, answers: Iterable[Answer], words: Mapping[str, str] | None = None) -> Look:
    """Hold the file against the batch; `words` {what is said: told or failed} is what people know of it besides."""
    rows = batches.rows_of(conn, batch.id)
    found = Look()
    said = _by_row(rows, answers, words or {}, found)
    open_ = _open(conn, batch)
    for row in rows:
        about = said.get(row.id, set())
        _sort(found, row, about, is_open=(row.line_id, row.shipment_id) in open_)
    return found


def mark(act: "Act", batch: Any, version: int, seen: Iterable[Answer], words: Mapping[str, str], *, rest: bool) -> Look:
    """Mark what the file says, in one go; `rest`: of what it says nothing the channel took all. Raises Refused."""
    batches.lock(act, batch.id, version)
    found = look(act.tx, batch, seen, words)
    told = [*found.told, *(r for r in found.silent if rest)]
    if not told and not found.failed:
        raise Refused(_l("There is nothing in this file that is not known here already. Nothing was changed."))
    batches.say(act, batch, {r.id: ("told", "") for r in told} | {r.id: ("failed", why) for r, why in found.failed})
    return found


def _open(conn: Connection, batch: Any) -> set[tuple[int, int | None]]:
    """Of which items this batch is the newest that was said, and is still what would be said now."""
    things = telling.things(conn, batch.channel, batch.kind)
    return {(t.item.line_id, t.item.shipment_id) for t in things if t.batch_id == batch.id}


def _by_row(
    rows: Collection[Row[Any]], answers: Iterable[Answer], words: Mapping[str, str], found: Look
) -> dict[int, set[tuple[str, str, str]]]:
    """{row: {(word, why, said)}}; what is about no row here goes to the strangers."""
    by_key: dict[str, list[Any]] = {}
    for row in rows:
        by_key.setdefault(row.order_no, []).append(row)
    items: dict[str, list[Any]] = {}
    for row in rows:
        items.setdefault(row.item_no, []).append(row)
    by_key |= items  # an item's own number says more than its order's
    said: dict[int, set[tuple[str, str, str]]] = {}
    for answer in answers:
        named = by_key.get(answer.key, [])
        if not named:
            found.strangers.append(answer)
        about = _about(named, answer)
        word = answer.word or words.get(answer.said, "")
        if not about:  # under a number that we have not told
            word, about = "other", named
        for row in about:
            said.setdefault(row.id, set()).add((word, answer.why if word == "failed" else "", answer.said))
    return said


def _about(rows: list[Any], answer: Answer) -> list[Any]:
    """Those of an order's rows that the answer is about: under its number, if it has one, and of its goods, if they are ours."""
    if answer.number and any(row.number for row in rows):
        rows = [row for row in rows if _digits(row.number) == _digits(answer.number)]
    return [row for row in rows if row.name == answer.goods] or rows


def _digits(number: str) -> str:
    return carriers.normalise(number).lstrip("0")


def _sort(found: Look, row: Any, about: set[tuple[str, str, str]], *, is_open: bool) -> None:
    verdicts = {word for word, _why, said in about if word or said}
    if not verdicts:
        if is_open and row.word == "written":
            found.silent.append(row)
        return
    why = " / ".join(dict.fromkeys(why for _word, why, _said in sorted(about) if why))[:500]
    if len(verdicts) > 1:
        found.torn.append(row)
    elif verdicts == {"other"}:
        found.moved.append(row)
    elif verdicts == {""}:
        found.unknown.setdefault(next(said for _w, _why, said in about if said), []).append(row)
    elif is_open:
        _say(found, row, verdicts.pop(), why)
    elif row.word in telling.KNOWN and not row.stale:
        found.against.append((row, why)) if verdicts == {"failed"} else found.settled.append(row)
    else:
        found.moved.append(row)


def _say(found: Look, row: Any, word: str, why: str) -> None:
    if word == "told":
        found.told.append(row)
    elif row.word == "failed" and row.why == why:
        found.settled.append(row)
    else:
        found.failed.append((row, why))
