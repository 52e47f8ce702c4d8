"""A believable shop in an empty database, written by the shop's own verbs, each at its moment in the past.

Who orders what and when stands in demo_stories, the words in demo_data.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import product as pairs
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from sellerweb import demo_channels as channels
from sellerweb import demo_data as data
from sellerweb import demo_reviews
from sellerweb import demo_talks as talks
from sellerweb.demo_stories import Story, barcode, stories
from sellerweb.notices.letter import SHOWN_LINK
from sellerweb.shop import (
    astray,
    cancels,
    claims,
    clock,
    customers,
    history,
    intake,
    letter_facts,
    letters,
    links,
    messages,
    orders,
    policy,
    queries,
    redeliveries,
    refunds,
    returns,
    shipments,
    stock,
    talk,
    threads,
)
from sellerweb.shop.case import Case
from sellerweb.shop.db import forget, read, write
from sellerweb.shop.history import CHANNEL, CLOCK, CUSTOMER, Actor
from sellerweb.shop.letter_sentences import sentences
from sellerweb.shop.models import Location, Notice, Order, Product, Shipment, Staff
from sellerweb.shop.talk import Talk


def is_empty() -> bool:
    """Whether there are neither orders nor people yet: a shop that has begun gets nothing invented."""
    empty = all(read().scalar(select(table.id).limit(1)) is None for table in (Order, Staff))
    forget()
    return empty


def fill() -> None:
    """Put the demo shop into an empty database. The people who are there, if any, are the actors."""
    now = clock.now()
    with write() as tx:
        goods, places = _shelve(tx)
        people = {role: _first(tx, role) for role in ("owner", "packer")}
    steps = _in_order(stories(now))
    with history.act(Actor("staff", people["owner"], "owner"), "count", at=steps[0][0] - timedelta(days=1)) as act:
        for product, place in pairs(goods, places):
            stock.count(act, product, place, (product * 7 + place * 13) % 60, "stocktake", data.FIRST_COUNT)
    for at, story, step in steps:
        verb, _, word = step.partition(" ")
        role = _BY.get(verb, "owner")
        by = role if isinstance(role, Actor) else Actor("staff", people[role], role)
        with history.act(by, verb, at=at) as act:
            if verb == "place":
                intake.place(act, story.channel, story.told, gift_note=word, is_test=story.test)
            else:
                _STEPS[verb](act.order(orders.code_of(story.told.order_no)), story, word)
    _strangers(now, people["packer"])
    demo_reviews.take_in(now, people["owner"])
    with write() as tx:
        _settle(tx, now)
    channels.tell(people["owner"])
    channels.disagree()


def _in_order(all_: list[Story]) -> list[tuple[datetime, Story, str]]:
    """What happened to all of them, in the order in which it did."""
    steps = [(at, story, step) for story in all_ for at, step in story.steps]
    return sorted(steps, key=lambda step: step[0])


def _first(tx: Connection, role: str) -> int | None:
    return tx.scalar(select(Staff.id).where(Staff.role == role).order_by(Staff.id).limit(1))


def _shelve(tx: Connection) -> tuple[Sequence[int], Sequence[int]]:
    """Goods, and the places they lie in: their ids."""
    names = ("sku", "name", "option", "shelf", "carrier")
    rows = [dict(zip(names, (*row[:4], row[5]), strict=True)) for row in data.PRODUCTS]
    goods = tx.scalars(
        insert(Product).returning(Product.id), [{**r, "barcode": barcode(n)} for n, r in enumerate(rows)]
    )
    places = tx.scalars(insert(Location).returning(Location.id), [{"name": name} for name in data.LOCATIONS]).all()
    return goods.all(), places


def _settle(tx: Connection, now: datetime) -> None:
    """What a day at the desk would have done besides: the channels know of yesterday's parcels, its letters are out.

    Those of today are not, for no medium is set up: nothing invented is ever sent.
    """
    yesterday = now - timedelta(hours=20)
    untold = (Shipment.shipped_at < yesterday, Shipment.channel_told_at.is_(None))
    tx.execute(update(Shipment).where(*untold).values(channel_told_at=Shipment.shipped_at))
    waiting = select(Notice.__table__).where(Notice.state == "waiting", Notice.not_before < yesterday)
    for notice in tx.execute(waiting).all():
        tx.execute(update(Notice).where(Notice.id == notice.id).values(_sent(tx, notice)))
    tx.execute(update(Notice).where(Notice.state == "waiting").values(state="suppressed", why="off"))


def _sent(tx: Connection, notice: Any) -> dict[str, Any]:
    """How a letter's row looks once it has left."""
    facts = letter_facts.of(tx, notice)
    values, brief = sentences(facts)
    words = letters.words(tx, notice.letter, facts.language)
    said = letters.filled(words, {**values, "link": SHOWN_LINK}, brief)
    by_mail = notice.medium == "email"
    told = {"subject": said.subject if by_mail else "", "body": said.body if by_mail else said.sms}
    return {"state": "sent", "handed_at": notice.not_before, "sent_at": notice.not_before, **told}


