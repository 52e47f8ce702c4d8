"""Slips and pick lists on paper: everything a packer needs is there, can be read and scanned, and nothing else is."""

import io
import multiprocessing
import re
import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from flask import Flask
from flask_babel import Babel
from PIL import Image

from sellerweb.desk.paper import SIZES, Size, Slip, SlipLine, slip_html, slip_pdf

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick

ROOT = Path(__file__).resolve().parents[2]
WORDS = [line.split("\t") for line in (ROOT / "docs/words-slips.tsv").read_text(encoding="utf-8").splitlines()]

NOTE = SlipLine(name="크라프트 노트 A5 · 라인", option="네이비", sku="KN-A5-L", shelf="A-2", quantity=2)
MUG = SlipLine(name="세라믹 머그 350ml", option="그린", sku="MUG-350-G", shelf="A-10", quantity=24)
SLIP = Slip(
    code="2026112184512331",
    url="https://desk.example.kr/o/2026112184512331",
    shop="달빛문구",
    channel="스마트스토어",
    recipient="김서준",
    phone="010-1234-5678",
    postcode="06236",
    address="서울특별시 강남구 테헤란로 152, 강남파이낸스센터 12층 1204호 (역삼동) 한빛디자인스튜디오 마케팅팀",
    paid_at=datetime(2026, 11, 21, 0, 12, tzinfo=UTC),
    ship_by=datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
    message="부재 시 경비실에 맡겨 주세요.",
    gift_note="생일 축하해, 민지야!",
    lines=[NOTE, MUG],
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    words = tmp_path_factory.mktemp("words")
    for column, lang in ((1, "ko"), (2, "ja")):
        catalog = Catalog(locale=lang)
        for row in WORDS:
            catalog.add(row[0], row[column])
        folder = words / lang / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
    app = Flask("paper", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(words), BABEL_DEFAULT_TIMEZONE="Asia/Seoul")
    Babel(app)
    return app


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def shots(pdf: bytes, dpi: int = 200) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    drawn = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    document.close()
    return drawn


@pytest.mark.parametrize("size", SIZES)
def test_both_codes_are_read_from_paper(size: Size) -> None:
    digits, letters = SLIP, replace(SLIP, code="M-261121-ABCD", url="https://desk.example.kr/o/M-261121-ABCD")
    first = iter(shots(slip_pdf([digits, letters], size, "ko")))
    for slip in (digits, letters):
        while not (found := {str(code.format): code.text for code in zxingcpp.read_barcodes(next(first))}):
            pass
        assert set(found.values()) == {slip.url, slip.code}


@pytest.mark.parametrize(
    ("size", "millimetres"),
    [("a4", (210, 297)), ("a5", (148, 210)), ("a6", (105, 148)), ("4x6", (101.6, 152.4))],
)
def test_the_page_is_the_paper(size: Size, millimetres: tuple[float, float]) -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(slip_pdf([replace(SLIP, lines=[NOTE], gift_note="")], size, "ko"))).pages
    assert [float(side) / 72 * 25.4 for side in page.mediabox[2:]] == pytest.approx(millimetres, abs=0.1)


def test_a_slip_says_all_it_was_given() -> None:
    text = packed("".join(texts(slip_pdf([SLIP], "a5", "ko"))))
    given = [
        SLIP.code,
        SLIP.shop,
        SLIP.recipient,
        SLIP.phone,
        SLIP.address,
        SLIP.message,
        SLIP.gift_note,
        "스마트스토어",
        "06236",
    ]
    given += [word for line in SLIP.lines for word in (line.name, line.option, line.sku, line.shelf)]
    given += [
        "받는 분",
        "배송 메시지",
        "11월 23일 (월) 16:00",
        "2026년 11월 21일",
        "×24",
        "상품 일치",
        "포장 상태",
        "완충재",
        "1/1",
    ]
    assert [word for word in given if packed(word) not in text] == []


def test_words_and_dates_follow_the_language() -> None:
    slip = replace(SLIP, recipient="山﨑 太郎", address="東京都渋谷区神宮前1-2-3 ｶﾞｰﾃﾞﾝ 〇〇号室", message="")
    japanese, english = texts(slip_pdf([slip], "a4", "ja"))[0], texts(slip_pdf([slip], "a4", "en"))[0]
    assert packed("山﨑太郎") in packed(japanese)
    assert "ガーデン" in japanese
    assert "お届け先" in japanese
    assert "11月23日" in japanese
    assert "Deliver to" in english


def test_every_piece_has_a_box_until_there_are_too_many() -> None:
    lines = [replace(NOTE, quantity=pieces) for pieces in (1, 12, 13)]
    rows = slip_html([replace(SLIP, lines=lines)], "a4", "en", paper=True).split("<tbody>")[1].split("</tr>")
    assert [row.count('class="tick"') for row in rows[:3]] == [1, 12, 1]
    assert ["×13" in row for row in rows[:3]] == [False, False, True]


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_line_without_pieces_is_refused(quantity: int) -> None:
    with pytest.raises(ValueError, match="at least one piece"):
        replace(NOTE, quantity=quantity)
    with pytest.raises(ValueError, match="at least one line"):
        replace(SLIP, lines=[])


