"""Addresses of static files, with a hash of their contents: browsers may keep them for ever. Knows no orders."""

import hashlib
from pathlib import Path

from flask import Flask, current_app
from markupsafe import Markup


def init_app(app: Flask) -> None:
    """Gives templates `static_url(name)` and `icon(name, small)`."""
    folder = Path(app.static_folder or "")
    known: dict[str, str] = {}

    def static_url(name: str) -> str:
        # Not url_for: a page asks this for every icon of every row.
        if name not in known or app.debug:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
            known[name] = f"{app.static_url_path}/{name}?v={digest}"
        return known[name]

    app.add_template_global(static_url)
    app.add_template_global(icon)


def icon(name: str, small: bool = False) -> Markup:
    """An icon of static/icons.svg by its id. It never stands alone: a word is beside it or in aria-label."""
    url = current_app.jinja_env.globals["static_url"]("icons.svg")
    small_class = " s" if small else ""
    return Markup(f'<svg class="i{small_class}" aria-hidden="true"><use href="{url}#{name}"></use></svg>')  # noqa: S704
