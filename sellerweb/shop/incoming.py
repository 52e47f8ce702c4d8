"""What a channel tells us, in the shop's own words: the records that a file or an answer is read into.

Channels fill these; `shop.imports` applies them. No parsing here, no database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sellerweb.shop.packed import pack, unpack

# The words a line's state may have. Only SHIPPABLE ones are ever offered for shipping; a word that is
# not listed here is kept as `unknown`, shown, and blocks shipping.
STATES = (
    "unpaid", "waiting", "gift_waiting", "new", "confirmed", "shipping", "part_shipped", "shipped",
    "delivered", "done", "cancel_requested", "cancelled", "return_requested", "returned",
    "exchange_requested", "exchanged", "refunded", "void", "unknown",
)  # fmt: skip
SHIPPABLE = frozenset({"new", "confirmed", "part_shipped"})

# So many orders are taken in by one transaction: few enough that nobody at the desk notices waiting for it.
PART = 50
PART_LINES = 500
_TIMES = ("ordered_at", "paid_at", "confirmed_at", "ship_due_at", "shipped_at")


@dataclass(slots=True)
class LineIn:
    """One item of an order. `total` is in minor units of its currency, None where the file has no amount.

    `carrier` is an id of the carriers room, or the listing's own text where we do not know it.
    `method` is `parcel`, `quick`, `pickup` or `direct`; empty where the file does not say.
    """

    item_no: str
    name: str
    quantity: int
    state: str
    option: str = ""
    sku: str = ""
    total: int | None = None
    carrier: str = ""
    method: str = ""
    tracking_number: str = ""
    shipped_at: datetime | None = None
    gift: str = ""


@dataclass(slots=True)
class OrderIn:
    """One order. Times are aware UTC; amounts are in minor units; phone, postcode are mended text.

    `shipping_fee` is all that was paid beside the lines: shipping, and a tax that comes on top of prices. `refunded` is
    what the channel itself has given back.
    """

    order_no: str
    currency: str
    lines: list[LineIn] = field(default_factory=list)
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    confirmed_at: datetime | None = None
    ship_due_at: datetime | None = None
    buyer_name: str = ""
    buyer_phone: str = ""
    buyer_email: str = ""
    receiver_name: str = ""
    phone: str = ""
    phone2: str = ""
    postcode: str = ""
    address: str = ""
    country: str = ""
    message: str = ""
    gift_note: str = ""
    shipping_fee: int = 0
    refunded: int = 0


@dataclass(slots=True)
class RejectedRow:
    """A row that did not come in: its 1-based number, and a code of `channels.sentence.ROW_WHY`."""

    row: int
    code: str


@dataclass(slots=True)
class FileIn:
    """A file read whole: what it holds and what was refused. `rows` counts data rows, blank ones left out."""

    channel: str
    rows: int = 0
    orders: list[OrderIn] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)

    def packed(self) -> "FileRead":
        """The same, ready to be kept."""
        return FileRead(self.channel, self.rows, self.rejected, len(self.orders), list(self.parts()))

    def parts(self) -> Iterator[bytes]:
        """Its orders, packed: PART at a time, and fewer where they have many lines."""
        part: list[dict[str, Any]] = []
        lines = 0
        for order in self.orders:
            if part and (len(part) == PART or lines + len(order.lines) > PART_LINES):
                yield pack(part)
                part, lines = [], 0
            part.append(_plain(order))
            lines += len(order.lines)
        if part:
            yield pack(part)


@dataclass(slots=True)
class FileRead:
    """A file as it is kept until it is taken in: of 100,000 orders never more than PART are unpacked at a time."""

    channel: str
    rows: int
    rejected: list[RejectedRow]
    count: int
    parts: list[bytes]

    @property
    def orders(self) -> list[OrderIn]:
        """All of them, unpacked."""
        return [order for part in self.parts for order in unpacked(part)]


def unpacked(part: bytes) -> list[OrderIn]:
    """The orders of one of `FileIn.parts`."""
    return [
        OrderIn(**_timed({**order, "lines": [LineIn(**_timed(line)) for line in order["lines"]]}))
        for order in unpack(part)
    ]


class FileError(Exception):
    """The whole file was refused, nothing came in. `code` is of `channels.sentence.FILE_WHY`.

    `about` is what its sentence names (a channel), or, where the encoding is in doubt, {encoding: how it would read}.
    """

    def __init__(self, code: str, **about: str) -> None:
        super().__init__(code)
        self.code, self.about = code, about


def _plain(order: OrderIn) -> dict[str, Any]:
    return {**_said(order, _ORDER), "lines": [_said(line, _LINE) for line in order.lines]}


def _said(record: OrderIn | LineIn, usual: dict[str, Any]) -> dict[str, Any]:
    """What a record says beside what it would say anyway."""
    return {name: value for name, default in usual.items() if (value := getattr(record, name)) != default}


def _timed(record: dict[str, Any]) -> dict[str, Any]:
    return record | {name: datetime.fromisoformat(record[name]) for name in _TIMES if record.get(name)}


_ORDER = {f.name: f.default for f in fields(OrderIn) if f.name != "lines"}
_LINE = {f.name: f.default for f in fields(LineIn)}


@dataclass(slots=True)
class ReviewIn:
    """A review as it was told. `order` is a number of the order or of one of its items; `ref` the channel's own number, or ""."""

    stars: int
    words: str = ""
    product: str = ""
    name: str = ""
    written_at: datetime | None = None
    order: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of a channel's result file. `word` is `told`, `failed` or "" where what is `said` means neither for sure; `why` are the
    channel's words. `number` and `goods` tell rows of one order apart, where the file has them."""

    row: int
    key: str
    word: str
    said: str = ""
    why: str = ""
    number: str = ""
    goods: str = ""
