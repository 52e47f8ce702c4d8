"""A test order is deleted whole, by the owner alone; nobody deletes a real one."""

import pytest
from bare_shop import MONDAY, OWNER, PACKER, Shop
from sqlalchemy import insert, select, update

from sellerweb.shop import customers, deleting, history, intake, messages, orders, search, shipments
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import reader, write
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import (
    Access,
    Action,
    Attachment,
    Base,
    Claim,
    ClaimLine,
    Conflict,
    OrderLine,
    OrderLink,
    Refund,
    Review,
    SlipPrint,
    Telling,
)
from sellerweb.shop.refused import Refused

CJ = shipments.Label("cj", "632976615493")
MANAGER = history.Actor("staff", role="manager")
EVERYTHING = tuple(Base.metadata.tables)


def try_out(order_no: str = "T1") -> int:
    """Place a test order; its id."""
    told = OrderIn(order_no, "KRW", [LineIn("1", "달빛 노트", 3, "new", total=9000)], ordered_at=MONDAY)
    told.receiver_name, told.phone, told.address = "홍시험", "010-9876-5432", "서울특별시 마포구 1"
    with history.act(history.CHANNEL, "import") as act:
        return intake.place(act, "manual", told, is_test=True).order.id


def delete(code: str = "T1", by: history.Actor = OWNER, action: str = "") -> None:
    with history.act(by, "delete", action, code) as act:
        deleting.delete(act, code)


@pytest.fixture
def lived(shop: Shop) -> Shop:
    """A real order, and a test order with everything that an order can have."""
    shop.place("A1")
    order = try_out()
    line = shop.line("T1").id
    parcel = shop.do(shipments.send, "T1", {line: 1}, CJ, hand_over=True)
    shop.do(shipments.unpack, "T1", shop.do(shipments.pack, "T1", {line: 1}))
    shop.do(orders.hold, "T1", "왜")
    shop.do(customers.note, "T1", "메모")
    shop.do(messages.ask, "T1", "언제 와요?", by=history.CUSTOMER)
    assert parcel
    here = {"order_id": order}
    with write() as tx:
        asked = {**here, "kind": "return", "state": "done", "reason": "mind", "asked_by": "staff", "asked_at": MONDAY}
        claim = tx.execute(insert(Claim).returning(Claim.id), asked).scalar_one()
        tx.execute(insert(ClaimLine), {"claim_id": claim, "line_id": line, "quantity": 1})
        tx.execute(update(OrderLine).where(OrderLine.id == line).values(claim_id=claim))
        money = {"amount": 100, "currency": "KRW", "reason": "mind", "state": "done"}
        tx.execute(insert(Refund), {**here, **money, "claim_id": claim, "not_before": MONDAY, "created_at": MONDAY})
        photo = {"key": "K1", "media": "image/jpeg", "bytes": 1, "width": 1, "height": 1, "sha256": "0" * 64}
        tx.execute(insert(Attachment), {**here, **photo, "claim_id": claim, "at": MONDAY, "by": "customer"})
        tx.execute(insert(Access), {**here, "at": MONDAY, "what": "address"})
        said = {"channel": "manual", "ref": "1", "stars": 5, "product": "노트", "name": "", "words": "좋아요"}
        tx.execute(insert(Review), {**here, **said, "written_at": MONDAY, "created_at": MONDAY})
        differs = {"code": "address_changed", "ours": "06236", "theirs": "04524", "said": {}, "state": "open"}
        tx.execute(insert(Conflict), {**here, **differs, "seen_at": MONDAY})
        act = tx.scalar(select(Action.id).limit(1))
        told = {"kind": "dispatch", "line_id": line, "shipment_id": parcel, "word": "told", "actor": "staff"}
        tx.execute(insert(Telling), {**here, **told, "at": MONDAY, "action_id": act})
        tx.execute(insert(SlipPrint), {**here, "number": 1, "address_version": 1, "at": MONDAY})
        tx.execute(insert(OrderLink), {**here, "digest": "0" * 64, "made_at": MONDAY, "expires_at": MONDAY})
    return shop


@pytest.mark.both
def test_nothing_of_it_stays(shop):
    shop.place("A1")
    before = shop.dump(*EVERYTHING)
    try_out()
    shop.do(orders.confirm, "T1")
    delete(action="the delete itself")
    after = shop.dump(*EVERYTHING)
    changed = {name for name in EVERYTHING if before[name] != after[name]}
    assert changed == {"action", "stage_tally"}  # that somebody deleted something; +1 and -1
    assert [row[0] for row in after["action"] if row not in before["action"]] == ["the delete itself"]
    assert is_clean(audit())


