"""Products at the desk: the list and its search, a count and its clash, the CSV, what is short, and where things come from."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from PIL import Image

from sellerweb.desk import paper, slips
from sellerweb.shop import attachments, clock, files, history, intake, queries, shelves, stock
from sellerweb.shop.db import read
from sellerweb.shop.incoming import LineIn, OrderIn


@pytest.fixture
def place(app):
    """place("A1", 3, sku="N-1"): an order that an import brought, due in the order of placing."""

    def do(order_no, quantity, sku="N-1", name="달빛 노트", **told):
        line = LineIn(f"{order_no}-1", name, quantity, "new", sku=sku, total=9000)
        with app.app_context(), history.act(history.CHANNEL, "import") as act:
            intake.place(act, "manual", OrderIn(order_no, "KRW", [line], **told))

    return do


@pytest.fixture
def shelved(app, change):
    """shelved(5, 2): so many pieces of the first product at each location."""

    def do(*counted, product=1):
        for location, n in enumerate(counted, 1):
            change(
                "INSERT INTO location (id, name) VALUES (:id, :name) ON CONFLICT DO NOTHING",
                id=location,
                name=f"방 {location}",
            )
            with app.app_context(), history.act(history.CLOCK, "count") as act:
                stock.count(act, product, location, n, "stocktake")

    return do


def drop(person, text, status=200):
    page = person.open("/products/file")
    data = {**{e.get("name"): e.get("value") for e in page.form("/products/file").iter("input") if e.get("value")}}
    file = (BytesIO(text if isinstance(text, bytes) else text.encode()), "p.csv")
    return person.post("/products/file", {**data, "file": file}, status=status)


def test_products_are_searched_and_paged_in_few_statements(app, at_desk, place, shelved, change):
    for n in range(60):
        place(f"A{n}", 1, f"SKU-{n:02}", name=f"노트 {n:02}")
    shelved(0)
    carol = at_desk("Carol")
    page = carol.open("/products")
    assert len(page.all(".ref")) == shelves.PAGE
    more = carol.open(page.find("#more").find(".//a").get("href"))
    assert [e.text for e in more.all(".ref")] == [f"노트 {n}" for n in range(50, 60)]
    assert [e.text for e in carol.open("/products?find=sku-07").all(".ref")] == ["노트 07"]
    assert [e.text for e in carol.open("/products?short=1").all(".ref")] == ["노트 00"]


def test_a_count_corrects_the_shelf_and_stands_in_the_book(at_desk, place, shelved, rows):
    place("A1", 3)
    shelved(5)
    carol = at_desk("Carol")
    page = carol.open("/products/1")
    page = carol.follow(
        carol.submit(page, "/products/1/count", status=303, counted="4", reason="damaged", note="모서리")
    )
    assert "Damaged 모서리" in page.text("#main")
    assert rows("SELECT on_hand, reserved FROM stock")[0].__dict__ == {"on_hand": 4, "reserved": 3}


def test_a_stale_count_shows_both_and_keeps_what_was_typed(at_desk, place, shelved, rows):
    place("A1", 3)
    shelved(5)
    carol = at_desk("Carol")
    page = carol.open("/products/1")
    shelved(7)
    again = carol.submit(page, "/products/1/count", status=409, counted="4", note="세어 봄")
    assert "the desk now says 7" in again.text("#main")
    assert again.find("#counted-1").get("value") == "4"
    assert rows("SELECT on_hand FROM stock")[0].on_hand == 7
    carol.submit(again, "/products/1/count", status=303)
    assert rows("SELECT on_hand FROM stock")[0].on_hand == 4


def test_a_products_facts_clash_with_what_a_colleague_saved(desk, at_desk, place):
    place("A1", 1)
    page = desk.open("/products/1")
    at_desk("Bob").fill("/products/1", status=303, shelf="B-2")
    again = desk.submit(page, "/products/1", status=409, shelf="C-3")
    assert "Theirs now B-2" in again.text("#main")
    assert again.find("#shelf-facts").get("value") == "C-3"


def test_a_packer_counts_but_does_not_change_products_or_locations(at_desk, place):
    place("A1", 1)
    carol = at_desk("Carol")
    for path in ("/products.csv", "/products/file", "/locations"):
        carol.open(path, status=403)
    carol.post("/products/1", {"name": "x"}, status=403)


def test_the_csv_comes_back_as_it_went(desk, place, shelved, rows):
    place("A1", 1, name="=SUM(A1)", sku="-5")
    place("A2", 1, sku="N-2", name="'=따옴표")
    shelved(5, 2)
    file = desk.open("/products.csv")
    body = file.response.data
    assert body.startswith(b"\xef\xbb\xbf")
    text = body.decode("utf-8-sig")
    assert "'-5,'=SUM(A1)," in text
    before = rows("SELECT sku, name, version FROM product ORDER BY id")
    page = drop(desk, body)
    assert "Rejected rows0" in page.text("#main")
    assert "Changed0" in page.text("#main")
    assert rows("SELECT sku, name, version FROM product ORDER BY id") == before


def test_rows_of_a_csv_are_refused_by_number_and_the_others_come_in(desk, place, shelved, rows):
    place("A1", 1)
    shelved(5)
    head = "sku,name,shelf,location,on_hand,counted\n"
    lines = [
        "N-1,달빛 노트,A-9,방 1,5,3",
        "N-2,새 노트,,,,",
        "N-1,달빛 노트,A-9,방 1,5,4",
        "N-3,이름,,다락,,1",
        "N-4,이름",
        "N-2,새 노트,,방 1,,열",
    ]
    page = drop(desk, head + "\n".join(lines) + "\n")
    said = page.text("#main")
    assert [f"Row {n} " in said for n in range(2, 8)] == [False, False, True, True, True, True]
    assert [(row.sku, row.shelf) for row in rows("SELECT sku, shelf FROM product ORDER BY id")] == [
        ("N-1", "A-9"),
        ("N-2", ""),
    ]
    assert rows("SELECT on_hand FROM stock")[0].on_hand == 3
    broken = (
        (head + "N-5,?,,,,\nN-6,\0,,,,\n" + f"N-7,이름,,방 1,,{'9' * 5000}\n")
        .encode("utf-8-sig")
        .replace(b"?", b"\xff")
    )
    odd = drop(desk, broken).text("#main")
    assert ["Row 2 Some letters" in odd, "Row 3 Some letters" in odd, "Row 4 “999" in odd] == [True] * 3
    stale = drop(desk, head + "N-1,달빛 노트,A-9,방 1,5,9\n").text("#main")
    assert "the desk now says 3" in stale
    assert rows("SELECT on_hand FROM stock")[0].on_hand == 3


@pytest.mark.both
def test_what_is_short_shows_in_the_queue_by_who_is_due_first(desk, place, shelved, send, answered, rows, broken, htmx):
    place("A1", 3)
    place("A2", 3)
    shelved(5)
    page = desk.open("/orders")
    assert "there" not in page.text("#order-A1")
    assert "2 of 3 there" in page.text("#order-A2")
    ship = desk.open("/orders/A2/ship", htmx=htmx)
    assert "2 of 3 there" in ship.text("#ship-A2") or "2 of 3 there" in ship.text("#panel-A2")
    assert ship.find("#q-2").get("value") == "2"
    answered(send(desk, "A2", page=ship, htmx=htmx, number="632976615493"), desk)
    assert rows("SELECT shipped FROM order_line WHERE id = 2")[0].shipped == 2
    # Of the five two have left: now the first order has all its three, the rest of the second none.
    again = desk.open("/orders")
    assert "there" not in again.text("#order-A1")
    assert "0 of 1 there" in again.text("#order-A2")
    assert broken() == {}


def test_an_order_comes_from_another_location_and_the_slip_says_so(
    app, desk, place, shelved, answered, rows, broken, htmx
):
    place("A1", 3)
    shelved(2)
    assert "location" not in desk.open("/orders/A1").text("#main")  # there is only one
    shelved(2, 9)
    with app.app_context():
        assert slips.slip_of(queries.whole(read(), "A1"), 1).lines[0].location == "방 1"
    form = desk.open("/orders/A1/relocate", htmx=htmx)
    line = {"places-0-place": "2"}
    answered(desk.submit(form, "/orders/A1/relocate", htmx=htmx, **line), desk)
    with app.app_context():
        slip = slips.slip_of(queries.whole(read(), "A1"), 1)
        assert slip.lines[0].location == "방 2"
        with app.test_request_context():
            assert "방 2" in paper.slip_html([slip], "a5", "ko")
    assert [row.reserved for row in rows("SELECT reserved FROM stock ORDER BY location_id")] == [0, 3]
    assert "there" not in desk.open("/orders").text("#order-A1")
    assert broken() == {}


def test_the_owner_names_locations_and_none_is_closed_with_goods_in_it(at_desk, place, shelved, rows):
    place("A1", 1)
    shelved(5)
    alice = at_desk("Alice")
    alice.fill("/locations", status=303, name="창고")
    alice.submit(alice.open("/locations"), "/locations", status=422, name="창고")
    page = alice.open("/locations")
    assert "still lie here" in alice.submit(page, "/locations/1", status=422, closed="y").text("#main")
    alice.submit(page, "/locations/2", status=303, closed="y")
    assert [bool(row.closed) for row in rows("SELECT closed FROM location ORDER BY id")] == [False, True]


def test_a_products_photo_is_cleaned_kept_and_replaced(app, desk, at_desk, place, rows):
    place("A1", 1)
    assert desk.open("/products/1/photo", status=404)
    keys = []
    for colour in ("red", "blue"):
        file = BytesIO()
        Image.new("RGB", (64, 48), colour).save(file, "PNG")
        file.seek(0)
        data = {"csrf_token": desk.token(), "action_id": f"photo-{colour}", "photos": (file, "p.png")}
        desk.post("/products/1/photo", data, status=303)
        keys.append(rows("SELECT photo FROM product")[0].photo)
        assert at_desk("Carol").open("/products/1/photo").response.data.startswith(b"\xff\xd8\xff")
    with app.app_context():
        assert [files.get(key) is not None for key in keys] == [False, True]
        with time_machine.travel(clock.now() + timedelta(days=3)):
            attachments.sweep()
        assert files.get(keys[1]) is not None
