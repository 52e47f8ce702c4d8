"""HTML to PDF, drawn in a child process that can be killed and reaches nothing outside. Knows no orders.

WeasyPrint is not thread-safe, takes half a second to import and can be led to eat memory by a bad page;
none of that belongs in the process that answers tablets. `pdf_child` is the other side of the pipe.
"""

import ctypes.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from flask_babel import lazy_gettext as _

from sellerweb.kit.glyphs import FACES, FONTS, drawable, missing_glyphs

__all__ = ["PdfError", "missing", "missing_glyphs", "render"]

SECONDS = 60.0
MEMORY = 1 << 30
CHILD = Path(__file__).with_name("pdf_child.py")

# Our two faces are all the fonts there are: the same paper on every machine, and no stand-in glyphs.
FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""

LIBRARIES = {
    "gobject-2.0": "GLib (libglib2.0-0)",
    "pango-1.0": "Pango (libpango-1.0-0)",
    "pangoft2-1.0": "Pango FT2 (libpangoft2-1.0-0)",
    "fontconfig": "Fontconfig (libfontconfig1)",
    "harfbuzz": "HarfBuzz (libharfbuzz0b)",
    "harfbuzz-subset": "HarfBuzz subset (libharfbuzz-subset0)",
}


class PdfError(Exception):
    """No PDF came out. `str()` is a sentence for people; `detail` names the cause and holds nobody's data."""

    def __init__(self, why: object, detail: str = "") -> None:
        super().__init__(why)
        self.detail = detail


def render(documents: Sequence[str], css: str, *, seconds: float = SECONDS) -> bytes:
    """Draw whole HTML documents, one after another, into one PDF; each counts its own pages.

    Pictures are `data:image/png` or `data:image/jpeg` addresses; every other address, of whatever kind, is
    left out. Characters that the font lacks are replaced as `drawable` says.
    """
    if not documents:
        raise ValueError("nothing to draw")
    if gone := missing():
        raise PdfError(_("The PDF could not be made: this computer lacks parts that draw it."), ", ".join(gone))
    work = {
        "documents": [drawable(document) for document in documents],
        "css": css,
        "memory": MEMORY,
        "seconds": seconds,
    }
    # The folder is ours, so that nothing stays behind when the child is killed.
    with TemporaryDirectory(prefix="sellerweb-pdf-") as folder:
        conf = Path(folder, "fonts.conf")
        conf.write_text(FONTS_CONF.format(fonts=escape(str(FONTS)), cache=escape(folder)), encoding="utf-8")
        try:
            child = subprocess.run(
                [sys.executable, "-I", str(CHILD)],
                input=json.dumps(work).encode(),
                capture_output=True,
                timeout=seconds,
                env=surroundings(folder) | {"FONTCONFIG_FILE": str(conf)},
                cwd=folder,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PdfError(_("The PDF took too long. Print fewer slips at once."), "time") from None
    if child.returncode or not child.stdout.startswith(b"%PDF-"):
        detail = child.stderr.decode("utf-8", "replace").strip() or f"exit {child.returncode}"
        raise PdfError(_("The PDF could not be made. Print fewer slips at once, or the slip as a web page."), detail)
    return child.stdout


def missing() -> list[str]:
    """Name what drawing needs and this machine lacks: system libraries and our font files."""
    gone = [name for library, name in LIBRARIES.items() if not _found(library)]
    return gone + [face.name for face in FACES if not face.is_file()]


def _found(library: str) -> bool:
    try:
        ctypes.CDLL(f"lib{library}.so.0" if library != "fontconfig" else "libfontconfig.so.1")
    except OSError:
        return ctypes.util.find_library(library) is not None  # macOS and others spell the file differently
    return True


def surroundings(folder: str) -> dict[str, str]:
    """Only what a child needs to start: none of the shop's secrets are in its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
    return kept | {"LANG": "C.UTF-8", "TMPDIR": folder, "HOME": folder}
