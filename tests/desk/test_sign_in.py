"""Signing in and out, and what people change about themselves."""

import pytest
from page import filled
from person import PASSWORD, Person
from sqlalchemy import select

from sellerweb.shop import staff
from sellerweb.shop.db import read
from sellerweb.shop.models import Staff, StaffSession

NEW = "three quiet herons fly"


def test_it_lets_a_person_in_and_greets_them_by_name(stranger):
    page = stranger.follow(stranger.sign_in("Carol"))
    assert "Carol" in page.text(".top")


def test_it_comes_back_to_where_the_person_wanted_to_go(stranger):
    sent = stranger.open("/moves", status=303)
    page = stranger.open(sent.headers["Location"])
    answer = stranger.submit(page, "/sign-in", name="Carol", password=PASSWORD)
    assert answer.headers["Location"] == "/moves"


@pytest.mark.parametrize(
    "where",
    ["//evil.example", "/\\evil.example", "https://evil.example", "https:evil.example", "\\evil", "/\nx", "evil"],
)
def test_it_never_sends_people_elsewhere(stranger, where):
    page = stranger.open("/sign-in")
    answer = stranger.submit(page, "/sign-in", name="Carol", password=PASSWORD, next=where)
    assert answer.headers["Location"] == "/orders"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(stranger):
    wrong = stranger.sign_in("Carol", "not the password")
    unknown = stranger.sign_in("Mallory", "not the password")
    assert wrong.status == unknown.status == 422
    assert wrong.text("#password-error") == unknown.text("#password-error") == "Name or password is wrong."


def test_the_typed_name_stays_and_the_password_does_not(stranger):
    page = stranger.sign_in("Carol", "not the password")
    assert page.find("#name").get("value") == "Carol"
    assert not page.find("#password").get("value")
    assert page.find("#password").get("aria-invalid") == "true"


def test_the_sixth_wrong_try_is_told_to_wait(stranger):
    for _ in range(5):
        stranger.sign_in("Carol", "not the password")
    page = stranger.sign_in("Carol")
    assert page.status == 422
    assert page.text("#password-error") == "Too many wrong tries. Please wait 15 minutes."


def test_signing_in_makes_the_cookie_anew(stranger):
    stranger.open("/sign-in")
    before = stranger.client.get_cookie("sellerweb").value
    stranger.sign_in("Carol")
    assert stranger.client.get_cookie("sellerweb").value != before


def test_a_cookie_from_before_signing_out_is_dead(desk, app):
    old = desk.client.get_cookie("sellerweb").value
    desk.submit(desk.open("/orders"), "/sign-out")
    thief = app.test_client()
    thief.set_cookie("sellerweb", old)
    Person(thief).open("/orders", status=303)


def test_the_cookie_holds_no_key_that_the_database_shows(desk, app):
    with app.app_context():
        key = read().scalar(select(StaffSession.key))
    assert key not in desk.client.get_cookie("sellerweb").value


def test_a_session_ends_after_sixteen_hours(desk, monkeypatch):
    later = staff.clock.now() + staff.SESSION
    monkeypatch.setattr(staff.clock, "now", lambda: later)
    desk.open("/orders", status=303)


def test_who_has_a_one_time_password_can_only_change_it(app, stranger):
    with app.app_context():
        first = staff.add("Dave", "packer")
    stranger.sign_in("Dave", first)
    sent = stranger.open("/orders", status=303)
    assert sent.headers["Location"].startswith("/password")
    page = stranger.open(sent.headers["Location"])
    assert not page.all("#old")
    answer = stranger.submit(page, "/password", new=NEW, again=NEW)
    assert answer.headers["Location"] == "/orders"
    assert "Your password was changed" in stranger.follow(answer).text("#toasts")


def test_changing_a_password_asks_for_the_present_one(desk):
    page = desk.fill("/password", status=422, old="not this", new=NEW, again=NEW)
    assert page.text("#old-error") == "This is not your present password."


