"""What a letter may say: the facts of its notice's order as they stand when it is sent. Reads only; no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from sellerweb import carriers
from sellerweb.shop import cancelling, orders, policy
from sellerweb.shop.models import Claim, ClaimLine, Order, OrderLine, Refund, Shipment, ShipmentLine


class Piece(NamedTuple):
    name: str
    option: str
    quantity: int


class Parcel(NamedTuple):
    """A parcel in the letter's language. `link` and `number` may be empty; an untrackable one has a right to be."""

    carrier: str
    number: str
    link: str
    trackable: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """`pieces` is what the letter is about: its parcel's, its claim's, else the order's; `remaining` what is still to be
    sent. Amounts are in minor units of the order's currency; `kept` names fees as `fees.Quote.kept` does."""

    letter: str
    language: str
    order: Row[Any]
    claim: Row[Any] | None
    parcel: Parcel | None
    pieces: list[Piece]
    remaining: list[Piece]
    values: Mapping[str, Any]
    refund: int
    kept: list[tuple[str, int]]
    to_account: bool
    decided_here: bool
    refund_days: int
    answer_by: datetime | None


def of(conn: Connection, notice: Any) -> Facts:
    """The facts for this notice, now."""
    order = conn.execute(select(Order.__table__).where(Order.id == notice.order_id)).one()
    claim = _row(conn, Claim, notice.claim_id)
    lines = list(
        conn.execute(
            select(OrderLine.__table__).where(OrderLine.order_id == order.id).order_by(OrderLine.position, OrderLine.id)
        )
    )
    language, values = orders.language(order), notice.values or {}
    about = _about(conn, notice, lines)
    to_send = {x.id: x.ordered - x.cancelled - x.shipped for x in lines}
    return Facts(
        letter=notice.letter,
        language=language,
        order=order,
        claim=claim,
        parcel=_parcel(conn, notice.shipment_id, language),
        pieces=_pieces(lines, about),
        remaining=_pieces(lines, to_send),
        values=values,
        refund=int(values.get("amount", values.get("refund", claim.refund if claim else 0)) or 0),
        kept=_kept(order, claim, values),
        to_account=_to_account(conn, claim),
        decided_here=cancelling.decides_here(order.channel),
        refund_days=policy.of(conn, order.channel).decide_days,
        answer_by=claim.due_at if claim else None,
    )


def _about(conn: Connection, notice: Any, lines: list[Row[Any]]) -> dict[int, int]:
    """Which pieces the letter is about: {line id: quantity}."""
    if notice.letter.startswith("shipment_"):
        inside = select(ShipmentLine.line_id, ShipmentLine.quantity)
        return {
            x.line_id: x.quantity for x in conn.execute(inside.where(ShipmentLine.shipment_id == notice.shipment_id))
        }
    if notice.claim_id is not None:
        claimed = list(conn.execute(select(ClaimLine.__table__).where(ClaimLine.claim_id == notice.claim_id)))
        return {x.line_id: x.received if notice.letter.endswith("_receive") else x.quantity for x in claimed}
    return {x.id: x.ordered - x.cancelled for x in lines if x.ordered > x.cancelled} or {x.id: x.ordered for x in lines}


def _pieces(lines: list[Row[Any]], quantities: dict[int, int]) -> list[Piece]:
    return [Piece(x.name, x.option, quantities[x.id]) for x in lines if quantities.get(x.id)]


def _parcel(conn: Connection, shipment_id: int | None, language: str) -> Parcel | None:
    row = _row(conn, Shipment, shipment_id)
    if row is None:
        return None
    carrier = carriers.CARRIERS.get(row.carrier)
    return Parcel(
        carrier=row.carrier_name or (carrier.name(language) if carrier else row.carrier),
        number=carriers.display(row.carrier, row.number),
        link=carriers.link(row.carrier, row.number),
        trackable=carrier is None or carrier.trackable,
    )


def _kept(order: Row[Any], claim: Row[Any] | None, values: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The fees that do not come back: a cancel's stand in its notice, a return's follow from its figures."""
    if claim is None or claim.kind == "redelivery":
        return []
    if claim.kind == "cancel":
        kept = values.get("kept", [["free_shipping", claim.fee]])
        return [(code, amount) for code, amount in kept if amount]
    fee = [(f"{claim.kind}_fee", claim.fee)] if claim.fee and claim.bearer == "customer" else []
    way_out_stays = claim.kind == "return" and claim.goods and claim.refund <= max(0, claim.goods - claim.fee)
    return [*([("shipping", order.shipping_fee)] if order.shipping_fee and way_out_stays else []), *fee]


def _to_account(conn: Connection, claim: Row[Any] | None) -> bool:
    """Whether the customer gave a bank account for this money; which one is nobody's business here."""
    if claim is None:
        return False
    given = select(Refund.id).where(Refund.claim_id == claim.id, Refund.account != "", Refund.state != "failed")
    return bool(claim.account) or conn.scalar(given.limit(1)) is not None


def _row(conn: Connection, table: Any, key: int | None) -> Row[Any] | None:
    return None if key is None else conn.execute(select(table.__table__).where(table.id == key)).one_or_none()
