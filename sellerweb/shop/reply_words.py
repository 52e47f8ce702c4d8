"""The words of a reply: its placeholders filled from the order as it is now, or a sentence why not. Reads only; sends nothing."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, select

from sellerweb.shop import letter_facts, placeholders, replies
from sellerweb.shop.letter_sentences import sentences
from sellerweb.shop.models import Shipment
from sellerweb.shop.refused import Refused
from sellerweb.shop.states import GONE


def filled(conn: Connection, order: Any, words: str) -> str:
    """The words as the customer reads them. Refused at the field `words` where a gap is unknown or would stay empty."""
    if not replies.gaps(words):
        return words
    try:
        return placeholders.fill(words, values(conn, order))
    except placeholders.Unfilled as empty:
        raise Refused(
            _l(
                "[%(name)s] has nothing to say about this order yet. Nothing was sent; take it out, or write it yourself.",
                name=empty.name,
            ),
            "words",
        ) from empty


def values(conn: Connection, order: Any) -> dict[str, str]:
    """What fills each gap of a reply about this order, in its customer's language; of parcels the last that has left."""
    left = select(Shipment.id).where(Shipment.order_id == order.id, Shipment.state.in_(GONE))
    parcel = conn.scalar(left.order_by(Shipment.shipped_at.desc(), Shipment.id.desc()).limit(1))
    about = SimpleNamespace(order_id=order.id, claim_id=None, shipment_id=parcel, letter="order_answer", values={})
    said, _brief = sentences(letter_facts.of(conn, about))
    return {key: said.get(key, "") for key in replies.GAPS}
