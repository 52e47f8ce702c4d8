"""The channels an order comes from: reads what each gives, writes what each takes. No pages, no database."""

from collections.abc import Callable

from sellerweb.channels import smartstore
from sellerweb.shop.incoming import FileIn

# channel → read(data, password): raises FileError, returns the file with its rejected rows.
READERS: dict[str, Callable[[bytes, str], FileIn]] = {"smartstore": smartstore.read}
