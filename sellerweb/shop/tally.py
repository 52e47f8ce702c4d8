"""Folding the steps of the stage counts together, so that adding them up stays quick. Nothing else."""

from collections import Counter

from sqlalchemy import delete, insert

from sellerweb.shop.db import write
from sellerweb.shop.models import StageTally


def fold() -> None:
    """Put one row for each channel and stage in the place of its steps; the sums stay what they are."""
    with write() as tx:
        # What is deleted is what is summed: a step that another server adds meanwhile is in neither.
        steps = tx.execute(delete(StageTally).returning(StageTally.channel, StageTally.stage, StageTally.n))
        sums: Counter[tuple[str, str]] = Counter()
        for channel, stage, n in steps:
            sums[channel, stage] += n
        rows = [{"channel": channel, "stage": stage, "n": n} for (channel, stage), n in sums.items() if n]
        if rows:
            tx.execute(insert(StageTally), rows)
