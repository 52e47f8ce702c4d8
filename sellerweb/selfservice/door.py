"""The door to a customer's own order: the link's secret, the cookie that it becomes, whose order this is. No pages.

The cookie holds the link's secret, is sent to this order's addresses alone and is looked up again at each request: a
link that dies closes the page. Staff and their session are not asked: both live in one browser without meeting.
"""

from flask import Response, abort, current_app, g, redirect, request, url_for

from sellerweb.kit.words import LANGUAGES
from sellerweb.shop import clock, links, mine
from sellerweb.shop.db import read

COOKIE, LANGUAGE = "order", "my_lang"
YEAR = 365 * 86400


def guard() -> None:
    """Before every view: an order's own address opens to its own link. Whatever is wrong, the answer is the same 404."""
    code = (request.view_args or {}).get("code")
    if code is None:
        return
    link = links.find(request.cookies.get(COOKIE, ""))
    if link is None or link.code != code:
        abort(404)
    g.link, g.speaks = link, link.language


def enter(token: str) -> Response:
    """To the order that this secret opens, by its clean address; the secret goes on as a cookie for it alone."""
    link = links.find(token) or abort(404)
    clean = url_for("selfservice.order.order", code=link.code)
    response: Response = redirect(clean, 303)  # type: ignore[assignment]
    response.set_cookie(
        COOKIE,
        token,
        path=clean,
        max_age=int((link.expires_at - clock.now()).total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=_secure(),
    )
    return response


def link() -> links.Link:
    """The link that this request came by."""
    found: links.Link = g.link
    return found


def order() -> mine.Mine:
    """The order of this request, as it stands now."""
    return mine.of(read(), link().order_id, clock.now())


def keep_language(response: Response) -> Response:
    """`?lang=` holds for all customers' pages in this browser, and for no page of the staff."""
    if (chosen := request.args.get("lang", "")) in LANGUAGES:
        response.set_cookie(LANGUAGE, chosen, path="/my", max_age=YEAR, httponly=True, samesite="Lax", secure=_secure())
    return response


def _secure() -> bool:
    """As the session's own cookie: the shop's address is https, whatever a proxy in front of it says."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
