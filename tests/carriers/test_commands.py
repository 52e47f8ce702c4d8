"""Facts about `sellerweb carriers`: what it prints, where, and how it exits."""

import json

import pytest
from click.testing import CliRunner

from sellerweb.carriers.commands import carriers


@pytest.fixture
def run():
    def run(*args, given=None):
        return CliRunner().invoke(carriers, args, input=given, catch_exceptions=False)

    return run


def test_check_accepts_and_exits_0(run):
    done = run("check", "cj", "6329-7661-5493", "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert list(answer) == ["outcome", "number", "why", "link"]
    assert answer["outcome"] == "accept"
    assert answer["number"] == "632976615493"
    assert answer["why"] == ""
    assert answer["link"].endswith("gnbInvcNo=632976615493")


def test_check_warns_and_exits_0(run):
    done = run("check", "fedex", "5096672442", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["outcome"] == "warn"


def test_check_refuses_and_exits_1(run):
    done = run("check", "cj", "632976615494", "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 1
    assert answer["outcome"] == "reject"
    assert answer["why"].startswith("The last digit does not fit.")
    assert answer["link"] == ""


def test_check_tells_people_why_on_stderr(run):
    done = run("check", "nobody", "632976615494")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "Choose a carrier" in done.stderr


def test_check_prints_the_link_for_people(run):
    done = run("check", "cj", "632976615493")
    assert done.stdout.splitlines()[0] == "accept 632976615493"
    assert done.stdout.splitlines()[1].startswith("https://")


def test_check_keeps_korean_readable(run):
    assert "오전10시상차" in run("check", "cj", "오전10시상차", "--json").stdout


@pytest.mark.parametrize("args", [["check"], ["check", "cj"], ["check", "-", "1"], ["guess"], ["lose"]])
def test_wrong_usage_exits_2(run, args):
    done = run(*args)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_check_reads_lines_and_answers_each_with_one_line(run):
    lines = [
        b"cj\t632976615493",
        b"cj\t632976615494\r",
        b"no tab here",
        b"",
        b"nobody\t1234",
        b"cj\t",
        b"direct\t",
        b"cj\t\xff\xfe\x80",
        "cj\t오전10시상차".encode(),
        b"usps\t420193809261290336128704280838",
    ]
    done = run("check", "-", given=b"\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert done.stderr == ""
    assert [answer["outcome"] for answer in answers] == [
        *("accept", "reject", "reject", "reject", "reject"),
        *("reject", "accept", "reject", "reject", "accept"),
    ]
    assert all(set(answer) == {"outcome", "number", "why", "link"} for answer in answers)
    assert answers[-1]["number"] == "9261290336128704280838"
    assert all(answer["why"] for answer in answers if answer["outcome"] == "reject")


def test_check_reads_past_a_byte_order_mark(run):
    done = run("check", "-", given="\ufeffcj\t632976615493\n".encode())
    assert json.loads(done.stdout)["outcome"] == "accept"


def test_check_reads_nothing_and_says_nothing(run):
    done = run("check", "-", given=b"")
    assert (done.exit_code, done.stdout) == (0, "")


def test_check_survives_an_argument_that_is_no_text(run):
    assert run("check", "cj", "12\udcff", "--json").exit_code == 1


def test_guess_prints_candidates_and_the_choice(run):
    assert json.loads(run("guess", "680405450931", "--json").stdout) == {
        "candidates": [{"carrier": "cj", "strength": "check"}, {"carrier": "cu_post", "strength": "weak"}],
        "preselect": "cj",
    }


def test_guess_takes_a_country(run):
    answer = json.loads(run("guess", "271012047736", "--country", "JP", "--json").stdout)
    assert answer["preselect"] is None
    assert [each["carrier"] for each in answer["candidates"]] == ["japanpost", "sagawa", "yamato"]


def test_guess_without_an_idea_is_an_empty_list(run):
    done = run("guess", "오전10시상차", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"candidates": [], "preselect": None}


def test_guess_marks_the_choice_for_people(run):
    assert run("guess", "680405450931").stdout.splitlines() == ["cj check *", "cu_post weak"]


@pytest.mark.parametrize("args", [["--help"], ["check", "--help"], ["guess", "--help"]])
def test_help_is_there(run, args):
    assert run(*args).exit_code == 0
