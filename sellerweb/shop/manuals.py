"""Manuals: short pages for staff about a situation. Ours, which are files, and the shop's own beside or in place of them.

Each says beside which kinds of question it is offered. What Markdown becomes: `kit.markdown`.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, select

from sellerweb.shop import own_words
from sellerweb.shop.history import Act
from sellerweb.shop.models import Manual
from sellerweb.shop.own_words import LANGUAGES, OwnWords
from sellerweb.shop.refused import Refused
from sellerweb.shop.replies import KINDS

FOLDER = Path(__file__).parents[2] / "templates" / "manuals"
# Ours, in the order in which they are listed, with their kinds.
_KINDS: dict[str, tuple[str, ...]] = {
    "where_is_it": ("where_is_it",), "late_parcel": ("late",), "cancel": ("cancel",), "address": ("address",),
    "return_steps": ("return",), "refund_steps": ("cancel", "return"), "exchange": ("exchange",), "damaged": ("damaged",),
    "goods": ("goods",), "upset": ("late", "damaged", "other"),
}  # fmt: skip
LONGEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(OwnWords):
    kinds: tuple[str, ...]


def all_(conn: Connection) -> list[Page]:
    """Every manual, retired ones too: ours in their order, the shop's after them by name."""
    own = [
        Page(**own_words.said(row), kinds=tuple(row.kinds.split())) for row in conn.execute(select(Manual.__table__))
    ]
    return own_words.merged([page for language in LANGUAGES for page in _ours(language)], own)


def one(conn: Connection, key: str, language: str) -> Page | None:
    return next((p for p in all_(conn) if (p.key, p.language) == (key, language)), None)


def for_kind(conn: Connection, kind: str, language: str) -> list[Page]:
    """The manuals in use for this kind of question in this language."""
    return [p for p in all_(conn) if kind in p.kinds and p.language == language and not p.retired]


def save(act: Act, it: Page) -> None:
    """A new one, or one in place of what its page was drawn from. Raises Changed, and Refused at its field."""
    own_words.check(it, LONGEST)
    if not set(it.kinds) <= set(KINDS):
        raise Refused(_l("Choose one of the list."), "kinds")
    own_words.save(act, Manual, it, kinds=" ".join(it.kinds))


def reset(act: Act, old: Page) -> None:
    """Back to our words. Raises Changed."""
    own_words.reset(act, Manual, old)


@cache
def _ours(language: str) -> tuple[Page, ...]:
    """What comes with the program: a file a manual, its first line the name."""
    pages = []
    for key, kinds in _KINDS.items():
        name, _newline, words = (FOLDER / language / f"{key}.md").read_text(encoding="utf-8").partition("\n")
        pages.append(Page(key=key, language=language, kinds=kinds, name=name.removeprefix("# "), words=words.strip(), ours=True))  # fmt: skip
    return tuple(pages)
