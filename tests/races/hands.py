"""Who presses what: the customer's page, the desk's, a channel's file and the clock; and the pairs that meet. Judges nothing."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from flask import Flask
from person import Person
from races.drill import Answer, Hand, Round, Tally, play
from races.ground import PAID, PRICE, WAY, Ground, number
from ulid import ULID

from sellerweb.shop import expiry, history, intake
from sellerweb.shop.incoming import LineIn, OrderIn

# How a form is sent: (path, form, headers) to (status, page).
Send = Callable[[str, dict, dict], tuple[int, str]]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# A sentence that says no: above the form, or beside the field that it is about.
_NO = re.compile(r'<(\w+)[^>]*\s(?:role="alert"|id="[^"]*-error")[^>]*>(.*?)</\1>', re.S)


class Wire:
    """To a served shop, over one connection that is kept."""

    def __init__(self, url: str) -> None:
        self._conn = HTTPConnection(url.removeprefix("http://"), timeout=30)
        self.close = self._conn.close

    def __call__(self, path: str, form: dict, headers: dict) -> tuple[int, str]:
        try:
            return self._ask(path, form, headers)
        except (HTTPException, ConnectionError):  # the server has closed what was idle: the same form once more
            self._conn.close()
            return self._ask(path, form, headers)

    def _ask(self, path: str, form: dict, headers: dict) -> tuple[int, str]:
        self._conn.request("POST", path, urlencode(form), headers | FORM)
        answer = self._conn.getresponse()
        return answer.status, answer.read().decode()


class Inside:
    """To an app in this process."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client(use_cookies=False)

    def __call__(self, path: str, form: dict, headers: dict) -> tuple[int, str]:
        answer = self._client.post(path, data=form, headers=headers)
        return answer.status_code, answer.get_data(as_text=True)


@dataclass(slots=True)
class Browser:
    """Somebody at a page of theirs: the session's cookie, its token, and a way to send forms, with scripts or without."""

    send: Send
    cookie: str
    token: str
    headers: dict

    def press(self, path: str, this: Round, drawn: int | str, *, secret: str = "", **form: object) -> Answer:
        form |= {"csrf_token": self.token, "action_id": str(ULID()), "version": drawn}
        status, page = self.send(path, form, self.headers | {"Cookie": f"{self.cookie}; order={secret}"})
        said = " ".join(_plain(words) for _tag, words in _NO.findall(page))
        if status in (200, 303):
            return Answer(True)
        if status not in (409, 422):
            return Answer(False, said, f"was answered {status}")
        return Answer(False, said, "" if this.code in page else "got no fresh row")


