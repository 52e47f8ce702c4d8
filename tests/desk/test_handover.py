"""The driver is here: what has a label leaves, what may not leave is named and stays."""

CJ = ["622344515213", "585562040256", "625646311801", "626978391140"]


def labelled(desk, make_order, send, *codes):
    for code, number in zip(codes, CJ, strict=False):
        make_order(code)
        send(desk, code, verb="label", number=number, status=303)


def states(rows):
    found = rows("SELECT o.code, s.state FROM shipment s JOIN orders o ON o.id = s.order_id ORDER BY o.code")
    return {row.code: row.state for row in found}


def test_all_labelled_parcels_leave(desk, make_order, send, rows, broken):
    labelled(desk, make_order, send, "A1", "A2", "A3")
    page = desk.fill("/orders/handover", status=200)
    assert "3 parcels left" in page.text(".banner")
    assert states(rows) == {"A1": "shipped", "A2": "shipped", "A3": "shipped"}
    assert "No labelled parcel waits" in page.text("main")
    assert broken() == {}


def test_the_held_and_the_cancelled_are_named_and_stay(desk, make_order, send, rows, change, broken):
    labelled(desk, make_order, send, "A1", "A2", "A3")
    page = desk.open("/orders/handover")
    desk.fill("/orders/A2/hold", reason="wrong colour")
    change(
        "UPDATE order_line SET channel_state = 'cancel_requested' "
        "WHERE order_id = (SELECT id FROM orders WHERE code = 'A3')"
    )
    after = desk.submit(page, "/orders/handover", status=200)
    assert "1 parcel left" in after.text(".banner")
    stayed = after.text(".sheet")
    assert "A2" in stayed
    assert "wrong colour" in stayed
    assert "A3" in stayed
    assert "asked to cancel" in stayed
    assert states(rows) == {"A1": "shipped", "A2": "labelled", "A3": "labelled"}


def test_a_parcel_labelled_after_the_page_was_drawn_is_not_handed_over_unseen(desk, make_order, send, rows):
    labelled(desk, make_order, send, "A1")
    page = desk.open("/orders/handover")
    make_order("B1")
    send(desk, "B1", verb="label", number=CJ[3])
    desk.submit(page, "/orders/handover")
    assert states(rows) == {"A1": "shipped", "B1": "labelled"}


def test_a_label_taken_off_meanwhile_is_left_alone(desk, make_order, send, rows, broken):
    labelled(desk, make_order, send, "A1", "A2")
    page = desk.open("/orders/handover")
    desk.submit(desk.open("/orders/A2"), "/orders/A2/unpack")
    desk.submit(page, "/orders/handover", status=200)
    assert states(rows) == {"A1": "shipped", "A2": "voided"}
    assert broken() == {}


def test_a_double_tap_hands_over_once(desk, make_order, send, rows, broken):
    labelled(desk, make_order, send, "A1")
    page = desk.open("/orders/handover")
    for _tap in range(2):
        desk.submit(page, "/orders/handover", status=200)
    assert len(rows("SELECT * FROM event WHERE verb = 'ship'")) == 1
    assert broken() == {}


def test_the_page_masks_people_and_groups_by_carrier(desk, make_order, send):
    labelled(desk, make_order, send, "A1")
    make_order("B1")
    send(desk, "B1", verb="label", carrier="more", more="logen", number="33816734302")
    page = desk.open("/orders/handover")
    assert "김서준" not in page.html
    assert "테헤란로" not in page.html
    assert len(page.all("h2")) == 2
    assert "2 labelled parcels wait" in page.text("main")


def test_nothing_to_hand_over_says_what_to_do(desk):
    assert "No labelled parcel waits" in desk.open("/orders/handover").text("main")
    assert desk.post("/orders/handover", {}).status == 200


def test_text_for_a_parcel_is_left_alone(desk, make_order, send, rows):
    labelled(desk, make_order, send, "A1")
    values = {"parcel-0": "<script>", "parcel-1": "9" * 5000, "parcel-2": "-1", "parcel-" + "9" * 50: "x"}
    desk.post("/orders/handover", values, status=200)
    assert states(rows) == {"A1": "labelled"}


def test_a_packer_hands_over(at_desk, make_order, send, rows):
    carol = at_desk("Carol")
    labelled(carol, make_order, send, "A1")
    carol.fill("/orders/handover", status=200)
    assert states(rows) == {"A1": "shipped"}