def visitor() -> tuple[str, str] | None:
    """A customer who can still cancel alone: their order's number and the secret of a new link to it. None: there is none."""
    theirs = select(Order.id, Order.order_no).where(Order.channel == "manual", Order.stage == "new")
    row = read().execute(theirs.where(Order.cancel_until > clock.now()).order_by(Order.id.desc()).limit(1)).first()
    forget()
    return (row.order_no, links.make(row.id)) if row else None


def _send(case: Case, story: Story, pieces: dict[int, int] | None = None, *, leave: bool = True) -> None:
    everything = {line.id: line.ordered for line in case.lines.values()}
    label = shipments.Label(story.carrier, story.number)
    shipments.send(case, pieces or everything, label, hand_over=leave)


def _each(verb: Callable[[Case, int], None], case: Case) -> None:
    for shipment in list(case.shipments):
        verb(case, shipment)


def _wish(case: Case, story: Story, state: str) -> None:
    for line in story.told.lines:
        line.state = state
    intake.update(case, story.told)


def _promise(case: Case, days: str) -> None:
    today = case.act.at.astimezone(ZoneInfo(policy.DEFAULTS[case.order.channel].zone)).date()
    orders.promise(case, today + timedelta(days=int(days)))


def _want(verb: Callable[..., Any], case: Case, reason: str) -> None:
    pieces = {line.id: queries.open_pieces(line) + line.packed for line in case.lines.values()}
    verb(case, pieces, reason, account=_account(case))


def _wish_back(case: Case, kind: str, reason: str) -> None:
    pieces = {line.id: 1 for line in case.lines.values()}
    more = {"option": "L"} if kind == "exchange" else {"account": _account(case)}
    returns.request(case, kind, pieces, reason, **more)


def _account(case: Case) -> str:
    """Who has paid into an account names one to be paid back to."""
    return f"{data.BANK} {case.order.receiver_name}" if case.order.channel == "manual" else ""


def _money(case: Case, *verbs: Callable[[Case, int], None]) -> None:
    """What became of the money that is owed for it."""
    for refund in list(case.refunds):
        for verb in (refunds.hand, refunds.send, *verbs):
            verb(case, refund)


def _talk(case: Case) -> Talk:
    it = talk.newest_of(case.act, case.order.id)
    assert it is not None
    return it


def _strangers(now: datetime, staff_id: int | None) -> None:
    """Calls about no order that is known: those of the last weeks are answered, most of them in time."""
    by = Actor("staff", staff_id, "packer")
    for n in range(36):
        asked = (now - timedelta(hours=6 + 15 * n)).replace(microsecond=0)
        words = talks.PAST[n % len(talks.PAST)]
        with history.act(by, "begin", at=asked) as act:
            key = threads.begin(act, "talktalk" if n % 3 else "phone", words).row.id
        with history.act(by, "reply", at=asked + timedelta(hours=talks.TOOK[n % len(talks.TOOK)])) as act:
            it = talk.take(act, key)
            messages.say(it, talks.SAID)
            threads.solve(it)
    for hours, source, name, words in talks.STRANGERS:
        at = (now - timedelta(hours=hours)).replace(microsecond=0)
        with history.act(Actor("staff", staff_id, "packer"), "begin", at=at) as act:
            threads.begin(act, source, words, name=name)


