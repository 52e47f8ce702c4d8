"""Files too big to be read while somebody waits: the worker reads them, and keeps what they hold. Takes nothing in."""

from sellerweb.channels import READERS, manual
from sellerweb.channels.own_table import OwnTable
from sellerweb.desk import own_columns
from sellerweb.shop import asking, imports
from sellerweb.shop.db import write
from sellerweb.shop.imports import Unread
from sellerweb.shop.incoming import FileError, FileRead
from sellerweb.shop.packed import unpack


def read_one() -> bool:
    """Read one file, if there is any that nobody has read."""
    unread = imports.claim_unread()
    if unread is not None:
        _read(unread)
    return unread is not None


def _read(unread: Unread) -> None:
    try:
        found = _found(unread)
    except FileError as no:
        imports.refuse(unread.id, no)
        return
    except Exception:
        # Else it would be taken up again for ever.
        imports.refuse(unread.id, FileError("corrupt_file"))
        raise
    if isinstance(found, OwnTable):
        asking.ask_of(unread.id, found.to_json())
        return
    with write() as tx:
        imports.fill(tx, unread.id, found)


def _found(unread: Unread) -> FileRead | OwnTable:
    """The orders of the file; or a table whose columns nobody has matched yet."""
    how = unread.how
    if how.columns:
        table = OwnTable.from_json(unpack(unread.data))
        return manual.orders(table, how.columns, own_columns.home(how.currency)).packed()
    found = READERS[how.channel](unread.data, how.password, how.encoding)
    return (own_columns.matched(found, anew=how.anew) or found) if isinstance(found, OwnTable) else found
