"""How much waits for somebody beside the queue: claims, refunds, threads, parcels to be told. One statement over small indexes. Reads only."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, func, literal, select, text, union_all

from sellerweb.shop.models import Claim, Conflict, Order, Refund, Shipment, Thread
from sellerweb.shop.models.order import DAY_UNTOLD
from sellerweb.shop.models.shipment import UNTOLD

# Spelled exactly as the partial indexes are, so that both databases use them.
CLAIMS = select(literal("claim"), Claim.kind, func.count()).where(text("closed_at IS NULL")).group_by(Claim.kind)
REFUNDS = select(literal("refund"), literal(""), func.count()).select_from(Refund)
THREADS = select(literal("thread"), literal(""), func.count()).select_from(Thread)
PARCELS = select(literal("untold"), literal(""), func.count()).select_from(Shipment)
DAYS = select(literal("day"), literal(""), func.count()).select_from(Order)
CONFLICTS = select(literal("conflict"), literal(""), func.count()).select_from(Conflict)
_ALL = union_all(
    CLAIMS,
    REFUNDS.where(text("state IN ('due','sent','manual')")),
    THREADS.where(text("due_at IS NOT NULL AND state = 'open'")),
    CONFLICTS.where(text("state = 'open'")),
    PARCELS.where(text(UNTOLD)),
    DAYS.where(text(DAY_UNTOLD)),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`kinds`: {kind: live claims}; refunds that are not through; threads that wait for an answer; parcels that left and
    orders with a promised day whose channel does not know it; disagreements with a channel."""

    kinds: dict[str, int] = field(default_factory=dict)
    refunds: int = 0
    threads: int = 0
    untold: int = 0
    conflicts: int = 0

    @property
    def claims(self) -> int:
        return sum(self.kinds.values())


def waiting(conn: Connection) -> Waiting:
    kinds: dict[str, int] = {}
    single = {"refund": 0, "thread": 0, "untold": 0, "day": 0, "conflict": 0}
    for what, kind, n in conn.execute(_ALL):
        if what == "claim":
            kinds[kind] = n
        else:
            single[what] = n
    return Waiting(kinds, single["refund"], single["thread"], single["untold"] + single["day"], single["conflict"])
