"""Addresses of static files, with a hash of their contents: browsers may keep them for ever. Knows no orders."""

import hashlib
from pathlib import Path

from flask import Flask, current_app
from markupsafe import Markup


def init_app(app: Flask) -> None:
    """Gives templates `static_url(name)` and `icon(name, small)`."""
    app.extensions["sellerweb_static"] = {}
    app.add_template_global(static_url)
    app.add_template_global(icon)


def static_url(name: str) -> str:
    # Not url_for: a page asks this for every icon of every row.
    known: dict[str, str] = current_app.extensions["sellerweb_static"]
    if name not in known or current_app.debug:
        contents = (Path(current_app.static_folder or "") / name).read_bytes()
        known[name] = f"{current_app.static_url_path}/{name}?v={hashlib.sha256(contents).hexdigest()[:12]}"
    return known[name]


def icon(name: str, small: bool = False) -> Markup:
    """An icon of static/icons.svg by its id. It never stands alone: a word is beside it or in aria-label."""
    url = static_url("icons.svg")
    small_class = " s" if small else ""
    return Markup(f'<svg class="i{small_class}" aria-hidden="true"><use href="{url}#{name}"></use></svg>')  # noqa: S704
