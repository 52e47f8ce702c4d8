"""What all claims have in common: finding one, closing it, the flag on its order's row; and the lists of them. No verbs."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, func, select

from sellerweb.shop import policy, states, undone
from sellerweb.shop.case import Case
from sellerweb.shop.fees import Reason, reason
from sellerweb.shop.models import Claim, ClaimLine, Order, OrderLine, Refund
from sellerweb.shop.policy import Policy
from sellerweb.shop.refused import Refused
from sellerweb.shop.undone import Undone


def rules(case: Case) -> Policy:
    return policy.of(case.act.tx, case.order.channel)


def answer_time(rules: Policy) -> timedelta:
    """How soon a wish is to be answered."""
    return timedelta(hours=rules.answer_hours)


def find(case: Case, claim_id: int, verb: str, *kinds: str) -> Any:
    """The order's claim, if it is of these kinds and the timetable has `verb` from where it is."""
    claim = case.claims.get(claim_id)
    if claim is None or (kinds and claim.kind not in kinds):
        raise Refused(_l("This request does not belong to the order. Nothing was changed."))
    if not states.may(claim.kind, verb, claim.state):
        raise Refused(_l("This request has moved on meanwhile. Nothing was changed; look at it again."))
    return claim


def may_withdraw(claim: Any, who: str) -> bool:
    """Whether `who` (staff, customer, channel) may take it back now: a customer no parcel that we have missed ourselves."""
    ours = claim.kind == "redelivery" and claim.asked_by != "customer"
    return states.may(claim.kind, "withdraw", claim.state) and not (ours and who == "customer")


def reason_of(kind: str, code: str, note: str, *, staff: bool) -> Reason:
    """The reason, if it is one of this kind that this person may give, with the note that it asks for."""
    found = reason(kind, code)
    if found is None or (found.staff and not staff):
        raise Refused(_l("Choose a reason."), "reason")
    if found.note and not note:
        raise Refused(_l("Say in a few words why."), "note")
    return found


def asked_for(pieces: dict[int, int]) -> dict[int, int]:
    """The pieces that are meant, without the zeros; at least one."""
    pieces = {line: q for line, q in pieces.items() if q}
    if not pieces or min(pieces.values()) < 0:
        raise Refused(_l("Choose at least one piece."), "quantity")
    return pieces


def pieces_of(case: Case, claim_id: int) -> dict[int, int]:
    return {line: row.quantity for line, row in case.claimed_lines(claim_id).items()}


def close(case: Case, claim: Any, state: str, **values: Any) -> None:
    """Nothing waits for it any more; the bank account is forgotten, for a refund has taken it along, if there is one."""
    at = case.act.at
    over: dict[str, Any] = {"due_at": None, "held_at": None, "hold_reason": "", "account": ""}
    case.set_claim(claim.id, state=state, closed_at=at, decided_at=claim.decided_at or at, **over, **values)
    flag(case)


def flag(case: Case) -> None:
    """What the order's row says of its claims; written after each of their verbs."""
    here = any(line.cancelled + line.shipped < line.ordered for line in case.lines.values())
    case.set_order(claim_flag=_flag(list(case.claims.values()), here))
    if any(claim.closed_at is None for claim in case.claims.values()):
        case.set_order(archived_at=None)  # somebody waits for an answer


def _flag(claims: list[Any], here: bool) -> str:
    live = {claim.kind for claim in claims if claim.closed_at is None}
    kind = next((kind for kind in states.CLAIM_KINDS if kind in live), "")
    if kind:
        return f"{kind}_asked"
    # A cancel taken back: the order stands where it stood, and must not be forgotten.
    newest = max((c for c in claims if c.kind == "cancel"), key=lambda c: c.id, default=None)
    return "cancel_withdrawn" if here and newest is not None and newest.state == "withdrawn" else ""


_ORDER = (
    Order.code, Order.channel, Order.order_no, Order.stage, Order.version, Order.receiver_name, Order.town,
    Order.goods.label("what"), Order.currency, Order.is_test, Order.ship_due_at,
    select(func.sum(ClaimLine.quantity)).where(ClaimLine.claim_id == Claim.id).scalar_subquery().label("pieces"),
)  # fmt: skip
_ROWS = select(Claim.__table__, *_ORDER).join(Order, Order.id == Claim.order_id)
_LIVE = _ROWS.where(Claim.closed_at.is_(None)).order_by(
    Claim.urgent.desc(), Claim.due_at.is_(None), Claim.due_at, Claim.id
)
_COUNTS = select(Claim.kind, func.count().label("n")).where(Claim.closed_at.is_(None)).group_by(Claim.kind)


def live(conn: Connection, kind: str = "", limit: int = 200) -> list[Row[Any]]:
    """Claims that wait for somebody, those to be answered first at the top; each with its order's columns (its goods
    are `what`) and the number of its pieces."""
    query = _LIVE.where(Claim.kind == kind) if kind else _LIVE
    return list(conn.execute(query.limit(limit)))


def rows(conn: Connection, ids: list[int]) -> list[Row[Any]]:
    """The same of these claims, live or closed."""
    return list(conn.execute(_ROWS.where(Claim.id.in_(ids)).order_by(Claim.id))) if ids else []


def counts(conn: Connection) -> dict[str, int]:
    """How many claims of each kind are live."""
    return {row.kind: row.n for row in conn.execute(_COUNTS)}


def of_order(conn: Connection, order_id: int) -> list[tuple[Row[Any], list[Row[Any]]]]:
    """All claims of an order, newest first, each with its lines (claim_line beside name, option and counters)."""
    found = list(conn.execute(select(Claim.__table__).where(Claim.order_id == order_id).order_by(Claim.id.desc())))
    lines: dict[int, list[Row[Any]]] = {}
    if found:
        about = select(ClaimLine.__table__, OrderLine.name, OrderLine.option, OrderLine.total, OrderLine.ordered)
        about = about.join(OrderLine, OrderLine.id == ClaimLine.line_id).order_by(OrderLine.position)
        for row in conn.execute(about.where(ClaimLine.claim_id.in_([c.id for c in found]))):
            lines.setdefault(row.claim_id, []).append(row)
    return [(claim, lines.get(claim.id, [])) for claim in found]


def undone_of(conn: Connection, order_id: int) -> Undone:
    """What an order's claims have undone so far."""
    return undone.of(of_order(conn, order_id))


def refunds_of(conn: Connection, order_id: int) -> list[Row[Any]]:
    """All refunds of an order, newest first; `account` stays sealed."""
    return list(conn.execute(select(Refund.__table__).where(Refund.order_id == order_id).order_by(Refund.id.desc())))
