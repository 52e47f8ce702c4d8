"""Files too big to be read while somebody waits: the worker reads them, and keeps what they hold. Takes nothing in."""

from sellerweb.channels import READERS
from sellerweb.channels.own_table import OwnTable
from sellerweb.desk import own_columns
from sellerweb.shop import asking, imports
from sellerweb.shop.db import write
from sellerweb.shop.imports import Unread
from sellerweb.shop.incoming import FileError


def read_one() -> bool:
    """Read one file, if there is any that nobody has read."""
    unread = imports.claim_unread()
    if unread is not None:
        _read(unread)
    return unread is not None


def _read(unread: Unread) -> None:
    how = unread.how
    try:
        found = READERS[how.channel](unread.data, how.password, how.encoding)
    except FileError as no:
        imports.refuse(unread.id, no)
        return
    file = own_columns.matched(found, anew=how.anew) if isinstance(found, OwnTable) else found
    if file is None:
        asking.ask_of(unread.id, found.to_json())
        return
    with write() as tx:
        imports.fill(tx, unread.id, file)
