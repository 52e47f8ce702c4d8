"""Products at the desk: the list and its search, a count and its clash, the CSV, what is short, and where things come from."""

import csv
import io
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
import xlsxwriter
from PIL import Image
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from sellerweb.desk import paper, slips
from sellerweb.shop import (
    attachments,
    clock,
    files,
    goods_file,
    history,
    intake,
    product_files,
    queries,
    shelves,
    skuless,
    stock,
)
from sellerweb.shop.db import db, read
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


def drop(person, text, name="p.csv"):
    """The page that a dropped file leads to."""
    page = person.open("/products/file")
    data = {**{e.get("name"): e.get("value") for e in page.form("/products/file").iter("input") if e.get("value")}}
    file = (BytesIO(text if isinstance(text, bytes) else text.encode()), name)
    answer = person.post("/products/file", {**data, "file": file})
    return person.follow(answer) if answer.status == 303 else answer


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
    broken = f"{head}N-5,?,,,,\nN-6,\0,,,,\nN-7,이름,,방 1,,{'9' * 5001}\nN-8,이름,,방 1,,{'9' * 500}\n"
    odd = drop(desk, broken.encode("utf-8-sig").replace(b"?", b"\xff")).text("#main")
    said = ("Row 2 Some letters", "Row 3 Type the product's name", "Row 4 A text is far longer", "Row 5 “999")
    assert [words in odd for words in said] == [True] * 4
    stale = drop(desk, head + "N-1,달빛 노트,A-9,방 1,5,9\n").text("#main")
    assert "the desk now says 3" in stale
    assert rows("SELECT on_hand FROM stock")[0].on_hand == 3


LANGUAGES = {"ko": "cp949", "ja": "cp932", "en": "utf-16"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_speaks_the_persons_language_and_every_language_is_read(desk, place, shelved, rows, change, language):
    place("A1", 1, "00123", name="=달빛" if language == "ko" else "=月光ノート")
    change("UPDATE product SET barcode = '0880123', shelf = 'A-1', carrier = 'cj'")
    shelved(5, 2)
    change("UPDATE location SET name = 'R' || id")
    before = rows("SELECT * FROM product"), rows("SELECT * FROM stock"), rows("SELECT * FROM stock_move")
    text = desk.open(f"/products.csv?lang={language}").response.data.decode("utf-8-sig")
    assert text.startswith({"ko": "SKU,상품명,옵션", "ja": "SKU,商品名,オプション", "en": "SKU,Name,Option"}[language])
    table = [*csv.reader(io.StringIO(text))]
    for data, name in ((text.encode(LANGUAGES[language]), "p.csv"), (as_xlsx(table), "p.xlsx")):
        page = drop(desk, data, name)
        assert "New products0Changed0Counted0Rejected rows0" in page.text("#report"), page.text("#main")
    assert (rows("SELECT * FROM product"), rows("SELECT * FROM stock"), rows("SELECT * FROM stock_move")) == before
    mixed = [
        [row[-1], "?", row[0], row[6], row[7]] for row in table
    ]  # in another order, one unknown, and some not there
    mixed[1][0] = "7"
    page = drop(desk, "\n".join(map(",".join, mixed)).encode(LANGUAGES[language]))
    assert "Counted1" in page.text("#report")
    assert "not read: ?" in page.text("#report")
    assert [row.on_hand for row in rows("SELECT on_hand FROM stock ORDER BY location_id")] == [7, 2]
    assert rows("SELECT * FROM product") == before[0]


def as_xlsx(table):
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.write_number(1, 7, int(table[1][7]))
    return file.getvalue()


def test_a_file_without_an_sku_column_or_with_too_many_rows_is_refused_with_a_sentence(desk, monkeypatch):
    assert "must name the columns" in drop(desk, "이름,옵션\n노트,\n").text("#file-error")
    assert "must name the columns" in drop(desk, "1\n").text("#file-error")
    monkeypatch.setattr(goods_file, "MOST", 1)
    assert "rows at most" in drop(desk, "sku,name\nA,a\nB,b\n").text("#file-error")


@pytest.mark.both
def test_a_long_file_comes_in_behind_part_by_part_and_goes_on_where_it_was_killed(
    app, desk, place, shelved, rows, broken, monkeypatch
):
    place("A1", 3, "N-03")
    shelved(1)
    monkeypatch.setattr(goods_file, "PART", 4)
    text = "sku,name,location,counted\n" + "".join(f"N-{n:02},노트 {n},방 1,{n}\n" for n in range(12)) + ",x,,\n"
    page = drop(desk, text)
    assert "Taking in 5 of 13 rows" in page.text("#report")
    assert rows("SELECT COUNT(*) AS n FROM stock")[0].n == 4
    assert page.find("#report").get("hx-trigger")

    def killed(*_args):
        raise OperationalError("", {}, Exception())

    with app.app_context():
        with monkeypatch.context() as patch:
            patch.setattr(skuless, "find", killed)  # at the very end of a part
            with pytest.raises(OperationalError):
                product_files.take_in()
        assert "Taking in 5 of 13 rows" in desk.open(page.response.request.path).text("#report")
        with time_machine.travel(clock.now() + timedelta(minutes=1)):
            assert product_files.take_in()
    page = desk.open(page.response.request.path)
    assert "New products11Changed1Counted12Rejected rows1" in page.text("#report")
    assert [
        row.on_hand for row in rows("SELECT on_hand FROM stock JOIN product p ON p.id = product_id ORDER BY sku")
    ] == [*range(12)]
    assert rows("SELECT * FROM product_file_part") == []
    assert broken() == {}


def test_a_part_of_a_file_costs_as_many_statements_as_a_row(app, desk, place, shelved):
    place("A1", 1)
    shelved(1)

    def cost(start, n):
        rows = [
            (k, {"sku": f"S-{k:04}", "name": f"노트 {k}", "location": "방 1", "counted": "5"})
            for k in range(start, start + n)
        ]
        sent = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *said: sent.append(said[2]))
            with history.act(history.Actor("staff"), "import_products") as act:
                assert goods_file.take(act, rows).counted == n
        return len(sent)

    assert cost(0, 2) == cost(10, 200) <= 20