@pytest.mark.both
def test_everything_that_hangs_on_it_goes(lived):
    with reader().connect() as conn:
        gone = deleting.what_goes(conn, lived.order("T1").id)
    # This test leaves no table out; nothing of a test order ever left a shelf.
    assert set(gone) == {table.name for table in deleting.ROWS} - {"stock_move"}
    of_the_other = lived.dump("orders", "event", "order_key", "customer_key")
    delete()
    left = lived.dump(*(table.name for table in deleting.ROWS))
    assert all(rows == [] for name, rows in left.items() if name not in (*of_the_other, "order_line", "order_text"))
    assert len(left["orders"]) == len(left["order_line"]) == len(left["order_text"]) == 1
    assert all(row in of_the_other[name] for name in of_the_other for row in left[name])
    assert is_clean(audit())


def test_every_table_that_points_at_an_order_is_known():
    of_order = {table.name for table in deleting.ROWS}
    for table in Base.metadata.tables.values():
        pointed_at = {key.column.table.name for key in table.foreign_keys} & of_order
        assert not pointed_at or table.name in of_order


@pytest.mark.both
@pytest.mark.parametrize("words", ["T1", "홍시험", "5432", "632976615493", "달빛 노트"])
def test_no_search_finds_it(lived, words):
    id_ = lived.order("T1").id
    with reader().connect() as conn:
        assert id_ in search.find(conn, words)
    delete()
    with reader().connect() as conn:
        assert search.find(conn, words) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_index_of_sqlite_forgets_its_pieces(shop):
    shop.place("A1")
    pieces = 'SELECT count(*) AS n FROM order_gram WHERE order_gram MATCH \'"홍시" OR "달빛"\''
    before = shop.rows(pieces)
    try_out()
    assert shop.rows(pieces) != before
    delete()
    assert shop.rows(pieces) == before


@pytest.mark.both
def test_its_number_can_be_used_again_and_means_the_new_one(shop):
    try_out()
    delete()
    shop.place("T1", receiver_name="박서연")
    with reader().connect() as conn:
        assert search.find(conn, "홍시험") == []
        assert len(search.find(conn, "박서연")) == 1
    assert not shop.order("T1").is_test
    assert is_clean(audit())


@pytest.mark.both
def test_an_archived_one_is_deleted_too(shop):
    try_out()
    shop.tell("T1", LineIn("1", "달빛 노트", 3, "cancelled"))
    shop.do(orders.archive, "T1")
    delete()
    assert shop.dump("orders") == {"orders": []}
    assert is_clean(audit())


@pytest.mark.both
@pytest.mark.parametrize("by", [PACKER, MANAGER, history.CHANNEL, history.CLOCK])
def test_only_the_owner_may(shop, by):
    try_out()
    before = shop.dump(*EVERYTHING)
    with pytest.raises(Refused, match="Only the owner"):
        delete(by=by)
    assert shop.dump(*EVERYTHING) == before


@pytest.mark.both
def test_a_real_order_stays(shop):
    shop.place("A1")
    before = shop.dump(*EVERYTHING)
    with pytest.raises(Refused, match="real orders stay"):
        delete("A1")
    assert shop.dump(*EVERYTHING) == before


@pytest.mark.both
def test_the_database_keeps_a_real_orders_history_whatever_the_code_says(shop):
    shop.place("A1")
    with pytest.raises(Exception, match="insert-only"):
        shop.sql("DELETE FROM event")


@pytest.mark.both
def test_it_waits_for_a_letter_that_is_on_its_way(lived):
    lived.sql("UPDATE notice SET state = 'sending'")
    with pytest.raises(Refused, match="being sent"):
        delete()
    lived.sql("UPDATE notice SET state = 'sent'")
    delete()


@pytest.mark.both
def test_a_page_that_is_too_old_deletes_nothing(shop):
    try_out()
    with pytest.raises(history.Stale), history.act(OWNER, "delete") as act:
        deleting.delete(act, "T1", 0)


@pytest.mark.both
def test_the_same_form_twice_deletes_once(shop):
    try_out()
    delete(action="1")
    with pytest.raises(history.Repeated):
        delete(action="1")
    try_out()  # the same number again: the old form does not reach it
    with pytest.raises(history.Repeated):
        delete(action="1")
    assert shop.order("T1").is_test
