"""Slips at the desk: asked for on a page that shows nobody, printed by a form that is counted and written down."""

import base64
import io
import re
from urllib.parse import urlsplit

import pypdf
import pytest
import zxingcpp
from PIL import Image

from sellerweb.shop.incoming import LineIn

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick

CJ = "622344515213"
TWO = [LineIn("L1", "노트", 3, "new", sku="NOTE"), LineIn("L2", "연필", 2, "new", sku="PEN")]


def pages(answer):
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.response.data)).pages]


def as_page(desk, **values):
    """The slip as a page of its own: no page of the desk, so it has no heading nor menu."""
    values = {"csrf_token": desk.token(), "as": "page", **values}
    answer = desk.client.post("/orders/A1/slip", data=values)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def decoded(picture):
    """What a scanner reads from a code that is drawn one pixel a module."""
    drawn = Image.open(io.BytesIO(base64.b64decode(picture))).convert("L")
    wide = Image.new("L", (drawn.width + 16, drawn.height + 16), 255)
    wide.paste(drawn, (8, 8))
    found = zxingcpp.read_barcodes(wide.resize((wide.width * 4, wide.height * 4), Image.Resampling.NEAREST))
    return found[0].text if found else ""


def printed(desk, code="A1", **values):
    return pages(desk.fill(f"/orders/{code}/slip", **values))


def test_the_page_asks_and_shows_nobody(desk, make_order, rows):
    make_order("A1")
    page = desk.open("/orders/A1/slip")
    assert "김서준" not in page.html
    assert "테헤란로" not in page.html
    assert "Not printed yet" in page.text("main")
    assert rows("SELECT * FROM slip_print") == []
    assert rows("SELECT * FROM access") == []


def test_printing_gives_a_pdf_and_is_written_down(at_desk, make_order, rows):
    carol = at_desk("Carol")
    make_order("A1")
    (text,) = printed(carol, size="a5")
    for said in ("A1", "김서준", "테헤란로", "크라프트"):
        assert said in text.replace("\n", "")
    (print_,) = rows("SELECT number, address_version FROM slip_print")
    assert (print_.number, print_.address_version) == (1, 1)
    (look,) = rows("SELECT a.what, s.name FROM access a JOIN staff s ON s.id = a.staff_id")
    assert (look.what, look.name) == ("slip", "Carol")


@pytest.mark.parametrize("size", ["a4", "a5", "a6", "4x6"])
def test_each_paper_can_be_chosen(desk, make_order, size):
    make_order("A1")
    assert printed(desk, size=size)


def test_the_second_print_says_so(desk, make_order):
    make_order("A1")
    assert "Reprint" not in printed(desk)[0]
    assert "Reprint 2" in printed(desk)[0]
    assert "Printed 2 times" in desk.open("/orders/A1/slip").text("main")


def test_a_slip_as_a_page_for_the_browsers_own_printing(desk, make_order, rows):
    make_order("A1")
    html = as_page(desk, size="a6")
    assert "김서준" in html
    assert "<script" not in html
    assert len(rows("SELECT * FROM slip_print")) == 1


def test_a_slip_made_stale_says_so_when_its_code_is_opened(desk, make_order, htmx):
    make_order("A1")
    printed(desk)
    assert "Print 1 is right" in desk.open("/orders/A1/slip?print=1", htmx=htmx).text(".banner")
    desk.fill("/orders/A1/readdress", receiver_name="이수민", address="부산광역시 중구 1")
    stale = desk.open("/orders/A1/slip?print=1", htmx=htmx)
    assert "stale" in stale.text(".banner")
    assert "stale" in desk.open("/orders/A1").text("#whole")
    printed(desk)
    assert "Print 2 is right" in desk.open("/orders/A1/slip?print=2", htmx=htmx).text(".banner")


def test_a_print_that_never_was_says_nothing(desk, make_order):
    make_order("A1")
    assert "banner ok" not in desk.open("/orders/A1/slip?print=7").html


def test_cancelled_pieces_are_never_printed(desk, make_order, rows):
    make_order("A1", lines=[LineIn("L1", "노트", 3, "new"), LineIn("L2", "연필", 2, "cancelled")])
    (text,) = printed(desk)
    assert "노트" in text
    assert "연필" not in text


def test_pieces_that_left_are_not_printed_with_the_rest(desk, make_order, send):
    make_order("A1", lines=TWO)
    send(desk, number=CJ, **{"pieces-0-quantity": "3", "pieces-1-quantity": "1"})
    (text,) = printed(desk)
    assert "NOTE" not in text
    assert "PEN" in text


@pytest.mark.parametrize(("state", "says"), [("unpaid", "not paid yet"), ("cancelled", "Nothing of this order")])
def test_an_order_that_is_not_to_be_sent_has_no_slip(desk, make_order, rows, state, says):
    make_order("A1", state=state)
    page = desk.open("/orders/A1/slip")
    assert says in page.text(".banner")
    assert "/orders/A1/slip" not in [f.get("action") for f in page.all("form")]
    after = desk.follow(desk.post("/orders/A1/slip", {}, status=303))
    assert "nothing to print" in after.text(".toast")
    assert rows("SELECT * FROM slip_print") == []
    assert rows("SELECT * FROM access") == []


def test_many_slips_are_one_pdf(desk, make_order, rows):
    for code in ("A1", "A2", "A3"):
        make_order(code)
    make_order("U1", state="unpaid")
    texts = pages(desk.post("/slips", {"id": ["A2", "A1", "U1", "nothing", "A2"]}))
    assert [("A1" in t, "A2" in t) for t in texts] == [(False, True), (True, False)]
    assert len(rows("SELECT * FROM slip_print")) == 2


def test_a_pick_list_sums_what_is_to_be_fetched(desk, make_order, rows):
    make_order("A1", lines=TWO)
    make_order("A2", lines=[LineIn("M1", "노트", 4, "new", sku="NOTE")])
    text = "".join(pages(desk.post("/picklist", {"id": ["A1", "A2"]})))
    assert "NOTE" in text
    assert "7" in text
    assert "김서준" not in text
    assert rows("SELECT * FROM slip_print") == []


@pytest.mark.parametrize("path", ["/slips", "/picklist"])
def test_nothing_ticked_says_what_to_do(desk, path):
    page = desk.follow(desk.post(path, {}, status=303))
    assert "nothing to print" in page.text(".toast")


def test_a_wish_to_cancel_is_not_printed_for_packing(desk, make_order):
    """The channel asked to stop: a slip would put it into a box."""
    make_order("A1", state="cancel_requested")
    page = desk.open("/orders/A1/slip")
    assert "asked to cancel" in page.text("main")


def test_a_slips_address_leads_to_its_page(desk, make_order):
    make_order("A1")
    (picture,) = [p for p in re.findall(r"data:image/png;base64,([^\"]+)", as_page(desk)) if "http" in decoded(p)]
    url = urlsplit(decoded(picture))
    assert "Print 1 is right" in desk.open(f"{url.path}?{url.query}").text(".banner")


@pytest.mark.parametrize("size", ["", "a0", "<script>", "../x"])
def test_an_unknown_paper_is_the_usual_one(desk, make_order, size):
    make_order("A1")
    assert pages(desk.post("/orders/A1/slip", {"size": size}))
