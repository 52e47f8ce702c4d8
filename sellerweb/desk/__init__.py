"""The staff's pages. register(app) hangs them behind the door; no routes, no rules."""

from flask import Blueprint, Flask
from ulid import ULID

from sellerweb import carriers
from sellerweb.desk import cells, door, drawing, labels
from sellerweb.kit import words
from sellerweb.shop import queue
from sellerweb.shop.shipments import STOPPED


def register(app: Flask) -> None:
    """The blueprint `desk`: one module a subject, endpoints like `desk.orders.queue`."""
    from sellerweb.desk import handover, imports, moves, orders, shipments, sign_in, slips, staff, verbs

    desk = Blueprint("desk", __name__)
    desk.before_request(door.guard)
    for room in (sign_in, orders, shipments, verbs, slips, handover, imports, staff, moves):
        desk.register_blueprint(room.bp)
    app.register_blueprint(desk)
    app.add_template_global(lambda: str(ULID()), "fresh_id")
    app.jinja_env.globals.update(
        labels=labels,
        stopped=STOPPED,
        carriers=carriers.CARRIERS,
        carrier_link=carriers.link,
        carrier_display=carriers.display,
        cells=cells.cells,
        row_words=lambda: cells.row_words(words.language()),
        queue_url=drawing.queue_url,
        filter_of=queue.Filter,
    )
