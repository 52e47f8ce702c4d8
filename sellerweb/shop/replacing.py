"""A piece sent once more: it becomes a new line of its order, at no price, and is packed like any other. No verbs."""

from types import SimpleNamespace
from typing import Any

from sellerweb.shop import claims, opening, policy
from sellerweb.shop.case import Case


def replace(case: Case, claim: int, pieces: dict[int, int], option: str = "") -> None:
    """Add the lines that replace `pieces` {line id: quantity} of a claim. The caller records why.

    The order has something to send again: with a date of its own, and out of the archive.
    """
    for n, (line_id, quantity) in enumerate(pieces.items(), 1):
        old = case.lines[line_id]
        same = not option or option == old.option
        opening.add_line(
            case,
            {
                "item_no": f"R{claim}-{n}",
                "position": len(case.lines),
                "product_id": old.product_id if same else None,
                "sku": old.sku if same else "",
                "name": old.name,
                "option": old.option if same else option,
                "gift": "",
                "total": None if old.total is None else 0,
                "carrier": old.carrier,
                "method": old.method,
                "channel_state": "",
                "ordered": quantity,
                "claim_id": claim,
            },
        )
    due = policy.ship_due(claims.rules(case), case.act.at, None, None)
    case.set_order(
        ship_due_at=due,
        archived_at=None,
        lines_count=len(case.lines),
        pieces=case.order.pieces + sum(pieces.values()),
    )


def without(line: Any, pieces: dict[int, int]) -> SimpleNamespace:
    """A line as if a claim about these pieces of it had not been made: for working its figures out again."""
    values = dict(vars(line))
    values["claimed"] -= pieces.get(line.id, 0)
    return SimpleNamespace(**values)
