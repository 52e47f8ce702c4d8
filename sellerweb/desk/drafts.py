"""Drafts: the page hands over what stands in an answer's field, a moment after the last key. Sends nothing to anybody."""

from flask import Blueprint, Response, abort, request
from flask_login import current_user

from sellerweb.desk.presence import PLACE
from sellerweb.shop import drafts, messages

bp = Blueprint("drafts", __name__)


@bp.post("/draft")
def draft() -> Response:
    """`place`, `words`, `action_id`: the form's own. No words: there is no draft any more."""
    place, words = request.form.get("place", ""), request.form.get("words", "")
    if not PLACE.fullmatch(place) or len(words) > messages.LONGEST:
        abort(400)
    drafts.keep(current_user.id, place, words, request.form.get("action_id", ""))
    return Response(status=204)
