"""Addresses of static files, with a hash of their contents: browsers may keep them for ever. Knows no orders."""

import hashlib
from pathlib import Path

from flask import Flask


def init_app(app: Flask) -> None:
    """Gives templates `static_url(name)`."""
    folder = Path(app.static_folder or "")
    known: dict[str, str] = {}

    def static_url(name: str) -> str:
        # Not url_for: a page asks this for every icon of every row.
        if name not in known or app.debug:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
            known[name] = f"{app.static_url_path}/{name}?v={digest}"
        return known[name]

    app.add_template_global(static_url)
