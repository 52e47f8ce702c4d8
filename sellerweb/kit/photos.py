"""What somebody sends as a photo becomes two clean JPEGs, or a sentence why not. Knows no orders and keeps nothing.

What it is says its content, not its name. It is decoded in a child process with limits; `photo_child` is the other side.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from flask_babel import lazy_gettext as _l

from sellerweb.kit.pdf import surroundings

MEGABYTE = 1024 * 1024
MOST, BYTES = 10, 20 * MEGABYTE
# What a form with so many photos may weigh whole: the words and the seams between the parts come on top.
FORM_BYTES = MOST * BYTES + MEGABYTE
PIXELS, SIDE, SMALL = 64_000_000, 2560, 320
SECONDS, MEMORY = 20, 1 << 30
CHILD = Path(__file__).with_name("photo_child.py")
TOO_MANY = _l("That are more than %(n)s photos. Nothing was sent; choose %(n)s at most.", n=MOST)
WHY = {
    "big": _l("“%(name)s” is bigger than 20 MB. Nothing was sent; choose a smaller photo."),
    "empty": _l("“%(name)s” is empty. Nothing was sent; choose it again."),
    "other": _l("“%(name)s” is not a photo. Nothing was sent; JPEG, PNG, WebP and HEIC can be sent."),
    "broken": _l("“%(name)s” is damaged or not whole. Nothing was sent; take the photo again or choose another."),
    "heavy": _l("“%(name)s” has more than 64 megapixels. Nothing was sent; take it with a smaller setting."),
    "heic": _l(
        "“%(name)s” is a HEIC photo, which this shop cannot read. Nothing was sent; on an iPhone choose “Most Compatible” under Settings, Camera, Formats, or send it as JPEG."
    ),
}


@dataclass(frozen=True, slots=True)
class Photo:
    """A clean copy and its thumbnail, both JPEG."""

    data: bytes
    small: bytes
    width: int
    height: int
    sha256: str


class NoPhoto(ValueError):
    """This file is not taken; `str()` is a sentence that names it."""


def read(files: Sequence[tuple[str, IO[bytes]]]) -> list[Photo]:
    """All of these files (name, stream) as photos; the first that is none raises NoPhoto, and nothing is kept of any."""
    if len(files) > MOST:
        raise NoPhoto(str(TOO_MANY))
    return [_one(name, stream) for name, stream in files]


def _one(name: str, stream: IO[bytes]) -> Photo:
    data = stream.read(BYTES + 1)
    if not data:
        raise _no("empty", name)
    if len(data) > BYTES:
        raise _no("big", name)
    limits = {"memory": MEMORY, "seconds": SECONDS, "pixels": PIXELS, "side": SIDE, "small": SMALL}
    with TemporaryDirectory(prefix="sellerweb-photo-") as folder:
        try:
            child = subprocess.run(
                [sys.executable, "-I", str(CHILD)],
                input=json.dumps(limits).encode() + b"\n" + data,
                capture_output=True,
                timeout=SECONDS,
                env=surroundings(folder),
                cwd=folder,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _no("heavy", name) from None
    if child.returncode:
        raise _no(child.stderr.decode("utf-8", "replace").strip(), name)
    head, _seam, copies = child.stdout.partition(b"\n")
    sizes: dict[str, Any] = json.loads(head)
    whole, small = copies[: sizes["first"]], copies[sizes["first"] :]
    return Photo(whole, small, sizes["width"], sizes["height"], hashlib.sha256(whole).hexdigest())


def _no(word: str, name: str) -> NoPhoto:
    shown = "".join(c for c in name if c.isprintable())[:60] or "?"
    # A child that was killed or fell over says no word.
    return NoPhoto(str(WHY.get(word, WHY["broken"])) % {"name": shown})
