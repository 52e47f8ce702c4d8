"""The staff's pages. register(app) hangs them behind the door; no routes, no rules."""

from flask import Blueprint, Flask, g
from ulid import ULID

from sellerweb import carriers
from sellerweb.desk import (
    cells,
    claim_steps,
    claim_words,
    door,
    drawing,
    labels,
    letter_words,
    reply_words,
    thread_words,
)
from sellerweb.kit import words
from sellerweb.shop import queue, waiting
from sellerweb.shop.db import read
from sellerweb.shop.refunds import payment
from sellerweb.shop.too_few import STOPPED


def register(app: Flask) -> None:
    """The blueprint `desk`: one module a subject, endpoints like `desk.orders.queue`."""
    from sellerweb.desk import (
        answering,
        archive,
        cancel,
        claiming,
        claims,
        conflict_words,
        conflicts,
        customers,
        deleting,
        drafts,
        files,
        handover,
        imports,
        letters,
        locations,
        manuals,
        messages,
        moves,
        new_order,
        orders,
        own_columns,
        policy,
        presence,
        product_file,
        product_photo,
        products,
        question_files,
        reasons,
        refunds,
        relocating,
        replies,
        results,
        reviews,
        shipments,
        sign_in,
        slips,
        staff,
        telling,
        thread,
        threads,
        verbs,
    )

    desk = Blueprint("desk", __name__)
    desk.before_request(door.guard)
    for room in (sign_in, orders, shipments, verbs, slips, handover, imports, staff, moves):
        desk.register_blueprint(room.bp)
    for room in (cancel, claims, claiming, refunds, messages, archive, deleting, reasons, letters, policy, new_order):
        desk.register_blueprint(room.bp)
    desk.register_blueprint(own_columns.bp)
    desk.register_blueprint(telling.bp)
    desk.register_blueprint(results.bp)
    desk.register_blueprint(conflicts.bp)
    for room in (files, answering, replies, reviews, customers, manuals, threads, thread, presence, drafts):
        desk.register_blueprint(room.bp)
    for room in (products, product_file, product_photo, locations, relocating, question_files):
        desk.register_blueprint(room.bp)
    app.register_blueprint(desk)
    app.add_template_global(lambda: str(ULID()), "fresh_id")
    app.jinja_env.globals.update(
        photos_of=files.photos_of,
        labels=labels,
        conflict_words=conflict_words,
        letter_words=letter_words,
        thread_words=thread_words,
        reply_kinds=reply_words.KIND,
        reason_words=claim_words.REASON,
        claim_steps=claim_steps.STEPS,
        possible_steps=claim_steps.possible,
        payment_of=payment,
        waiting_now=waiting_now,
        stopped=STOPPED,
        carriers=carriers.CARRIERS,
        carrier_link=carriers.link,
        carrier_display=carriers.display,
        cells=cells.cells,
        row_words=lambda: cells.row_words(words.language()),
        queue_url=drawing.queue_url,
        filter_of=queue.Filter,
    )


def waiting_now() -> waiting.Waiting:
    """What waits beside the queue, asked once a page: the rail and the tabs both say it."""
    if "waiting" not in g:
        g.waiting = waiting.waiting(read())
    found: waiting.Waiting = g.waiting
    return found
