"""Two tabs, a double tap, a page from an hour ago: one effect, and everybody is told what happened."""

import pytest
from page import filled

CJ, CJ_TOO = "622344515213", "585562040256"


def asked(person, htmx, code="A1"):
    return person.open(f"/orders/{code}/ship", htmx=htmx)


def test_a_stale_page_gets_the_fresh_row_and_who_did_what(at_desk, make_order, send, rows, htmx):
    make_order("A1")
    alice, carol = at_desk("Alice"), at_desk("Carol")
    page = asked(alice, htmx)
    send(carol, number=CJ)
    no = send(alice, page=page, number=CJ_TOO, htmx=htmx, status=409)
    said = no.text(".said")
    assert "has changed since your page was drawn" in said
    assert "Carol · Shipped" in said
    assert not no.all("#number-A1")
    assert [s.number for s in rows("SELECT number FROM shipment")] == [CJ]


def test_a_stale_page_says_what_happened_since_and_no_more(at_desk, make_order, send, htmx):
    make_order("A1")
    alice, carol = at_desk("Alice"), at_desk("Carol")
    carol.fill("/orders/A1/hold", reason="first")
    page = alice.open("/orders/A1", htmx=False)
    alice.submit(page, "/orders/A1/release")
    no = alice.submit(page, "/orders/A1/release", htmx=htmx, action_id="another", status=409)
    assert "Released" in no.text(".said")
    assert "Put on hold" not in no.text(".said")


def test_what_was_typed_is_kept_when_the_order_has_only_changed_a_little(at_desk, make_order, send, htmx):
    """A colleague confirmed meanwhile: the number that was typed is not lost."""
    make_order("A1")
    alice, carol = at_desk("Alice"), at_desk("Carol")
    page = asked(alice, htmx)
    carol.submit(carol.open("/orders/A1"), "/orders/A1/confirm")
    no = send(alice, page=page, number=CJ, htmx=htmx, status=409)
    assert "Carol · Confirmed" in no.text(".said")
    assert no.find("#number-A1").get("value") == CJ


def test_a_form_kept_through_a_conflict_ships_at_the_next_try(at_desk, make_order, send, rows, htmx):
    make_order("A1", quantity=3)
    alice, carol = at_desk("Alice"), at_desk("Carol")
    page = asked(alice, htmx)
    carol.submit(carol.open("/orders/A1"), "/orders/A1/confirm")
    no = send(alice, page=page, number=CJ, htmx=htmx, status=409, **{"pieces-0-quantity": "2"})
    send(alice, page=no, htmx=htmx)
    assert rows("SELECT shipped FROM order_line")[0].shipped == 2


def test_a_double_tap_has_one_effect_and_one_answer(desk, make_order, rows, broken, htmx):
    make_order("A1", quantity=2)
    values = {**filled(asked(desk, htmx).form("/orders/A1/ship")), "number": CJ, "pieces-0-quantity": "1"}
    first, second = (desk.post("/orders/A1/ship", values, htmx=htmx) for _tap in range(2))
    assert first.status == second.status == (200 if htmx else 303)
    assert rows("SELECT shipped FROM order_line")[0].shipped == 1
    assert len(rows("SELECT * FROM shipment")) == 1
    if htmx:
        assert first.text(".toast") == second.text(".toast")
        assert second.form("/orders/A1/unship") is not None
    assert broken() == {}


@pytest.mark.parametrize("other", [{"number": CJ_TOO}, {"pieces-0-quantity": "2"}])
def test_one_action_id_for_two_different_forms_is_refused(desk, make_order, rows, other, htmx):
    make_order("A1", quantity=2)
    values = {**filled(asked(desk, htmx).form("/orders/A1/ship")), "number": CJ, "pieces-0-quantity": "1"}
    desk.post("/orders/A1/ship", values, htmx=htmx)
    no = desk.post("/orders/A1/ship", {**values, **other}, htmx=htmx, status=409)
    assert "sent before with other contents" in no.text(".said")
    assert len(rows("SELECT * FROM shipment")) == 1


def test_save_and_ship_of_one_form_are_not_one_action(desk, make_order, rows, htmx):
    make_order("A1")
    values = {**filled(asked(desk, htmx).form("/orders/A1/ship")), "number": CJ}
    desk.post("/orders/A1/label", values, htmx=htmx)
    desk.post("/orders/A1/ship", values, htmx=htmx, status=409)
    assert rows("SELECT state FROM shipment")[0].state == "labelled"


def test_one_action_id_on_two_orders_does_not_hide_the_second(desk, make_order, rows, htmx):
    make_order("A1")
    make_order("A2")
    page = {code: filled(asked(desk, htmx, code).form(f"/orders/{code}/ship")) for code in ("A1", "A2")}
    desk.post("/orders/A1/ship", {**page["A1"], "number": CJ}, htmx=htmx)
    again = {**page["A2"], "number": CJ_TOO, "action_id": page["A1"]["action_id"]}
    desk.post("/orders/A2/ship", again, htmx=htmx, status=409)
    assert len(rows("SELECT * FROM shipment")) == 1


@pytest.mark.parametrize("verb", ["confirm", "hold", "archive"])
def test_a_plain_verb_said_twice_by_one_form_is_done_once(desk, make_order, rows, verb, htmx):
    make_order("A1", state="cancelled" if verb == "archive" else "new")
    page = desk.open("/orders/A1/hold" if verb == "hold" else "/orders/A1")
    values = {**filled(page.form(f"/orders/A1/{verb}")), "reason": "so"}
    for _tap in range(2):
        assert desk.post(f"/orders/A1/{verb}", values, htmx=htmx).status in (200, 303)
    assert len(rows("SELECT * FROM event WHERE verb = :verb", verb=verb)) == 1


@pytest.mark.parametrize("version", ["x", "-1", "9" * 5000, "9" * 17, "", "１"])
def test_a_version_that_nobody_wrote_never_breaks_the_page(desk, make_order, version, htmx):
    make_order("A1")
    values = {**filled(asked(desk, htmx).form("/orders/A1/ship")), "number": CJ, "version": version}
    assert desk.post("/orders/A1/ship", values, htmx=htmx).status in (200, 303, 409, 422)


def test_an_action_id_longer_than_any_changes_nothing(desk, make_order, rows, htmx):
    make_order("A1")
    values = {**filled(asked(desk, htmx).form("/orders/A1/ship")), "number": CJ, "action_id": "x" * 65}
    assert desk.post("/orders/A1/ship", values, htmx=htmx).status in (400, 422)
    assert rows("SELECT * FROM shipment") == []
