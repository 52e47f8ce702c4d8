"""The mailbox, read from a small server on loopback: what is new comes in, nothing is changed there, and a bad day is survived."""

import pytest
from imap_server import Mailbox
from sqlalchemy import text

from sellerweb import config, mailbox
from sellerweb.shop.db import reader


@pytest.fixture
def box(context):
    running = Mailbox()
    context.config["IMAP_URL"] = running.url
    yield running
    running.close()


def mail(n: int, words: str = "When?", **more: str) -> bytes:
    head = {"From": f"Kim {n} <kim{n}@example.kr>", "Message-ID": f"<{n}@kim>", "Subject": f"Mail {n}", **more}
    return ("".join(f"{k}: {v}\r\n" for k, v in head.items()) + "\r\n" + words).encode()


def said() -> list[str]:
    with reader().connect() as conn:
        return list(conn.scalars(text("SELECT words FROM message ORDER BY id")))


def test_what_is_new_comes_in_once(box):
    box.mails = [mail(1), mail(2)]
    assert mailbox.look() == 2
    assert mailbox.look() == 0
    box.mails.append(mail(3, "Where?"))
    assert mailbox.look() == 1
    assert said() == ["Mail 1\n\nWhen?", "Mail 2\n\nWhen?", "Mail 3\n\nWhere?"]


def test_nothing_is_changed_in_the_mailbox(box):
    box.mails = [mail(1)]
    mailbox.look()
    verbs = {command.removeprefix("UID ").split()[0] for command in box.commands}
    assert verbs <= {"CAPABILITY", "LOGIN", "EXAMINE", "STATUS", "SEARCH", "FETCH", "LOGOUT", "NOOP"}
    assert all("PEEK" in command for command in box.commands if "FETCH" in command)


def test_a_mailbox_that_was_made_anew_brings_nothing_twice(box):
    box.mails = [mail(1), mail(2)]
    mailbox.look()
    box.valid, box.mails = 8, [mail(2), mail(3)]
    assert mailbox.look() == 1
    assert len(said()) == 3


def test_an_empty_mailbox_is_begun_at_its_end(box):
    assert mailbox.look() == 0
    box.mails = [mail(1)]
    assert mailbox.look() == 1


def test_a_mail_of_a_machine_is_passed_by_and_a_huge_one_cut(box):
    box.mails = [mail(1, **{"Auto-Submitted": "auto-replied"}), mail(2, "x" * 3_000_000), mail(3)]
    assert mailbox.look() == 2
    assert [len(words) for words in said()] == [4000, len("Mail 3\n\nWhen?")]


def test_a_mail_with_broken_headers_comes_in_and_holds_up_none(box):
    broken = "=?utf-8?b?A?="
    box.mails = [mail(1, Subject=broken), mail(2, **{"From": f"{broken} <kim2@example.kr>"}), mail(3)]
    assert mailbox.look() == 3
    assert said()[0] == f"{broken}\n\nWhen?"


def test_a_server_that_refuses_or_is_away_is_said_without_its_password(box, caplog):
    box.refuses = True
    assert mailbox.look() == 0
    box.close()
    assert mailbox.look() == 0
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text
    box.close = lambda: None


def test_a_server_that_does_not_say_its_numbers_is_one_that_cannot_be_read(box, monkeypatch, caplog):
    answers = box.answers
    short = [b'* STATUS "INBOX" (MESSAGES 0)']
    monkeypatch.setattr(box, "answers", lambda said: short if said.startswith("STATUS") else answers(said))
    assert mailbox.look() == 0
    assert "cannot be read (KeyError)" in caplog.text


def test_without_a_mailbox_nothing_is_asked(context):
    assert mailbox.look() == 0


@pytest.mark.parametrize("url", ["http://a:b@c", "imaps://", "imaps://host/INBOX", "imaps://a:b@c:0"])
def test_an_address_that_is_none_is_refused_without_its_password(tmp_path, url):
    with pytest.raises(config.BadSetting, match="SELLERWEB_IMAP_URL") as no:
        config.read({"SELLERWEB_DATA_DIR": str(tmp_path), "SELLERWEB_IMAP_URL": url})
    assert "a:b" not in str(no.value)
