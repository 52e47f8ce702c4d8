"""A person's history: what they bought, asked, cancelled and sent back, and what staff noted. Matched by phone or e-mail.

Orders are one person's where they share a buyer's phone or e-mail (`contacts`), also by way of a third; a name alone never
joins two. Nothing is stored about a person but each order's keys, so a number that is mended joins or parts them by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, Select, and_, bindparam, case, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from sellerweb.shop import contacts
from sellerweb.shop.case import Case
from sellerweb.shop.models import Claim, CustomerKey, CustomerNote, Message, Order, Staff, Thread
from sellerweb.shop.refused import Refused

PAGE = 20
LONGEST = 2000
# Who has more numbers and addresses than this is no person but a desk that orders for others: then only the order's own count.
MOST_KEYS = 30
PARTS = ("orders", "claims", "asked", "notes")


def _reach() -> Select[Any]:
    mine, theirs = aliased(CustomerKey), aliased(CustomerKey)
    reach = select(CustomerKey.kind, CustomerKey.value).where(CustomerKey.order_id == bindparam("order"))
    reached = reach.cte("reached", recursive=True)
    same = and_(mine.kind == reached.c.kind, mine.value == reached.c.value, mine.role == "buyer")
    beside = and_(theirs.order_id == mine.order_id, theirs.role == "buyer")
    reached = reached.union(
        select(theirs.kind, theirs.value).select_from(reached).join(mine, same).join(theirs, beside)
    )
    return select(reached.c.kind, reached.c.value).limit(MOST_KEYS + 1)


_NEW_KEYS = insert(CustomerKey)
_REACH = _reach()
_OWN = select(CustomerKey.kind, CustomerKey.value).where(CustomerKey.order_id == bindparam("order"))
_COUNTED = and_(Order.is_test.is_(False), Order.paid_at.is_not(None), Order.stage != "cancelled")


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever bought an order: its row, and the keys by which others are theirs too."""

    order: Row[Any]
    keys: tuple[tuple[str, str], ...]

    @property
    def order_ids(self) -> Select[Any]:
        """The ids of all their orders, as a query."""
        if not self.keys:
            return select(Order.id).where(Order.id == self.order.id)
        return select(CustomerKey.order_id).where(tuple_(CustomerKey.kind, CustomerKey.value).in_(self.keys))


class Changed(Refused):
    """Somebody else has changed or removed this note since its page was drawn."""

    def __init__(self) -> None:
        super().__init__(
            _l("Somebody has changed this note meanwhile. Nothing was saved; what you typed is still here. Compare it with theirs."), "words"
        )  # fmt: skip


def write(tx: Connection, order: Any) -> None:
    """Write the keys of an order anew, in the transaction that changed them."""
    tx.execute(delete(CustomerKey).where(CustomerKey.order_id == order.id))
    write_new(tx, [order])


def write_new(tx: Connection, orders: Iterable[Any]) -> None:
    """The same for orders of which no key stands there yet."""
    rows = [{**key._asdict(), "order_id": order.id} for order in orders for key in contacts.keys(order)]
    if rows:
        tx.execute(_NEW_KEYS, rows)


def person(conn: Connection, order_id: int) -> Person | None:
    """Whoever bought this order; None: there is no such order."""
    order = conn.execute(select(Order.__table__).where(Order.id == order_id)).one_or_none()
    if order is None:
        return None
    keys = conn.execute(_REACH, {"order": order_id}).all()
    if len(keys) > MOST_KEYS:
        keys = conn.execute(_OWN, {"order": order_id}).all()
    return Person(order, tuple(sorted((kind, value) for kind, value in keys)))


def sums(conn: Connection, who: Person) -> list[Row[Any]]:
    """A row a currency: what was paid for and came back, without test orders and what was cancelled whole; and the counts of all."""
    paid = case((_COUNTED, func.coalesce(Order.total, 0) + Order.shipping_fee), else_=0)
    back = case((_COUNTED, Order.refunded), else_=0)
    untold = case((and_(_COUNTED, Order.total.is_(None)), 1), else_=0)
    columns = (
        func.count().label("orders"),
        func.sum(paid).label("paid"),
        func.sum(back).label("back"),
        func.sum(untold).label("untold"),
    )
    query = select(Order.currency, *columns, func.min(Order.ordered_at).label("since"))
    return list(
        conn.execute(query.where(Order.id.in_(who.order_ids)).group_by(Order.currency).order_by(func.count().desc()))
    )


