"""When something goes wrong: one sentence each for what happened, what was kept and what to do next. No rules.

A page for a browser, a fragment for htmx. The fragment goes to #banner, never into the row or form that asked.
"""

from dataclasses import dataclass
from traceback import format_tb
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request, session
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, TimeoutError
from ulid import ULID
from werkzeug.exceptions import HTTPException, InternalServerError

from sellerweb.desk import door
from sellerweb.selfservice import trouble as customers
from sellerweb.shop.db import forget
from sellerweb.shop.history import NotThere
from sellerweb.shop.refused import Refused


@dataclass(frozen=True, slots=True)
class Trouble:
    title: Any
    why: Any


TROUBLES = {
    400: Trouble(
        _l("Not understood"),
        _l("Part of what was sent is missing or wrong. Nothing was changed. Go back and try again."),
    ),
    403: Trouble(
        _l("Not allowed"),
        _l("Your role does not open this. Nothing was changed. Ask the owner of the shop."),
    ),
    404: Trouble(
        _l("Not found"),
        _l("There is nothing at this address. Look for it in the list of orders."),
    ),
    405: Trouble(
        _l("Not possible here"),
        _l("This address only answers a form. Nothing was changed. Go back and use its button."),
    ),
    409: Trouble(
        _l("Not done"),
        _l("Something has changed meanwhile. What you asked was not done. Look at it again."),
    ),
    413: Trouble(
        _l("Too big"),
        _l(
            "What was sent is too big: files may have 32 MB, what is typed 1 MB. Nothing was kept. Send it in smaller parts."
        ),
    ),
    429: Trouble(
        _l("Too many tries"),
        _l("This came too often from here. Nothing was changed. Wait a minute and try again."),
    ),
    500: Trouble(
        _l("Our mistake"),
        _l("Something went wrong here. Nothing was changed. Try again; if it stays so, tell us the number below."),
    ),
    503: Trouble(
        _l("Busy"),
        _l("The desk is busy right now. Nothing was changed. Try again in a few seconds."),
    ),
}
EXPIRED = Trouble(
    _l("Page too old"), _l("This page was open for too long. Nothing was changed. Reload it and try again.")
)
PHOTOS = Trouble(
    _l("Too big"),
    _l(
        "These photos are too big: 10 at most, 20 MB each. Nothing was sent. Go back to your words and choose fewer or smaller photos."
    ),
)
# What was typed into these is not sent back, not even for a new try.
_SECRET = frozenset({"csrf_token", "password", "old", "new", "again"})


def init_app(app: Flask) -> None:
    app.log_exception = _log  # type: ignore[method-assign, assignment]
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(InternalServerError, lambda error: _answer(500))
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(TimeoutError, _busy)
    # PostgreSQL keeps no NUL and no number beyond its column: nobody types those.
    app.register_error_handler(DataError, _unheard_of)
    app.register_error_handler(NotThere, lambda error: _answer(404))
    app.register_error_handler(Refused, lambda error: _answer(409, Trouble(TROUBLES[409].title, error.why)))


def request_id() -> str:
    """The number of this request, in the log and on the error page."""
    if "request_id" not in g:
        g.request_id = str(ULID())
    return str(g.request_id)


def _log(error: Any) -> None:
    # Where it happened and what kind it was; not the error's own text, which may quote somebody's address.
    kind, _value, trace = error
    where = "".join(format_tb(trace))
    current_app.logger.error("request %s failed: %s\n%s", request_id(), kind and kind.__name__, where)


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error.get_response()  # type: ignore[return-value]
    response = _answer(code)
    for name in ("Allow", "Retry-After"):
        if value := dict(error.get_headers()).get(name):
            response.headers[name] = value
    return response


def _csrf(error: CSRFError) -> Response:
    # A tablet that slept longer than its session: not a wrong form but a lost sign-in.
    if (
        (request.endpoint or "").startswith("desk.")
        and request.endpoint not in door.OPEN
        and not session.get("_user_id")
    ):
        return door.lost()
    return _answer(400, EXPIRED)


def _unheard_of(error: Exception) -> Response:
    forget()  # PostgreSQL answers nothing more in the snapshot that it happened in, and the page has counts to ask for
    return _answer(400)


def _busy(error: Exception) -> Response:
    current_app.logger.warning("request %s: database not available: %s", request_id(), type(error).__name__)
    g._login_user = door.Nobody()  # the page must not ask the database who is looking at it
    response = _answer(503)
    response.headers["Retry-After"] = "3"
    return response


def _too_many() -> bool:
    """More photos than a form takes: only such forms may weigh more than others."""
    return (request.max_content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]


def _answer(code: int, trouble: Trouble | None = None) -> Response:
    if code == 413 and _too_many():
        trouble = PHOTOS
    if request.path.startswith("/my/"):
        return _answer_customer(code, trouble)
    known: dict[str, Any] = {
        "code": code,
        "trouble": trouble or TROUBLES.get(code) or TROUBLES[500 if code >= 500 else 400],
        "request_id": request_id(),
        "again": _again(code),
    }
    if "HX-Request" in request.headers:
        response = make_response(render_template("_error.html", **known), code)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#banner", "innerHTML"
    else:
        response = make_response(render_template("error.html", **known), code)
    response.headers["X-Request-ID"] = known["request_id"]
    return response


def _answer_customer(code: int, trouble: Trouble | None) -> Response:
    """The same in the customers' frame and words. What opens nothing has one answer, which tells nothing at all."""
    if code == 404:
        return customers.lost()
    if "HX-Request" in request.headers:
        title, why = (trouble.title, trouble.why) if trouble is PHOTOS else customers.of(code)
        response = make_response(render_template("_error.html", trouble=Trouble(title, why)), code)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#banner", "innerHTML"
    else:
        of = (PHOTOS.title, PHOTOS.why) if trouble is PHOTOS else None
        response = customers.page(code, of, request_id=request_id(), again=_again(code))
    response.headers["X-Request-ID"] = request_id()
    return response


def _again(code: int) -> list[tuple[str, str]]:
    """The fields to send once more where nothing was wrong with them."""
    return [(k, v) for k, v in request.form.items(multi=True) if k not in _SECRET] if code == 503 else []
