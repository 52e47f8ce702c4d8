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
from sellerweb.shop.incoming import FileIn
from sellerweb.shop.outgoing import ItemOut

# channel → read(data, password, encoding): raises FileError, returns the file with its rejected rows; or the table of a file
# whose columns people must match first. `auto` finds out whose file it is.
READERS: dict[str, Callable[..., FileIn | OwnTable]] = {
    "auto": auto.read,
    "smartstore": smartstore.read,
    "qoo10": qoo10.read,
    "shopify": shopify.read,
    "manual": own_table.read,
}

# channel and kind → write(items): the file that the channel takes back.
WRITERS: dict[tuple[str, str], Callable[[list[ItemOut]], bytes]] = {
    ("smartstore", "dispatch"): smartstore_dispatch.dispatch,
    ("qoo10", "dispatch"): qoo10_upload.tracking,
    ("qoo10", "promise"): qoo10_upload.ship_dates,
    ("shopify", "dispatch"): shopify_fulfilment.write,
}


def leaves_out(channel: str, item: ItemOut) -> bool:
    """Whether the channel's file has no place for this parcel: Qoo10 takes none that has no number."""
    return channel == "qoo10" and not item.number