def _sold_out(case: Case) -> None:
    line = next(iter(case.lines.values()))
    cancels.cancel(case, {line.id: line.ordered}, "sold_out", restock=False)


def _only(case: Case) -> tuple[int, dict[int, int]]:
    """The order's one claim, and its pieces."""
    claim = next(iter(case.claims))
    return claim, claims.pieces_of(case, claim)


def _inspect(case: Case) -> None:
    claim, pieces = _only(case)
    returns.inspect(case, claim, {line: returns.Found(resellable=q) for line, q in pieces.items()})


# What a step of a scene is: (case, story, the word after it).
_STEPS: dict[str, Callable[[Case, Story, str], Any]] = {
    "confirm": lambda case, *_: orders.confirm(case),
    "expire": lambda case, *_: orders.expire(case),
    "archive": lambda case, *_: orders.archive(case),
    "hold": lambda case, *_: orders.hold(case, "주소 확인 전화 중"),
    "promise": lambda case, _story, days: _promise(case, days),
    "pack": lambda case, *_: shipments.pack(case, dict.fromkeys(case.lines, 1)),
    "label": lambda case, story, _word: _send(case, story, leave=False),
    "send": lambda case, story, _word: _send(case, story),
    "part": lambda case, story, _word: _send(case, story, {next(iter(case.lines)): 1}),
    "scan": lambda case, *_: _each(shipments.scan, case),
    "deliver": lambda case, *_: _each(shipments.deliver, case),
    "wish": _wish,
    "want": lambda case, _story, reason: _want(cancels.request, case, reason),
    "quit": lambda case, _story, reason: _want(cancels.cancel, case, reason),
    "forget": lambda case, *_: cancels.withdraw(case, _only(case)[0]),
    "approve": lambda case, *_: cancels.approve(case, _only(case)[0]),
    "convert": lambda case, *_: returns.convert(case, _only(case)[0]),
    "pay_back": lambda case, *_: redeliveries.refund(case, _only(case)[0]),
    "transfer": lambda case, *_: _money(case),
    "settle": lambda case, *_: _money(case, refunds.settle),
    "bounce": lambda case, *_: _money(case, partial(refunds.fail, note="계좌번호가 맞지 않아 되돌아왔어요")),
    "sold_out": lambda case, *_: _sold_out(case),
    "return": lambda case, _story, reason: _wish_back(case, "return", reason),
    "exchange": lambda case, _story, reason: _wish_back(case, "exchange", reason),
    "accept": lambda case, *_: returns.accept(case, _only(case)[0]),
    "receive": lambda case, *_: returns.receive(case, *_only(case)),
    "inspect": lambda case, *_: _inspect(case),
    "finish": lambda case, *_: returns.finish(case, _only(case)[0]),
    "lose": lambda case, *_: _each(astray.lose, case),
    "note": lambda case, *_: customers.note(case, data.CUSTOMER_NOTE),
    "ask": lambda case, _story, word: messages.ask(case, talks.ASKED[word]),
    "tell": lambda case, _story, language: messages.answer(case, talks.ANSWERS[language]),
    "call": lambda case, _story, word: threads.begin(case.act, *talks.NOTED[word], order=case.order.code),
    "said": lambda case, *_: messages.say(_talk(case), talks.ANSWERS["ko"]),
    "jot": lambda case, *_: messages.note(_talk(case), talks.NOTE),
    "solve": lambda case, *_: threads.solve(_talk(case)),
}
_BY: dict[str, str | Actor] = {
    **dict.fromkeys(("pack", "label", "send", "part"), "packer"),
    **dict.fromkeys(("place", "scan", "deliver", "wish"), CHANNEL),
    **dict.fromkeys(("want", "quit", "forget", "return", "exchange", "ask"), CUSTOMER),
    "expire": CLOCK,
}
