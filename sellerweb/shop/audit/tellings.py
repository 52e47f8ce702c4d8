"""K1: what the channels were told: batches are whole, words are about their own order, and parcels say the same. Reads only."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select, text

from sellerweb.shop import promised_days
from sellerweb.shop.audit.whole import Finding
from sellerweb.shop.models import Batch, Order, OrderLine, Shipment, ShipmentLine, Telling
from sellerweb.shop.models.shipment import UNTOLD
from sellerweb.shop.telling import KNOWN, ONE_AN_ORDER

_WRITTEN = select(func.count()).where(Telling.batch_id == Batch.id, Telling.word == "written").scalar_subquery()
_BATCHES = select(Batch.id, Batch.rows, _WRITTEN.label("written"))


def batches(conn: Connection) -> Iterator[Finding | None]:
    """A batch wrote as many items as it says."""
    for row in conn.execute(_BATCHES):
        wrong = f"says {row.rows} rows, {row.written} were written"
        yield None if row.rows == row.written else Finding("batch", row.id, "", None, wrong)


_FOREIGN = (
    select(Telling.id, Order.code)
    .join(Order, Order.id == Telling.order_id)
    .join(OrderLine, OrderLine.id == Telling.line_id)
    .join(Shipment, Shipment.id == Telling.shipment_id, isouter=True)
    .join(Batch, Batch.id == Telling.batch_id, isouter=True)
    .where(
        or_(OrderLine.order_id != Order.id, Shipment.order_id != Order.id, Batch.channel != Order.channel)
        | (Batch.kind != Telling.kind)
    )
)


def words(conn: Connection) -> Iterator[Finding | None]:
    """A word is about an item and a parcel of its own order, in a file of that order's channel."""
    for row in conn.execute(_FOREIGN):
        yield Finding(
            "telling", row.id, row.code, None, "is about another order's item or parcel, or in another's file"
        )


def parcels(conn: Connection) -> Iterator[Finding | None]:
    """A told parcel has nothing open; one of which all was told is told."""
    for row in conn.execute(_HASTY):
        wrong = f"is told, and the newest word about line {row.line_id} is {row.word}"
        yield Finding("shipment", row.id, row.code, None, wrong)
    for id, code in conn.execute(_FORGOTTEN):
        yield Finding("shipment", id, code, None, "is not told, and the channel knows all that lies in it")


def days(conn: Connection) -> Iterator[Finding | None]:
    """An order says that its promised day is to be told where one of its items needs it, and nowhere else."""
    newest = {row.line_id: row for row in conn.execute(_DAYS)}
    untold: dict[int, bool] = {}
    for row in conn.execute(_PROMISED):
        word = newest.get(row.line_id)
        is_known = word is not None and word.word in KNOWN and word.day == row.promised_on
        wanted = bool(promised_days.lines_of(row, [row])) and not is_known
        untold[row.id] = untold.get(row.id, False) or wanted
        yield None
    for id, code, says in conn.execute(select(Order.id, Order.code, Order.day_untold).where(_MAY_PROMISE)):
        wrong = f"says {says} of its promised day being untold, the words say {untold.get(id, False)}"
        yield None if says == untold.get(id, False) else Finding("orders", id, code, None, wrong)


_MAY_PROMISE = or_(Order.promised_on.is_not(None), Order.day_untold)
_PROMISED = select(
    Order.id, Order.channel, Order.is_test, Order.promised_on, Order.stage, Order.channel_due_at,
    OrderLine.id.label("line_id"), OrderLine.claim_id, OrderLine.cancelled, OrderLine.shipped, OrderLine.ordered,
).join(OrderLine, OrderLine.order_id == Order.id).where(_MAY_PROMISE)  # fmt: skip
_DAYS = select(Telling.line_id, Telling.word, Telling.day).where(
    Telling.id.in_(select(func.max(Telling.id)).where(Telling.kind == "promise").group_by(Telling.line_id))
)
_NEWEST = select(func.max(Telling.id)).where(Telling.kind == "dispatch").group_by(Telling.line_id, Telling.shipment_id)
_HASTY = (
    select(Shipment.id, Order.code, Telling.line_id, Telling.word)
    .join(Order, Order.id == Shipment.order_id)
    .join(Telling, and_(Telling.shipment_id == Shipment.id, Telling.id.in_(_NEWEST)))
    .where(Shipment.channel_told_at.is_not(None), Telling.word.not_in(KNOWN))
)
_SAID = select(Telling.id).where(
    Telling.shipment_id == Shipment.id,
    Telling.line_id == ShipmentLine.line_id,
    Telling.id.in_(_NEWEST),
    Telling.word.in_(KNOWN),
    Telling.carrier == Shipment.carrier,
    Telling.number == Shipment.number,
)
_LEFT_OPEN = (
    select(ShipmentLine.line_id).where(ShipmentLine.shipment_id == Shipment.id, ~_SAID.correlate(Shipment, ShipmentLine).exists())
)  # fmt: skip
_FORGOTTEN = (
    select(Shipment.id, Order.code)
    .join(Order, Order.id == Shipment.order_id)
    .where(text(UNTOLD), Order.channel.not_in(ONE_AN_ORDER), ~_LEFT_OPEN.correlate(Shipment).exists())
)
