"""Which carrier a text means: a listing's word, a channel's code, a name. Numbers are not read here."""

import re
import unicodedata
from collections.abc import Iterator

from sellerweb.carriers.rules import CARRIERS, Carrier

# The channels we trade with. An aggregator's bare numbers (`04`) would be taken for words of a listing.
CHANNEL_CODES = ("naver", "qoo10", "shopify", "shopify_en")


def find(text: str) -> Carrier | None:
    """The carrier that `text` names, or None. Case, width, spaces and hyphens do not matter.

    Where several carriers share a word (`EMS`), the first in carriers.toml has it.
    """
    return BY_WORD.get(_key(text))


def _words() -> Iterator[tuple[str, Carrier]]:
    carriers = CARRIERS.values()
    yield from ((carrier.id, carrier) for carrier in carriers)
    yield from ((name, carrier) for carrier in carriers for name in carrier.names.values())
    yield from ((alias, carrier) for carrier in carriers for alias in carrier.aliases)
    # Naver's CH1 means "another carrier" and stands at many: `other` is asked first.
    for carrier in sorted(carriers, key=lambda carrier: carrier.id != "other"):
        yield from ((carrier.codes.get(channel, ""), carrier) for channel in CHANNEL_CODES)


def _key(text: str) -> str:
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", text).casefold())


BY_WORD: dict[str, Carrier] = {}
for _word, _carrier in _words():
    if _key(_word):
        BY_WORD.setdefault(_key(_word), _carrier)
