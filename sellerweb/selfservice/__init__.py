"""The customers' pages, all below /my/. register(app) hangs them behind their door; no routes, no rules."""

from flask import Blueprint, Flask

from sellerweb.selfservice import door


def register(app: Flask) -> None:
    """The blueprint `selfservice`: one module a subject, endpoints like `selfservice.cancel.cancel`."""
    from sellerweb.selfservice import ask, back, cancel, files, look_up, order, readdress

    selfservice = Blueprint("selfservice", __name__, url_prefix="/my")
    selfservice.before_request(door.guard)
    selfservice.after_request(door.keep_language)
    for room in (look_up, order, cancel, back, readdress, ask, files):
        # Its forms look at their own token: one that is too old comes back with all that was typed.
        app.extensions["csrf"].exempt(room.bp)
        selfservice.register_blueprint(room.bp)
    app.register_blueprint(selfservice)
