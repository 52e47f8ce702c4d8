"""The drawing child: our fonts and nothing else, no address followed, killed when it must be."""

import io
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import gettempdir

import pypdf
import pypdfium2
import pytest
from PIL import Image

from sellerweb.kit import glyphs, pdf

pytestmark = pytest.mark.slow  # children, big files or many requests: left out of bin/test quick

CSS = '@page { size: 60mm 60mm; margin: 5mm } html { font: 20pt "Pretendard JP" }'


def reader(drawn: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(drawn))


def pictures(drawn: bytes, dpi: int = 100) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(drawn)
    shots = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    document.close()
    return shots


@pytest.fixture
def visitor() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the list of who came."""
    came: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_error(404)

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", came
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_fonts_inside_are_ours() -> None:
    drawn = reader(pdf.render(["<p>안녕 こんにちは 漢字 Hello <b>굵게 😀 ก"], CSS))
    names = {font.get_object()["/BaseFont"] for font in drawn.pages[0]["/Resources"]["/Font"].values()}
    assert {name.split("+")[1] for name in names} == {"Pretendard-JP", "Pretendard-JP-Bold"}
    for font in drawn.pages[0]["/Resources"]["/Font"].values():
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]


def test_letters_have_their_own_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "drawable", lambda text: text)  # so that the last page shows the font's notdef
    letters = "한漢あA"
    drawn = pictures(pdf.render([f"<p>{letter}" for letter in [*letters, "ก", "ع"]], CSS))
    *shown, tofu, other_tofu = [shot.tobytes() for shot in drawn]
    assert tofu == other_tofu
    assert len({*shown, tofu}) == len(letters) + 1
    assert all(min(shot) < 80 for shot in shown)


def test_every_document_is_drawn_in_order_with_its_text() -> None:
    drawn = reader(pdf.render(["<p>첫째", "<p>二番目<p style='break-before:page'>続き", "<p>third"], CSS))
    assert [page.extract_text().strip() for page in drawn.pages] == ["첫째", "二番目", "続き", "third"]


def test_no_address_is_followed(visitor: tuple[str, list[str]], tmp_path: Path) -> None:
    site, came = visitor
    secret = tmp_path / "secret.txt"
    secret.write_text("geheimnis-4711")
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p::after { content: 'geheimnis-4711' }")
    pages = [
        f"""<link rel=stylesheet href="{at}/sheet.css"><link rel=attachment href="{at}/secret.txt">
        <style>@import "{at}/sheet.css"; @font-face {{ font-family: x; src: url({at}/x.ttf) }}
        p {{ background: url({at}/b.png); list-style-image: url({at}/l.png); font-family: x }}
        p::before {{ content: url({at}/c.png) }}</style>
        <p>ok <img src="{at}/i.png"><object data="{at}/secret.txt"></object><embed src="{at}/e.svg">
        <a rel=attachment href="{at}/secret.txt">a</a><iframe src="{at}/secret.txt"></iframe>
        <svg><image href="{at}/s.png"/><use href="{at}/s.svg#a"/></svg>"""
        for at in (site, tmp_path.as_uri(), str(tmp_path), "file:///etc/passwd?")
    ]
    svg = f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{site}/inner.png'/></svg>"
    pages.append(f'<p>ok<img src="{svg}"><link rel=attachment href="data:text/plain,geheimnis-4711">')
    drawn = pdf.render(pages, CSS + f"@import url({site}/own.css); html {{ background: url({site}/h.png) }}")
    assert came == []
    whole = reader(drawn)
    assert len(whole.pages) >= len(pages)
    assert dict(whole.attachments) == {}
    plain = b"".join(
        obj.get_data() for obj in map(whole.get_object, range(1, whole.trailer["/Size"])) if hasattr(obj, "get_data")
    )
    assert b"geheimnis" not in plain + drawn
    assert b"root:" not in plain
    assert "geheimnis" not in "".join(page.extract_text() for page in whole.pages)


def test_a_picture_inside_the_page_is_drawn() -> None:
    black = Image.new("L", (1, 1), 0)
    file = io.BytesIO()
    black.save(file, format="PNG")
    address = "data:image/png;base64," + b64encode(file.getvalue()).decode()
    (shot,) = pictures(pdf.render([f'<img src="{address}" width=80 height=80>'], CSS))
    assert min(shot.tobytes()) == 0


def test_a_child_over_its_time_is_killed_and_leaves_nothing() -> None:
    before = set(Path(gettempdir()).glob("sellerweb-pdf-*"))
    with pytest.raises(pdf.PdfError, match="took too long"):
        pdf.render(["<p>word " * 100_000], CSS, seconds=1)
    assert set(Path(gettempdir()).glob("sellerweb-pdf-*")) <= before


def test_a_child_over_its_memory_is_an_error_without_anybodys_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MEMORY", 150 << 20)
    with pytest.raises(pdf.PdfError, match="could not be made") as error:
        pdf.render(["<p>김서준 010-1234-5678 " * 2_000], CSS)
    assert error.value.detail
    assert "김서준" not in error.value.detail


def test_a_machine_without_a_part_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf.missing() == []
    monkeypatch.setitem(pdf.LIBRARIES, "harfbuzz-nowhere", "HarfBuzz nowhere")
    monkeypatch.setattr(pdf, "FACES", (Path("/nowhere/PretendardJP-Regular.ttf"),))
    assert pdf.missing() == ["HarfBuzz nowhere", "PretendardJP-Regular.ttf"]
    with pytest.raises(pdf.PdfError, match="lacks parts"):
        pdf.render(["<p>x"], CSS)


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ("서울 東京 Tokyo ① ㈜ ～ 髙 﨑", "서울 東京 Tokyo ① ㈜ ～ 髙 﨑"),
        ("〒150-0001", "郵便番号 150-0001"),
        ("ｶﾞｰﾃﾞﾝ ﾊﾟｰｸ 〇号室", "ガーデン パーク ○号室"),
        ("\u1112\u1161\u11ab글", "한글"),
        ("고마워요😊👍🏽 ก", "고마워요□□ □"),
        ("葛\U000e0100城 ❤\ufe0f", "葛城 ❤" if "❤" in glyphs.glyphs() else "葛城 □"),
        ("A\u202eBC\u202c \u200f9", "ABC 9"),
        ("﹤script﹥ ﹠amp;", "□script□ □amp;"),
        ("<td>\u0338x</td>", "<td>\u0338x</td>"),
        ("a\x00b\ud800", "a□b□"),
    ],
)
def test_text_is_made_drawable(given: str, drawn: str) -> None:
    expected = "".join(sign if sign in glyphs.glyphs() else glyphs.BOX for sign in drawn)
    assert glyphs.drawable(given) == expected


def test_missing_glyphs_are_named() -> None:
    assert pdf.missing_glyphs("안녕 こんにちは Hello □ 〒 ｶﾞ") == set()
    assert pdf.missing_glyphs("고마워요😊 ก\u200d") == {"😊", "ก"}
