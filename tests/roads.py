"""Orders, parcels, claims and refunds brought to each of their states by their own verbs."""

from collections.abc import Callable

from bare_shop import Shop
from wishes import CUSTOMER, NUMBERS, ask_back, claim, delivered, lost, pieces, send

from sellerweb.shop import astray, cancels, orders, redeliveries, refunds, returns, shipments
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.returns import Found


def line(state: str = "new") -> LineIn:
    return LineIn("1", "노트", 3, state, total=9000)


def order_in(shop: Shop, stage: str, code: str) -> None:
    """An order that has come to this stage by its verbs."""
    first = {"awaiting_payment": "unpaid", "expired": "unpaid", "cancelled": "cancelled"}.get(stage, "new")
    shop.place(code, line(first))
    if stage == "preparing":
        shop.do(orders.confirm, code)
    if stage == "expired":
        shop.do(orders.expire, code)
    if stage in ("ready", "partly_shipped", "shipped", "delivered"):
        some = 1 if stage == "partly_shipped" else 3
        send(shop, some, code, hand_over=stage != "ready", arrives=stage == "delivered")
    assert shop.order(code).stage == stage


def parcel_in(shop: Shop, state: str, code: str) -> int:
    """A parcel that has come to this state; the voided one was stopped by a cancel."""
    shop.place(code, line())
    parcel = shop.do(shipments.pack, code, pieces(shop, 2, code))
    shop.sql(f"UPDATE shipment SET carrier = 'epost' WHERE id = {parcel}")  # handing over needs one, whatever the state
    if state != "packing":
        shop.do(shipments.label, code, parcel, next(NUMBERS))
    if state == "voided":
        shop.do(cancels.cancel, code, pieces(shop, 2, code), "sold_out")
    if state in ("shipped", "in_transit", "delivered", "lost", "came_back"):
        shop.do(shipments.ship, code, parcel)
    last = {
        "in_transit": shipments.scan,
        "delivered": shipments.deliver,
        "lost": astray.lose,
        "came_back": astray.come_back,
    }
    if state in last:
        shop.do(last[state], code, parcel)
    assert shop.parcels(code)[0].state == state
    return parcel


# What happens to a claim, one step after the other, until it is in a state. Two of the three pieces come back.
_CANCEL = {
    "requested": (),
    "done": (cancels.approve,),
    "refused": (lambda case, it: cancels.refuse(case, it, "안 돼요"),),
    "withdrawn": (cancels.withdraw,),
}


def _receive(case, it) -> None:
    returns.receive(case, it, dict.fromkeys(case.claimed_lines(it), 2))


def _inspect(case, it) -> None:
    returns.inspect(case, it, dict.fromkeys(case.claimed_lines(it), Found(resellable=2, missing=1)))


_BACK = {
    "requested": (),
    "accepted": (returns.accept,),
    "collecting": (returns.accept, returns.collect),
    "received": (returns.accept, _receive),
    "inspected": (returns.accept, _receive, _inspect),
    "refused": (lambda case, it: returns.refuse(case, it, "안 돼요"),),
    "withdrawn": (returns.withdraw,),
}
_RESENT = (*_BACK["inspected"], returns.resend)
ROADS: dict[str, dict[str, tuple[Callable, ...]]] = {
    "cancel": {**_CANCEL, "undone": ()},
    "return": {**_BACK, "done": (*_BACK["inspected"], returns.finish)},
    "exchange": {**_BACK, "resent": _RESENT, "done": (*_RESENT, returns.finish)},
    "redelivery": {
        "reported": (),
        "checking": (redeliveries.check,),
        "resent": (redeliveries.resend,),
        "refunded": (redeliveries.refund,),
        "found": (redeliveries.found,),
        "refused": (lambda case, it: redeliveries.refuse(case, it, "안 돼요"),),
        "withdrawn": (redeliveries.withdraw,),
    },
}


def claim_in(shop: Shop, kind: str, state: str, code: str) -> int:
    """A claim of this kind, about all three pieces, that has come to this state."""
    it = _begin(shop, kind, state, code)
    for step in ROADS[kind][state]:
        shop.do(step, code, it)
        if step is returns.resend:
            send(shop, 2, code, line=1)
    assert claim(shop, code).state == state
    return it


def _begin(shop: Shop, kind: str, state: str, code: str) -> int:
    if state == "undone":
        shop.place(code, line())
        it = shop.do(cancels.cancel, code, pieces(shop, 3, code), "sold_out")
        shop.do(cancels.undo, code, it)
        return it
    if kind == "cancel":
        shop.place(code, line())
        return shop.do(cancels.request, code, pieces(shop, 3, code), "wish", by=CUSTOMER)
    if kind == "redelivery":
        shop.place(code, line())
        return lost(shop, code=code)
    delivered(shop, code)
    return ask_back(shop, kind=kind, code=code)


def refund_in(shop: Shop, state: str, code: str) -> int:
    shop.place(code, line())
    it = shop.do(refunds.owe, code, 9000, "other")
    roads = {
        "manual": (refunds.hand,),
        "sent": (refunds.hand, refunds.send),
        "done": (refunds.hand, refunds.settle),
        "failed": (refunds.fail,),
    }
    for step in roads.get(state, ()):
        shop.do(step, code, it)
    assert shop._of("refund", code, "id")[0].state == state
    return it
