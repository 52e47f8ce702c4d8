"""People, passwords, tries and sessions, without a browser."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from person import PASSWORD
from sqlalchemy import func, select

from sellerweb.shop import clock, passwords, staff
from sellerweb.shop.db import forget, read
from sellerweb.shop.models import SignInFailure, Staff, StaffSession
from sellerweb.shop.refused import Refused

NEW = "three quiet herons fly"
HERE = "203.0.113.9"

pytestmark = pytest.mark.usefixtures("context", "cast")


@pytest.fixture
def later(monkeypatch):
    """later(minutes=15): the clock goes on."""
    passed = [timedelta(0)]
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + passed[0])

    def on(**span):
        passed[0] += timedelta(**span)

    return on


def test_a_token_opens_and_only_its_hash_is_kept():
    token = staff.sign_in("Carol", PASSWORD, HERE)
    carol = staff.by_token(token)
    assert (carol.name, carol.role, carol.active) == ("Carol", "packer", True)
    assert token not in read().scalars(select(StaffSession.key)).all()
    assert staff.by_token(token + "x") is None


def test_a_name_is_found_however_it_was_composed():
    first = staff.add("김서준", "packer")
    assert staff.sign_in(" 김서준", first, HERE)  # as a Mac composes it


@pytest.mark.parametrize("name", ["", "Mallory", "Carol\0x", "' OR 1=1 --", "x" * 5_000])
def test_unknown_names_are_refused_like_wrong_passwords(name):
    with pytest.raises(Refused) as unknown:
        staff.sign_in(name, PASSWORD, HERE)
    with pytest.raises(Refused) as wrong:
        staff.sign_in("Carol", "wrong", HERE)
    assert str(unknown.value.why) == str(wrong.value.why)


def test_an_unknown_name_costs_as_much_as_a_known_one(monkeypatch):
    asked = []
    monkeypatch.setattr(
        passwords, "_HASHER", type("Counting", (), {"verify": lambda _s, h, p: asked.append(h) or False})()
    )
    for name in ("Carol", "Mallory"):
        with pytest.raises(Refused):
            staff.sign_in(name, "x" * 300 if name == "Carol" else "wrong", HERE)
    assert len(asked) == 2


def test_passwords_are_exact():
    staff.change_password(staff.people()[0].id, PASSWORD, "crane 🕊 paper\0moon ")
    name = staff.people()[0].name
    for near in ("crane 🕊 paper\0moon", "crane 🕊 paper", "Crane 🕊 paper\0moon "):
        with pytest.raises(Refused):
            staff.sign_in(name, near, HERE)
    assert staff.sign_in(name, "crane 🕊 paper\0moon ", HERE)


def test_five_wrong_tries_close_a_name_for_a_quarter_of_an_hour(later):
    for _ in range(5):
        with pytest.raises(Refused, match="wrong"):
            staff.sign_in("Carol", "wrong", HERE)
    later(minutes=5)
    with pytest.raises(staff.Throttled) as closed:
        staff.sign_in("Carol", PASSWORD, "198.51.100.1")
    assert timedelta(minutes=9) < closed.value.wait <= timedelta(minutes=10)
    assert staff.sign_in("Bob", PASSWORD, HERE)
    later(minutes=10)
    assert staff.sign_in("Carol", PASSWORD, HERE)


def test_a_closed_name_answers_alike_when_nobody_bears_it():
    for _ in range(5):
        with pytest.raises(Refused):
            staff.sign_in("Mallory", "wrong", HERE)
    with pytest.raises(staff.Throttled):
        staff.sign_in("Mallory", "wrong", "198.51.100.1")


def test_twenty_wrong_tries_close_an_address(later):
    for n in range(20):
        with pytest.raises(Refused):
            staff.sign_in(f"guess {n}", "wrong", HERE)
    with pytest.raises(staff.Throttled):
        staff.sign_in("Carol", PASSWORD, HERE)
    assert staff.sign_in("Carol", PASSWORD, "198.51.100.1")
    later(minutes=15)
    assert staff.sign_in("Carol", PASSWORD, HERE)


def test_a_right_password_clears_the_name_and_buys_the_address_nothing():
    for n in range(10):
        with pytest.raises(Refused):
            staff.sign_in(f"guess {n}", "wrong", HERE)
    staff.sign_in("Carol", PASSWORD, HERE)
    forget()
    assert read().scalar(select(func.count()).select_from(SignInFailure)) == 20


@pytest.mark.both
def test_tries_at_the_same_moment_are_all_counted(app):
    def guess(_):
        with app.app_context():
            try:
                staff.sign_in("Carol", "wrong", HERE)
            except staff.Throttled:
                return "closed"
            except Refused:
                return "wrong"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))
    assert answers.count("wrong") == 5


def test_old_sessions_and_failures_are_swept(later):
    staff.sign_in("Carol", PASSWORD, HERE)
    with pytest.raises(Refused):
        staff.sign_in("Bob", "wrong", HERE)
    later(days=2)
    staff.sign_in("Bob", PASSWORD, HERE)
    forget()
    assert read().scalar(select(func.count()).select_from(StaffSession)) == 1
    assert read().scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_a_session_lasts_sixteen_hours_and_no_longer(later):
    token = staff.sign_in("Carol", PASSWORD, HERE)
    later(hours=15, minutes=59)
    assert staff.by_token(token)
    later(minutes=1)
    assert staff.by_token(token) is None


def test_signing_out_ends_this_session_alone():
    here, there = (staff.sign_in("Carol", PASSWORD, HERE) for _ in range(2))
    staff.end_session(here)
    assert staff.by_token(here) is None
    assert staff.by_token(there)


def test_every_change_that_matters_ends_every_session(cast):
    carol = cast["Carol"]
    for password, change in (
        (PASSWORD, lambda: staff.set_role(carol, "manager")),
        (PASSWORD, lambda: staff.change_password(carol, PASSWORD, NEW)),
        (NEW, lambda: staff.deactivate(carol)),
    ):
        token = staff.sign_in("Carol", password, HERE)
        change()
        forget()
        assert staff.by_token(token) is None


def test_guessing_the_present_password_at_a_signed_in_browser_is_throttled(cast):
    for _ in range(5):
        with pytest.raises(Refused, match="present"):
            staff.change_password(cast["Carol"], "wrong", NEW)
    with pytest.raises(staff.Throttled):
        staff.change_password(cast["Carol"], PASSWORD, NEW)


def test_nobody_skips_the_present_password_without_a_one_time_one(cast):
    with pytest.raises(Refused, match="present"):
        staff.change_password(cast["Carol"], None, NEW)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("elevenchars", False),
        ("twelve chars", True),
        ("x7" + "hk3mq9" * 42 + "ab", True),
        ("x7" + "hk3mq9" * 42 + "abc", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("qwertyuiop1234", False),
        ("Passw0rd!2026!", False),
        ("ＰＡＳＳＷＯＲＤ１２３４", False),
        ("비밀번호1234비밀번호", False),
        ("달빛문구달빛문구2026", False),
        ("carol carol 2026", False),
        ("강아지가 일곱 마리", False),
        ("강아지가 일곱 마리 산다", True),
    ],
)
def test_which_passwords_will_do(password, good):
    assert passwords.SHORTEST >= 12
    if good:
        passwords.accept(password, ("Carol", "달빛문구"))
    else:
        with pytest.raises(Refused):
            passwords.accept(password, ("Carol", "달빛문구"))


def test_one_time_passwords_can_be_read_aloud_and_not_be_guessed():
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    assert all(len(p) == 17 and not set(p) & set("01ilo") for p in made)
    assert len(passwords._LETTERS) ** 15 > 2**70


def test_what_is_kept_is_argon2id_at_its_defaults():
    plain = PasswordHasher()
    assert (plain.time_cost, plain.memory_cost, plain.parallelism) == (3, 65_536, 4)
    assert staff.passwords.keep("x").startswith("$argon2id$")


def test_a_password_kept_with_weaker_settings_is_kept_anew(monkeypatch):
    stronger = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", stronger)
    staff.sign_in("Carol", PASSWORD, HERE)
    forget()
    assert "t=2" in read().scalar(select(Staff.password).where(Staff.name == "Carol"))


@pytest.mark.both
def test_two_owners_cannot_remove_each_other_at_the_same_moment(app, cast):
    staff.set_role(cast["Bob"], "owner")

    def remove(name):
        with app.app_context():
            try:
                staff.deactivate(cast[name])
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, ["Alice", "Bob"])) == [False, True]
    forget()
    assert sum(p.active and p.role == "owner" for p in staff.people()) == 1


def test_a_name_is_given_once_and_stays_with_its_history(cast):
    with pytest.raises(Refused) as taken:
        staff.add("Carol ", "packer")
    assert taken.value.field == "name"
    with pytest.raises(Refused):
        staff.add("x" * 61, "packer")
    with pytest.raises(Refused):
        staff.add("Eve", "emperor")


def test_changing_somebody_who_is_not_there_is_refused():
    with pytest.raises(Refused):
        staff.set_language(999, "ko")
