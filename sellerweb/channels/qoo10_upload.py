"""Writing what QSM takes back: the brief layout of 14 columns, with tracking numbers or with days. Reads no orders.

The same page of QSM takes both. What it needs is filled in, and what else we know of an item; 外部広告 is not among the 14.
"""

from collections.abc import Iterable

from sellerweb import carriers
from sellerweb.channels.written import as_csv, unwritable
from sellerweb.shop.outgoing import ItemOut

HEADER = (
    "配送状態", "注文番号", "カート番号", "配送会社", "送り状番号", "発送日", "発送予定日", "商品名", "数量", "オプション情報",
    "オプションコード", "受取人名", "販売者商品コード", "決済サイト",
)  # fmt: skip
ENCODING = "cp932"
_SITE = "Qoo10.jp"
_OTHER = "その他"
_STATES = {"confirmed": "配送準備"}


def tracking(items: Iterable[ItemOut]) -> bytes:
    """A row for each item that has left under a number; Qoo10 has no use for one that nobody can follow."""
    return _written((item, company(item), item.number, "") for item in items if not leaves_out(item))


def ship_dates(items: Iterable[ItemOut]) -> bytes:
    """A row for each item with the day that it is promised to leave."""
    return _written((x, "", "", f"{x.promised_on:%Y/%m/%d}") for x in items if x.promised_on)


def company(item: ItemOut) -> str:
    """A carrier as Qoo10 calls it, else as Japan does; `other` where its name has letters that the file has not."""
    name = _company(item)
    return _OTHER if unwritable(name, ENCODING) else name


def unwritten(item: ItemOut) -> str:
    """Letters of what describes an item that the file cannot write: they are left out. It is found by its numbers."""
    return unwritable(item.name + item.option + item.sku + item.receiver_name, ENCODING)


def leaves_out(item: ItemOut) -> bool:
    """Whether the file has no place for this parcel: none without a number, or with one that it cannot write."""
    return not item.number or bool(unwritable(item.number, ENCODING))


def _company(item: ItemOut) -> str:
    known = carriers.CARRIERS.get(item.carrier)
    if known is None:
        return item.carrier_name or item.carrier
    if known.id == "other" and item.carrier_name:
        return item.carrier_name
    return known.codes.get("qoo10") or known.name("ja")


def _written(rows: Iterable[tuple[ItemOut, str, str, str]]) -> bytes:
    cells = (
        (
            _STATES.get(x.state, "配送要請"), x.item_no, x.order_no, carrier, number, "", day, _line(x.name), str(x.ordered),
            _line(x.option), x.sku, x.receiver_name, "", _SITE,
        )
        for x, carrier, number, day in rows
    )  # fmt: skip
    return as_csv(HEADER, cells, ENCODING)


def _line(text: str) -> str:
    return " ".join(text.split())
