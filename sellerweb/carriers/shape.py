"""The shapes a carrier's numbers have, in words for a packer. No verdicts here.

Nothing that was typed goes into a sentence of this room: a page shows a lazy text as it stands, unescaped.
"""

import re
from functools import cache

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from sellerweb.carriers.rules import Carrier

COUNTED = re.compile(r"\^(?:\[[0-9-]+\])?\\d\{(\d+)(?:,(\d+))?\}\$")
S10 = re.compile(r"\^\[A-Z\]\{2\}\\d\{9\}(\[A-Z\]\{2\}|[A-Z]{2})\$")
START = re.compile(r"\^([0-9A-Z]+)")


@cache
def shape(carrier: Carrier) -> LazyString | str:
    """What numbers of `carrier` look like ("10/12 digits"), by its everyday formats; "" if no words fit."""
    everyday = [form for form in carrier.formats if not form.confirm] or carrier.formats
    counts: list[str] = []
    examples: list[str] = []
    starts: list[str] = []
    for pattern in (form.pattern.pattern for form in everyday):
        if found := COUNTED.fullmatch(pattern):
            extra = 1 if pattern.startswith("^[") else 0
            counts.append("-".join(str(int(count) + extra) for count in found.groups() if count))
        elif found := S10.fullmatch(pattern):
            examples.append("RB123456785" + (found[1] if found[1].isalpha() else "SG"))
        elif found := START.match(pattern):
            starts.append(found[1])
    counts.sort(key=lambda count: int(count.partition("-")[0]))
    words = []
    if counts:
        words.append(_l("%(counts)s digits", counts=_listed(counts)))
    if examples:
        words.append(_l("a number like %(example)s", example=_listed(examples)))
    if starts:
        words.append(_l("a number starting with %(start)s", start=_listed(starts)))
    return LazyString(lambda: " / ".join(map(str, words))) if words else ""


def _listed(words: list[str]) -> str:
    return "/".join(dict.fromkeys(words))
