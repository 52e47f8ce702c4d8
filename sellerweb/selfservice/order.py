"""Coming in by the secret link, and the order's own page with its poll. What changes an order stands beside it."""

from flask import Blueprint, Response, request

from sellerweb.kit import htmx
from sellerweb.selfservice import door, drawing
from sellerweb.shop import clock, mine
from sellerweb.shop.db import read

bp = Blueprint("order", __name__)


@bp.get("/<token>")
def enter(token: str) -> Response:
    """The link of a letter. Reads only: mail scanners open it too, as often as they like."""
    return door.enter(token)


@bp.get("/orders/<code>")
def order(code: str) -> Response:
    """The order as it stands now; 204 to a poll that would only be told what its page says already."""
    if htmx.partial() and request.args.get("stamp"):
        stamp = mine.stamp_of(read(), door.link().order_id, clock.now())
        if request.args["stamp"] == stamp:
            return Response(status=204)
    return drawing.order(door.order(), done=request.args.get("done", ""))
