"""The tracking number at the desk: what is refused, what is asked, what is guessed; nothing typed is lost."""

import pytest

CJ, HANJIN, LOGEN, WRONG = "622344515213", "530727039920", "33816734302", "622344515293"
# Ten digits: FedEx numbers used to look so; staff are asked.
UNUSUAL = {"carrier": "more", "more": "fedex", "number": "5096672442"}


def test_a_wrong_number_is_refused_at_its_field(desk, make_order, send, rows, htmx):
    make_order("A1", quantity=3)
    page = send(desk, number=WRONG, htmx=htmx, status=422, **{"pieces-0-quantity": "2"})
    field = page.find("#number-A1")
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == WRONG
    assert page.text("#hint-A1")
    assert field.get("aria-describedby") == "hint-A1"
    assert page.find("#q-1").get("value") == "2"
    assert rows("SELECT * FROM shipment") == []


def test_a_refused_number_can_be_mended_in_the_answer(desk, make_order, send, rows, htmx):
    make_order("A1")
    page = send(desk, number=WRONG, htmx=htmx, status=422)
    send(desk, page=page, number=CJ, htmx=htmx)
    assert rows("SELECT number FROM shipment")[0].number == CJ


def test_ship_refuses_a_number_of_another_carrier(desk, make_order, send, rows, htmx):
    make_order("A1")
    page = send(desk, number=HANJIN, carrier="cj", htmx=htmx, status=422)
    assert page.text("#hint-A1")
    assert rows("SELECT * FROM shipment") == []


def test_the_number_chooses_the_carrier(desk, make_order, send, rows, htmx):
    make_order("A1")
    send(desk, number=LOGEN, carrier="", htmx=htmx)
    (parcel,) = rows("SELECT * FROM shipment")
    assert (parcel.carrier, parcel.number) == ("logen", LOGEN)


@pytest.mark.parametrize("number", ["12", HANJIN], ids=["of nobody", "of several"])
def test_a_number_that_tells_no_carrier_asks_for_it(desk, make_order, send, rows, number, htmx):
    make_order("A1")
    page = send(desk, number=number, carrier="", htmx=htmx, status=422)
    assert page.find("#number-A1").get("value") == number
    assert "Choose one." in page.text("#panel-A1")
    assert rows("SELECT * FROM shipment") == []


def test_a_carrier_of_the_list_beside_the_buttons(desk, make_order, send, rows, htmx):
    make_order("A1")
    send(desk, carrier="more", more="logen", number=LOGEN, htmx=htmx)
    assert rows("SELECT carrier FROM shipment")[0].carrier == "logen"


def test_a_carrier_of_the_list_is_kept_in_a_refusal(desk, make_order, send, htmx):
    make_order("A1")
    page = send(desk, carrier="more", more="logen", number="33816734303", htmx=htmx, status=422)
    assert page.find("#carrier-logen-A1").get("checked") is not None


@pytest.mark.parametrize("carrier", ["nobody", "<script>", "cj'--"])
def test_a_carrier_that_does_not_exist_is_refused_at_its_field(desk, make_order, send, rows, carrier, htmx):
    make_order("A1")
    page = send(desk, carrier=carrier, number=CJ, htmx=htmx, status=422)
    assert "Choose a carrier." in page.text("#panel-A1")
    assert page.find("#number-A1").get("value") == CJ
    assert rows("SELECT * FROM shipment") == []


def test_an_untrackable_way_is_refused_where_a_parcel_was_promised(desk, make_order, send, rows, htmx):
    make_order("A1")
    page = send(desk, carrier="more", more="direct", number="", htmx=htmx, status=422)
    assert "cannot be tracked" in page.text("#panel-A1")
    assert rows("SELECT * FROM shipment") == []


def test_an_unusual_number_is_asked_about_and_then_taken(desk, make_order, send, rows, htmx):
    make_order("A1")
    page = send(desk, htmx=htmx, status=422, **UNUSUAL)
    assert page.all("#sure-A1")
    assert not page.all("#reason-A1")
    send(desk, page=page, htmx=htmx, sure="y")
    (parcel,) = rows("SELECT * FROM shipment")
    assert (parcel.carrier, parcel.number) == ("fedex", "5096672442")
    assert rows("SELECT note FROM event WHERE verb = 'label'")[0].note == "confirmed"


def test_a_number_on_another_parcel_is_refused_until_it_is_said_to_be_the_same(desk, make_order, send, rows, htmx):
    make_order("A1")
    make_order("A2")
    send(desk, "A1", number=CJ)
    page = send(desk, "A2", number=CJ, htmx=htmx, status=422)
    assert "A1" in page.text("#hint-A2")
    send(desk, "A2", page=page, htmx=htmx, same_parcel="y")
    assert [p.number for p in rows("SELECT number FROM shipment")] == [CJ, CJ]


