"""Real pictures for tests: photos as phones make them, and what only pretends to be one."""

import struct
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin


def photo(kind="JPEG", size=(60, 40), **more):
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def from_a_phone():
    """Lying on its side, with the place where it was taken, an address in a comment, and a maker."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x010F] = "Moonphone"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 58.0), 3: "E", 4: (126.0, 58.0, 40.0)})
    return photo(exif=exif.tobytes(), comment=b"Teheran-ro 152", xmp=b"<x:xmpmeta>Gangnam</x:xmpmeta>")


def png_with_text():
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Kim Seojun")
    return photo("PNG", pnginfo=text)


def heic():
    import pillow_heif

    file = BytesIO()
    pillow_heif.from_pillow(Image.open(BytesIO(photo(size=(64, 64))))).save(file)
    return file.getvalue()


def png_bomb(side=60_000):
    """A few bytes that say they are 3.6 thousand megapixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9999)) + chunk(b"IEND", b"")
    )
