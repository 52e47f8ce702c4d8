"""The queue: tabs with exact counts, what must leave first, filters; people are masked in it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from page import filled

from sellerweb.shop.incoming import LineIn

CJ = "622344515213"
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # noon in Seoul


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def codes(page):
    return [e.get("id").removeprefix("order-") for e in page.all(".row")]


def tabs(page):
    counts = {a.text.strip(): a.find("span") for a in page.find(".tabs")}
    assert counts.pop("In the archive") is None  # nobody counts history
    return {tab: int("".join(count.itertext()).replace(",", "")) for tab, count in counts.items()}


def chip(page, words):
    """What stands on the chip that says `words`."""
    return next(" ".join("".join(a.itertext()).split()) for a in page.all(".chip") if words in "".join(a.itertext()))


STATES = {
    "N1": "new", "N2": "new", "P1": "confirmed", "U1": "unpaid", "C1": "cancelled", "S1": "shipped", "D1": "delivered",
    "R1": "cancel_requested",
}  # fmt: skip


def test_each_tab_counts_and_shows_its_stage(desk, make_order, send, htmx):
    for code, state in STATES.items():
        make_order(code, state=state)
    make_order("L1")
    send(desk, "L1", verb="label", number=CJ)
    make_order("H1", quantity=2)
    send(desk, "H1", number="585562040256", **{"pieces-0-quantity": "1"})
    page = desk.open("/orders", htmx=htmx)
    assert tabs(page) == {
        "To do": 6, "Awaiting payment": 1, "New": 3, "Preparing": 1, "Ready to hand over": 1, "Partly shipped": 1,
        "Shipped": 1, "Delivered": 1, "Cancelled": 1,
    }  # fmt: skip
    assert set(codes(page)) == {"N1", "N2", "P1", "R1", "L1", "H1"}
    shown = {
        stage: set(codes(desk.open(f"/orders?tab={stage}", htmx=htmx)))
        for stage in ("awaiting_payment", "new", "preparing", "ready", "partly_shipped", "shipped", "delivered")
    }
    assert shown == {
        "awaiting_payment": {"U1"}, "new": {"N1", "N2", "R1"}, "preparing": {"P1"}, "ready": {"L1"},
        "partly_shipped": {"H1"}, "shipped": {"S1"}, "delivered": {"D1"},
    }  # fmt: skip


def test_late_and_due_today_come_first(desk, make_order, monday, htmx):
    make_order("A-soon", ordered_at=MONDAY, paid_at=MONDAY)
    make_order("B-late", ordered_at=MONDAY - timedelta(days=10), paid_at=MONDAY - timedelta(days=10))
    make_order("C-today", ship_due_at=MONDAY + timedelta(hours=4))
    make_order("D-midnight", ship_due_at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    page = desk.open("/orders", htmx=htmx)
    assert codes(page) == ["B-late", "C-today", "D-midnight", "A-soon"]
    assert [" ".join("".join(g.itertext()).split()) for g in page.all(".group")] == [
        "Late", "Due today 16:00", "Due today, by midnight", "Due Nov 26 23:59",
    ]  # fmt: skip
    assert chip(page, "Late") == "Late 1"
    assert chip(page, "Due today") == "Due today 2"
    assert codes(desk.open("/orders?due=late", htmx=htmx)) == ["B-late"]
    assert codes(desk.open("/orders?due=today", htmx=htmx)) == ["C-today", "D-midnight"]
    assert "late" in page.text("#order-B-late")


def test_the_clock_moves_an_order_to_late(desk, make_order, monday):
    make_order("A1", ship_due_at=MONDAY + timedelta(hours=1))
    assert codes(desk.open("/orders?due=late")) == []
    monday.shift(timedelta(hours=1, seconds=1))
    assert codes(desk.open("/orders?due=late")) == ["A1"]


def test_the_channel_filter_and_its_counts(desk, make_order, htmx):
    make_order("S1")
    make_order("S2")
    make_order("Q1", channel="qoo10")
    page = desk.open("/orders?channel=qoo10", htmx=htmx)
    assert codes(page) == ["Q1"]
    assert chip(page, "SmartStore").endswith("2")
    assert chip(page, "Qoo10").endswith("1")


def test_the_promised_day_filter(desk, make_order, htmx):
    make_order("A1")
    make_order("A2")
    desk.fill("/orders/A2/promise", day="2026-11-30")
    assert codes(desk.open("/orders?promised=2026-11-30", htmx=htmx)) == ["A2"]
    assert codes(desk.open("/orders?promised=2026-12-01", htmx=htmx)) == []


@pytest.mark.parametrize("by", ["ordered", "paid"])
def test_the_day_filters_mean_shop_days(desk, make_order, by, htmx):
    other = {"ordered": "paid", "paid": "ordered"}[by] + "_at"
    for code, at in (
        ("A-eve", datetime(2026, 11, 20, 14, 59, 59, tzinfo=UTC)),
        ("B-first", datetime(2026, 11, 20, 15, 0, tzinfo=UTC)),
        ("C-last", datetime(2026, 11, 21, 14, 59, 59, tzinfo=UTC)),
        ("D-next", datetime(2026, 11, 21, 15, 0, tzinfo=UTC)),
    ):
        make_order(code, **{f"{by}_at": at, other: MONDAY})
    ask = f"/orders?by={by}&since=2026-11-21"
    assert set(codes(desk.open(ask, htmx=htmx))) == {"B-first", "C-last", "D-next"}
    assert set(codes(desk.open(f"/orders?by={by}&until=2026-11-20", htmx=htmx))) == {"A-eve"}
    assert set(codes(desk.open(ask + "&until=2026-11-21", htmx=htmx))) == {"B-first", "C-last"}


def test_the_date_form_keeps_the_other_filters(desk, make_order):
    make_order("A1", message="문 앞")
    given = filled(desk.open("/orders/filter?tab=new&memo=1").find(".dates"))
    assert given == {"tab": ["new"], "memo": ["1"], "by": ["ordered"], "since": [""], "until": [""], "promised": [""]}
    found = desk.open("/orders?tab=new&memo=1&by=ordered&since=2026-11-01&until=2026-11-30&promised=")
    assert codes(found) == ["A1"]
    assert found.find(".tabs").find("a[@aria-current]").text.strip() == "New"


def test_with_memo_shows_messages_and_gift_notes(desk, make_order, change, htmx):
    make_order("A1", message="부재 시 경비실")
    make_order("A2")
    make_order("A3")
    change("UPDATE orders SET gift_note = '축하해' WHERE code = 'A3'")
    assert set(codes(desk.open("/orders?memo=1", htmx=htmx))) == {"A1", "A3"}


def test_same_door_shows_those_that_could_go_together(desk, make_order, htmx):
    make_order("A1")
    make_order("A2")
    make_order("B1", address="서울특별시 강남구 테헤란로 153")
    make_order("U1", state="unpaid")
    assert set(codes(desk.open("/orders?door=1", htmx=htmx))) == {"A1", "A2"}


def test_filters_meet(desk, make_order, htmx):
    make_order("A1", message="m")
    make_order("A2", message="m", channel="qoo10")
    make_order("A3", channel="qoo10")
    make_order("A4", message="m", channel="qoo10", state="confirmed")
    assert codes(desk.open("/orders?tab=new&channel=qoo10&memo=1", htmx=htmx)) == ["A2"]


def test_an_empty_queue_says_what_to_do_next(desk, make_order, htmx):
    assert "Import" in desk.open("/orders", htmx=htmx).text(".empty")
    make_order("A1")
    page = desk.open("/orders?memo=1", htmx=htmx)
    assert "No order fits these filters" in page.text(".empty")
    assert "/orders" in [a.get("href") for a in page.find(".empty").iter("a")]


SECRETS = ("김서준", "1234-5678", "12345678", "테헤란로", "06236", "010-1234")


@pytest.mark.parametrize("path", ["/orders", "/orders?q=A1", "/orders/A1/look", "/orders/A1/ship", "/orders/A1"])
def test_people_are_masked_until_somebody_looks(desk, make_order, path, htmx):
    make_order("A1", phone2="02-777-8888", buyer_name="박구매", buyer_phone="010-9999-0000", buyer_email="p@example.kr")
    page = desk.open(path, htmx=htmx)
    assert "김*준" in page.html
    assert "서울 강남구" in page.html
    secrets = (*SECRETS, "777-8888", "박구매", "9999-0000", "p@example.kr")
    assert [secret for secret in secrets if secret in page.html] == []


@pytest.mark.parametrize("form", ["hold", "promise", "readdress", "slip"])
def test_people_are_masked_beside_every_form(desk, make_order, form, htmx):
    make_order("A1")
    page = desk.open(f"/orders/A1/{form}", htmx=htmx)
    assert [secret for secret in SECRETS if secret in page.html] == []


def test_a_row_says_what_is_in_it(desk, make_order):
    lines = [LineIn("1", "노트", 2, "new", total=1000), LineIn("2", "펜", 1, "new", total=500)]
    make_order("A1", lines=lines, message="m")
    text = desk.open("/orders").text("#order-A1")
    for said in ("노트", "and 1 more", "3 pcs", "₩1,500", "memo"):
        assert said in text
