"""The channels an order comes from: reads what each gives, writes what each takes. No pages, no database."""

from collections.abc import Callable

from sellerweb.channels import (
    auto,
    own_table,
    qoo10,
    qoo10_upload,
    shopify,
    shopify_fulfilment,
    smartstore,
    smartstore_dispatch,
)
from sellerweb.channels.own_table import OwnTable
from sellerweb.shop.incoming import FileRead
from sellerweb.shop.outgoing import ItemOut, Writer

# channel → read(data, password, encoding, seconds): raises FileError, returns the file with its rejected rows; or the table of a file
# whose columns people must match first. `auto` finds out whose file it is.
READERS: dict[str, Callable[..., FileRead | OwnTable]] = {
    "auto": auto.read,
    "smartstore": smartstore.read,
    "qoo10": qoo10.read,
    "shopify": shopify.read,
    "manual": own_table.read,
}


def leaves_out(channel: str, item: ItemOut) -> bool:
    """Whether the channel's file has no place for this parcel."""
    return channel == "qoo10" and qoo10_upload.leaves_out(item)


def unwritten(channel: str, item: ItemOut) -> str:
    """Letters of an item that the channel's file cannot write, and leaves out."""
    return qoo10_upload.unwritten(item) if channel == "qoo10" else ""


# channel and kind → the file that the channel takes back.
WRITERS: dict[tuple[str, str], Writer] = {
    ("smartstore", "dispatch"): Writer(smartstore_dispatch.dispatch, leaves_out, "xlsx"),
    ("qoo10", "dispatch"): Writer(qoo10_upload.tracking, leaves_out, "csv"),
    ("qoo10", "promise"): Writer(qoo10_upload.ship_dates, leaves_out, "csv"),
    ("shopify", "dispatch"): Writer(shopify_fulfilment.write, leaves_out, "csv"),
}

# channel → a parcel's carrier as the channel calls it.
COMPANIES: dict[str, Callable[[ItemOut], str]] = {
    "smartstore": smartstore_dispatch.company,
    "qoo10": qoo10_upload.company,
    "shopify": shopify_fulfilment.company,
}
