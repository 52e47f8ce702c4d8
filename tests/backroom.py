"""The shop behind a customer's phone in browser tests: places orders by hand, moves them on, makes links."""

from datetime import timedelta

from sellerweb.shop import clock, history, intake, links, shipments
from sellerweb.shop.db import reader
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Order

STAFF = history.Actor("staff", role="owner")


class Backroom:
    """The shop behind the customers: places orders by hand and moves them on."""

    def __init__(self, live):
        self.live = live

    def place(self, code, minutes=10, **fields):
        paid = clock.now() - timedelta(minutes=minutes)
        known = {
            "currency": "KRW", "ordered_at": paid, "paid_at": paid, "receiver_name": "김서준", "phone": "010-1234-5678",
            "postcode": "06236", "country": "KR", "address": "서울특별시 강남구 테헤란로 152", "shipping_fee": 3_000,
        }  # fmt: skip
        lines = fields.pop("lines", None) or [
            LineIn(f"{code}-1", "크라프트 노트 A5", 2, "new", option="라인", total=17_000),
            LineIn(f"{code}-2", "젤펜 0.38", 3, "new", option="블랙", total=4_800),
        ]
        channel = fields.pop("channel", "manual")
        with self.live.app.app_context(), history.act(history.CHANNEL, "import") as act:
            return intake.place(act, channel, OrderIn(code, lines=lines, **known | fields)).order.code

    def do(self, verb, code, *args):
        with self.live.app.test_request_context("/my/"), history.act(STAFF, verb.__name__) as act:
            return verb(act.order(code), *args)

    def send(self, code, *, delivered=False, positions=None):
        with self.live.app.test_request_context("/my/"), history.act(STAFF, "ship") as act:
            case = act.order(code)
            pieces = {
                x.id: x.ordered - x.shipped for x in case.lines.values() if positions is None or x.position in positions
            }
            parcel = shipments.send(case, pieces, shipments.Label("cj", self.live.number()), hand_over=True)
            if delivered:
                shipments.deliver(case, parcel)

    def link(self, code):
        with self.live.app.app_context():
            with reader().connect() as conn:
                order = conn.execute(Order.__table__.select().where(Order.code == code)).one()
            return f"/my/{links.make(order.id)}"


def poll(page):
    """What app.js does every ten seconds, now."""
    page.evaluate("document.body.dispatchEvent(new CustomEvent('poll'))")
