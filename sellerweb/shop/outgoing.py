"""What a channel is told, in the shop's own words: the records that an upload file is written from. No writing here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

KINDS = ("dispatch", "promise")  # what has left; the day that it will leave


@dataclass(frozen=True, slots=True)
class ItemOut:
    """One item of an order. `quantity` is how many pieces lie in the parcel, of those that were `ordered`.

    `carrier` is an id of the carriers room, or a listing's own text; `state` is the channel's last word about the item.
    The ids say which rows it is about (no parcel where it is of a promised day).
    """

    order_no: str
    item_no: str
    name: str
    option: str
    sku: str
    receiver_name: str
    country: str
    state: str
    method: str
    ordered: int
    quantity: int = 0
    carrier: str = ""
    carrier_name: str = ""
    number: str = ""
    shipped_at: datetime | None = None
    promised_on: date | None = None
    order_id: int = 0
    line_id: int = 0
    shipment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """How a channel's file is written: `leaves_out` what has no place in it, `ending` of its name."""

    write: Callable[[list[ItemOut]], bytes]
    leaves_out: Callable[[str, ItemOut], bool]
    ending: str
