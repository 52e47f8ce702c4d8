"""The app. No routes, no rules; what it is made of is joined in `joined`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from sellerweb.config import Config


def create_app(settings: Config | None = None) -> Flask:
    """The app, for these settings or those of the environment."""
    # Not at the top: whoever wants one room of the house (the child that reads a file) need not wait for all of them.
    from sellerweb import joined

    return joined.app(settings)
