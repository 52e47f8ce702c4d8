"""What somebody typed who was signed out meanwhile: it goes through the sign-in page and stands there to be sent again.

Nothing is kept on the server, and nothing is sent by itself. No photos.
"""

import json
from dataclasses import dataclass

from flask import Request

MOST = 100_000
_NEVER = frozenset({"csrf_token", "password", "old", "new", "again"})
# What was typed in sentences is shown, and can still be changed.
_SENTENCES = frozenset({"words", "note", "reason", "why"})


@dataclass(frozen=True, slots=True)
class Kept:
    """The path that it was to go to, and the fields: [(name, value)]."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def shown(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.fields if name in _SENTENCES]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.fields if name not in _SENTENCES]


def of(request: Request) -> str:
    """A form's fields in one word; "" where none of them holds a sentence, or where the form may stand on another site."""
    fields = [(k, v) for k, v in request.form.items(multi=True) if k not in _NEVER]
    typed = any(value.strip() for name, value in fields if name in _SENTENCES)
    if not typed or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return ""
    said = json.dumps([request.path, fields])
    return said if len(said) <= MOST else ""


def read(said: str) -> Kept | None:
    """What `of` made; None where it is nothing of ours."""
    try:
        path, fields = json.loads(said[:MOST])
        known = [(str(name), str(value)) for name, value in fields if name not in _NEVER]
    except (RecursionError, TypeError, ValueError):
        return None
    return Kept(path, known) if isinstance(path, str) and known else None
