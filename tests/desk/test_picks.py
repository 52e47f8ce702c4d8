"""Pick lists: the sums of a morning's slips, in the order of a walk along the shelves."""

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from flask import Flask
from flask_babel import Babel

from sellerweb.desk.paper import Pick, Slip, SlipLine, picklist_pdf, picks

ROOT = Path(__file__).resolve().parents[2]
NOTE = SlipLine(name="크라프트 노트", option="네이비", sku="KN-A5-L", shelf="A-2", quantity=2)
MUG = SlipLine(name="세라믹 머그", option="그린", sku="MUG-350-G", shelf="A-10", quantity=24)
SLIP = Slip(code="2026112184512331", url="x", shop="달빛문구", recipient="김서준", address="서울", lines=[NOTE, MUG])


@pytest.fixture
def app() -> Flask:
    app = Flask("paper", template_folder=str(ROOT / "templates"))
    Babel(app)
    return app


def test_picks_add_up_what_the_slips_ask_for() -> None:
    other = replace(
        SLIP,
        code="914203381",
        lines=[replace(NOTE, name="クラフトノート", quantity=3), replace(NOTE, option="레드", quantity=1)],
    )
    rows = picks([SLIP, other])
    assert sum(row.quantity for row in rows) == SLIP.pieces + other.pieces
    found = [(row.shelf, row.option, row.quantity) for row in rows]
    assert found == [("A-2", "네이비", 5), ("A-2", "레드", 1), ("A-10", "그린", 24)]
    assert rows[0].orders == ((SLIP.code, 2), ("914203381", 3))


def test_shelves_are_walked_in_number_order() -> None:
    lines = [replace(NOTE, shelf=shelf, sku=shelf) for shelf in ("B-1", "A-10", "", "A-9", "A-1-2")]
    assert [row.shelf for row in picks([replace(SLIP, lines=lines)])] == ["A-1-2", "A-9", "A-10", "B-1", ""]


def test_a_pick_list_names_shelf_sum_and_orders(app: Flask) -> None:
    rows = [
        Pick(
            name="노트",
            option="네이비",
            sku="KN",
            shelf="A-2",
            location="본점",
            orders=((f"20261121{n:08}", n),),
        )
        for n in range(1, 60)
    ]
    with app.app_context():
        drawn = picklist_pdf(rows, "11월 21일 <오후>", "a5", "en")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(drawn)).pages]
    assert len(pages) > 2
    assert "11월 21일 <오후>" in pages[0]
    assert f"Pieces {sum(range(1, 60))}" in pages[0]
    assert all("Shelf" in page for page in pages)
    assert [row.orders[0][0] for row in rows if row.orders[0][0] not in "".join(pages)] == []
