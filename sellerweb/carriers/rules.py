"""The rules of carriers.toml as frozen records, validated when they load. No verdicts (check.py, guess.py).

Sections 2 to 5 of the head comment of carriers.toml say what each field means.
"""

import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from flask_babel import get_locale
from flask_babel.speaklater import LazyString

from sellerweb.carriers.countries import COUNTRIES
from sellerweb.carriers.digits import ALGORITHMS, agrees
from sellerweb.carriers.number import placeholder

LANGUAGES = ("ko", "ja", "en")
CONFIDENCES = ("official", "project", "verified", "folk")
LEVELS = ("error", "warning", "none")
FROM_THE_RIGHT = ("gs1_mod10", "fedex_mod11")
DETECTS = ("sure", "check", "weak", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One shape of number that a carrier uses, and the check it carries."""

    name: str
    pattern: re.Pattern[str]
    check: str
    level: str
    detect: str
    verified: str
    source: str
    check_from: int = 1
    check_prefixes: tuple[str, ...] = ("",)
    confirm: bool = False
    num_strip: str = ""

    def part(self, number: str) -> str | None:
        """The part of a normalised `number` that is checked, stored and linked; None: another shape."""
        found = self.pattern.fullmatch(number)
        if not found:
            return None
        if self.check == "s10" and number[-2:] not in COUNTRIES:
            return None
        # Stripped are only zeros, before a check that weighs from the right: the result is the same.
        part = found["num" if self.pattern.groups else 0].removeprefix(self.num_strip)
        return None if placeholder(part) else part

    def agrees(self, part: str) -> bool:
        return agrees(self.check, part, self.check_from, self.check_prefixes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Carrier:
    """One carrier. `codes` are what the channels call it; `group` are the digit groups for display."""

    id: str
    names: dict[str, str]
    country: str
    trackable: bool
    shape_level: str
    confidence: str
    aliases: tuple[str, ...] = ()
    group: tuple[int, ...] = ()
    tracking_url: str = ""
    url_source: str = ""
    notes: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    formats: tuple[Format, ...] = ()

    def name(self, lang: object = "en") -> str:
        """The name in a language or locale (`ko`, `ja_JP`, a Babel locale); English where we have none."""
        return self.names.get(str(lang)[:2].lower(), self.names["en"])

    @property
    def spoken(self) -> LazyString:
        """The name in the language of whoever reads the page, decided when it is read."""
        return LazyString(lambda: self.name(get_locale() or "en"))


def load(text: str) -> dict[str, Carrier]:
    """The carriers of a TOML text by id, in its order. ValueError names the carrier and what is wrong."""
    carriers: dict[str, Carrier] = {}
    for row in tomllib.loads(text)["carrier"]:
        try:
            carrier = _carrier(dict(row))
            _validate(carrier)
            if carrier.id in carriers:
                raise ValueError("the id stands twice")
        except (KeyError, TypeError, ValueError, re.error) as fault:
            raise ValueError(f"carriers.toml, {row.get('id', 'a carrier without an id')}: {fault}") from fault
        carriers[carrier.id] = carrier
    return carriers


def _carrier(row: dict[str, Any]) -> Carrier:
    formats = tuple(_format(shape) for shape in row.pop("format", ()))
    group = tuple(int(size) for size in row.pop("group").split("-") if size)
    return Carrier(**row | {"aliases": tuple(row["aliases"]), "group": group, "formats": formats})


def _format(row: dict[str, Any]) -> Format:
    pattern = re.compile(row["pattern"], re.ASCII)
    return Format(**row | {"pattern": pattern, "check_prefixes": tuple(row.get("check_prefixes", ("",)))})


def _validate(carrier: Carrier) -> None:
    for word, allowed in (
        (carrier.shape_level, LEVELS),
        (carrier.confidence, CONFIDENCES),
        *((shape.check, ALGORITHMS) for shape in carrier.formats),
        *((shape.level, LEVELS) for shape in carrier.formats),
        *((shape.detect, DETECTS) for shape in carrier.formats),
    ):
        if word not in allowed:
            raise ValueError(f"{word!r} is none of {', '.join(allowed)}")
    if set(carrier.names) != set(LANGUAGES):
        raise ValueError(f"needs a name in each of {', '.join(LANGUAGES)}")
    if carrier.country not in COUNTRIES | {"INT"}:
        raise ValueError(f"no country {carrier.country!r}")
    if carrier.trackable != bool(carrier.formats):
        raise ValueError("a trackable carrier has formats, another has none")
    if carrier.tracking_url and not re.fullmatch(r"https://\S+\{number\}\S*", carrier.tracking_url):
        raise ValueError("tracking_url needs https:// and {number}")
    for shape in carrier.formats:
        if shape.pattern.groups != len(shape.pattern.groupindex) or set(shape.pattern.groupindex) - {"num"}:
            raise ValueError(f"{shape.name}: the only group may be `num`")
        if (shape.check == "none") != (shape.level == "none"):
            raise ValueError(f"{shape.name}: a level belongs to a check")
        if shape.num_strip and (shape.num_strip.strip("0") or shape.check not in FROM_THE_RIGHT):
            raise ValueError(f"{shape.name}: num_strip takes zeros before a check that weighs from the right")


CARRIERS = load(resources.files(__package__).joinpath("carriers.toml").read_text("utf-8"))