def orders(conn: Connection, who: Person, before: int) -> list[Row[Any]]:
    """Their orders below the id `before`, newest first: at most PAGE and one, which says that there are more."""
    return list(conn.execute(_page(select(Order.__table__).where(Order.id.in_(who.order_ids)), Order.id, before)))


def matched(conn: Connection, who: Person, order_ids: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    """By what each of these orders is theirs: {order id: [(kind, value, role)]}."""
    key = CustomerKey
    rows = conn.execute(
        select(key.order_id, key.kind, key.value, key.role)
        .where(key.order_id.in_(order_ids), tuple_(key.kind, key.value).in_(who.keys or (("", ""),)))
        .order_by(key.kind.desc())
    )
    found: dict[int, list[tuple[str, str, str]]] = {}
    for order_id, *said in rows:
        found.setdefault(order_id, []).append((said[0], said[1], said[2]))
    return found


def claims(conn: Connection, who: Person, before: int) -> list[Row[Any]]:
    """What they wished to undo, newest first, each with its order."""
    query = select(Claim.__table__, Order.code, Order.order_no, Order.currency).join(Order, Order.id == Claim.order_id)
    return list(conn.execute(_page(query.where(Claim.order_id.in_(who.order_ids)), Claim.id, before)))


def asked(conn: Connection, who: Person, before: int) -> list[Row[Any]]:
    """What they wrote, newest first, each with its order; also what came under their phone or e-mail about no order that is known."""
    query = select(Message.__table__, Order.code, Order.order_no).join(
        Order, Order.id == Message.order_id, isouter=True
    )
    theirs = or_(Message.order_id.in_(who.order_ids), Message.thread_id.in_(_threads(who)))
    return list(conn.execute(_page(query.where(Message.sender == "customer", theirs), Message.id, before)))


def _threads(who: Person) -> Select[Any]:
    """Threads about no order, noted under one of their phones or come from one of their addresses."""
    spelled = {way for kind, value in who.keys for way in contacts.ways(kind, value)}
    plain: Any = func.lower(Thread.contact)
    for sign in ("-", " ", "+"):
        plain = func.replace(plain, sign, "")
    there = or_(func.lower(Thread.contact).in_(spelled), plain.in_(spelled))
    return select(Thread.id).where(Thread.order_id.is_(None), Thread.contact != "", there)


def notes(conn: Connection, who: Person, before: int) -> list[Row[Any]]:
    """What staff noted about them, newest first, each with its order and who wrote it."""
    query = (
        select(CustomerNote.__table__, Order.code, Order.order_no, Staff.name.label("staff"))
        .join(Order, Order.id == CustomerNote.order_id)
        .join(Staff, Staff.id == CustomerNote.staff_id, isouter=True)
    )
    return list(conn.execute(_page(query.where(CustomerNote.order_id.in_(who.order_ids)), CustomerNote.id, before)))


def note(case: Case, words: str) -> int:
    """Note something about whoever bought this order. Returns the note's id."""
    row = {"order_id": case.order.id, "words": _checked(words), "at": case.act.at, "changed_at": case.act.at}
    made = insert(CustomerNote).values(**row, staff_id=case.act.by.staff_id).returning(CustomerNote.id)
    new = case.act.tx.execute(made).scalar_one()
    case.record("order", "note")
    return int(new)


def change_note(case: Case, note_id: int, version: int, words: str) -> None:
    """Other words for a note of this order. Raises Changed."""
    words = _checked(words)
    new = {"words": words, "version": version + 1, "changed_at": case.act.at, "staff_id": case.act.by.staff_id}
    if not case.act.tx.execute(update(CustomerNote).where(*_as_drawn(case, note_id, version)).values(new)).rowcount:
        raise Changed
    case.record("order", "note")


def remove_note(case: Case, note_id: int, version: int) -> None:
    """Forget a note of this order. Raises Changed."""
    if not case.act.tx.execute(delete(CustomerNote).where(*_as_drawn(case, note_id, version))).rowcount:
        raise Changed
    case.record("order", "note")


def _as_drawn(case: Case, note_id: int, version: int) -> Iterable[Any]:
    return CustomerNote.id == note_id, CustomerNote.order_id == case.order.id, CustomerNote.version == version


def _checked(words: str) -> str:
    if not words.strip():
        raise Refused(_l("Write something first."), "words")
    if len(words) > LONGEST:
        raise Refused(_l("That is too long: %(n)s characters at most.", n=LONGEST), "words")
    return words


def _page(query: Select[Any], key: Any, before: int) -> Select[Any]:
    return query.where(key < before).order_by(key.desc()).limit(PAGE + 1)
