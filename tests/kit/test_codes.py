"""The codes must come back out of the picture as they went in; reading them from paper is in desk/test_paper."""

from base64 import b64decode
from io import BytesIO

import pytest
import zxingcpp
from barcode import Code128
from PIL import Image

from sellerweb.kit.codes import bars, qr


def picture(address: str, scale: int = 4) -> Image.Image:
    kind, data = address.split(",")
    assert kind == "data:image/png;base64"
    drawn = Image.open(BytesIO(b64decode(data))).convert("L")
    return drawn.resize((drawn.width * scale, drawn.height * scale), Image.Resampling.NEAREST)


@pytest.mark.parametrize("url", ["https://desk.example.kr/o/2026112184512331", "https://예시.kr/주문/1", "x"])
def test_a_qr_code_says_its_url(url: str) -> None:
    (found,) = zxingcpp.read_barcodes(picture(qr(url)), formats=zxingcpp.BarcodeFormat.QRCode)
    assert found.text == url


@pytest.mark.parametrize("code", ["2026112184512331", "914203381", "7", "#1001", "M-261121-AB12", "12ab34", "123A"])
def test_bars_say_their_code(code: str) -> None:
    (found,) = zxingcpp.read_barcodes(picture(bars(code)), formats=zxingcpp.BarcodeFormat.Code128)
    assert found.text == code


def test_digits_go_two_to_a_symbol() -> None:
    start_c = 105
    encoded = Code128("2026112184512331").encoded
    assert encoded[0] == start_c
    assert len(encoded) == 1 + 16 // 2
    assert picture(bars("2026112184512331"), scale=1).width < picture(bars("ABCDEFGHIJKL"), scale=1).width


@pytest.mark.parametrize("code", ["", "주문1", "A" * 40, "1\n2", "１２３４"])
def test_a_code_that_paper_cannot_hold_gets_no_bars(code: str) -> None:
    assert bars(code) == ""
