"""A product's photo at the desk: sent by a manager, shown to everybody who works here. How it is cleaned: `kit.photos`."""

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from sellerweb.desk import door
from sellerweb.desk.forms import MoveForm
from sellerweb.kit import photos
from sellerweb.kit.body import takes
from sellerweb.kit.photo_field import PhotosField
from sellerweb.kit.picture import picture
from sellerweb.shop import attachments, files, goods, history, shelves
from sellerweb.shop.db import read

bp = Blueprint("product_photo", __name__)


class PhotoForm(MoveForm):
    photos = PhotosField(_l("Photo"))


@bp.get("/products/<int:product_id>/photo")
def small(product_id: int) -> Response:
    """Its thumbnail."""
    it = shelves.one(read(), product_id) if product_id < 2**31 else None
    data = files.get(it.product.photo, files.SMALL) if it and it.product.photo else None
    return picture(data, attachments.MEDIA) if data is not None else abort(404)


@bp.post("/products/<int:product_id>/photo", endpoint="send")
@takes(photos.FORM_BYTES)
@door.role_required("manager")
def send(product_id: int) -> Response:
    """Another photo takes the place of the first."""
    if product_id >= 2**31 or shelves.one(read(), product_id) is None:
        abort(404)
    form, before = PhotoForm(), ""
    if not form.validate() or not form.photos.photos:
        flash(str((form.photos.errors or [_("Choose a file first.")])[0]))
        return _back(product_id)
    said = [product_id, form.typed()]
    try:
        with (
            attachments.storing(form.photos.photos[:1]) as stored,
            history.act(door.actor(), "photo_product", form.action_id.data, said) as act,
        ):
            before = goods.set_photo(act, product_id, stored[0].key)
    except history.Repeated:
        return _back(product_id)
    files.remove([before] if before else [])
    flash(_("Saved."))
    return _back(product_id)


def _back(product_id: int) -> Response:
    return redirect(url_for("desk.products.product", product_id=product_id), 303)  # type: ignore[return-value]
