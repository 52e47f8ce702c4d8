"""Disagreements with a channel at the desk: counted, shown with two sides, answered by buttons."""

from page import filled

from sellerweb.shop import history, intake, shipments
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
