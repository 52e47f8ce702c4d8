"""Reply templates: ours, which are files, and the shop's own beside or in place of them; which one fits. Fills and sends nothing.

A template is suggested by the kind of question and the order's stage: both stand on the template itself, and the shop edits them.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from ulid import ULID

from sellerweb.shop import placeholders
from sellerweb.shop.history import Act
from sellerweb.shop.letters import LANGUAGES
from sellerweb.shop.models import ReplyTemplate
from sellerweb.shop.refused import Refused
from sellerweb.shop.states import STAGES

FOLDER = Path(__file__).parents[2] / "templates" / "replies"
KINDS = ("where_is_it", "late", "cancel", "address", "return", "exchange", "damaged", "goods", "other")
# What an order can tell of itself. The other placeholders belong to letters about a claim, a refund or an answer.
GAPS = (
    "customer", "shop", "order_no", "order_date", "status", "total", "items", "remaining", "carrier", "number", "tracking",
    "ship_day", "time_left",
)  # fmt: skip
LONGEST_NAME, LONGEST = 100, 4000


@dataclass(frozen=True, slots=True)
class Template:
    """`version` counts the shop's changes; 0: as it came with the program. `ours`: it came with the program."""

    key: str
    language: str
    kind: str
    stages: tuple[str, ...]
    name: str
    words: str
    version: int = 0
    retired: bool = False
    ours: bool = False


class Changed(Refused):
    """Somebody else has changed this template since its page was drawn."""

    def __init__(self) -> None:
        super().__init__(
            _l("Somebody has changed this template meanwhile. Nothing was saved; what you typed is still here. Compare it with theirs.")
        )  # fmt: skip


def all_(conn: Connection) -> list[Template]:
    """Every template, retired ones too: by kind, ours in their order before the shop's by name."""
    rows = {(row.key, row.language): row for row in conn.execute(select(ReplyTemplate.__table__))}
    known = [replace(t, **_changed(rows.pop((t.key, t.language), None))) for lang in LANGUAGES for t in _ours(lang)]
    own = [Template(row.key, row.language, **_changed(row)) for row in rows.values()]
    everything = known + sorted(own, key=lambda t: (t.name, t.key))
    return sorted(everything, key=lambda t: KINDS.index(t.kind))


def one(conn: Connection, key: str, language: str) -> Template | None:
    return next((t for t in all_(conn) if (t.key, t.language) == (key, language)), None)


def fitting(
    templates: Iterable[Template], stage: str, language: str, kind: str = ""
) -> tuple[list[Template], list[Template]]:
    """Those in use: first what this stage suggests in this language (of these, those for this kind of question), then all
    others, this language's before the rest."""
    in_use = [t for t in templates if not t.retired]
    first = [t for t in in_use if t.language == language and stage in t.stages]
    first.sort(key=lambda t: t.kind != kind)
    return first, sorted((t for t in in_use if t not in first), key=lambda t: t.language != language)


def add(act: Act, language: str, kind: str, stages: Sequence[str], name: str, words: str) -> Template:
    """A template of the shop's own. Raises Refused, at its field."""
    new = check(Template(f"own-{str(ULID()).lower()}", language, kind, tuple(stages), name, words, version=1))
    act.tx.execute(insert(ReplyTemplate), _row(new, act))
    return new


def change(act: Act, old: Template, new: Template) -> None:
    """Put `new` in place of `old`, which the page was drawn from. Raises Changed, and Refused at its field."""
    new = check(replace(new, version=old.version + 1))
    if not old.version:  # ours, as it came: whoever is first has its key
        try:
            with act.tx.begin_nested():
                act.tx.execute(insert(ReplyTemplate), _row(new, act))
        except IntegrityError:
            raise Changed from None
        return
    if not act.tx.execute(update(ReplyTemplate).where(*_as_drawn(old)).values(_row(new, act))).rowcount:
        raise Changed


def reset(act: Act, old: Template) -> None:
    """Back to our words. Raises Changed."""
    if old.ours and old.version and not act.tx.execute(delete(ReplyTemplate).where(*_as_drawn(old))).rowcount:
        raise Changed


def check(it: Template) -> Template:
    """The template, where it can be used. Refused, at its field."""
    if it.kind not in KINDS or it.language not in LANGUAGES or not set(it.stages) <= set(STAGES):
        raise Refused(_l("Choose one of the list."), "kind")
    if not it.name.strip() or len(it.name) > LONGEST_NAME:
        raise Refused(_l("Type a name of at most %(n)s characters.", n=LONGEST_NAME), "name")
    if not it.words.strip():
        raise Refused(_l("Write something first."), "words")
    if len(it.words) > LONGEST:
        raise Refused(_l("That is too long: %(n)s characters at most.", n=LONGEST), "words")
    gaps(it.words)
    return it


def gaps(words: str) -> set[str]:
    """The keys of what is to be filled in. Refused where something in brackets is nothing that an order can tell."""
    odd = placeholders.unknown(words) or [name for name, key in placeholders.named(words) if key not in GAPS]
    if odd:
        raise Refused(
            _l(
                "[%(name)s] is nothing that an order can tell. Nothing was sent; use a placeholder of the list, or ( ) for brackets in the text itself.",
                name=odd[0],
            ),
            "words",
        )
    return placeholders.used(words)


def _changed(row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    said = {name: getattr(row, name) for name in ("kind", "name", "words", "version", "retired")}
    return {**said, "stages": tuple(row.stages.split())}


def _row(it: Template, act: Act) -> dict[str, Any]:
    said = {name: getattr(it, name) for name in ("key", "language", "kind", "name", "words", "version", "retired")}
    return {**said, "stages": " ".join(it.stages), "changed_at": act.at, "staff_id": act.by.staff_id}


def _as_drawn(old: Template) -> tuple[Any, ...]:
    return ReplyTemplate.key == old.key, ReplyTemplate.language == old.language, ReplyTemplate.version == old.version


@cache
def _ours(language: str) -> tuple[Template, ...]:
    """What comes with the program: a table a template, in the order of the file."""
    told = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return tuple(
        Template(key, language, it["kind"], tuple(it["stages"]), it["name"], it["words"].strip(), ours=True)
        for key, it in told.items()
    )
