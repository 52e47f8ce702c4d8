"""Which kind a question is, guessed from its words; staff see the guess and change it. Decides nothing else."""

import tomllib
import unicodedata
from functools import cache

from sellerweb.shop.replies import FOLDER

OTHER = "other"


def guess(words: str) -> str:
    """The kind whose signs stand most often in these words; of two alike the first in the file."""
    flat = "".join(unicodedata.normalize("NFKC", words).casefold().split())
    found = {kind: sum(sign in flat for sign in signs) for kind, signs in _signs().items()}
    best = max(found, key=lambda kind: found[kind])
    return best if found[best] else OTHER


@cache
def _signs() -> dict[str, list[str]]:
    return dict(tomllib.loads((FOLDER / "kinds.toml").read_text(encoding="utf-8")))
