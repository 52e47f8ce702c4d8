"""What a channel tells us, in the shop's own words: the records that a file or an answer is read into.

Channels fill these; `shop.imports` applies them. No parsing here, no database.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

# The words a line's state may have. Only SHIPPABLE ones are ever offered for shipping; a word that is
# not listed here is kept as `unknown`, shown, and blocks shipping.
STATES = (
    "unpaid", "waiting", "gift_waiting", "new", "confirmed", "shipping", "part_shipped", "shipped",
    "delivered", "done", "cancel_requested", "cancelled", "return_requested", "returned",
    "exchange_requested", "exchanged", "refunded", "void", "unknown",
)  # fmt: skip
SHIPPABLE = frozenset({"new", "confirmed", "part_shipped"})

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

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON; times as ISO text."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "FileIn":
        """The file that `to_json` wrote down."""
        orders = [
            OrderIn(**_timed({**order, "lines": [LineIn(**_timed(line)) for line in order["lines"]]}))
            for order in data["orders"]
        ]
        return cls(data["channel"], data["rows"], orders, [RejectedRow(**row) for row in data["rejected"]])


class FileError(Exception):
    """The whole file was refused, nothing came in. `code` is of `channels.sentence.FILE_WHY`.

    `about` is what its sentence names (a channel), or, where the encoding is in doubt, {encoding: how it would read}.
    """

    def __init__(self, code: str, **about: str) -> None:
        super().__init__(code)
        self.code, self.about = code, about


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _timed(record: dict[str, Any]) -> dict[str, Any]:
    return record | {name: datetime.fromisoformat(record[name]) for name in _TIMES if record.get(name)}
