"""Money due back: never more than was paid, never twice, never forgotten, and whose account it was nobody can read."""

from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY, Shop
from wishes import ask_back, claim, come_in, delivered, pieces, refunds, refusal, sound

from sellerweb.shop import cancels, deleting, history, returns, sealed
from sellerweb.shop import refunds as money
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn
from sellerweb.shop.models import Base
from sellerweb.shop.refused import Refused

ACCOUNT = "국민 110-234-567890 김민지"
UNDO = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def sound_afterwards(shop, monday):
    yield
    sound()


def owe(shop: Shop, amount: int, reason: str = "other", code: str = "A1", **more) -> int | None:
    return shop.do(money.owe, code, amount, reason, **more)


def row(shop: Shop, code: str = "A1"):
    return shop._of("refund", code, "id")[-1]


def told(shop: Shop) -> str:
    """Everything that the database says, in one text."""
    return str(shop.dump(*Base.metadata.tables))


@pytest.mark.both
def test_all_refunds_together_never_exceed_what_was_paid(shop):
    shop.place(shipping_fee=3000)
    owe(shop, 7000)
    assert refusal(shop, money.owe, 5001, "other").field == "refund"
    owe(shop, 5000)
    assert refusal(shop, money.owe, 1, "other").field == "refund"
    assert shop.order().refunded == 12_000


@pytest.mark.both
def test_the_guard_is_the_databases_not_ours(shop):
    """Two servers, each of which has read that nothing is owed yet."""
    shop.place()
    with history.act(shop.packer, "owe") as act:
        case = act.order("A1")
        money.owe(case, 5000, "other")
        case.order.refunded = 0  # what a server without the lock would still believe
        with pytest.raises(Refused):
            money.owe(case, 5000, "other")
        case.order.refunded = 5000


def test_nothing_is_owed_of_nothing(shop):
    shop.place("A1", LineIn("1", "노트", 3, "unpaid", total=9000))
    assert owe(shop, 0) is None
    refusal(shop, money.owe, 1, "other")
    shop.place("A2", channel="smartstore")
    assert owe(shop, 9000, code="A2") is None  # the marketplace pays back
    assert (refunds(shop, "A1"), refunds(shop, "A2")) == ([], [])


def test_a_refund_is_in_its_orders_money(shop):
    for code, currency in (("A1", "KRW"), ("A2", "JPY"), ("A3", "USD")):
        shop.place(code, currency=currency, channel="shopify")
        owe(shop, 9000, code=code)
        assert (row(shop, code).currency, row(shop, code).amount) == (currency, 9000)


@pytest.mark.both
def test_it_becomes_a_task_when_the_time_to_undo_is_over(shop, monday):
    shop.place("A1")
    shop.place("A2")
    for code in ("A1", "A2"):
        shop.do(cancels.cancel, code, pieces(shop, 3, code), "sold_out")
    monday.shift(UNDO - timedelta(seconds=1))
    assert money.hand_due() == 0
    shop.do(cancels.undo, "A2", claim(shop, "A2").id)
    monday.shift(timedelta(seconds=1))
    assert (money.hand_due(), money.hand_due()) == (1, 0)
    assert (refunds(shop), refunds(shop, "A2")) == ([(9000, "manual")], [(9000, "failed")])
    event = shop._of("event", "A1", "seq")[-1]
    assert (event.thing, event.verb, event.actor) == ("refund", "hand", "clock")


def test_the_chore_goes_on_where_an_order_is_gone_meanwhile(shop, monkeypatch):
    """The owner deletes a test order between the look and the lock."""
    for code in ("A1", "A2"):
        shop.place(code)
        owe(shop, 1000, code=code)
    shop.sql("UPDATE orders SET is_test = true WHERE code = 'A1'")
    forget = money.forget

    def between():
        forget()
        with history.act(shop.owner, "delete") as act:
            deleting.delete(act, "A1")

    monkeypatch.setattr(money, "forget", between)
    money.hand_due()
    assert refunds(shop, "A2") == [(1000, "manual")]


def test_payment_follows(shop):
    shop.place("A0", LineIn("1", "노트", 3, "unpaid", total=9000))
    assert money.payment(shop.order("A0")) == "awaiting"
    shop.place(shipping_fee=3000)
    said = [money.payment(shop.order())]
    owe(shop, 1)
    said.append(money.payment(shop.order()))
    owe(shop, 11_999)
    said.append(money.payment(shop.order()))
    shop.do(money.fail, "A1", row(shop).id)
    said.append(money.payment(shop.order()))
    assert said == ["paid", "partly_refunded", "refunded", "partly_refunded"]


