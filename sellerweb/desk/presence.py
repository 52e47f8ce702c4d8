"""Who else is at an order or a conversation: the open page says where it is, and is told in words. Changes no order."""

import re

from flask import Blueprint, Response, abort, jsonify, request
from flask_babel import gettext as _
from flask_login import current_user

from sellerweb.shop import drafts, presence
from sellerweb.shop.db import read

bp = Blueprint("presence", __name__)
_TAB = re.compile(r"[a-z0-9]{8,40}")
PLACE = re.compile(r"(order|thread)-\S{1,120}")


@bp.post("/presence")
def beat() -> Response:
    """`at` and `typing` (places), `tab`; answers {place: sentence} as JSON, for together.js."""
    tab, at, typing = request.form.get("tab", ""), request.form.getlist("at"), set(request.form.getlist("typing"))
    if not _TAB.fullmatch(tab) or not all(PLACE.fullmatch(place) for place in at):
        abort(400)
    found = presence.beat(tab, current_user.id, {place: place in typing for place in at})
    mine = {place: _("Your draft") for place in drafts.places(read(), current_user.id) if place not in at}
    return jsonify(mine | {place: said(people) for place, people in found.items()})


def said(people: list[tuple[str, bool]]) -> str:
    """Of those at one place: who types, else who looks."""
    typing = [name for name, types in people if types]
    names = ", ".join(typing or [name for name, _types in people])
    return _("%(names)s is typing", names=names) if typing else _("%(names)s is looking", names=names)
