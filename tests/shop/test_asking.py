"""A file whose columns nobody knows: it waits, is answered once, and what was said is remembered."""

from datetime import timedelta

import pytest
import time_machine
from bare_shop import MONDAY

from sellerweb import reading
from sellerweb.shop import asking, imports, taking_in
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import forget, read
from sellerweb.shop.incoming import FileIn, LineIn, OrderIn
from sellerweb.shop.refused import Refused

pytestmark = pytest.mark.both
TABLE = {"header": ["번호", "이름", "무엇"], "rows": [[2, ["A-1", "김하늘", "노트"]]], "rejected": []}
COLUMNS = {"번호": "order_no", "이름": "receiver_name", "무엇": "product"}
FILE = FileIn("manual", 1, [OrderIn("A-1", "KRW", [LineIn("1", "노트", 1, "new")])])


def test_a_table_waits_and_nobody_takes_it_in(shop):
    asks = asking.ask(TABLE, "orders.csv", None)
    assert asking.asked(asks) == TABLE
    assert imports.get(asks).report["asks"]
    assert imports.claim() is None
    assert imports.last_finished() == {}
    assert is_clean(audit())


def test_an_answer_brings_its_orders_in_once(shop):
    asks = asking.ask(TABLE, "orders.csv", None)
    asking.answer(asks, COLUMNS, "KRW")
    assert asking.asked(asks) is None
    with pytest.raises(Refused):
        asking.answer(asks, COLUMNS, "KRW")
    assert reading.read_one()
    forget()
    assert taking_in.run(asks)["new"] == 1
    forget()
    assert asking.asked(asks) is None
    assert "asks" not in imports.get(asks).report
    assert is_clean(audit())


def test_an_answer_waits_for_the_file_before_it(shop):
    asks = asking.ask(TABLE, "orders.csv", None)
    imports.receive(FILE.packed(), "first.csv")
    with pytest.raises(Refused):
        asking.answer(asks, COLUMNS, "KRW")
    assert asking.asked(asks) == TABLE


def test_what_is_put_away_is_gone_and_what_is_in_cannot_be(shop):
    asks, done = asking.ask(TABLE, "one.csv", None), imports.receive(FILE.packed(), "two.csv")
    taking_in.run(done)
    for import_id in (asks, done):
        asking.discard(import_id)
    forget()
    assert (imports.get(asks).report["put_away"], imports.get(done).state) == (True, "done")
    assert shop.rows("SELECT payload FROM import WHERE payload IS NOT NULL") == []
    assert is_clean(audit())


def test_nothing_is_kept_for_longer_than_a_week(shop):
    with time_machine.travel(MONDAY, tick=False) as clock:
        old = asking.ask(TABLE, "old.csv", None)
        clock.shift(asking.KEPT + timedelta(seconds=1))
        new = asking.ask(TABLE, "new.csv", None)
    assert (asking.asked(old), asking.asked(new)) == (None, TABLE)


def test_what_columns_mean_is_remembered_and_can_be_said_anew(shop):
    assert asking.remembered(read(), "f" * 32) is None
    for said in ({"columns": {"번호": "order_no"}}, {"columns": {"번호": "phone"}}):
        asking.remember("f" * 32, said)
        forget()
        assert asking.remembered(read(), "f" * 32) == said
