"""Shipping at the desk: the form in the row, its two buttons, its pieces."""

import pytest

from sellerweb.shop.incoming import LineIn

CJ, CJ_TOO = "622344515213", "585562040256"
TWO_LINES = [LineIn("L1", "노트", 3, "new", sku="NOTE"), LineIn("L2", "펜", 2, "new", sku="PEN")]


def counters(rows, code="A1"):
    found = rows(
        "SELECT ordered, packed, shipped FROM order_line WHERE order_id = (SELECT id FROM orders WHERE code = :code)"
        " ORDER BY position",
        code=code,
    )
    return [(line.ordered, line.packed, line.shipped) for line in found]


def test_ship_takes_the_parcel_away(desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1", quantity=2)
    page = answered(send(desk, number=CJ, htmx=htmx), desk)
    assert counters(rows) == [(2, 0, 2)]
    assert "A1" in page.text(".toast")
    (parcel,) = rows("SELECT * FROM shipment")
    assert (parcel.state, parcel.carrier, parcel.number) == ("shipped", "cj", CJ)
    assert rows("SELECT stage FROM orders")[0].stage == "shipped"
    assert [n.letter for n in rows("SELECT letter FROM notice")] == ["shipment_ship"]
    assert broken() == {}


def test_ship_by_htmx_gives_the_row_at_rest(desk, make_order, send):
    make_order("A1")
    page = send(desk, number=CJ, htmx=True, status=200)
    assert page.find("#order-A1").get("class") == "row"
    assert page.text("#panel-A1") == ""
    assert not page.all("html")
    assert "HX-Request-Type" in page.headers["Vary"]


def test_label_saves_the_number_and_waits_for_the_driver(desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1", quantity=2)
    page = answered(send(desk, verb="label", number=CJ, htmx=htmx), desk)
    assert counters(rows) == [(2, 2, 0)]
    assert "waits for the driver" in page.text(".toast")
    assert rows("SELECT stage FROM orders")[0].stage == "ready"
    assert rows("SELECT * FROM notice") == []
    assert broken() == {}


def test_a_labelled_parcel_is_handed_over_on_the_orders_page(desk, make_order, send, answered, rows, htmx):
    make_order("A1")
    send(desk, verb="label", number=CJ)
    page = answered(desk.submit(desk.open("/orders/A1"), "/orders/A1/handover", htmx=htmx), desk)
    assert "Shipped" in page.text(".toast")
    assert page.form("/orders/A1/unship") is not None
    assert counters(rows) == [(1, 0, 1)]


def test_what_is_left_out_stays_open(desk, make_order, send, rows, broken, htmx):
    make_order("A1", lines=TWO_LINES)
    send(desk, number=CJ, htmx=htmx, **{"pieces-0-quantity": "1", "pieces-1-quantity": "0"})
    assert counters(rows) == [(3, 0, 1), (2, 0, 0)]
    assert rows("SELECT stage FROM orders")[0].stage == "partly_shipped"
    again = desk.open("/orders/A1/ship", htmx=htmx)
    assert [again.find(f"#q-{n}").get("value") for n in (1, 2)] == ["2", "2"]
    send(desk, number=CJ_TOO, htmx=htmx)
    assert counters(rows) == [(3, 0, 3), (2, 0, 2)]
    assert rows("SELECT stage FROM orders")[0].stage == "shipped"
    assert broken() == {}


@pytest.mark.parametrize("typed", ["-1", "1.5", str(10**12), "", "abc", "1e3", "½", "9" * 5000, "١٢٣٤٥٦٧"])
def test_a_quantity_that_is_none_is_refused_at_its_field(desk, make_order, send, rows, typed, htmx):
    make_order("A1", lines=TWO_LINES)
    page = send(desk, number=CJ, htmx=htmx, status=422, **{"pieces-0-quantity": typed, "pieces-1-quantity": "1"})
    field = page.find("#q-1")
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == typed
    assert page.text("#q-1-error")
    assert page.find("#q-2").get("value") == "1"
    assert page.find("#number-A1").get("value") == CJ
    assert rows("SELECT * FROM shipment") == []


def test_more_pieces_than_are_open_are_refused(desk, make_order, send, rows, htmx):
    make_order("A1", quantity=2)
    page = send(desk, number=CJ, htmx=htmx, status=422, **{"pieces-0-quantity": "3"})
    assert "not that many pieces" in page.text("#panel-A1")
    assert page.find("#q-1").get("value") == "3"
    assert page.find("#number-A1").get("value") == CJ
    assert rows("SELECT * FROM shipment") == []


def test_no_piece_at_all_is_refused(desk, make_order, send, htmx):
    make_order("A1")
    page = send(desk, number=CJ, htmx=htmx, status=422, **{"pieces-0-quantity": "0"})
    assert "at least one piece" in page.text("#panel-A1")


def test_full_width_digits_are_digits(desk, make_order, send, rows, htmx):
    make_order("A1", quantity=3)
    send(desk, number="６２２３－４４５１ ５２１３", htmx=htmx, **{"pieces-0-quantity": "２"})
    assert counters(rows) == [(3, 0, 2)]
    assert rows("SELECT number FROM shipment")[0].number == CJ


@pytest.mark.parametrize("line", ["2", "999999", "-1", "x", "9" * 5000, "9" * 30, "１"])
def test_a_foreign_line_moves_nothing(desk, make_order, send, rows, line, htmx):
    make_order("A1")
    make_order("A2")
    page = send(desk, number=CJ, htmx=htmx, **{"pieces-0-line": line})
    assert page.status in (409, 422)
    assert counters(rows, "A2") == [(1, 0, 0)]
    assert rows("SELECT * FROM shipment") == []


def test_an_unpaid_order_is_not_shipped(desk, make_order, rows, htmx):
    make_order("A1", state="unpaid")
    values = {"number": CJ, "carrier": "cj", "pieces-0-line": "1", "pieces-0-quantity": "1"}
    page = desk.post("/orders/A1/ship", values, htmx=htmx, status=409)
    assert page.text(".said")
    assert rows("SELECT * FROM shipment") == []


def test_a_wish_to_cancel_stops_the_parcel(desk, make_order, rows, htmx):
    make_order("A1", state="cancel_requested")
    assert "asked to cancel" in desk.open("/orders/A1/look", htmx=htmx).text("#panel-A1")
    values = {"number": CJ, "carrier": "cj", "pieces-0-line": "1", "pieces-0-quantity": "1"}
    page = desk.post("/orders/A1/ship", values, htmx=htmx, status=409)
    assert "asked to cancel" in page.text(".said")
    assert rows("SELECT * FROM shipment") == []


@pytest.mark.parametrize("verb", ["ship", "label", "unship", "handover", "deliver", "scan", "correct", "hold", "slip"])
def test_an_order_that_does_not_exist_is_not_found(desk, verb, htmx):
    assert "Not found" in desk.post(f"/orders/nothing/{verb}", {}, htmx=htmx, status=404).text(
        ".banner" if htmx else "h1"
    )


@pytest.mark.parametrize(("language", "title"), [("ko", "찾을 수 없"), ("ja", "見つか"), ("en", "Not found")])
def test_not_found_is_said_in_the_persons_language(desk, language, title):
    desk.post("/language", {"language": language})
    page = desk.open("/orders/2026000000000000", status=404)
    assert title in page.text("h1")
    assert page.find("html").get("lang") == language


def test_a_packer_may_ship(at_desk, make_order, send, rows):
    make_order("A1")
    send(at_desk("Carol"), number=CJ, status=303)
    assert rows("SELECT e.verb, s.name FROM event e JOIN staff s ON s.id = e.staff_id WHERE e.verb = 'ship'")