@pytest.mark.both
def test_a_line_without_an_sku_is_of_the_product_with_its_name_and_option(desk, place, shelved, rows, broken):
    place("A1", 3, sku="", name="별빛 노트")
    drop(desk, "sku,name\nB-1,별빛 노트\n")  # found, though the order was there before
    shelved(2)
    place("A2", 1, sku="", name="별빛 노트")
    place("A3", 1, sku="", name="다른 노트")
    assert [row.product_id for row in rows("SELECT product_id FROM order_line ORDER BY id")] == [1, 1, None]
    assert rows("SELECT reserved FROM stock")[0].reserved == 4
    assert "2 of 3 there" in desk.open("/orders").text("#order-A1")
    drop(desk, "sku,name\nB-2,별빛 노트\n")
    place("A4", 1, sku="", name="별빛 노트")  # two are called so: nobody can tell
    assert rows("SELECT product_id FROM order_line ORDER BY id DESC")[0].product_id is None
    assert broken() == {}


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


def test_a_line_that_is_partly_in_a_parcel_moves_with_the_rest_of_it(desk, place, shelved, send, answered, htmx):
    place("A1", 3)
    shelved(2, 9)
    send(desk, "A1", verb="label", **{"pieces-0-quantity": "2", "number": "632976615493"})
    form = desk.open("/orders/A1/relocate", htmx=htmx)
    assert "1× · in a parcel 2×" in form.html
    done = answered(desk.submit(form, "/orders/A1/relocate", htmx=htmx, **{"places-0-place": "2"}), desk)
    assert "2 pcs lie in a parcel already" in done.html
    assert "there" not in desk.open("/orders").text("#order-A1")


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
