"""Reviews: taken in from files, noted by hand, answered in a thread like any question, marked to be shown. No reading of files.

Low ones of the last weeks begin a thread by themselves, so they stand in the inbox with a clock. Whoever takes the same file
in twice gets nothing twice: a review is known by its channel's number, or by what it says.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update
from ulid import ULID

from sellerweb.shop import messages, policy, question_kinds, talk
from sellerweb.shop.history import Act, Actor, Repeated, act
from sellerweb.shop.incoming import ReviewIn
from sellerweb.shop.models import Order, OrderLine, Review, Thread
from sellerweb.shop.refused import Refused

PAGE = 50
CHUNK = 100
MOST = 5_000
LOW, GOOD = 3, 4
# Older ones are taken in, but nobody waits for an answer to them any more.
FRESH = timedelta(days=30)
TABS = ("all", "waiting", "low", "good", "shown")
_TAB: dict[str, tuple[Any, ...]] = {
    "all": (),
    "waiting": (Thread.due_at.is_not(None),),
    "low": (Review.stars <= LOW,),
    "good": (Review.stars >= GOOD,),
    "shown": (Review.shown,),
}
_ROWS = (
    select(
        Review.__table__, Order.code, Order.order_no, Thread.state.label("thread_state"), Thread.due_at,
    )
    .join(Order, Order.id == Review.order_id, isouter=True)
    .join(Thread, Thread.id == Review.thread_id, isouter=True)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file's reviews: how many are new, changed, known as they are; how many threads began."""

    new: int = 0
    changed: int = 0
    known: int = 0
    threads: int = 0

    def plus(self, more: "Taken") -> "Taken":
        return Taken(
            self.new + more.new, self.changed + more.changed, self.known + more.known, self.threads + more.threads
        )


class Changed(Refused):
    """Somebody else has changed this review since its page was drawn."""

    def __init__(self) -> None:
        super().__init__(_l("Somebody has changed this review meanwhile. Nothing was saved; look at it again."))


def take_file(by: Actor, action_id: str, channel: str, told: Sequence[ReviewIn]) -> Taken:
    """A whole file, some reviews in a transaction, so that nobody's write waits for all of them. Broken off, it is taken in again.

    Refused where there are too many.
    """
    if channel not in policy.CHANNELS:
        raise Refused(_l("Choose one of the list."), "channel")
    if len(told) > MOST:
        raise Refused(_l("That are more than %(n)s reviews. Nothing was taken in; split the file.", n=MOST), "file")
    sums, action_id = Taken(), action_id[:50] or str(ULID())
    one_each = list({_ref(channel, review): review for review in told}.values())  # the last word counts
    for n in range(0, len(one_each), CHUNK):
        chunk = one_each[n : n + CHUNK]
        with (
            suppress(Repeated),
            act(by, "take_reviews", f"{action_id}.{n}", [channel, [_ref(channel, r) for r in chunk]]) as doing,
        ):
            sums = sums.plus(take_in(doing, channel, chunk))
    return sums


def take_in(act: Act, channel: str, told: Sequence[ReviewIn]) -> Taken:
    """All of them in this transaction, each known by what makes it that one."""
    new = changed = known = threads = 0
    one_each = {_ref(channel, review): review for review in told}
    old = _known(act.tx, channel, one_each)
    orders = _orders(act.tx, channel, {review.order for review in told if review.order})
    for ref, review in one_each.items():
        if (before := old.get(ref)) is None:
            threads += _add(act, channel, ref, review, orders.get(review.order))
            new += 1
        elif (before.stars, before.words) != (review.stars, review.words):
            _follow(act, before, review)
            changed += 1
        else:
            known += 1
    return Taken(new, changed, known, threads)


def note(act: Act, channel: str, review: ReviewIn) -> None:
    """One that somebody read elsewhere. Refused at its field, and where it is known already."""
    if not 1 <= review.stars <= 5:
        raise Refused(_l("Choose one to five stars."), "stars")
    if not review.words.strip():
        raise Refused(_l("Write something first."), "words")
    if review.order and not _orders(act.tx, channel, {review.order}):
        raise Refused(_l("There is no order with this number. Nothing was changed."), "order")
    if not take_in(act, channel, [review]).new:
        raise Refused(_l("This review is here already. Nothing was taken in twice."), "words")


def begin(act: Act, review_id: int) -> int:
    """The thread in which a review is answered, made where there is none yet; its id."""
    row = _locked(act, review_id)
    return int(row.thread_id or _begin(act, row))


