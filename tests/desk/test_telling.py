"""What the channels do not know yet, at the desk: seen, written, downloaded again, answered for."""

from datetime import timedelta

import pytest
from page import filled
from sqlalchemy import event

from sellerweb.channels import own_table
from sellerweb.shop import history, orders, shipments
from sellerweb.shop.clock import now
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn

PAGE = "/channels/tell"
COLUMNS = {
    "smartstore": ("상품주문번호", "택배사", "송장번호"),
    "qoo10": ("カート番号", "注文番号", "配送会社", "送り状番号"),
    "shopify": ("Name", "Tracking Company", "Tracking Number"),
}
CJ = shipments.Label("cj", "632976615493")


@pytest.fixture
def left(app, make_order):
    """left("A1", channel): an order whose parcel has left, of two lines."""

    def leave(order_no="A1", channel="smartstore", label=CJ, **line):
        lines = [LineIn(f"{order_no}-{n}", name, 1, "new", **line) for n, name in ((1, "=노트"), (2, "펜"))]
        make_order(order_no, channel=channel, lines=lines)
        with app.app_context(), history.act(history.Actor("staff", None, "packer"), "ship") as act:
            case = act.order(order_no)
            shipments.send(case, dict.fromkeys(case.lines, 1), label, hand_over=True)

    return leave


def test_a_file_is_looked_at_made_downloaded_and_answered_for(desk, left, rows, broken):
    left()
    page = desk.open(PAGE)
    assert page.text("#count-imports") == "1"
    shown = desk.open(f"{PAGE}/smartstore/dispatch")
    assert ["".join(cell.itertext()) for cell in shown.all("td")][:2] == ["A1", "A1-1"]
    assert rows("SELECT 1 FROM batch") == rows("SELECT 1 FROM telling") == []
    done = desk.follow(desk.submit(page, f"{PAGE}/smartstore/dispatch"))
    (made,) = rows("SELECT id, filename, body FROM batch")
    first, second = (desk.client.get(f"{PAGE}/{made.id}/file") for _ in range(2))
    assert first.data == second.data == made.body
    assert first.headers["Content-Disposition"].endswith(made.filename)
    assert desk.open(PAGE).text("#count-imports") == "1"
    desk.submit(done, f"{PAGE}/{made.id}/all")
    assert desk.open(PAGE).text("#count-imports") == "0"
    assert [a.what for a in rows("SELECT what FROM access")] == ["export"]
    assert broken() == {}


def test_rows_that_the_channel_refused_keep_its_words_and_go_into_the_next_file(desk, left, rows):
    left()
    desk.submit(desk.open(PAGE), f"{PAGE}/smartstore/dispatch")
    page = desk.open(f"{PAGE}/1")
    form = filled(page.form(f"{PAGE}/1/all"))
    bare = desk.post(f"{PAGE}/1/failed", {**form, "row": "1"}, status=422)
    assert "in its own words" in bare.text(".field")
    assert 'value="1" checked' in bare.html
    again = filled(bare.form(f"{PAGE}/1/all"))
    desk.post(f"{PAGE}/1/failed", {**again, "row": "1", "why": "이미 발송처리된 주문"}, status=303)
    stale = desk.post(f"{PAGE}/1/told", {**again, "row": "2", "action_id": "other", "why": "typed"}, status=409)
    assert "meanwhile" in stale.text(".banner")
    assert 'value="typed"' in stale.html
    page = desk.open(PAGE)
    assert "이미 발송처리된 주문" in page.text("main")
    assert "1 item goes into the next file." in page.text("main")
    assert [t.word for t in rows("SELECT word FROM telling ORDER BY id")] == ["written", "written", "failed"]


def test_what_has_no_place_in_the_file_is_told_by_hand(desk, left, rows, broken):
    left("Q1", "qoo10", shipments.Label("direct"), method="direct")
    page = desk.open(PAGE)
    assert "Left without a number" in page.text("main")
    form = page.form(f"{PAGE}/qoo10/dispatch/by-hand/1")
    desk.post(f"{PAGE}/qoo10/dispatch/by-hand/1", filled(form), status=303)
    assert "know of every parcel" in desk.open(PAGE).text("main")
    assert {t.word for t in rows("SELECT word FROM telling")} == {"by_hand"}
    assert broken() == {}


def test_the_page_asks_as_often_for_many_parcels_as_for_few(desk, left, app):
    asked: list[str] = []

    def statements():
        asked.clear()
        desk.open(PAGE)
        return len(asked)

    left("A0")
    with app.app_context():
        event.listen(reader(), "before_cursor_execute", lambda *said: asked.append(said[2]))
    few = statements()
    for n in range(1, 4):
        left(f"A{n}", label=shipments.Label("other", f"6329766154{n}", "x"))
    assert statements() == few <= 26


def test_a_promised_day_is_offered_to_qoo10(desk, app, make_order):
    make_order("Q1", channel="qoo10")
    with app.app_context(), history.act(history.Actor("staff", None, "manager"), "promise") as act:
        orders.promise(act.order("Q1"), now().date() + timedelta(days=5))
    assert "The day it will leave" in desk.open(PAGE).text("main")


def test_what_was_told_by_hand_meanwhile_does_not_stop_the_answer_for_the_rest(desk, left, rows, broken):
    left("A1")
    left("A2", label=shipments.Label("cj", "632976615526"))
    desk.submit(desk.open(PAGE), f"{PAGE}/smartstore/dispatch")
    by_hand = {**filled(desk.open(f"{PAGE}/1").form(f"{PAGE}/1/all")), "action_id": "by hand"}
    desk.post(f"{PAGE}/smartstore/dispatch/by-hand/1", by_hand, status=303)
    page = desk.open(f"{PAGE}/1")
    desk.post(f"{PAGE}/1/all", filled(page.form(f"{PAGE}/1/all")), status=303)
    words = rows("SELECT order_id, word FROM telling WHERE word <> 'written' ORDER BY id")
    assert [(t.order_id, t.word) for t in words] == [(1, "by_hand")] * 2 + [(2, "told")] * 2
    assert "to be answered for" not in desk.open(PAGE).text("main")
    assert broken() == {}


@pytest.mark.parametrize("channel", ["smartstore", "qoo10", "shopify"])
def test_what_is_shown_before_is_what_is_written_and_given_out_again(desk, left, rows, channel):
    odd = shipments.Label("other", "63297661A", "@모두의 배송")
    left("A1", channel, odd)
    shown = [["".join(td.itertext()) for td in tr] for tr in desk.open(f"{PAGE}/{channel}/dispatch").all("tr")[1:]]
    desk.submit(desk.open(PAGE), f"{PAGE}/{channel}/dispatch")
    (made,) = rows("SELECT body FROM batch")
    assert desk.client.get(f"{PAGE}/1/file").data == desk.client.get(f"{PAGE}/1/file").data == made.body
    table = own_table.parse(made.body)
    at = [table.header.index(name) for name in COLUMNS[channel]]
    assert [[cells[place].removeprefix("'") for place in at] for _number, cells in table.rows] == [
        [*([order, item] if channel == "qoo10" else [item] if channel == "smartstore" else [order]), carrier, number]
        for order, item, _goods, carrier, number in shown
    ]


def test_letters_that_the_file_will_leave_out_are_named_before_it_is_made(desk, left):
    left("Q1", "qoo10")
    for page in (PAGE, f"{PAGE}/qoo10/dispatch"):
        assert "cannot write these letters: 김노서준트펜." in desk.open(page).text("main")
