"""Photos at the desk: the addresses of the pictures, and what stands beside a message or a claim. Who may see: `shop.attachments`."""

from typing import Any

from flask import Blueprint, Response, abort, g

from sellerweb.kit.picture import picture
from sellerweb.shop import attachments, files
from sellerweb.shop.db import read

bp = Blueprint("files", __name__)


@bp.get("/files/<key>")
def whole(key: str) -> Response:
    return _picture(key, files.WHOLE, "photo.jpg")


@bp.get("/files/<key>/small")
def small(key: str) -> Response:
    """The thumbnail."""
    return _picture(key, files.SMALL)


def photos_of(order_id: int, **of: int) -> list[Any]:
    """The photos of an order that staff may see: `message=` or `claim=` says of which. An order's are read once a page."""
    ((what, key),) = of.items()
    seen: dict[int, list[Any]] = g.setdefault("photos", {})
    if order_id not in seen:
        seen[order_id] = attachments.of_order(read(), order_id)
    return [row for row in seen[order_id] if getattr(row, f"{what}_id") == key]


def _picture(key: str, kind: str, name: str = "") -> Response:
    data = files.get(key, kind) if attachments.for_staff(read(), key) else None
    return picture(data, attachments.MEDIA, name=name) if data is not None else abort(404)
