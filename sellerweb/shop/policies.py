"""A shop's own rules over the shipped ones: which are in force, changing one, and who did. What a rule means: `policy`.

A change binds what comes after it. What is stamped on an order already (when it must leave, until when it can be
cancelled) was promised, and stays.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, Connection, Row, bindparam, insert, select, text, update

from sellerweb.shop import clock, policy_rules
from sellerweb.shop.db import write
from sellerweb.shop.history import Actor
from sellerweb.shop.models import Policy as PolicyRow
from sellerweb.shop.models import PolicyChange, Staff, UtcTime
from sellerweb.shop.policy import DEFAULTS, Policy
from sellerweb.shop.refused import Refused

# Of a channel whose rules nobody has ever changed.
_NEVER = datetime.fromtimestamp(0, UTC)
_ROW = select(PolicyRow.rules, PolicyRow.changed_at)
# ON CONFLICT DO NOTHING reads alike on both databases. It gives two people a row to meet at.
_FIRST = text(
    "INSERT INTO policy (channel, rules, changed_at) VALUES (:channel, :rules, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("rules", {}, type_=JSON()), bindparam("at", _NEVER, type_=UtcTime()))
_CHANGES = (
    select(PolicyChange.__table__, Staff.name.label("staff"))
    .join(Staff, Staff.id == PolicyChange.staff_id, isouter=True)
    .order_by(PolicyChange.at.desc())
)


@dataclass(frozen=True, slots=True)
class InForce:
    """A channel's rules as they are; `own` names those that the shop has changed. `seen` is what a form carries."""

    channel: str
    rules: Policy
    own: frozenset[str]
    seen: str


class Stale(Refused):
    """Somebody else has changed rules of this channel since the page was drawn, or this very rule was changed."""

    def __init__(self, seen: str) -> None:
        super().__init__(_l("The rules have changed since your page was drawn. Nothing was saved; look at them again."))
        self.seen = seen


def in_force(conn: Connection, channel: str) -> InForce:
    row = conn.execute(_ROW.where(PolicyRow.channel == channel)).one_or_none()
    own, changed_at = (row.rules, row.changed_at) if row else ({}, _NEVER)
    return InForce(channel, replace(DEFAULTS[channel], **own), frozenset(own), _seen(changed_at))


def change(by: Actor, channel: str, name: str, value: Any, seen: str) -> None:
    """Give a rule another value. Raises Refused about a field (or about `seen`), and Stale; said twice, it changes nothing twice."""
    policy_rules.check(policy_rules.of(channel)[name], value)
    default = getattr(DEFAULTS[channel], name)
    with write() as tx:
        tx.execute(_FIRST, {"channel": channel})
        row = tx.execute(_ROW.where(PolicyRow.channel == channel).with_for_update()).one()
        moment = _moment(seen)
        if moment is None or moment > row.changed_at:
            raise Refused(
                _l(
                    "It does not say from which rules your page was drawn. Nothing was saved; look at them and save again."
                ),
                "seen",
            )
        before = row.rules.get(name, default)
        if value == before:
            return
        if any(told.staff_id != by.staff_id or name in told.after for told in since(tx, channel, seen)):
            raise Stale(seen)
        own = {rule: kept for rule, kept in row.rules.items() if rule != name}
        if value != default:
            own[name] = value
        # Two changes in one second are still two: what a form has seen is told by this instant.
        at = max(clock.now(), row.changed_at + timedelta(seconds=1))
        tx.execute(update(PolicyRow).where(PolicyRow.channel == channel).values(rules=own, changed_at=at))
        told = {"channel": channel, "at": at, "staff_id": by.staff_id, "before": {name: before}, "after": {name: value}}
        tx.execute(insert(PolicyChange).values(told))


def reset(by: Actor, channel: str, name: str, seen: str) -> None:
    """Back to the shipped value."""
    change(by, channel, name, getattr(DEFAULTS[channel], name), seen)


def changes(conn: Connection, channel: str, limit: int = 20) -> list[Row[Any]]:
    """Who changed what in a channel's rules, newest first."""
    return list(conn.execute(_CHANGES.where(PolicyChange.channel == channel).limit(limit)))


def since(conn: Connection, channel: str, seen: str) -> list[Row[Any]]:
    """The changes that a page has not seen, newest first."""
    unseen = PolicyChange.at > (_moment(seen) or _NEVER)
    return list(conn.execute(_CHANGES.where(PolicyChange.channel == channel, unseen)))


def _moment(seen: str) -> datetime | None:
    """The instant that a form carries; None where it carries none."""
    plain = seen.isascii() and seen.isdecimal() and len(seen) < 11
    return datetime.fromtimestamp(int(seen), UTC) if plain else None


def _seen(changed_at: datetime) -> str:
    return str(int(changed_at.timestamp()))
