"""The orders of a file become the shop's, a part a transaction. No files, no reading; `imports` says whose turn it is."""

import time
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, OperationalError

from sellerweb.shop import history, imports, intake
from sellerweb.shop.db import forget, read
from sellerweb.shop.incoming import OrderIn, unpacked
from sellerweb.shop.models import ImportPart
from sellerweb.shop.refused import Refused
from sellerweb.shop.turns import TURN, rest

TRIES = 3
# A report names so many orders about which the channel and the desk disagree; the list of disagreements has them all.
NAMED = 200


def apply(import_id: int) -> None:
    """Take an import in for one turn, a part a transaction. What cannot be applied is failed, and raised."""
    try:
        if _turn(import_id):
            imports.finish(import_id)
        else:
            imports.release(import_id)
    except OperationalError:
        raise  # the database was away: the lease runs out, and the import goes on
    except Exception:
        # Else it would be taken up again for ever, with every other file of the channel behind it.
        imports.finish(import_id, "failed")
        raise


def run(import_id: int) -> dict[str, Any]:
    """Apply what stands before this import (one that was killed, say) and then this one; returns its report."""
    while True:
        mine = imports.get(import_id)
        if mine.state == "done":
            return dict(mine.report)
        if mine.state == "failed":
            raise Refused(imports.FAILED)
        claimed = imports.claim()
        if claimed is None:
            time.sleep(0.2)
        else:
            apply(claimed)
        forget()


def _turn(import_id: int) -> bool:
    """Whether all of it is in by now."""
    until = time.monotonic() + TURN
    while True:
        began = time.monotonic()
        part = read().execute(_NEXT.where(ImportPart.import_id == import_id)).one_or_none()
        forget()
        if part is None:
            return True
        _take_part(import_id, part.n, unpacked(part.orders))
        rest(began)
        if time.monotonic() >= until:
            return False


_NEXT = select(ImportPart.n, ImportPart.orders).order_by(ImportPart.n).limit(1)


def _take_part(import_id: int, n: int, told: list[OrderIn]) -> None:
    """Take a part's orders in, in one transaction; the part is gone with it, and counted once."""
    mine = delete(ImportPart).where(ImportPart.import_id == import_id, ImportPart.n == n)
    for tries in range(TRIES):
        try:
            with history.act(history.CHANNEL, "import") as act:
                if act.tx.execute(mine).rowcount:  # else another worker has taken it: this one's lease had run out
                    row = imports.standing(act.tx, import_id)
                    outcomes = intake.take_all(act, row.channel, told)
                    report = _counted(row.report, told, outcomes)
                    imports.progress(act.tx, import_id, done=row.done + len(told), report=report)
            return
        except IntegrityError:
            # Somebody at the desk wrote the same number in this moment: look again at what stands there now.
            if tries == TRIES - 1:
                raise


def _counted(report: dict[str, Any], told: list[OrderIn], outcomes: list[tuple[str, list[str]]]) -> dict[str, Any]:
    """The report with these orders in it."""
    counted = {**report, "lines": report["lines"] + sum(len(one.lines) for one in told)}
    for outcome, _codes in outcomes:
        counted[outcome] += 1
    named = [
        {"order_no": one.order_no, "code": code}
        for one, (_outcome, codes) in zip(told, outcomes, strict=True)
        for code in codes
    ]
    return {**counted, "conflicts": [*report["conflicts"], *named][:NAMED]}
