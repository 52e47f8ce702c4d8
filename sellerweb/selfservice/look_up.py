"""Finding one's order without its link: by number and phone. Right ones get a link of their own, for a short time."""

from flask import Blueprint, Response, request

from sellerweb.selfservice import door, drawing
from sellerweb.selfservice.forms import LookUpForm
from sellerweb.shop import links, lookups
from sellerweb.shop.refused import Refused

bp = Blueprint("look_up", __name__)


@bp.get("/")
def look_up() -> Response:
    return drawing.look_up(LookUpForm(formdata=None))


@bp.post("/", endpoint="look_up_post")
def look_up_post() -> Response:
    form = LookUpForm()
    if not form.validate():
        return drawing.look_up(form, 400 if form.too_old else 422)
    try:
        order_id = lookups.look_up(form.number.data, form.phone.data, request.remote_addr or "")
    except lookups.Throttled as no:
        response = drawing.look_up(form, 429, problem=str(no))
        response.headers["Retry-After"] = str(int(no.wait.total_seconds()))
        return response
    except Refused as no:
        form.refuse(no.field, no.why)
        return drawing.look_up(form, 422)
    return door.enter(links.make(order_id, days=links.VISIT_DAYS))
