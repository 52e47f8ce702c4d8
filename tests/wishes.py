"""What tests of claims start from: parcels and wishes made by their verbs, noes that wrote nothing, and a sound shop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from bare_shop import PACKER, Shop

from sellerweb.shop import astray, closing, history, returns, shipments, stock
from sellerweb.shop import audit as auditing
from sellerweb.shop.audit import is_clean, money
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.refused import Refused
from sellerweb.shop.returns import Found

CUSTOMER = history.CUSTOMER
# All that a verb of these things may write.
FACTS = (
    "orders", "order_line", "shipment", "shipment_line", "claim", "claim_line", "refund", "message", "event", "notice",
    "action", "stage_tally", "stock", "order_key", "order_text", "customer_key", "customer_note",
)  # fmt: skip
NUMBERS = (shipments.Label("epost", f"6{n:012}") for n in range(10**6))


class _Back(Exception):
    """Ends a transaction without keeping anything of it."""


def would(shop: Shop, verb: Callable[..., Any], code: str, *args: Any, by: history.Actor = PACKER, **more: Any) -> bool:
    """Whether the verb would be taken now. Nothing of it is kept."""
    try:
        with history.act(by, verb.__name__) as act:
            case = act.order(code)
            verb(case, *args, **more)
            closing.close(case.act)
            raise _Back
    except Refused:
        return False
    except _Back:
        return True


@contextmanager
def nothing_written(shop: Shop) -> Iterator[None]:
    before = shop.dump(*FACTS)
    yield
    assert shop.dump(*FACTS) == before


def refusal(shop: Shop, verb: Callable[..., Any], *args: Any, code: str = "A1", by=PACKER, **more: Any) -> Refused:
    """The verb's no, with nothing written."""
    with nothing_written(shop), pytest.raises(Refused) as no:
        shop.do(verb, code, *args, by=by, **more)
    assert str(no.value)
    return no.value


def sound() -> None:
    """The audit finds nothing. What it costs most, looking at every column of the schema for fractions, is left out."""
    checks = tuple(check for check in auditing.BY_TABLE if check[1] is not money.integers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auditing, "BY_TABLE", checks)
        report = auditing.audit()
    assert is_clean(report), {name: row["first"] for name, row in report.items() if row["violations"]}


def pieces(shop: Shop, q: int, code: str = "A1", line: int = 0) -> dict[int, int]:
    return {shop.lines(code)[line].id: q}


def send(shop: Shop, q: int = 3, code: str = "A1", *, line: int = 0, hand_over: bool = True, arrives=False) -> int:
    """A parcel with so many pieces of a line: labelled, handed over, or there already."""
    label = next(NUMBERS)
    parcel = shop.do(shipments.send, code, pieces(shop, q, code, line), label, hand_over=hand_over)
    if arrives:
        shop.do(shipments.deliver, code, parcel)
    return parcel


def delivered(shop: Shop, code: str = "A1", **told: Any) -> SimpleNamespace:
    """An order of three pieces that has arrived."""
    shop.place(code, **told)
    send(shop, code=code, arrives=True)
    return shop.order(code)


def ask_back(shop: Shop, q: int = 3, reason: str = "mind", kind: str = "return", code: str = "A1", by=CUSTOMER, **more):
    """The id of a new return or exchange."""
    return shop.do(returns.request, code, kind, pieces(shop, q, code), reason, by=by, **more)


def come_in(shop: Shop, claim: int, q: int = 3, found: Found | None = None, code: str = "A1") -> None:
    """A return is accepted, the goods are here, and were looked at (they can be sold again, unless told otherwise)."""
    line = shop.line(code).id
    shop.do(returns.accept, code, claim)
    shop.do(returns.receive, code, claim, {line: q})
    shop.do(returns.inspect, code, claim, {line: found or Found(resellable=q)})


def lost(shop: Shop, q: int = 3, code: str = "A1") -> int:
    """A parcel is lost; the id of the claim that this opens."""
    shop.do(astray.lose, code, send(shop, q, code))
    return claims(shop, code)[-1].id


def claims(shop: Shop, code: str = "A1") -> list[SimpleNamespace]:
    return shop._of("claim", code, "id")


def claim(shop: Shop, code: str = "A1") -> SimpleNamespace:
    """The newest."""
    return claims(shop, code)[-1]


def refunds(shop: Shop, code: str = "A1") -> list[tuple[int, str]]:
    return [(row.amount, row.state) for row in shop._of("refund", code, "id")]


def stocked(shop: Shop, on_hand: int, sku: str = "N-1") -> None:
    """A product on the first shelf."""
    here = shop.rows("SELECT COUNT(*) AS n FROM product")[0].n + 1
    shop.sql(
        *([] if here > 1 else ["INSERT INTO location (id, name) VALUES (1, 'A')"]),
        "INSERT INTO product (id, sku, name, option, barcode, shelf, carrier)"
        f" VALUES ({here}, '{sku}', '노트', '', '', 'A1', '')",
    )
    counted(shop, on_hand, here)


def counted(shop: Shop, on_hand: int, product: int = 1, location: int = 1) -> None:
    with history.act(PACKER, "count") as act:
        stock.count(act, product, location, on_hand, "stocktake")


def on_hand(shop: Shop, sku: str = "N-1") -> int:
    return shop.rows(
        "SELECT on_hand FROM stock JOIN product ON product.id = stock.product_id WHERE sku = :sku", sku=sku
    )[0].on_hand


NOTEBOOKS = LineIn("1", "노트", 3, "new", sku="N-1", total=9000)
