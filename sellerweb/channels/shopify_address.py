"""An address of Shopify's columns as one line, and the country it is in. Knows no order."""

from functools import cache

from babel import Locale

from sellerweb.channels.cells import line
from sellerweb.channels.provinces import PROVINCES
from sellerweb.channels.table import Row


def address(row: Row, kind: str) -> str:
    """`kind` is `Shipping` or `Billing`. From large to small in Japan and Korea, elsewhere as an envelope has it.

    Postcode and country are apart. "" where there is neither street nor town (digital goods, pick-up).
    """
    street, more, town, company = (
        line(row.first(f"{kind} {part}"), 500) for part in ("Address1", "Address2", "City", "Company")
    )
    if not (street or more):
        street = line(row.first(f"{kind} Street"), 500)
    if not (street or more or town):
        return ""
    province = line(row.first(f"{kind} Province"), 100)
    if country(row, kind) in ("JP", "KR"):
        named = PROVINCES.get(province, line(row.first(f"{kind} Province Name", f"{kind} Province"), 100))
        parts = [town, street, more, company]
        if not any(part.startswith(named[:2]) for part in (town, street)):
            parts.insert(0, named)
        return " ".join(filter(None, parts))
    return ", ".join(filter(None, (company, street, more, town, province)))


def country(row: Row, kind: str) -> str:
    """Two letters; old files write the name out. "" where it is not known."""
    said = line(row.first(f"{kind} Country"), 100)
    return said.upper() if len(said) == 2 else _codes().get(said.casefold(), "")


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").territories.items() if len(code) == 2}
