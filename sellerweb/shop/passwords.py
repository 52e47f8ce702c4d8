"""Passwords: keeping them, checking them, which ones will not do, and readable one-time ones. Knows no people."""

import secrets
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

from sellerweb.shop.refused import Refused

SHORTEST, LONGEST = 12, 256

_HASHER = PasswordHasher()
# Nobody's password. An unknown name is checked against it, so that it takes as long as a known one.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$cvOqFz9N6h5qO/P9r91Qiw$JM/qK5rm91NV1DhimReAGcZz3roYvPJvwdI5HpNgX9o"
# What a guesser tries first, with what stands beside it on the keyboard. A password has to hold more than these.
_GUESSED = (
    "password", "passw0rd", "sellerweb", "smartstore", "naver", "qoo10", "shopify", "welcome", "administrator", "admin",
    "letmein", "iloveyou", "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "zxcvbnm", "zxcvbn", "1q2w3e4r", "qwer1234",
    "1qaz2wsx", "abcdefgh", "abcd", "12345678", "1234", "0000", "1111", "9876", "비밀번호", "사랑해", "대한민국",
    "パスワード", "さくら", "sakura", "korea", "japan", "2023", "2024", "2025", "2026", "2027",
)  # fmt: skip
# No letter that looks like another one, and none that needs a shift key.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def keep(password: str) -> str:
    """What is stored of a password."""
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the one; None, and a password longer than any can be, take just as long to refuse."""
    possible = kept is not None and len(password) <= LONGEST
    try:
        return _HASHER.verify(kept if possible and kept else _NOBODYS, password[:LONGEST]) and possible
    except (VerificationError, InvalidHashError):
        return False


def is_old(kept: str) -> bool:
    """Whether it was kept with weaker settings than today's."""
    return _HASHER.check_needs_rehash(kept)


def one_time() -> str:
    """A first password that can be read aloud: three groups of five, 74 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def accept(password: str, words: Iterable[str]) -> None:
    """Refuses what is short, or holds little besides what a guesser tries first and `words` (name, shop)."""
    if len(password) < SHORTEST:
        raise Refused(_l("Use %(count)s characters or more. A few words in a row are good.", count=SHORTEST), "new")
    if len(password) > LONGEST:
        raise Refused(_l("Use %(count)s characters or fewer.", count=LONGEST), "new")
    rest = _bare(password)
    for word in sorted({_bare(w) for w in (*_GUESSED, *words)}, key=len, reverse=True):
        if len(word) > 1:
            rest = rest.replace(word, "")
    if len(rest) < 6 or len(set(rest)) < 5:
        raise Refused(_l("This is easy to guess. Use words that only you would put together."), "new")


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