def test_what_failed_is_free_to_be_owed_again_but_once(shop):
    shop.place()
    first = owe(shop, 6000)
    refusal(shop, money.again, first)  # it has not failed
    shop.do(money.fail, "A1", first, "계좌가 없어요")
    assert (shop.order().refunded, row(shop).note, row(shop).account) == (0, "계좌가 없어요", "")
    shop.do(money.again, "A1", first, ACCOUNT)
    assert (refunds(shop), sealed.unseal(row(shop).account)) == ([(6000, "failed"), (6000, "due")], ACCOUNT)
    refusal(shop, money.again, first)  # a second tap
    second = row(shop).id
    shop.do(money.fail, "A1", second)
    refusal(shop, money.again, 99)
    shop.do(money.again, "A1", second)
    assert refunds(shop)[2:] == [(6000, "due")]
    for old in (first, second):
        refusal(shop, money.again, old)


def test_what_failed_stays_in_the_list_though_something_else_is_owed_after_it(shop):
    shop.place()
    first = owe(shop, 4000)
    shop.do(money.fail, "A1", first)
    owe(shop, 2000, "late")
    with reader().connect() as conn:
        assert [r.id for r in money.failed(conn)] == [first]
    shop.do(money.again, "A1", first)
    with reader().connect() as conn:
        assert money.failed(conn) == []


def test_what_is_tried_again_is_no_more_than_is_left(shop):
    shop.place()
    first = owe(shop, 6000)
    shop.do(money.fail, "A1", first)
    owe(shop, 5000, "late")
    shop.do(money.again, "A1", first)
    assert refunds(shop)[-1] == (4000, "due")
    shop.do(money.fail, "A1", row(shop).id)
    owe(shop, 4000, "late")
    assert refusal(shop, money.again, first).field == "refund"


def test_a_refund_belongs_to_its_order(shop):
    shop.place("A1")
    shop.place("A2")
    other = owe(shop, 1000, code="A2")
    for verb in (money.hand, money.send, money.settle, money.fail, money.again):
        refusal(shop, verb, other)
        refusal(shop, verb, 99)


# --- whose account


@pytest.mark.both
def test_an_account_is_sealed_at_rest_and_forgotten_when_the_money_is_there(shop):
    delivered(shop)
    it = ask_back(shop, 3, "defective", account=ACCOUNT)
    assert "567890" not in told(shop)
    come_in(shop, it)
    shop.do(returns.finish, "A1", it)
    refund = row(shop).id
    assert (row(shop).account != "", claim(shop).account) == (True, "")
    assert "567890" not in told(shop)
    with reader().connect() as conn:
        assert money.account(conn, shop.order().id, refund) == ACCOUNT
        assert money.account(conn, shop.order().id + 1, refund) == ""
    for verb in (money.hand, money.send, money.settle):
        shop.do(verb, "A1", refund)
    assert (row(shop).state, row(shop).account, row(shop).settled_at) == ("done", "", MONDAY)
    with reader().connect() as conn:
        assert money.account(conn, shop.order().id, refund) == ""
    notice = shop._of("notice", "A1", "id")[-1]
    assert (notice.letter, notice.values) == ("refund_settle", {"amount": 9000, "currency": "KRW"})


def test_the_same_account_never_looks_the_same(context):
    assert sealed.seal(ACCOUNT) != sealed.seal(ACCOUNT)
    assert (sealed.seal(""), sealed.unseal("")) == ("", "")


def test_an_account_outlives_a_change_of_the_secret_key(context):
    kept = sealed.seal(ACCOUNT)
    old, context.config["SECRET_KEY"] = context.config["SECRET_KEY"], "another one, no less secret"
    assert sealed.unseal(kept) == ""  # a key that we no longer have
    context.config["SECRET_KEY_FALLBACKS"] = ["one before that", old]
    assert sealed.unseal(kept) == ACCOUNT
    newer = sealed.seal(ACCOUNT)
    context.config["SECRET_KEY_FALLBACKS"] = []
    assert (sealed.unseal(newer), sealed.unseal(kept)) == (ACCOUNT, "")
    for junk in ("x", kept[:-4], kept.swapcase()):
        assert sealed.unseal(junk) == ""


# --- lists


def test_staff_see_what_waits_oldest_first(shop, monday):
    for code in ("A1", "A2", "A3"):
        shop.place(code, receiver_name="김민지")
        owe(shop, 1000, code=code)
        monday.shift(60)
    shop.do(money.fail, "A2", row(shop, "A2").id)
    with reader().connect() as conn:
        waiting = money.unpaid(conn)
        assert [(r.code, r.amount, r.state) for r in waiting] == [("A1", 1000, "due"), ("A3", 1000, "due")]
        assert [r.code for r in money.failed(conn)] == ["A2"]
