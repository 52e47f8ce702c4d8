"""The photos of a customer's own order: the addresses of the pictures. Anybody else's is not there."""

from flask import Blueprint, Response, abort

from sellerweb.kit.picture import picture
from sellerweb.selfservice import door
from sellerweb.shop import attachments, files
from sellerweb.shop.db import read

bp = Blueprint("files", __name__)


@bp.get("/orders/<code>/files/<key>")
def whole(code: str, key: str) -> Response:
    return _picture(key, files.WHOLE, "photo.jpg")


@bp.get("/orders/<code>/files/<key>/small")
def small(code: str, key: str) -> Response:
    """The thumbnail."""
    return _picture(key, files.SMALL)


def _picture(key: str, kind: str, name: str = "") -> Response:
    found = attachments.for_customer(read(), key, door.link().order_id)
    data = files.get(key, kind) if found else None
    return picture(data, attachments.MEDIA, name=name) if data is not None else abort(404)
