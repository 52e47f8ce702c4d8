"""QR and Code 128 pictures as `data:` addresses, for paper and page alike. What a code means is not decided here."""

from base64 import b64encode
from io import BytesIO

import segno
from barcode import Code128
from PIL import Image

# Modules that fit beside the QR code on a 4x6 inch slip; narrower bars smear on a 203 dpi label printer.
# Room for 32 digits or 16 letters.
WIDEST = 245
# Empty modules that a reader needs on either side of the bars. At 10.5 mm of height a module is 0.375 mm,
# three dots of such a printer.
QUIET, HEIGHT = 10, 28


def qr(text: str) -> str:
    """Draw `text` as a QR code, one pixel a module: the stylesheet enlarges it with sharp edges."""
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=1, border=4)
    return _address(picture.getvalue())


def bars(code: str) -> str:
    """Draw `code` as Code 128, digits two to a symbol (subset C); empty when it cannot be read from paper.

    The bars are one pixel a module wide and `HEIGHT` modules high, so that giving the picture a height in
    millimetres also fixes the width of a bar. Codes that are too long, empty or not plain ASCII get no bars.
    """
    if not code or not code.isascii() or not code.isprintable():
        return ""
    modules = "0" * QUIET + Code128(code).build()[0] + "0" * QUIET
    if len(modules) > WIDEST:
        return ""
    row = bytes(0 if module == "1" else 255 for module in modules)
    file = BytesIO()
    Image.frombytes("L", (len(row), HEIGHT), row * HEIGHT).convert("1").save(file, format="PNG")
    return _address(file.getvalue())


def _address(png: bytes) -> str:
    return "data:image/png;base64," + b64encode(png).decode("ascii")
