"""Cleaning what people type or paste. Knows no orders."""

import unicodedata

# Invisible characters that turn text around or hide in it; a zero-width joiner is left to emoji.
_UNSEEN = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b"))


def clean(text: str) -> str:
    """Text without control characters (line breaks stay) and without spaces around it."""
    text = text.replace("\r\n", "\n").translate(_UNSEEN)
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
