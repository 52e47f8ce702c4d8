"""Manuals: short pages for staff about a situation. Ours, which are files, and the shop's own beside or in place of them.

Each says beside which kinds of question it is offered. What Markdown becomes: `kit.markdown`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from ulid import ULID

from sellerweb.shop.history import Act
from sellerweb.shop.letters import LANGUAGES
from sellerweb.shop.models import Manual
from sellerweb.shop.refused import Refused
from sellerweb.shop.replies import KINDS

FOLDER = Path(__file__).parents[2] / "templates" / "manuals"
# Ours, in the order in which they are listed, with their kinds.
_KINDS: dict[str, tuple[str, ...]] = {
    "where_is_it": ("where_is_it",), "late_parcel": ("late",), "cancel": ("cancel",), "address": ("address",),
    "return_steps": ("return",), "refund_steps": ("cancel", "return"), "exchange": ("exchange",), "damaged": ("damaged",),
    "goods": ("goods",), "upset": ("late", "damaged", "other"),
}  # fmt: skip
LONGEST_NAME, LONGEST = 100, 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """`version` counts the shop's changes; 0: as it came with the program. `ours`: it came with the program."""

    key: str
    language: str
    kinds: tuple[str, ...]
    name: str
    words: str
    version: int = 0
    retired: bool = False
    ours: bool = False


class Changed(Refused):
    """Somebody else has changed this manual since its page was drawn."""

    def __init__(self) -> None:
        super().__init__(
            _l("Somebody has changed this manual meanwhile. Nothing was saved; what you typed is still here. Compare it with theirs.")
        )  # fmt: skip


def all_(conn: Connection) -> list[Page]:
    """Every manual, retired ones too: ours in their order, the shop's after them by name."""
    rows = {(row.key, row.language): row for row in conn.execute(select(Manual.__table__))}
    known = [replace(p, **_changed(rows.pop((p.key, p.language), None))) for lang in LANGUAGES for p in _ours(lang)]
    own = [Page(row.key, row.language, **_changed(row)) for row in rows.values()]
    return known + sorted(own, key=lambda p: (p.name, p.key))


def one(conn: Connection, key: str, language: str) -> Page | None:
    return next((p for p in all_(conn) if (p.key, p.language) == (key, language)), None)


def for_kind(conn: Connection, kind: str, language: str) -> list[Page]:
    """The manuals in use for this kind of question in this language."""
    return [p for p in all_(conn) if kind in p.kinds and p.language == language and not p.retired]


def add(act: Act, language: str, kinds: Sequence[str], name: str, words: str) -> Page:
    """A manual of the shop's own. Raises Refused, at its field."""
    new = _checked(Page(f"own-{str(ULID()).lower()}", language, tuple(kinds), name, words, version=1))
    act.tx.execute(insert(Manual), _row(new, act))
    return new


def change(act: Act, new: Page) -> None:
    """Put `new` in place of what the page was drawn from, which its version says. Raises Changed, and Refused at its field."""
    seen, new = new.version, _checked(replace(new, version=new.version + 1))
    if not seen:  # ours, as it came: whoever is first has its key
        try:
            with act.tx.begin_nested():
                act.tx.execute(insert(Manual), _row(new, act))
        except IntegrityError:
            raise Changed from None
    elif not act.tx.execute(update(Manual).where(*_as_drawn(new, seen)).values(_row(new, act))).rowcount:
        raise Changed


def reset(act: Act, old: Page) -> None:
    """Back to our words. Raises Changed."""
    if old.ours and old.version and not act.tx.execute(delete(Manual).where(*_as_drawn(old, old.version))).rowcount:
        raise Changed


def _checked(it: Page) -> Page:
    if it.language not in LANGUAGES or not set(it.kinds) <= set(KINDS):
        raise Refused(_l("Choose one of the list."), "kinds")
    if not it.name.strip() or len(it.name) > LONGEST_NAME:
        raise Refused(_l("Type a name of at most %(n)s characters.", n=LONGEST_NAME), "name")
    if not it.words.strip():
        raise Refused(_l("Write something first."), "words")
    if len(it.words) > LONGEST:
        raise Refused(_l("That is too long: %(n)s characters at most.", n=LONGEST), "words")
    return it


def _changed(row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    said = {name: getattr(row, name) for name in ("name", "words", "version", "retired")}
    return {**said, "kinds": tuple(row.kinds.split())}


def _row(it: Page, act: Act) -> dict[str, Any]:
    said = {name: getattr(it, name) for name in ("key", "language", "name", "words", "version", "retired")}
    return {**said, "kinds": " ".join(it.kinds), "changed_at": act.at, "staff_id": act.by.staff_id}


def _as_drawn(it: Page, version: int) -> tuple[Any, ...]:
    return Manual.key == it.key, Manual.language == it.language, Manual.version == version


@cache
def _ours(language: str) -> tuple[Page, ...]:
    """What comes with the program: a file a manual, its first line the name."""
    pages = []
    for key, kinds in _KINDS.items():
        name, _newline, words = (FOLDER / language / f"{key}.md").read_text(encoding="utf-8").partition("\n")
        pages.append(Page(key, language, kinds, name.removeprefix("# "), words.strip(), ours=True))
    return tuple(pages)
