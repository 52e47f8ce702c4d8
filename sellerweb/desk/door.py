"""The one door to the staff's pages: who is here, what their role opens, where the others are sent. No pages.

The cookie holds a secret, the database its SHA-256 (shop.staff): no row, no entry. Nothing is remembered longer.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user, logout_user

from sellerweb.desk import kept
from sellerweb.desk.staff_forms import SignInForm
from sellerweb.shop import staff
from sellerweb.shop.history import Actor
from sellerweb.shop.models import ROLES

View = TypeVar("View", bound=Callable[..., Any])

# Open to nobody yet; and open to those who must choose a password first.
OPEN = frozenset({"desk.sign_in.sign_in", "desk.sign_in.language"})
CHANGING = OPEN | {"desk.sign_in.password", "desk.sign_in.sign_out"}

# The first fence, by address alone; shop.staff counts wrong passwords, also across servers and restarts.
limiter = Limiter(get_remote_address)


class Visitor(UserMixin):  # type: ignore[misc]
    """A signed-in person, as pages see them: `me`."""

    def __init__(self, token: str, person: staff.Person) -> None:
        self.token, self.person = token, person
        self.id, self.name, self.role = person.id, person.name, person.role
        self.language, self.sound, self.must_change = person.language, person.sound, person.must_change

    def get_id(self) -> str:
        return self.token

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"


class Nobody(AnonymousUserMixin):  # type: ignore[misc]
    id, name, role, language, sound, must_change, is_owner = None, "", "", "", False, False, False

    def may(self, role: str) -> bool:
        return False


def init_app(app: Flask, *, secure: bool, redis_url: str) -> None:
    app.config.update(
        # The prefix makes browsers refuse the cookie unless it is Secure, of this host and of no other path.
        SESSION_COOKIE_NAME="__Host-sellerweb" if secure else "sellerweb",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        RATELIMIT_STORAGE_URI=redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(redis_url),
    )
    limiter.init_app(app)
    login = LoginManager(app)
    login.session_protection = None  # it ends sessions when a tablet changes its network
    login.anonymous_user = Nobody
    login.user_loader(_visitor)
    app.context_processor(lambda: {"me": current_user})
    app.add_template_global(here)


def guard() -> Response | None:
    """Before every view of the desk."""
    if request.endpoint in OPEN:
        return None
    if not current_user.is_authenticated:
        return lost()
    if current_user.must_change and request.endpoint not in CHANGING:
        return _send(url_for("desk.sign_in.password", next=_where_to_return()))
    view = current_app.view_functions[request.endpoint or ""]
    if not current_user.may(getattr(view, "role", "packer")):
        abort(403)
    return None


def role_required(role: str) -> Callable[[View], View]:
    """Marks a view for a role and those above it: owner, manager, packer. The door reads the mark."""

    def mark(view: View) -> View:
        view.role = role  # type: ignore[attr-defined]
        return view

    return mark


def actor() -> Actor:
    """Who acts in this request, for the shop's history."""
    return Actor("staff", current_user.id, current_user.role)


def enter(token: str) -> None:
    """Let the person in. The cookie is made anew, so that nobody can have planted it before."""
    person = staff.by_token(token)
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps the old session's token for the rest of the request
    if person:
        login_user(Visitor(token, person))


def leave() -> None:
    staff.end_session(current_user.token)
    logout_user()
    session.clear()
    g.pop("csrf_token", None)


def lost() -> Response:
    """Nobody is signed in (any more): to the sign-in page, and back here afterwards. What was typed comes along."""
    if request.method == "POST" and (said := kept.of(request)):
        return _stay(said)
    return _send(url_for("desk.sign_in.sign_in", next=_where_to_return()))


def _stay(said: str) -> Response:
    """The sign-in page in the place of the one that was sent, with what was typed in it."""
    page = render_template("desk/sign_in/sign_in.html", form=SignInForm(formdata=None, kept=said), next=here())
    response = make_response(page, 403)  # htmx shows no 401
    if "HX-Request" in request.headers:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "innerHTML"
    return response


def own_path(text: str | None) -> str:
    """`text` where it is an address on this site, else "": nobody is sent elsewhere from here."""
    text = text or ""
    safe = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if safe else ""


def here() -> str:
    """The address of the page that the person looks at, to come back to."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return own_path(request.full_path.rstrip("?"))
    try:
        url = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    except ValueError:  # not an address at all
        return ""
    return own_path(url.path + (f"?{url.query}" if url.query else "")) if url.netloc == request.host else ""


def _where_to_return() -> str | None:
    return here() or None  # None leaves the argument out of the address


def _send(url: str) -> Response:
    if "HX-Request" in request.headers:
        # A redirect would put the sign-in page into the middle of theirs.
        return Response(status=401, headers={"HX-Redirect": url})
    return redirect(url, 303)  # type: ignore[return-value]


def _visitor(token: str) -> Visitor | None:
    person = staff.by_token(token)
    return Visitor(token, person) if person else None
