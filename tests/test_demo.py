"""The demo shop: believable, the same every time, and sound."""

import shutil
import time
from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bare_shop import MONDAY
from sqlalchemy import func, select, text

from sellerweb import carriers, config, create_app, demo
from sellerweb.shop import clock, links, reasons, states
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.db import db, read, reader
from sellerweb.shop.models import Order, OrderLine, Product, Shipment, Stock

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick


@pytest.fixture(scope="module")
def filled(tmp_path_factory, sqlite_template):
    """One demo shop for all who only look."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, folder / "sellerweb.db")
    with create_app(config.read({"SELLERWEB_DATA_DIR": str(folder)})).app_context():
        demo.fill()
        yield
        reader().dispose()
        db.engine.dispose()


def orders(*where) -> int:
    return read().scalar(select(func.count()).select_from(Order).where(*where))


def test_it_fills_an_empty_shop_in_a_few_seconds(context):
    assert demo.is_empty()
    began = time.process_time()
    demo.fill()
    assert time.process_time() - began < 5
    assert not demo.is_empty()
    assert 120 <= orders() <= 150


@pytest.mark.both
def test_it_passes_the_audit(context):
    demo.fill()
    report = audit()
    assert is_clean(report), {name: row["first"] for name, row in report.items() if row["violations"]}


@pytest.mark.parametrize("moment", ["2026-11-15T15:00:00Z", "2026-02-16T03:00:00Z", "2026-12-31T14:59:59Z"])
def test_it_can_be_filled_at_any_moment(context, moment):
    with time_machine.travel(moment, tick=False):
        demo.fill()
        assert is_clean(audit())
        assert orders(Order.stage.in_(states.OPEN), Order.ship_due_at < clock.now()) >= 5


def test_every_stage_and_every_channel_is_there(filled):
    assert set(read().scalars(select(Order.stage))) == set(states.STAGES)
    assert set(read().scalars(select(Order.channel))) == {"smartstore", "qoo10", "shopify", "manual"}
    assert set(read().scalars(select(Order.currency))) == {"KRW", "JPY", "USD"}


def test_there_is_something_of_everything_that_the_desk_can_show(filled):
    open_ = Order.stage.in_(states.OPEN)
    assert orders(open_, Order.ship_due_at < clock.now()) >= 5
    assert orders(open_, Order.ship_due_at.between(clock.now(), clock.now() + timedelta(days=1))) >= 5
    blocks = Counter(read().scalars(select(Order.channel_block).where(Order.channel_block != "")))
    assert blocks >= Counter({"cancel_requested": 2, "gift_waiting": 1, "unknown": 1, "unpaid": 3})
    assert orders(Order.held_at.is_not(None)) == 1
    assert orders(Order.promised_on.is_not(None)) >= 2
    assert orders(Order.archived_at.is_not(None)) >= 2
    assert orders(Order.message != "") >= 10
    assert orders(Order.gift_note != "") >= 3
    assert orders(Order.is_test) == 1
    doors = select(Order.door).where(open_, Order.door.is_not(None)).group_by(Order.door).having(func.count() > 1)
    assert len(read().scalars(doors).all()) >= 2
    assert read().scalar(select(func.max(Order.lines_count))) >= 3
    assert read().scalar(select(func.count()).where(Shipment.state == "labelled")) >= 8


def test_goods_have_their_place_and_every_line_its_goods(filled):
    assert read().scalar(select(func.count()).where(Product.shelf == "")) == 0
    assert read().scalar(select(func.count()).select_from(Stock)) == 2 * read().scalar(
        select(func.count()).select_from(Product)
    )
    assert read().scalar(select(func.count()).where(OrderLine.product_id.is_(None))) == 0


def test_every_number_is_one_that_its_carrier_could_have_given(filled):
    parcels = read().execute(select(Shipment.carrier, Shipment.number).where(Shipment.state != "packing")).all()
    assert {carrier for carrier, _ in parcels} == {
        "cj",
        "hanjin",
        "lotte",
        "epost",
        "epost_ems",
        "sagawa",
        "yamato",
    }
    assert {carriers.check(*parcel).outcome for parcel in parcels} == {"accept"}


def test_no_letter_of_it_waits_to_be_sent(filled):
    """What left before is told as sent, with its words; the rest never will be."""
    assert set(read().scalars(text("SELECT state FROM notice"))) == {"suppressed", "sent"}
    assert read().scalar(text("SELECT count(*) FROM notice WHERE state = 'sent' AND body = ''")) == 0


@pytest.mark.both
def test_a_customer_can_still_cancel_alone_and_is_found_by_their_link(context):
    demo.fill()
    order_no, secret = demo.visitor()
    code = links.open_(secret)
    inside = (Order.channel == "manual", Order.stage == "new", Order.cancel_until > clock.now() + timedelta(minutes=30))
    assert list(read().scalars(select(Order.code).where(*inside))) == [code]
    assert orders(Order.order_no == order_no, Order.code == code) == 1


def test_every_week_has_its_reasons(filled):
    """The page of reasons is worth looking at: eight weeks, and no two are alike."""
    today = clock.now().astimezone(ZoneInfo("Asia/Seoul"))
    seen = reasons.report(read(), reasons.Filter(*reasons.period(None, None, today.date())), ZoneInfo("Asia/Seoul"))
    assert sum(bool(cell.claims) for cell in seen.total.weeks) >= 6
    assert len({line.reason for line in seen.lines}) >= 8
    assert set(seen.kinds) == {"cancel", "return", "exchange", "redelivery"}


def test_nothing_of_it_lies_in_the_future(filled):
    assert read().scalar(select(func.max(Order.ordered_at))) < clock.now()
    assert str(read().scalar(text("SELECT max(at) FROM event"))) < str(clock.now())


def test_it_is_the_same_shop_every_time(context):
    with time_machine.travel(MONDAY, tick=False):
        assert demo.stories(clock.now()) == demo.stories(clock.now())
