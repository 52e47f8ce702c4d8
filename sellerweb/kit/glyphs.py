"""What our paper font can draw, and what to draw instead where it cannot. No layout, no PDF.

A character that the font lacks would otherwise vanish, or come out in whatever font the machine happens to
have. Here it becomes an equal that can be drawn, or a box that anybody can see.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "fonts"
FACES = (FONTS / "PretendardJP-Regular.ttf", FONTS / "PretendardJP-Bold.ttf")
BOX = "□"

# Everyday signs of Korean and Japanese addresses without a glyph, and without a Unicode equal to fall back to.
SPELLED = {"〒": "郵便番号 ", "〇": "○", "☎": "TEL ", "☏": "TEL ", "☐": BOX}
# Joiners, marks of direction and variation selectors draw nothing; a direction override would even draw
# the other characters backwards. Dropping them changes no letter.
_SILENT = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e01ef]"
)
# A letter with the marks that belong to it: half-width ﾊ + ﾞ, or the loose syllables ㅎ + ㅏ + ㄴ of a Mac's file names.
# Markup is no letter: a stray mark after `>` must not compose with it.
_CLUSTER = re.compile("[^<>&\"'][\u0300-\u036f\u1160-\u11ff\u3099\u309a\uff9e\uff9f]*")
_MARKUP = frozenset("<>&\"'")


@cache
def glyphs() -> frozenset[str]:
    """The characters that every face of the paper font can draw."""
    # Late: 70 ms that pages without paper need not pay. It comes with WeasyPrint and has no types.
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    drawn: set[str] | None = None
    for face in FACES:
        with TTFont(face, lazy=True) as font:
            covered = {chr(point) for point in font.getBestCmap()}
        drawn = covered if drawn is None else drawn & covered
    return frozenset(drawn or ()) | {"\n", "\t", "\r"}


def drawable(text: str) -> str:
    """Give `text` back with every character drawable, unchanged where it already is.

    Safe for finished markup too: no replacement ever is a `<`, `>`, `&` or quote that was not there before.
    """
    text = _SILENT.sub("", text)
    if glyphs().issuperset(text):
        return text
    return _CLUSTER.sub(lambda cluster: _drawn(cluster[0]), text)


def missing_glyphs(text: str) -> set[str]:
    """The characters of `text` that paper can only show as a box."""
    clusters = set(_CLUSTER.findall(_SILENT.sub("", text))) - {BOX, *SPELLED}
    return {cluster for cluster in clusters if BOX in _drawn(cluster)}


def _drawn(cluster: str) -> str:
    if len(cluster) > 1:
        cluster = unicodedata.normalize("NFC", cluster)
    if glyphs().issuperset(cluster):
        return cluster
    equal = "".join(SPELLED.get(sign, sign) for sign in unicodedata.normalize("NFKC", cluster))
    return "".join(sign if sign in glyphs() and sign not in _MARKUP else BOX for sign in equal)
