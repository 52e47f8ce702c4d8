"""A channel's texts, cut to the room that their columns have. Keys stay whole; nothing else is judged.

SQLite keeps any length; PostgreSQL would refuse the whole import for one talkative customer.
"""

from dataclasses import fields, replace
from typing import Any

from sqlalchemy import String

from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Base, Order, OrderLine, Shipment

_KEYS = {"order_no", "item_no", "currency"}
# NUL, which no database keeps, and the marks that turn a line's reading around.
_NEVER = dict.fromkeys(map(ord, "\0\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def fitted(told: OrderIn) -> OrderIn:
    return replace(told, **_cut(told, _ORDER), lines=[replace(line, **_cut(line, _LINE)) for line in told.lines])


def _cut(record: object, room: dict[str, int]) -> dict[str, Any]:
    return {name: getattr(record, name).translate(_NEVER)[:size] for name, size in room.items()}


def _sizes(model: type[Base]) -> dict[str, int]:
    return {c.name: c.type.length for c in model.__table__.columns if isinstance(c.type, String) and c.type.length}


def _room(record: type[OrderIn] | type[LineIn], model: type[Base]) -> dict[str, int]:
    names = {f.name for f in fields(record)} - _KEYS
    return {name: size for name, size in _sizes(model).items() if name in names}


_ORDER = _room(OrderIn, Order)
_LINE = {**_room(LineIn, OrderLine), "tracking_number": _sizes(Shipment)["number"]}
