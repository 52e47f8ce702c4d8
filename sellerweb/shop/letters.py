"""The words of letters: ours, which are text files, and the shop's own in their place. Gaps: `placeholders`. Sends nothing.

A letter's file begins with its subject; what follows a line `---` is its short form for a text message.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, delete, insert, select

from sellerweb.shop import clock, letter_gaps, placeholders
from sellerweb.shop.db import write
from sellerweb.shop.models import Letter
from sellerweb.shop.refused import Refused
from sellerweb.shop.states import TIMETABLE

FOLDER = Path(__file__).parents[2] / "templates" / "letters"
# Every move that is told, by the name that its notices carry. A repeated letter carries its own.
LETTERS = tuple(f"{m.thing}_{m.verb}" for m in TIMETABLE if m.told and (m.thing, m.verb) != ("order", "repeat"))
LONGEST_SUBJECT, LONGEST = 200, 4000
# What a text message may weigh in Korea, in bytes of cp949, before it becomes a long one; and the long one.
SMS_BYTES, LMS_BYTES = 90, 2000
_CUT = "\n---\n"


@dataclass(frozen=True, slots=True)
class Words:
    """A letter's words, with gaps or filled: subject and body of a mail, and the text message."""

    subject: str
    body: str
    sms: str


def ours(letter: str, language: str) -> Words:
    """The words that we ship."""
    return _ours(letter, language)


def words(conn: Connection, letter: str, language: str) -> Words:
    """The words to send: the shop's own, where it has put some."""
    row = conn.execute(select(Letter.subject, Letter.body).where(*_key(letter, language))).one_or_none()
    if row is None:
        return ours(letter, language)
    body, _cut, sms = row.body.partition(_CUT)
    return Words(row.subject, body, sms)


def own(conn: Connection) -> set[tuple[str, str]]:
    """Which letters have the shop's own words: (letter, language)."""
    return {(row.letter, row.language) for row in conn.execute(select(Letter.letter, Letter.language))}


def save(letter: str, language: str, new: Words, staff_id: int | None = None) -> None:
    """Put the shop's own words in place of ours. Refused, at its field, where something in brackets is no placeholder."""
    check(letter, new)
    row = {"letter": letter, "language": language, "subject": new.subject, "body": f"{new.body}{_CUT}{new.sms}"}
    with write() as tx:
        tx.execute(delete(Letter).where(*_key(letter, language)))
        tx.execute(insert(Letter), {**row, "changed_at": clock.now(), "staff_id": staff_id})


def reset(letter: str, language: str) -> None:
    """Back to our words."""
    with write() as tx:
        tx.execute(delete(Letter).where(*_key(letter, language)))


def check(letter: str, new: Words) -> None:
    """Whether these words can be sent to anybody as this letter."""
    possible = {placeholder.key for placeholder in letter_gaps.of(letter)}
    for field in ("subject", "body", "sms"):
        text = getattr(new, field)
        if not text.strip():
            raise Refused(_l("Write something here: an empty letter is not sent."), field)
        if odd := placeholders.unknown(text):
            raise Refused(
                _l(
                    "[%(name)s] is not a placeholder. Choose one of the list below; for brackets in the text itself use ( ).",
                    name=odd[0],
                ),
                field,
            )
        if vain := [name for name, key in placeholders.named(text) if key not in possible]:
            raise Refused(
                _l(
                    "[%(name)s] has nothing to say in this letter, which would never be sent. Choose one of the list below.",
                    name=vain[0],
                ),
                field,
            )
        if _CUT in f"\n{text}\n":
            raise Refused(_l("A line of three hyphens alone cannot stand in a letter."), field)
    if "\n" in new.subject or len(new.subject) > LONGEST_SUBJECT:
        raise Refused(_l("A subject is one line of at most %(n)s characters.", n=LONGEST_SUBJECT), "subject")
    if len(new.body) + len(new.sms) + len(_CUT) > LONGEST:
        raise Refused(_l("That is too long: %(n)s characters at most, with the text message.", n=LONGEST), "body")


def filled(text: Words, values: Mapping[str, str], brief: Mapping[str, str]) -> Words:
    """The words with their gaps filled; in subject and text message `brief` values go before. Raises Unfilled."""
    short = {**values, **brief}
    subject = " ".join(placeholders.fill(text.subject, short).split())
    return Words(subject, _tidy(placeholders.fill(text.body, values)), _tidy(placeholders.fill(text.sms, short)))


def preview(letter: str, text: Words, language: str) -> Words:
    """How the letter looks with sample facts. Refused where it could not be sent."""
    check(letter, text)
    values = sample(language)
    return filled(text, values, {key: values[f"{key}_brief"] for key in ("items", "remaining")})


def sample(language: str) -> dict[str, str]:
    """Facts of an order that is none; shop and address are the real ones."""
    link = f"{current_app.config['BASE_URL']}/my/…"
    return {**phrases(language)["sample"], "shop": current_app.config["SHOP_NAME"], "link": link}


def sms_bytes(text: str) -> int:
    """What a text weighs as Korean phones count; a letter that cp949 lacks goes out as a question mark."""
    return len(text.encode("cp949", "replace"))


@cache
def phrases(language: str) -> dict[str, dict[str, Any]]:
    """What fills the gaps where a fact alone is no sentence, by subject and code."""
    return tomllib.loads((FOLDER / language / "phrases.toml").read_text(encoding="utf-8"))


@cache
def _ours(letter: str, language: str) -> Words:
    text = (FOLDER / language / f"{letter}.txt").read_text(encoding="utf-8")
    subject, _, rest = text.partition("\n")
    body, _, sms = rest.partition(_CUT)
    return Words(subject, body.strip(), sms.strip())


def _key(letter: str, language: str) -> tuple[Any, Any]:
    return Letter.letter == letter, Letter.language == language


def _tidy(text: str) -> str:
    """Lines that were left out leave no holes."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()
