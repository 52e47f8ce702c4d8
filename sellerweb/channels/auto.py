"""A file of whichever channel: recognised by its header, and read as that channel's. Knows no column."""

from sellerweb.channels import fence, own_table, qoo10, shopify, smartstore, workbook
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.recognise import channel_in
from sellerweb.channels.workbook import Sheet
from sellerweb.shop.incoming import FileIn, FileRead

_ORDERS = {"smartstore": smartstore.orders, "qoo10": qoo10.orders, "shopify": shopify.orders}


def read(
    data: bytes, password: str = "", encoding: str = "", seconds: float = fence.WALL_SECONDS
) -> FileRead | OwnTable:
    """The orders of a file that was recognised, else its table, for people to match. Read in a child process."""
    found = fence.read("auto", data, password, encoding, seconds)
    return found if isinstance(found, FileRead) else OwnTable.from_json(found)


def parse(data: bytes, password: str = "", encoding: str = "") -> FileIn | OwnTable:
    """As `read`, in this process: for the child, and for tests."""
    seen: list[Sheet] = []
    for sheet in workbook.sheets(data, password, "", encoding):
        if channel := channel_in(sheet.head):
            return _ORDERS[channel]([sheet])
        seen.append(sheet)
    return own_table.first_of(seen)
