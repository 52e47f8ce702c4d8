"""A piece sent once more: it becomes a new line of its order, at no price, and is packed like any other. No verbs."""

from sellerweb.shop import claims, fees, goods, opening, policy
from sellerweb.shop.case import Case


def replace(case: Case, claim: int, pieces: dict[int, int], option: str = "") -> None:
    """Add the lines that replace `pieces` {line id: quantity} of a claim. The caller records why.

    The order has something to send again, with a date of its own unless the rest waits anyway.
    """
    waits = any(line.cancelled + line.shipped < line.ordered for line in case.lines.values())
    for line_id, quantity in pieces.items():
        old = case.lines[line_id]
        same = not option or option == old.option
        opening.add_line(
            case,
            {
                "item_no": fees.replacement_no(claim, line_id),
                "position": len(case.lines),
                "product_id": old.product_id if same else goods.named(case.act, old.name, option),
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
    due = case.order.ship_due_at if waits else policy.ship_due(claims.rules(case), case.act.at, None, None)
    case.set_order(
        ship_due_at=due,
        lines_count=len(case.lines),
        pieces=case.order.pieces + sum(pieces.values()),
    )


def is_waiting(case: Case, claim: int) -> bool:
    """Whether something that replaces a claim's pieces has not left yet."""
    return any(x.cancelled + x.shipped < x.ordered for x in case.lines.values() if x.claim_id == claim)