def test_marks_stand_only_where_they_are_true() -> None:
    plain = slip_html([SLIP], "a4", "en", paper=True)
    marked = replace(SLIP, print_number=2, test=True, part=1, parts=3, rest_follows=True)
    loud = slip_html([marked], "a4", "en", paper=True)
    for word in ("Reprint 2", "TEST", "Parcel 1 of 3", "The rest follows"):
        assert word in loud
        assert word not in plain


def test_hostile_text_is_only_text() -> None:
    hostile = "<script>alert(1)</script><img src=http://127.0.0.1:1/x> {{7*7}} \u202eDLROW </td></table>"
    slip = replace(
        SLIP,
        recipient=hostile,
        address=hostile,
        message=hostile,
        lines=[replace(NOTE, name=hostile, shelf=hostile)],
    )
    page = slip_html([slip], "a4", "ko", paper=True)
    assert "<script" not in page
    assert page.count("<img") == 2
    text = packed("".join(texts(slip_pdf([slip], "a4", "ko"))))
    shown = packed(hostile.replace("\u202e", ""))
    assert text.count(shown) == len(("name", "address", "message", "item", "shelf"))


def test_a_character_without_a_shape_is_a_box_with_an_explanation() -> None:
    (text,) = texts(slip_pdf([replace(SLIP, message="고마워요😊")], "a4", "en"))
    assert "고마워요□" in text
    assert "cannot be printed" in text
    assert "cannot be printed" not in texts(slip_pdf([SLIP], "a4", "en"))[0]


def test_long_texts_flow_on_and_every_page_names_the_order() -> None:
    words = [f"word{number:04}" for number in range(1_000)]
    lines = [replace(NOTE, option="옵션 " * 30, sku=f"SKU-{number:02}") for number in range(60)]
    wide = replace(NOTE, name="가" * 2_000, sku="WIDE")
    long = replace(SLIP, message=" ".join(words), lines=[*lines, wide])
    *pages, last = texts(slip_pdf([long, replace(SLIP, code="914203381", lines=[NOTE])], "a6", "ko"))
    assert len(pages) > 10
    for number, page in enumerate(pages, 1):
        assert f"{number}/{len(pages)}" in page
        assert SLIP.code in page
    assert "1/1" in last
    body = packed("".join(pages))
    assert [word for word in words if word not in body] == []
    assert [line.sku for line in lines if line.sku not in body] == []
    assert body.count("가") >= 2_000


def test_nothing_is_drawn_outside_the_page() -> None:
    slip = replace(
        SLIP,
        code="X" * 60,
        recipient="W" * 300,
        address="漢" * 300,
        lines=[replace(NOTE, shelf="Z" * 40, sku="S" * 90)],
    )
    for shot in shots(slip_pdf([slip], "4x6", "ja"), dpi=100):
        edge = 12  # 3 mm
        for box in ((0, 0, edge, shot.height), (shot.width - edge, 0, shot.width, shot.height)):
            assert shot.crop(box).getextrema() == (255, 255)


def test_the_web_page_keeps_the_content_policy(app: Flask) -> None:
    with app.test_request_context():
        page = slip_html([SLIP, replace(SLIP, code="2")], "a5", "ko")
    assert not re.search(r"<style|<script|style=|\son\w+=|http://", page)
    assert set(re.findall(r'(?:src|href)="(/|data:image/png)', page)) == {"/", "data:image/png"}
    assert 'href="/static/slip.css"' in page
    assert page.count('<article class="slip"') == 2
    assert re.findall(r'id="([^"]+)"', page) == ["slip-2026112184512331", "slip-2"]


def test_a_logo_takes_the_place_of_the_name() -> None:
    file = io.BytesIO()
    Image.new("L", (300, 100), 0).save(file, format="PNG")
    assert 'class="logo" src="data:image/png;base64,' in slip_html(
        [replace(SLIP, logo=file.getvalue())], "a4", "ko", paper=True
    )
    assert "logo" not in slip_html([replace(SLIP, logo=b"<svg onload=alert(1)>")], "a4", "ko", paper=True)


@pytest.mark.slow
def test_a_hundred_and_twenty_slips_are_as_many_pages_in_bounded_memory() -> None:
    slips = [replace(SLIP, code=str(10**15 + number), lines=[NOTE]) for number in range(120)]
    fork = multiprocessing.get_context("fork")
    mine, theirs = fork.Pipe(duplex=False)

    def draw() -> None:  # in a process that had no other children: their peak is the child's that draws
        pdf = slip_pdf(slips, "a6", "ko")
        theirs.send((pdf, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))

    drawing = fork.Process(target=draw)
    drawing.start()
    pdf, peak = mine.recv()
    drawing.join()
    assert [slip.code in page for slip, page in zip(slips, texts(pdf), strict=True)] == [True] * 120
    assert peak < 400 << 10


def test_every_word_is_translated() -> None:
    said = {row[2] for row in extract_from_dir(ROOT / "templates/slips", [("**.html", "jinja2")])}
    for file in ("sellerweb/kit/pdf.py", "sellerweb/desk/paper.py"):
        said |= {row[1] for row in extract_from_file("python", ROOT / file)}
    assert said == {row[0] for row in WORDS}
    assert [row for row in WORDS if len(row) != 3 or not all(row)] == []
    for msgid, *translations in WORDS:
        holes = sorted(re.findall(r"%\(\w+\)s", msgid))
        assert all(sorted(re.findall(r"%\(\w+\)s", text)) == holes for text in translations)
