"""Which language a page speaks: the person's, else the one chosen in this browser, else the browser's. No words.

Customers' pages ask nothing of the staff: the language chosen there, else that of the order, else the browser's.
"""

from pathlib import Path

from flask import Flask, current_app, g, has_request_context, request
from flask.ctx import AppContext
from flask_babel import Babel
from flask_login import current_user

from sellerweb.config import Config
from sellerweb.kit.words import LANGUAGES
from sellerweb.selfservice import door

COOKIE = "lang"
TRANSLATIONS = Path(__file__).parent / "translations"


def init_app(app: Flask, settings: Config) -> None:
    app.config.update(
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
    )
    Babel(app, locale_selector=_choose)


def _choose() -> str:
    shops = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():  # the command and the worker
        return str(shops)
    if "language" not in g:
        theirs = request.path.startswith("/my/")
        g.language = (
            _known("" if theirs else current_user.language)
            or _known(request.args.get("lang", ""))
            or _known(request.cookies.get(door.LANGUAGE if theirs else COOKIE, ""))
            or _known(g.get("speaks", ""))
            or request.accept_languages.best_match((shops, *LANGUAGES), shops)
        )
    return str(g.language)


def _known(code: str) -> str:
    return code if code in LANGUAGES else ""


def alone(language: str) -> AppContext:
    """Sentences in `language` without the app: for commands that need no database."""
    app = Flask(__name__)
    app.config.update(BABEL_DEFAULT_LOCALE=language, BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS))
    Babel(app)
    return app.app_context()
