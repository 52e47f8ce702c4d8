"""Reply templates: ours, which are files, and the shop's own beside or in place of them; which one fits. Fills and sends nothing.

A template is suggested by the kind of question and the order's stage: both stand on the template itself, and the shop edits them.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, select

from sellerweb.shop import own_words, placeholders
from sellerweb.shop.history import Act
from sellerweb.shop.models import ReplyTemplate
from sellerweb.shop.own_words import LANGUAGES, OwnWords
from sellerweb.shop.refused import Refused
from sellerweb.shop.states import STAGES

FOLDER = Path(__file__).parents[2] / "templates" / "replies"
KINDS = ("where_is_it", "late", "cancel", "address", "return", "exchange", "damaged", "goods", "other")
# What an order can tell of itself. The other placeholders belong to letters about a claim, a refund or an answer.
GAPS = (
    "customer", "shop", "order_no", "order_date", "status", "total", "items", "remaining", "carrier", "number", "tracking",
    "ship_day", "time_left",
)  # fmt: skip
LONGEST = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Template(OwnWords):
    kind: str
    stages: tuple[str, ...]


def all_(conn: Connection) -> list[Template]:
    """Every template, retired ones too: by kind, ours in their order before the shop's by name."""
    own = [
        Template(**own_words.said(row), kind=row.kind, stages=tuple(row.stages.split()))
        for row in conn.execute(select(ReplyTemplate.__table__))
    ]
    everything = own_words.merged([t for language in LANGUAGES for t in _ours(language)], own)
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


def save(act: Act, it: Template) -> None:
    """A new one, or one in place of what its page was drawn from. Raises Changed, and Refused at its field."""
    check(it)
    own_words.save(act, ReplyTemplate, it, kind=it.kind, stages=" ".join(it.stages))


def reset(act: Act, old: Template) -> None:
    """Back to our words. Raises Changed."""
    own_words.reset(act, ReplyTemplate, old)


def check(it: Template) -> None:
    """Refused, at its field, where it cannot be used."""
    own_words.check(it, LONGEST)
    if it.kind not in KINDS or not set(it.stages) <= set(STAGES):
        raise Refused(_l("Choose one of the list."), "kind")
    gaps(it.words)


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


@cache
def _ours(language: str) -> tuple[Template, ...]:
    """What comes with the program: a table a template, in the order of the file."""
    told = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return tuple(
        Template(
            key=key,
            language=language,
            kind=it["kind"],
            stages=tuple(it["stages"]),
            name=it["name"],
            words=it["words"].strip(),
            ours=True,
        )
        for key, it in told.items()
    )