def test_the_owner_may_insist_on_a_refused_number(desk, make_order, send, rows, broken, htmx):
    make_order("A1")
    page = send(desk, number=WRONG, htmx=htmx, status=422)
    send(desk, page=page, htmx=htmx, reason="On the label <b>so</b>")
    (parcel,) = rows("SELECT * FROM shipment")
    assert (parcel.number, parcel.override_reason) == (WRONG, "On the label <b>so</b>")
    assert "override" in rows("SELECT note FROM event WHERE verb = 'label'")[0].note
    assert "<b>so" not in desk.open("/orders/A1").html
    assert broken() == {}


@pytest.mark.parametrize("name", ["Bob", "Carol"])
def test_nobody_else_may_insist(at_desk, make_order, send, rows, name, htmx):
    make_order("A1")
    person = at_desk(name)
    page = send(person, number=WRONG, htmx=htmx, status=422)
    assert not page.all("#reason-A1")
    values = {"number": WRONG, "carrier": "cj", "reason": "so", "pieces-0-line": "1", "pieces-0-quantity": "1"}
    person.post("/orders/A1/ship", values, htmx=htmx, status=422)
    assert rows("SELECT * FROM shipment") == []


@pytest.mark.parametrize("size", [201, 5000])
def test_a_number_longer_than_any_is_refused(desk, make_order, send, rows, size, htmx):
    make_order("A1")
    page = send(desk, number="1" * size, htmx=htmx, status=422)
    assert page.text("#hint-A1")
    assert rows("SELECT * FROM shipment") == []


@pytest.mark.parametrize(
    "number", ["1" * 200, "오전10시상차", "😀😀", "<script>alert(1)</script>", "\u202e1234", "'; --"]
)
def test_any_text_for_a_number_is_refused_and_shown_as_text(desk, make_order, send, rows, number, htmx):
    make_order("A1")
    page = send(desk, number=number, htmx=htmx, status=422)
    assert page.find("#number-A1").get("value") == number.replace("\u202e", "")
    assert "<script>alert" not in page.html
    assert rows("SELECT * FROM shipment") == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"number": CJ, "carrier": "cj"}, "Fits"),
        ({"number": LOGEN, "carrier": ""}, "A number of Logen"),
        ({"number": HANJIN, "carrier": ""}, "Could be Hanjin"),
        ({"number": WRONG, "carrier": "cj"}, ""),
        ({"number": "5096672442", "carrier": "more", "more": "fedex"}, ""),
    ],
)
def test_a_hint_stands_under_the_number_while_it_is_typed(desk, make_order, asked, says):
    make_order("A1")
    page = desk.open("/orders/A1/check?" + "&".join(f"{k}={v}" for k, v in asked.items()), htmx=True)
    assert page.text(".hint")
    assert says in page.text(".hint")


@pytest.mark.parametrize("carrier", ["", "cj", "nobody", "more", "<script>"])
@pytest.mark.parametrize("number", ["", "1", "x" * 3000, "<script>", "😀", "%00"])
def test_a_hint_never_fails(desk, make_order, number, carrier):
    make_order("A1")
    page = desk.open(f"/orders/A1/check?number={number}&carrier={carrier}", htmx=True)
    assert "<script>" not in page.html


def test_a_number_is_corrected_with_a_reason(desk, make_order, send, answered, rows, broken, htmx):
    make_order("A1")
    send(desk, number=CJ)
    page = desk.open("/orders/A1/correct?shipment=1", htmx=htmx)
    assert page.find("#number-A1").get("value") == CJ
    no = desk.submit(page, "/orders/A1/correct", htmx=htmx, number="585562040256", status=422)
    assert no.text("#why-A1-error")
    assert no.find("#number-A1").get("value") == "585562040256"
    page = answered(desk.submit(no, "/orders/A1/correct", htmx=htmx, why="<i>typo</i>"), desk)
    assert "changed" in page.text(".toast")
    assert rows("SELECT number FROM shipment")[0].number == "585562040256"
    assert "<i>typo" not in desk.open("/orders/A1").html
    assert broken() == {}


def test_a_wrong_correction_is_refused_at_its_field(desk, make_order, send, rows, htmx):
    make_order("A1")
    send(desk, number=CJ)
    page = desk.open("/orders/A1/correct?shipment=1", htmx=htmx)
    no = desk.submit(page, "/orders/A1/correct", htmx=htmx, number=WRONG, why="typo", status=422)
    assert no.find("#number-A1").get("value") == WRONG
    assert no.find("#why-A1").get("value") == "typo"
    assert rows("SELECT number FROM shipment")[0].number == CJ
