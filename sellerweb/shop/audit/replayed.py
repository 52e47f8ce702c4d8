"""An order's facts as they were at some moment of its history: its events played until then. No judgement."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from sellerweb.shop import states
from sellerweb.shop.case import COUNTERS, FACTS_BEGIN


class Facts:
    """`order` {fact: value}; `lines`, `shipments`, `claims` and `refunds` {id: {fact: value}}. Instants are ISO text."""

    def __init__(self, events: Iterable[Row[Any]] = ()) -> None:
        self.order: dict[str, Any] = dict(FACTS_BEGIN)
        self.lines: dict[int, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(COUNTERS, 0))
        self.shipments: dict[int, dict[str, Any]] = defaultdict(dict)
        self.claims: dict[int, dict[str, Any]] = defaultdict(dict)
        self.refunds: dict[int, dict[str, Any]] = defaultdict(dict)
        for event in events:
            self.play(event)

    def play(self, event: Row[Any]) -> None:
        """What this event changed is so from now on."""
        self.order |= _after(event.changes.get("order", {}))
        for part in ("lines", "shipments", "claims", "refunds"):
            for id, facts in event.changes.get(part, {}).items():
                getattr(self, part)[int(id)] |= _after(facts)

    def instant(self, name: str) -> datetime | None:
        """One of the order's times."""
        text = self.order[name]
        return datetime.fromisoformat(text) if text else None

    @property
    def stage(self) -> str:
        return states.stage(
            paid_at=self.instant("paid_at"),
            expired_at=self.instant("expired_at"),
            confirmed_at=self.instant("confirmed_at"),
            parcels={parcel.get("state", "") for parcel in self.shipments.values()},
            lines=[SimpleNamespace(**line) for line in self.lines.values()],
        )


def _after(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: after for name, (_before, after) in facts.items()}
