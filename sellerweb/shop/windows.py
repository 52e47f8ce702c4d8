"""Until when what has left can be sent back or reported: one rule for the page, the desk and the verb. Pure; refuses nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sellerweb.shop import policy
from sellerweb.shop.fees import Reason
from sellerweb.shop.policy import Policy
from sellerweb.shop.undone import SELLER

# A parcel that never arrived should have, so many days after it left: the slowest one abroad is there by then.
ROAD_DAYS = 30


def until(rules: Policy, parcels: Iterable[Any], kind: str, reason: Reason) -> datetime | None:
    """The end (UTC) of the time to ask for a return, an exchange or a redelivery for this reason.

    `parcels` are those that have left. Goods are sent back within the window after they arrived (None: nothing has), longer
    where they are at fault. What did not arrive whole is reported within that longer one, from the day it should have been there.
    """
    if kind == "redelivery":
        there = [parcel.delivered_at or _should_arrive(parcel) for parcel in parcels if parcel.shipped_at]
        return policy.end_of(rules, max(there), days=rules.defect_days) if there else None
    arrived = [parcel.delivered_at for parcel in parcels if parcel.delivered_at]
    days = rules.defect_days if reason.bearer == SELLER else rules.return_days
    return policy.end_of(rules, max(arrived), days=days) if arrived else None


def _should_arrive(parcel: Any) -> datetime:
    left: datetime = parcel.shipped_at
    return left + timedelta(days=ROAD_DAYS)
