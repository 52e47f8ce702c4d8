"""What was typed or scanned, mended into a number, or the fault that makes it none. No carrier's rules.

Source: sections 1a to 1f of the head comment of carriers.toml.
"""

import re
import unicodedata

# White space of every kind, control and zero-width characters (a scanner's GS among them), the hyphen and its
# look-alikes. Not dots: 632976615493.0 would become thirteen false digits.
DROPPED = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    r"\-\u2010-\u2015\u2212\u30fc\uff0d]+"
)
AIM_PREFIX = re.compile(r"(?:\][A-Z][0-9A-Z])+")
CODABAR = re.compile(r"[A-D]([0-9]+)[A-D]")
PARCEL_BREAK = re.compile(r"[,/;、\r\n\v\f\x85\u2028\u2029]")
PLAIN = re.compile(r"[0-9A-Z]+")
# A decimal tail, an exponent, or digits in groups of three: what a spreadsheet makes of a long number.
# An exponent needs its dot, comma or plus: 633E11 may be somebody's number.
SPREADSHEET = re.compile(r"[0-9]+\.[0-9]*|[0-9]+(?:[.,][0-9]+E\+?|E\+)[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")


def normalise(text: str) -> str:
    """`text` as the rules want it: upper-case ASCII, spaces and hyphens gone, bar-code wrapping off.

    Never raises; normalising twice changes nothing. What is no number stays visible, so that it can be named.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    # Dropping may bring a letter and its accent together, so compose once more.
    mended = unicodedata.normalize("NFKC", DROPPED.sub("", folded))
    if prefix := AIM_PREFIX.match(mended):
        mended = mended[prefix.end() :]
    wrapped = CODABAR.fullmatch(mended)
    return wrapped[1] if wrapped else mended


def reading(text: str) -> tuple[str, str]:
    """(the normalised number, its fault).

    The fault is "" for something that may be a number, else `empty`, `several` (parcels), `spreadsheet`,
    `memo` or `placeholder`.
    """
    whole = normalise(text)
    if not whole:
        return "", "empty"
    if SPREADSHEET.fullmatch(whole):
        return whole, "spreadsheet"
    pieces = map(normalise, PARCEL_BREAK.split(unicodedata.normalize("NFKC", text)))
    # One number scanned twice is one parcel.
    parts = list(dict.fromkeys(filter(None, pieces)))
    if len(parts) > 1 and all(PLAIN.fullmatch(part) and not part.isalpha() for part in parts):
        return whole, "several"
    number = parts[0] if len(parts) == 1 else whole
    if not PLAIN.fullmatch(number):
        return number, "memo"
    return number, "placeholder" if placeholder(number) else ""


def placeholder(number: str) -> bool:
    """Whether one digit fills the whole number: 000000000000 passes mod 7 and is still nobody's parcel."""
    return number.isdigit() and len(set(number)) == 1