def test_changing_a_password_signs_other_browsers_out_and_keeps_this_one(at_desk):
    here, there = at_desk("Carol"), at_desk("Carol")
    assert here.fill("/password", old=PASSWORD, new=NEW, again=NEW).status == 303
    here.open("/orders")
    there.open("/orders", status=303)


@pytest.mark.parametrize(
    ("new", "again", "field", "why"),
    [
        ("short", "short", "new", "Use 12 characters or more."),
        ("password1234", "password1234", "new", "This is easy to guess."),
        ("alice alice alice", "alice alice alice", "new", "This is easy to guess."),
        (NEW, NEW + "s", "again", "This is not the same."),
        (PASSWORD, PASSWORD, "new", "This is your present password."),
    ],
)
def test_a_poor_password_is_refused_at_its_field(desk, new, again, field, why):
    page = desk.fill("/password", status=422, old=PASSWORD, new=new, again=again)
    assert page.text(f"#{field}-error").startswith(why)


def test_a_chosen_language_holds_before_and_after_signing_in(stranger):
    page = stranger.open("/sign-in")
    stranger.submit(page, "/language", language="ja")
    assert stranger.open("/sign-in").find("html").get("lang") == "ja"
    stranger.sign_in("Carol")
    assert stranger.open("/moves").find("html").get("lang") == "ja"


def test_a_persons_language_goes_with_the_person(at_desk):
    carol = at_desk("Carol")
    carol.submit(carol.open("/moves"), "/language", language="ko")
    assert at_desk("Carol").open("/moves").find("html").get("lang") == "ko"


def test_an_unknown_language_changes_nothing(desk):
    desk.post("/language", {"language": "xx"}, status=303)
    assert desk.open("/moves").find("html").get("lang") == "en"


def test_junk_in_accept_language_is_the_shops_language(stranger):
    assert stranger.open("/sign-in", Accept_Language="xx-??;q=zz, *").find("html").get("lang") == "en"
    assert stranger.open("/sign-in", Accept_Language="fr, ja-JP;q=0.8").find("html").get("lang") == "ja"


def test_sound_is_switched_on_and_off_where_the_person_is(desk, app):
    answer = desk.submit(desk.open("/moves"), "/sound")
    assert answer.headers["Location"] == "/moves"
    assert desk.open("/moves").find("body").get("data-sound") is not None
    desk.submit(desk.open("/moves"), "/sound")
    assert desk.open("/moves").find("body").get("data-sound") is None
    with app.app_context():
        assert not read().scalar(select(Staff.sound).where(Staff.name == "Alice"))


def signed_out(desk, htmx, **headers):
    desk.post("/sign-out", {}, status=303)
    said = {"words": "내일 보내\n드릴게요 <b>", "version": "3", "action_id": "k1"}
    return desk.post("/threads/7/reply", said, htmx=htmx, **headers)


def test_what_was_typed_by_somebody_signed_out_goes_through_the_sign_in(desk, htmx):
    page = signed_out(desk, htmx, Sec_Fetch_Site="same-origin")
    assert (page.status, page.headers.get("HX-Retarget")) == (403, "body" if htmx else None)
    page = desk.submit(page, "/sign-in", name="Alice", password="wrong", status=422)
    page = desk.submit(page, "/sign-in", name="Alice", password=PASSWORD, status=200)
    sent = filled(page.form("/threads/7/reply"))
    assert (sent["words"], sent["version"], sent["action_id"]) == (["내일 보내\n드릴게요 <b>"], ["3"], ["k1"])
    assert desk.submit(page, "/threads/7/reply").status == 404  # the form is let in: only that thread is not there


def test_another_sites_words_do_not_go_through_the_sign_in(desk):
    assert signed_out(desk, False).status == 303


@pytest.mark.parametrize("kept", ["x", "[]", "[1, 2]", '["//evil.example", [["words", "x"]]]', "[" * 20_000])
def test_words_that_nobody_kept_are_not_asked_about(stranger, cast, kept):
    page = stranger.post("/sign-in", {"name": "Alice", "password": PASSWORD, "kept": kept}, status=303)
    assert page.headers["Location"] == "/orders"
