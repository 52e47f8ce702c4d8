"""The owner's page about the people at the desk."""

import pytest
from person import PASSWORD, Person


@pytest.fixture
def shown(desk):
    """Adds a person and gives the page with their one-time password."""

    def add(name="Dave", role="packer"):
        return desk.submit(desk.open("/staff"), "/staff", name=name, role=role, status=200)

    return add


def test_an_added_person_can_come_in_with_the_password_that_is_shown(shown, app):
    first = shown().text(".once")
    assert len(first) == 17
    dave = Person(app.test_client(), "Dave")
    assert dave.sign_in(password=first).status == 303


def test_the_one_time_password_is_shown_once(shown, desk):
    first = shown().text(".once")
    assert first not in desk.open("/staff").html
    assert "One-time password" in desk.open("/staff").text(".list")


def test_a_name_that_is_taken_is_refused_and_stays_in_the_form(desk):
    page = desk.submit(desk.open("/staff"), "/staff", name="Bob", role="packer", status=422)
    assert page.text("#name-error").startswith("There is a person of this name already.")
    assert page.find("#name").get("value") == "Bob"


def test_a_person_needs_a_name_and_a_role(desk):
    page = desk.submit(desk.open("/staff"), "/staff", name="", status=422)
    assert page.text("#name-error") == "Type a name."
    assert page.text("#role-error") == "Choose a role."
    desk.post("/staff", {"name": "Eve", "role": "emperor"}, status=422)


def test_a_new_role_signs_the_person_out_and_holds(desk, at_desk, cast):
    carol = at_desk("Carol")
    page = desk.fill(f"/staff/{cast['Carol']}", role="owner")
    assert "Carol is now: Owner." in desk.follow(page).text("#toasts")
    carol.open("/orders", status=303)
    at_desk("Carol").open("/staff")


def test_the_last_owner_stays_owner_and_stays(desk, cast):
    path = f"/staff/{cast['Alice']}"
    page = desk.fill(path, role="packer", status=422)
    assert page.text("#role-error").startswith("This is the only owner.")
    assert "This is the only owner." in desk.submit(desk.open(path), f"{path}/stop", status=409).html
    desk.open("/staff")


def test_who_is_stopped_is_out_at_once_and_cannot_come_back(desk, at_desk, cast, stranger):
    carol, path = at_desk("Carol"), f"/staff/{cast['Carol']}"
    desk.submit(desk.open(path), f"{path}/stop", status=303)
    assert "Stopped" in desk.open("/staff").text(".list")
    carol.open("/orders", status=303)
    assert stranger.sign_in("Carol").status == 422


def test_a_new_one_time_password_replaces_the_old_one_and_brings_back_the_stopped(desk, at_desk, cast, app):
    carol, path = at_desk("Carol"), f"/staff/{cast['Carol']}"
    desk.submit(desk.open(path), f"{path}/stop", status=303)
    first = desk.submit(desk.open(path), f"{path}/password", status=200).text(".once")
    carol.open("/orders", status=303)
    fresh = Person(app.test_client(), "Carol")
    assert fresh.sign_in(password=PASSWORD).status == 422
    assert fresh.sign_in(password=first).status == 303


def test_nobody_resets_their_own_password_here(desk, cast):
    answer = desk.post(f"/staff/{cast['Alice']}/password", {})
    assert answer.headers["Location"] == "/password"


def test_a_person_who_does_not_exist_is_not_found(desk):
    desk.open("/staff/999", status=404)
    desk.post("/staff/999/stop", {}, status=404)
