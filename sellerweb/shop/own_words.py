"""Words that come with the program as files, and a shop's own rows beside or in place of them: merging, saving, going back.

Reply templates (`replies`) and manuals (`manuals`) are such words. What is said in them, and where it is used, is theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, delete, insert, update
from sqlalchemy.exc import IntegrityError
from ulid import ULID

from sellerweb.shop.history import Act
from sellerweb.shop.refused import Refused

LANGUAGES = ("ko", "ja", "en")
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """`version` counts the shop's changes; 0: as it came with the program. `ours`: it came with the program."""

    key: str
    language: str
    name: str
    words: str
    version: int = 0
    retired: bool = False
    ours: bool = False


W = TypeVar("W", bound=OwnWords)


class Changed(Refused):
    """Somebody else has changed these words since their page was drawn."""

    def __init__(self) -> None:
        super().__init__(
            _l("Somebody has changed these words meanwhile. Nothing was saved; what you typed is still here. Compare it with theirs.")
        )  # fmt: skip


def own_key() -> str:
    """The key of new words of the shop's own."""
    return f"own-{str(ULID()).lower()}"


def merged(ours: Iterable[W], own: Iterable[W]) -> list[W]:
    """All of them, retired ones too: ours in their order, each as the shop has it; then the shop's others by name."""
    rows = {(it.key, it.language): it for it in own}
    known = [replace(rows.pop((it.key, it.language), it), ours=True) for it in ours]
    return known + sorted(rows.values(), key=lambda it: (it.name, it.key))


def check(it: OwnWords, longest: int) -> None:
    """Refused, at its field, where it cannot be kept."""
    if it.language not in LANGUAGES:
        raise Refused(_l("Choose one of the list."), "language")
    if not it.name.strip() or len(it.name) > LONGEST_NAME:
        raise Refused(_l("Type a name of at most %(n)s characters.", n=LONGEST_NAME), "name")
    if not it.words.strip():
        raise Refused(_l("Write something first."), "words")
    if len(it.words) > longest:
        raise Refused(_l("That is too long: %(n)s characters at most.", n=longest), "words")


def save(act: Act, table: Any, new: OwnWords, **more: Any) -> None:
    """Put `new` in place of what its page was drawn from, which its version says. Raises Changed.

    `more`: the columns that only this table has.
    """
    names = ("key", "language", "name", "words", "retired")
    row = {**{name: getattr(new, name) for name in names}, **more}
    row |= {"version": new.version + 1, "changed_at": act.at, "staff_id": act.by.staff_id}
    if new.version:
        if not act.tx.execute(update(table).where(*_as_drawn(table, new)).values(row)).rowcount:
            raise Changed
        return
    try:  # ours, as it came, or new: whoever is first has its key
        with act.tx.begin_nested():
            act.tx.execute(insert(table), row)
    except IntegrityError:
        raise Changed from None


def reset(act: Act, table: Any, old: OwnWords) -> None:
    """Back to our words. Raises Changed."""
    if old.ours and old.version and not act.tx.execute(delete(table).where(*_as_drawn(table, old))).rowcount:
        raise Changed


def said(row: Row[Any]) -> dict[str, Any]:
    """What a row says of what all such words have."""
    return {name: getattr(row, name) for name in ("key", "language", "name", "words", "version", "retired")}


def _as_drawn(table: Any, it: OwnWords) -> tuple[Any, ...]:
    return table.key == it.key, table.language == it.language, table.version == it.version
