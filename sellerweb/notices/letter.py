"""A letter is written: sentences fill the shop's words, and a link is made where they ask for one. Hands nothing over."""

from dataclasses import dataclass, replace
from typing import Any

from flask import current_app

from sellerweb.notices.outcomes import Never
from sellerweb.shop import letter_facts, letters, links, placeholders
from sellerweb.shop.db import forget, read
from sellerweb.shop.letter_sentences import sentences
from sellerweb.shop.letters import Words

_PARTS = {"email": ("subject", "body"), "sms": ("subject", "sms")}
SHOWN_LINK = "/my/…"


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter ready to go, with its secret link, and as it is kept: without."""

    words: Words
    shown: Words


def write(notice: Any) -> Draft:
    """The letter of a notice; Never where a gap would stay empty. A link is made only for words that ask for one."""
    facts = letter_facts.of(read(), notice)
    words = letters.words(read(), notice.letter, facts.language)
    forget()  # making a link writes
    parts = _PARTS[notice.medium]
    words = replace(words, **{part: "" for part in ("body", "sms") if part not in parts})
    values, brief = sentences(facts)
    try:
        shown = letters.filled(words, {**values, "link": SHOWN_LINK}, brief)
        if "link" not in placeholders.used("\n".join(getattr(words, part) for part in parts)):
            return Draft(shown, shown)
        link = f"{current_app.config['BASE_URL']}/my/{links.make(notice.order_id)}"
        return Draft(letters.filled(words, {**values, "link": link}, brief), shown)
    except placeholders.Unfilled as empty:
        raise Never(f"empty_placeholder:{empty.name}") from empty
