"""Whose file it is, by the words of its header row. Reads no data rows.

A sign is a set of columns that stand together in one channel's files and in nobody else's.
"""

import unicodedata
from collections.abc import Collection, Iterable

from sellerweb.channels.cells import CLEAN, Cell

SIGNS: dict[str, tuple[frozenset[str], ...]] = {
    "smartstore": (frozenset({"상품주문번호"}),),
    "qoo10": (frozenset({"注文番号", "カート番号"}), frozenset({"주문번호", "장바구니번호"})),
    "shopify": (frozenset({"Name", "Lineitem name", "Lineitem quantity"}),),
}


def names_of(row: Iterable[Cell]) -> list[str]:
    """The names in a header row, in plain letters on one line; brackets around a whole name are dropped."""
    return [_name(cell) for cell in row]


def channel_of(names: Collection[str]) -> str:
    """The channel whose columns these are; "" for nobody's."""
    there = set(names)
    return next((channel for channel, signs in SIGNS.items() if any(sign <= there for sign in signs)), "")


def channel_in(rows: Iterable[Iterable[Cell]]) -> str:
    """The channel of the first of these rows that is somebody's header."""
    return next(filter(None, (channel_of(names_of(row)) for row in rows)), "")


def _name(cell: Cell) -> str:
    name = " ".join(unicodedata.normalize("NFKC", str(cell).translate(CLEAN)).split())
    return name[1:-1].strip() if name[:1] == "(" and name[-1:] == ")" else name
