"""What a slip and a pick list hold, and their paper. No orders, no requests: the desk fills these in and prints."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from babel.dates import format_skeleton
from flask import render_template
from flask_babel import force_locale, get_locale, to_user_timezone

from sellerweb.kit.codes import bars, qr
from sellerweb.kit.glyphs import missing_glyphs
from sellerweb.kit.pdf import PdfError, render

__all__ = ["PdfError", "Pick", "Slip", "SlipLine", "picklist_pdf", "picks", "slip_html", "slip_pdf"]

Size = Literal["a4", "a5", "a6", "4x6"]
SIZES: tuple[Size, ...] = ("a4", "a5", "a6", "4x6")
SHEET = Path(__file__).resolve().parents[2] / "static" / "slip.css"
# More boxes than this are not ticked one by one but counted: one box with ×n beside it.
MOST_BOXES = 12
PICTURE_KINDS = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """Pieces to put into the parcel. A cancelled line has none, and must not reach paper at all."""

    name: str
    quantity: int
    option: str = ""
    sku: str = ""
    shelf: str = ""
    location: str = ""

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"a slip line needs at least one piece, not {self.quantity}")

    @property
    def boxes(self) -> int:
        """How many boxes to tick."""
        return self.quantity if self.quantity <= MOST_BOXES else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One parcel's paper. Texts are the customer's own, drawn as they are; `url` is what the QR code opens."""

    code: str
    url: str
    shop: str
    lines: Sequence[SlipLine]
    recipient: str
    address: str
    phone: str = ""
    postcode: str = ""
    country: str = ""  # only where the parcel leaves the country
    channel: str = ""
    logo: bytes = field(default=b"", repr=False)  # PNG or JPEG
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    message: str = ""
    gift_note: str = ""
    closing: str = ""  # the shop's own last words
    part: int = 1
    parts: int = 1
    rest_follows: bool = False
    print_number: int = 1
    test: bool = False

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a slip needs at least one line")

    @property
    def pieces(self) -> int:
        """How many pieces belong in the parcel."""
        return sum(line.quantity for line in self.lines)

    @property
    def qr(self) -> str:
        """The QR picture's address."""
        return qr(self.url)

    @property
    def bars(self) -> str:
        """The Code 128 picture's address, empty where the code has no bars."""
        return bars(self.code)

    @property
    def picture(self) -> str:
        """The logo's address, empty when there is none that browsers and paper both know."""
        for start, kind in PICTURE_KINDS.items():
            if self.logo.startswith(start):
                return f"data:{kind};base64," + b64encode(self.logo).decode("ascii")
        return ""

    @property
    def unprintable(self) -> bool:
        """Whether paper can only show some of the texts' characters as a box."""
        own = [
            self.shop,
            self.recipient,
            self.address,
            self.phone,
            self.country,
            self.message,
            self.gift_note,
            self.closing,
        ]
        lines = [text for line in self.lines for text in (line.name, line.option, line.sku, line.shelf, line.location)]
        return bool(missing_glyphs("\n".join(own + lines)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One thing to fetch from one place, for several orders."""

    name: str
    option: str
    sku: str
    shelf: str
    location: str
    orders: tuple[tuple[str, int], ...]  # order code, pieces

    @property
    def quantity(self) -> int:
        """How many pieces to fetch."""
        return sum(pieces for _code, pieces in self.orders)


def slip_html(slips: Sequence[Slip], size: Size, lang: str, *, paper: bool = False) -> str:
    """Write the slips as one HTML document; `paper` leaves out what only a browser needs."""
    with force_locale(lang):
        return render_template("slips/slip.html", slips=slips, size=_known(size), paper=paper, **_words())


def slip_pdf(slips: Sequence[Slip], size: Size, lang: str) -> bytes:
    """Draw the slips in order, each from a page of its own and with its own page count."""
    return render([slip_html([slip], size, lang, paper=True) for slip in slips], _sheet())


def picks(slips: Sequence[Slip]) -> list[Pick]:
    """Add the slips' lines up, in the order of a walk along the shelves; the sums equal the slips' by making."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    names: dict[tuple[str, ...], str] = {}
    for slip in slips:
        for line in slip.lines:
            # Channels name one product differently; its options may share a number, and must not be mixed.
            key = (line.location, line.shelf, line.sku, "" if line.sku else line.name, line.option)
            names.setdefault(key, line.name)
            orders = found.setdefault(key, {})
            orders[slip.code] = orders.get(slip.code, 0) + line.quantity
    return [
        Pick(
            location=key[0],
            shelf=key[1],
            sku=key[2],
            name=names[key],
            option=key[4],
            orders=tuple(found[key].items()),
        )
        for key in sorted(found, key=lambda key: [(not part, _walk(part)) for part in key])
    ]


def picklist_pdf(rows: Sequence[Pick], title: str, size: Size = "a4", lang: str = "ko") -> bytes:
    """Draw what to fetch, shelf by shelf, with sums, tick boxes and the orders each piece is for."""
    with force_locale(lang):
        page = render_template(
            "slips/picklist.html",
            rows=rows,
            title=title,
            pieces=sum(row.quantity for row in rows),
            orders=len({code for row in rows for code, _pieces in row.orders}),
            unprintable=bool(missing_glyphs("\n".join(row.name + row.option for row in rows))),
            size=_known(size),
            paper=True,
            **_words(),
        )
    return render([page], _sheet())


def _words() -> dict[str, Any]:
    return {"lang": str(get_locale()), "day": _day, "moment": _moment}


def _day(time: datetime) -> str:
    return _time(time, "yMMMEd")


def _moment(time: datetime) -> str:
    return f"{_time(time, 'MMMEd')} {_time(time, 'Hm')}"


def _time(time: datetime, skeleton: str) -> str:
    return format_skeleton(skeleton, to_user_timezone(time), locale=get_locale())


def _known(size: Size) -> Size:
    if size not in SIZES:
        raise ValueError(f"no such paper: {size}")
    return size


def _sheet() -> str:
    return SHEET.read_text(encoding="utf-8")


def _walk(text: str) -> list[tuple[int, str]]:
    """Sort key with numbers as numbers: shelf A-2 stands before A-10."""
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]
