"""Phrases that blame a customer, which the desk points at before a reply leaves: ours, or the shop's own list. Sends nothing."""

import tomllib
import unicodedata
from functools import cache

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, select

from sellerweb.shop.history import Act
from sellerweb.shop.models import Setting
from sellerweb.shop.refused import Refused
from sellerweb.shop.replies import FOLDER
from sellerweb.shop.switches import put

SETTING = "blaming"
MOST, LONGEST = 200, 60


def phrases(conn: Connection) -> list[str]:
    """The list in force: the shop's own, where it has one; an empty list of its own is one too."""
    own = conn.scalar(select(Setting.value).where(Setting.name == SETTING))
    return list(own) if isinstance(own, list) else list(ours())


def save(act: Act, lines: list[str]) -> None:
    """Put the shop's list in place of ours. Refused, at its field, where it is too long."""
    kept = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if len(kept) > MOST or any(len(line) > LONGEST for line in kept):
        raise Refused(
            _l("%(most)s phrases of at most %(n)s characters. Nothing was saved.", most=MOST, n=LONGEST), "phrases"
        )
    put(act.tx, SETTING, kept)


def found(listed: list[str], words: str) -> list[str]:
    """Which of the listed phrases stand in these words, whatever their spaces, width and case."""
    flat = _flat(words)
    return [phrase for phrase in listed if (wanted := _flat(phrase)) and wanted in flat]


@cache
def ours() -> tuple[str, ...]:
    return tuple(tomllib.loads((FOLDER / "blaming.toml").read_text(encoding="utf-8"))["phrases"])


def _flat(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())
