"""The process that decodes: one photo on stdin, its clean copies on stdout. Started by `kit.photos`, imported by nobody.

It runs alone (`python -I`) and imports nothing of sellerweb. What a stranger sent is decoded here and nowhere else. On failure
it says one word of `photos.WHY`, and nothing of the file.
"""

import json
import resource
import sys
from contextlib import suppress
from io import BytesIO
from typing import Any

QUALITY = 85


class NoPhoto(Exception):
    """One word of why."""


def main() -> None:
    """Read limits (one line) and the file, keep within them, write sizes (one line) and two JPEGs."""
    work = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (work["memory"], work["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (work["seconds"], work["seconds"]))
    try:
        whole = _clean(sys.stdin.buffer.read(), work["pixels"], work["side"])
        small = whole.copy()
        small.thumbnail((work["small"], work["small"]))
        copies = [_jpeg(whole), _jpeg(small)]
    except NoPhoto as why:
        sys.exit(str(why))
    except MemoryError:
        sys.exit("heavy")
    except Exception:
        sys.exit("broken")
    sizes = {"width": whole.width, "height": whole.height, "first": len(copies[0])}
    sys.stdout.buffer.write(json.dumps(sizes).encode() + b"\n" + copies[0] + copies[1])


def _clean(data: bytes, most_pixels: int, side: int) -> Any:
    """The picture alone: upright, in sRGB, no longer than `side`, on white where it was transparent."""
    from PIL import Image, ImageOps

    image = _opened(data)
    if image.width * image.height > most_pixels:  # the header says it, nothing is decoded yet
        raise NoPhoto("heavy")
    image.draft("RGB", (side, side))  # a JPEG is decoded small at once
    image.load()
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    image.thumbnail((side, side))
    image = _srgb(image, profile)
    # A new picture, so that no comment, EXIF or profile of the old one comes along.
    clean = Image.new("RGB", image.size, "white")
    clean.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return clean


def _opened(data: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # counted here, with a sentence of our own
    formats = ["JPEG", "PNG", "WEBP"]
    heic = data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
    if heic:
        try:
            from pillow_heif import register_heif_opener
        except ImportError:
            raise NoPhoto("heic") from None
        register_heif_opener()
        formats = ["HEIF"]
    try:
        return Image.open(BytesIO(data), formats=formats)
    except UnidentifiedImageError:
        raise NoPhoto("broken" if heic else "other") from None


def _srgb(image: Any, profile: bytes | None) -> Any:
    """Colours as every screen shows them; a profile that makes no sense is left out."""
    from PIL import ImageCms

    alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            image = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
    return image.convert("RGBA" if alpha else "RGB")


def _jpeg(image: Any) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


if __name__ == "__main__":
    main()
