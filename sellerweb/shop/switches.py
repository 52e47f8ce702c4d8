"""Which media the shop sends by: mail and sms, each on when it is set up and nobody has switched it off. Sends nothing."""

from typing import NamedTuple

from flask import current_app
from sqlalchemy import JSON, Connection, bindparam, select, text

from sellerweb.shop import clock
from sellerweb.shop.db import write
from sellerweb.shop.models import Setting, UtcTime

# A switch, and the setting of the program without which it can send nothing.
SWITCHES = {"mail": "SMTP_URL", "sms": "SOLAPI_KEY"}
# The switch that stands before each medium of a notice.
OF_MEDIUM = {"email": "mail", "sms": "sms"}


class Switch(NamedTuple):
    """`wanted` is what people chose; without a set-up it is off all the same."""

    name: str
    set_up: bool
    wanted: bool

    @property
    def on(self) -> bool:
        return self.set_up and self.wanted


_PUT = text(
    "INSERT INTO setting (name, value, changed_at) VALUES (:name, :value, :at)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at"
).bindparams(bindparam("value", type_=JSON()), bindparam("at", type_=UtcTime()))


def all_(conn: Connection) -> list[Switch]:
    chosen = {row.name: row.value for row in conn.execute(select(Setting.name, Setting.value))}
    return [
        Switch(name, bool(current_app.config[setting]), chosen.get(name, True) is not False)
        for name, setting in SWITCHES.items()
    ]


def sends(conn: Connection, medium: str) -> bool:
    """Whether a notice of this medium may leave now."""
    return any(switch.on for switch in all_(conn) if switch.name == OF_MEDIUM[medium])


def turn(name: str, on: bool) -> None:
    if name not in SWITCHES:
        raise KeyError(name)
    with write() as tx:
        put(tx, name, on)


def put(tx: Connection, name: str, value: object) -> None:
    """Keep a setting of the shop under its name."""
    tx.execute(_PUT, {"name": name, "value": value, "at": clock.now()})
