"""What every answer tells the browser, and what every request must be before anything reads it. No pages."""

from flask import Flask, Response, abort, current_app, request, session
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from sellerweb.config import Config
from sellerweb.kit import body
from sellerweb.selfservice.door import COOKIE
from sellerweb.shop import links

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "")
MEGABYTE = 1024 * 1024
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def init_app(app: Flask, settings: Config) -> None:
    app.config.update(
        # The machine itself may always ask: that is where health checks come from.
        TRUSTED_HOSTS=[*settings.trusted_hosts, "127.0.0.1", "localhost"] if settings.trusted_hosts else None,
        MAX_CONTENT_LENGTH=32 * MEGABYTE,
        MAX_FORM_PARTS=1000,
        # A page that stays open on a tablet all day must still be able to post.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(_let_photos_in)
    app.before_request(_refuse_long_forms)
    app.before_request(_refuse_odd_ones)
    app.before_request(_refuse_other_sites)
    CSRFProtect(app)
    app.after_request(_tell)
    if settings.secure:
        app.after_request(_only_https)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _let_photos_in() -> None:
    # Before anything reads the form: only who is let in there may send that much.
    most = body.most(current_app.view_functions.get(request.endpoint or ""))
    if most and request.mimetype == "multipart/form-data" and _known():
        request.max_content_length = most


def _known() -> bool:
    if request.path.startswith("/my/"):
        return links.find(request.cookies.get(COOKIE, "")) is not None
    return "_user_id" in session


def _refuse_long_forms() -> None:
    # Files come as multipart, whose fields Flask limits one by one; a plain form is read whole.
    if request.mimetype == "application/x-www-form-urlencoded" and (request.content_length or 0) > MEGABYTE:
        abort(413)


def _refuse_odd_ones() -> None:
    # No browser sends these with our pages: bodies that are no form, names of fields that no form has.
    if request.method == "POST" and request.mimetype not in FORMS:
        abort(400)
    if not all(name.isascii() and len(name) < 100 for name in request.form):
        abort(400)
    if "\0" in request.path:
        abort(404)


def _refuse_other_sites() -> None:
    # Browsers say where a request comes from; the CSRF token is the second lock.
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _tell(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)  # a picture has a stricter one
    headers["X-Content-Type-Options"] = "nosniff"
    # A customer's address says which order: no carrier's or marketplace's page is told where they came from.
    headers["Referrer-Policy"] = "no-referrer" if request.path.startswith("/my/") else "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint == "static":
        # An address with ?v= changes with the contents (kit.static), so it may be kept for ever.
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
    else:
        headers["Cache-Control"] = "private, no-store" if response.mimetype.startswith("image/") else "no-store"
    return response


def _only_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