def show(act: Act, review_id: int, version: int, *, shown: bool) -> None:
    """Mark a good one to be shown, or no more. Raises Changed."""
    row = _locked(act, review_id)
    if row.version != version:
        raise Changed
    if shown and row.stars < GOOD:
        raise Refused(_l("Only reviews with four or five stars are shown. Nothing was changed."))
    act.tx.execute(update(Review).where(Review.id == row.id).values(shown=shown, version=version + 1))


def page(conn: Connection, tab: str, after: tuple[int, int] = (0, 0)) -> tuple[list[Row[Any]], tuple[int, int]]:
    """The reviews of a tab, low ones first and of these the newest; and (stars, id) after which the next page begins, or (0, 0)."""
    stars, id_ = after
    query = _ROWS.where(*_TAB[tab])
    if stars:
        query = query.where(or_(Review.stars > stars, and_(Review.stars == stars, Review.id < id_)))
    rows = list(conn.execute(query.order_by(Review.stars, Review.id.desc()).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], (last.stars, last.id) if last else (0, 0)


def counts(conn: Connection) -> dict[int, int]:
    """How many reviews have how many stars."""
    query = select(Review.stars, func.count()).group_by(Review.stars)
    return {**dict.fromkeys(range(5, 0, -1), 0), **{row[0]: row[1] for row in conn.execute(query)}}


def of_order(conn: Connection, order_id: int) -> list[Row[Any]]:
    return list(conn.execute(_ROWS.where(Review.order_id == order_id).order_by(Review.id)))


def _add(act: Act, channel: str, ref: str, review: ReviewIn, order_id: int | None) -> bool:
    written = min(review.written_at or act.at, act.at)
    row = act.tx.execute(
        insert(Review).returning(Review.__table__),
        {
            "channel": channel, "ref": ref, "order_id": order_id, "stars": review.stars, "product": review.product[:300],
            "name": review.name[:200], "words": review.words[:4000], "written_at": written, "created_at": act.at,
            "staff_id": act.by.staff_id,
        },
    ).one()  # fmt: skip
    if review.stars > LOW or not review.words.strip() or written < act.at - FRESH:
        return False
    _begin(act, row)
    return True


def _begin(act: Act, row: Any) -> int:
    """A thread about a review: its words are the customer's question."""
    if row.order_id is not None:
        act.tx.execute(select(Order.id).where(Order.id == row.order_id).with_for_update())
    kind = question_kinds.guess(row.words)
    it = talk.make(
        act, "import", "goods" if kind == question_kinds.OTHER else kind,
        order_id=row.order_id, name=row.name, subject=f"{'★' * row.stars} {row.product}".strip()[:300],
    )  # fmt: skip
    messages.hear(it, row.words.strip() or "★" * row.stars)
    act.tx.execute(update(Review).where(Review.id == row.id).values(thread_id=it.row.id))
    return int(it.row.id)


def _follow(act: Act, before: Any, review: ReviewIn) -> None:
    """The customer has changed their mind."""
    said = {"stars": review.stars, "words": review.words[:4000], "version": before.version + 1}
    shown = before.shown and review.stars >= GOOD
    act.tx.execute(update(Review).where(Review.id == before.id).values(**said, shown=shown))


def _locked(act: Act, review_id: int) -> Any:
    row = act.tx.execute(select(Review.__table__).where(Review.id == review_id).with_for_update()).one_or_none()
    if row is None:
        raise Refused(_l("There is no such review any more. Nothing was changed."))
    return row


def _known(conn: Connection, channel: str, refs: Iterable[str]) -> dict[str, Any]:
    columns = (Review.id, Review.ref, Review.stars, Review.words, Review.shown, Review.version)
    query = select(*columns).where(Review.channel == channel, Review.ref.in_(list(refs)))
    return {row.ref: row for row in conn.execute(query)}


def _orders(conn: Connection, channel: str, numbers: set[str]) -> dict[str, int]:
    """{number: order id}, by the order's number or an item's."""
    if not numbers:
        return {}
    items = select(OrderLine.item_no, Order.id).join(Order, Order.id == OrderLine.order_id)
    whole = select(Order.order_no, Order.id).where(Order.channel == channel, Order.order_no.in_(numbers))
    items = items.where(Order.channel == channel, OrderLine.item_no.in_(numbers))
    return {row[0]: row[1] for query in (items, whole) for row in conn.execute(query)}


def _ref(channel: str, review: ReviewIn) -> str:
    if review.ref:
        return review.ref[:64]
    said = (channel, review.order, review.name, review.product, str(review.written_at or ""), review.words)
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()
