"""In which encoding a text is: its own mark, else what reads without a fault and makes sense. Knows no column.

Rule 1 of the samples' README: a BOM decides, else strict UTF-8, else the channel's own old encoding. A header in Korean or
Japanese proves its encoding by being recognised; where nothing proves it, charset-normalizer weighs the old ones, and
where that leaves a doubt, people are asked.
"""

import codecs
import csv
import re

from charset_normalizer import from_bytes

from sellerweb.channels.recognise import channel_in
from sellerweb.shop.incoming import FileError

# What people may choose from, and what is tried where they have not.
CHOICES = ("utf-8", "cp949", "cp932", "cp1252", "utf-16")
OLD = ("cp949", "cp932", "cp1252")
# Korean reads as if it were in this one: only a header that is recognised can prove it.
PROVEN = (*OLD, "euc_jp")
# What a channel's own files are in where they are not UTF-8; a spreadsheet may have saved them anew in another one.
USUAL = {"smartstore": "cp949", "qoo10": "cp932", "shopify": "cp1252"}
ASCII_HEADER = ("shopify",)  # recognised in every encoding, so it proves none

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Half surrogates, and what CP932 makes of four bytes that no letter has.
_BROKEN = re.compile("[\udc80-\udcff\uf8f0-\uf8f3]")
_CELL = rb'[^\r\n\t,;"]*'  # none of these is the second half of a letter
_ODD_CELL = re.compile(_CELL + rb"[\x80-\xff]" + _CELL)
_ENOUGH = 20_000
_HEADS = 100_000  # less than a csv field may have
_EXCERPT = 60


def decoded(data: bytes, channel: str = "", encoding: str = "") -> str:
    """The text, in `encoding` where somebody has chosen one. Bytes that fit no encoding become half surrogates.

    `channel` is whose file it is said to be; "" where nobody said. FileError: not_spreadsheet, unsure_encoding.
    """
    marked = next((name for bom, name in _BOMS if data.startswith(bom)), "")
    if marked or encoding:
        return _read(data, marked or encoding)
    text = _read(data, "utf-8")
    if not is_broken(text):
        return text
    readings = {"utf-8": text, **{name: _read(data, name) for name in PROVEN}}
    whose = {name: channel_in(heads(text)) for name, text in readings.items()}
    proven = [readings[name] for name, known in whose.items() if known and known not in ASCII_HEADER]
    if proven:
        return min(proven, key=_faults)
    if b"\0" in data:
        raise FileError("not_spreadsheet")
    return readings[_weighed(data, readings, USUAL.get(whose["utf-8"] or channel, ""))]


def heads(text: str) -> list[list[str]]:
    """The first lines as cells, by whichever delimiter parts them most; only good for looking at names."""
    lines = [line for line in text[:_HEADS].splitlines()[:30] if line.strip()]
    return [next(csv.reader([line], delimiter=max("\t,;", key=line.count)), []) for line in lines]


def is_broken(text: str) -> bool:
    """Does it hold bytes that could not be read?"""
    return bool(_BROKEN.search(text))


def _read(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "replace" if encoding == "utf-16" else "surrogateescape")


def _faults(text: str) -> int:
    return len(_BROKEN.findall(text))


def _weighed(data: bytes, readings: dict[str, str], usual: str) -> str:
    """The one encoding that makes sense of it."""
    odd = b"\n".join(dict.fromkeys(_ODD_CELL.findall(data)))[:_ENOUGH]
    likely = _sensible(odd)
    if len(likely) != 1:
        likely = _sensible(odd * (1 + 1_000 // len(odd))) or likely  # a few letters say more when they are many
    if len(likely) == 1:
        return likely[0]
    whole = [name for name in OLD if not is_broken(readings[name])]
    if usual and not whole:  # the channel's own, with rows that cannot be read left out one by one
        return min(("utf-8", usual), key=lambda name: _faults(readings[name]))
    if not whole:
        raise FileError("not_spreadsheet")
    raise FileError("unsure_encoding", **{name: _excerpt(readings[name]) for name in (whole if whole[1:] else OLD)})


def _sensible(data: bytes) -> list[str]:
    found = from_bytes(data, cp_isolation=list(OLD), enable_fallback=False, preemptive_behaviour=False)
    return [match.encoding for match in found if not _strange(str(match), match.encoding)]


def _strange(text: str, encoding: str) -> bool:
    """Control letters, or Korean in syllables that hardly any word has (those of CP949 beyond EUC-KR)."""
    letters = [letter for letter in text if not letter.isascii()]
    if any("\x80" <= letter <= "\x9f" for letter in letters):
        return True
    usual = sum(len(letter.encode("euc_kr", "ignore")) == 2 for letter in letters)  # the others are spelled out in 8
    return encoding == "cp949" and usual * 2 < len(letters)


def _excerpt(text: str) -> str:
    odd = (line for line in text.splitlines() if not line.isascii())
    # What could not be read is no letter that a page could show.
    return _BROKEN.sub("\ufffd", " ".join(next(odd, "").split())[:_EXCERPT])
