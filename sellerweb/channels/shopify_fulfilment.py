"""Writing fulfilments for Shopify: a row for each line in a parcel. Reads no orders.

Shopify itself takes tracking numbers by its API alone; apps that do it from a file are told once which column is which. The
names are those of orders_export.csv, and of the API's trackingInfo.
"""

from collections.abc import Iterable

from sellerweb import carriers
from sellerweb.channels.written import as_csv
from sellerweb.shop.outgoing import ItemOut

HEADER = (
    "Name", "Lineitem name", "Lineitem sku", "Lineitem quantity", "Tracking Company", "Tracking Number", "Tracking URL",
    "Fulfilled at",
)  # fmt: skip
ENCODING = "utf-8"


def write(items: Iterable[ItemOut]) -> bytes:
    rows = (
        (
            x.order_no, x.name, x.sku, str(x.quantity), company(x), x.number,
            (carriers.link(x.carrier, x.number) or "") if x.number else "",
            x.shipped_at.strftime("%Y-%m-%d %H:%M:%S +0000") if x.shipped_at else "",
        )
        for x in items
    )  # fmt: skip
    return as_csv(HEADER, rows, ENCODING)


def company(item: ItemOut) -> str:
    """A carrier as Shopify spells it (it links those by itself); customers in Japan get the Japanese page."""
    known = carriers.CARRIERS.get(item.carrier)
    if known is None or (known.id == "other" and item.carrier_name):
        return item.carrier_name or item.carrier
    english = "" if item.country == "JP" else known.codes.get("shopify_en", "")
    return english or known.codes.get("shopify") or known.name("en")