def _plain(words: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", words)).split())


def at_desk(app: Flask, send: Send) -> Browser:
    """Alice, signed in, at a desk with scripts."""
    alice = Person(app.test_client(), "Alice")
    assert alice.sign_in().status == 303
    token = alice.token()
    return Browser(send, f"sellerweb={alice.client.get_cookie('sellerweb').value}", token, HTMX)


def at_home(app: Flask, send: Send) -> Browser:
    """A customer without scripts, who reads English; which order is theirs says its link."""
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/my/").text)
    assert token
    return Browser(send, f"sellerweb={client.get_cookie('sellerweb').value}; my_lang=en", token[1], {})


@dataclass(frozen=True, slots=True)
class Seats:
    """Where the hands sit: a customer, two at the desk, and the app that files and the clock come through."""

    home: Browser
    desk: Browser
    other_desk: Browser
    app: Flask


CANCELLED, REST = (1, 0, 0, 0), (0, 0, 0, 0)


def _drawn(this: Round) -> int | str:
    """Pages send the version that they were drawn from; scripts may leave it out, and meet the guard alone."""
    return this.drawn if this.number % 2 else ""


def customer_cancels(seats: Seats, *, alone: bool = False, paid: bool = True) -> Hand:
    back = (PRICE + WAY if alone else PRICE) if paid else 0
    line = (CANCELLED,) if alone else (CANCELLED, REST)

    def press(this: Round) -> Answer:
        piece = str(this.lines[0])
        form = {"line": piece, f"quantity-{piece}": 1, "reason": "wish", "how": "now", "sums": f"{back}-0"}
        return seats.home.press(f"/my/orders/{this.code}/cancel", this, this.drawn, secret=this.secret, **form)

    leaves = {"lines": line, "cancelled_by": ("customer",), "refunds": back}
    return Hand("customer cancels", press, leaves, "cancel")


def staff_cancels(seats: Seats, n: int = 0, refund: int | None = None, parcels: tuple[str, ...] = ()) -> Hand:
    """The n-th line's piece; with `refund` so much goes back, and no version is sent. `parcels`: what becomes of them."""
    browser = seats.other_desk if n == 0 else seats.desk

    def press(this: Round) -> Answer:
        form = {"pieces-0-line": this.lines[n], "pieces-0-quantity": 1, "reason": "wish", "restock": "y", "tell": "y"}
        if refund is None:
            return browser.press(f"/orders/{this.code}/cancel", this, _drawn(this), **form)
        return browser.press(f"/orders/{this.code}/cancel", this, "", refund=refund, **form)

    lines = (CANCELLED, REST) if n == 0 else (REST, CANCELLED)
    leaves = {"lines": lines, "cancelled_by": ("staff",), "refunds": refund or PRICE, "parcels": parcels}
    told = "cancel|taken apart|preparing a change" if refund is None else "what is left of the money"
    return Hand(f"staff cancels{f' line {n + 1}' if refund else ''}", press, leaves, told)


def _sends(seats: Seats, verb: str, leaves: dict, told: str) -> Hand:
    def press(this: Round) -> Answer:
        form = {"carrier": "hanjin", "number": number(this.id), "pieces-0-line": this.lines[0], "pieces-0-quantity": 1}
        return seats.desk.press(f"/orders/{this.code}/{verb}", this, _drawn(this), **form)

    return Hand(f"{verb}s", press, leaves, told)


def ships(seats: Seats) -> Hand:
    return _sends(seats, "ship", {"lines": ((0, 0, 1, 0), REST), "parcels": ("shipped",)}, "left|shipped")


def labels(seats: Seats) -> Hand:
    return _sends(seats, "label", {"lines": ((0, 1, 0, 0), REST), "parcels": ("labelled",)}, "label|packed")


def hands_over(seats: Seats) -> Hand:
    """The parcel that waits is given to its driver."""

    def press(this: Round) -> Answer:
        return seats.desk.press(f"/orders/{this.code}/handover", this, _drawn(this), shipment=this.parcel)

    return Hand("hands over", press, {"lines": ((0, 0, 1, 0), REST), "parcels": ("shipped",)}, "left|shipped")


def readdresses(seats: Seats) -> Hand:
    def press(this: Round) -> Answer:
        form = {
            "receiver_name": "박하늘",
            "phone": "010-9999-0000",
            "postcode": "04001",
            "address": "서울특별시 마포구 2",
        }
        return seats.desk.press(f"/orders/{this.code}/readdress", this, _drawn(this), **form)

    return Hand("readdresses", press, {"address": 2}, "address")


def _told_by_channel(seats: Seats, state: str, this: Round) -> tuple[int, int, str]:
    """The file of a channel says this of the piece: (cancelled, shipped) of it now, and the conflicts."""
    piece = LineIn("1", "마지막 노트", 1, state, total=PRICE, carrier="cj", tracking_number=f"C{this.id}")
    rest = LineIn("2", "펜", 3, "new", total=15_000)
    with seats.app.app_context(), history.act(history.CHANNEL, "import") as act:
        case = act.order(this.code)
        _outcome, conflicts = intake.update(case, OrderIn(this.code, "KRW", lines=[piece, rest]))
        line = case.lines[this.lines[0]]
        return line.cancelled, line.shipped, " ".join(conflicts)


def channel_ships(seats: Seats) -> Hand:
    """It has left elsewhere, says the channel. Where it was cancelled here, that stays, and the report names a conflict."""

    def press(this: Round) -> Answer:
        _cancelled, shipped, conflicts = _told_by_channel(seats, "shipped", this)
        odd = "" if shipped or conflicts == "quantity_changed" else f"reported {conflicts!r}"
        return Answer(bool(shipped), conflicts, odd)

    leaves = {"lines": ((0, 0, 1, 0), REST), "parcels": ("shipped",)}
    return Hand("channel ships", press, leaves, "left|shipped", mute=True)


def channel_cancels(seats: Seats) -> Hand:
    """Cancelled there is cancelled here, but for what has left, which is a conflict."""

    def press(this: Round) -> Answer:
        cancelled, shipped, conflicts = _told_by_channel(seats, "cancelled", this)
        odd = "" if not shipped or conflicts == "cancelled_after_ship" else f"reported {conflicts!r}"
        return Answer(bool(cancelled), conflicts, odd)

    leaves = {"lines": (CANCELLED, REST), "cancelled_by": ("channel",)}
    return Hand("channel cancels", press, leaves, "cancel", mute=True)


def clock_expires(seats: Seats) -> Hand:
    def press(_this: Round) -> Answer:
        with seats.app.app_context():
            return Answer(expiry.expire() == 1)

    return Hand("clock expires", press, {"expired": True}, "closed|not paid", mute=True)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who exclude each other, and what is special about the orders that they meet over."""

    left: Callable[[Seats], Hand]
    right: Callable[[Seats], Hand]
    made: dict[str, bool] = field(default_factory=dict)


PAIRS = {
    "cancel-ship": Pair(customer_cancels, ships),
    "cancel-label": Pair(customer_cancels, labels),
    "cancel-readdress": Pair(lambda seats: customer_cancels(seats, alone=True), readdresses, {"alone": True}),
    "cancel-import": Pair(customer_cancels, channel_ships),
    "cancel-expire": Pair(
        lambda seats: customer_cancels(seats, alone=True, paid=False), clock_expires, {"alone": True, "paid": False}
    ),
    "cancel-cancel": Pair(customer_cancels, staff_cancels),
    # Beside those that the design names.
    "cancel-handover": Pair(lambda seats: staff_cancels(seats, parcels=("voided",)), hands_over, {"labelled": True}),
    "import-ship": Pair(channel_cancels, ships),
    "refund-refund": Pair(lambda seats: staff_cancels(seats, 0, PAID), lambda seats: staff_cancels(seats, 1, PAID)),
}


def fight(ground: Ground, seats: Seats, name: str, count: int) -> Tally:
    """So many rounds of a pair."""
    pair = PAIRS[name]
    rounds = ground.rounds(name, count, **pair.made)
    over = rounds if pair.made.get("paid", True) else ground.overdue(rounds)
    return play(pair.left(seats), pair.right(seats), over, ground.look)
