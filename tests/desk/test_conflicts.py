"""Disagreements with a channel at the desk: counted, shown with two sides, answered by buttons."""

from page import filled

from sellerweb.shop import batches, history, intake, shipments
from sellerweb.shop.incoming import LineIn, OrderIn

PAGE = "/channels/conflicts"


def test_a_disagreement_is_counted_shown_and_answered(desk, app, make_order, rows, broken):
    make_order("A1")
    with app.app_context():
        with history.act(history.Actor("staff", None, "packer"), "label") as act:
            case = act.order("A1")
            shipments.send(case, dict.fromkeys(case.lines, 1), shipments.Label("cj", "632976615493"), hand_over=False)
        with history.act(history.CHANNEL, "import") as act:
            line = LineIn("A1-1", "크라프트 노트 A5", 1, "new")
            intake.take(
                act, "smartstore", OrderIn("A1", "KRW", [line], address="부산광역시 해운대구 우동 2", postcode="48058")
            )
    page = desk.open(PAGE)
    assert page.text("#count-imports") == "1"
    assert "부산 해운대구" in page.text("#conflict-1")
    assert "우동" not in page.text("#conflict-1")  # a look at an address is written down, and a page is none
    form = page.form(f"{PAGE}/1/take")
    desk.post(f"{PAGE}/1/take", filled(form), status=303)
    assert "agree about every order" in desk.open(PAGE).text("main")
    assert "settled" in desk.post(f"{PAGE}/1/keep", {**filled(form), "action_id": "x", "version": ""}, status=409).text(
        ".banner"
    )
    assert [c.state for c in rows("SELECT state FROM conflict")] == ["taken"]
    assert broken() == {}


def other_number(app, make_order) -> None:
    """SmartStore was told of a parcel, and its file has another number."""
    make_order("A1")
    with app.app_context():
        with history.act(history.Actor("staff", None, "packer"), "ship") as act:
            case = act.order("A1")
            shipments.send(case, dict.fromkeys(case.lines, 1), shipments.Label("cj", "632976615493"), hand_over=True)
        with history.act(history.Actor("staff", None, "packer"), "tell") as act:
            batches.by_hand(act, "smartstore", "dispatch", [1])
        with history.act(history.CHANNEL, "import") as act:
            said = {"carrier": "epost", "tracking_number": "6403100000017"}
            intake.take(
                act, "smartstore", OrderIn("A1", "KRW", [LineIn("A1-1", "크라프트 노트 A5", 1, "shipping", **said)])
            )


def test_an_order_shows_its_disagreement_and_is_answered_there(desk, app, make_order, broken):
    other_number(app, make_order)
    page = desk.open("/orders/A1")
    assert "6329-7661-5493" in page.text("#whole")
    form = page.form(f"{PAGE}/1/take")
    answer = desk.post(f"{PAGE}/1/take", filled(form), status=303)
    assert answer.headers["Location"] == "/orders/A1"
    page = desk.open("/orders/A1")
    history_ = page.text("#whole")
    assert "The channel says otherwise" in history_
    assert "Taken from the channel" in history_
    assert "We have: CJ Logistics 6329-7661-5493" in history_
    assert "64031-0000-0017" in history_
    assert broken() == {}
    late = desk.post(f"{PAGE}/1/keep", {**filled(form), "action_id": "x", "version": ""}, status=409)
    assert "settled" in late.text("main")
