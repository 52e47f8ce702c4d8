"""Letters through a real mail server: one that takes them, refuses half, is slow, dead, or gone after the last word."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest
from mail_server import free_port

from sellerweb.notices import letter, post
from sellerweb.shop import astray, clock, imports, letters, orders, shipments, switches
from sellerweb.shop.audit import audit, is_clean
from sellerweb.shop.incoming import FileIn, LineIn, OrderIn
from sellerweb.shop.shipments import Label

LABEL = Label("cj", "685123400111")


@pytest.fixture
def owe(shop):
    """owe("A1"): a letter to a1@mail.test that may leave now."""

    def do(order_no="A1", **fields):
        told = {"ordered_at": clock.now(), "buyer_email": f"{order_no.lower()}@mail.test", "buyer_name": "김서준"}
        line = LineIn("1", "크라프트 노트", 2, "waiting", total=24_800)
        code = shop.place(order_no, line, **{**told, **fields}).code
        shop.do(orders.pay, code)

    return do


def states(shop):
    return {n.recipient: (n.state, n.why) for n in shop.rows("SELECT * FROM notice ORDER BY id")}


def only(shop):
    [(state, why)] = states(shop).values()
    return state, why


def test_a_letter_arrives(shop, owe, mailbox, deliver):
    owe()
    assert deliver() == 1
    [seen] = mailbox.letters
    assert mailbox.recipients == [["a1@mail.test"]]
    assert seen["Subject"] == "[달빛문구] 결제를 확인했어요 · 주문 A1"
    assert "- 크라프트 노트 × 2\r\n" in seen.get_content()
    row = shop._of("notice", "A1", "id")[0]
    assert (row.state, row.message_id, row.subject) == ("sent", seen["Message-ID"], seen["Subject"])
    assert seen["Message-ID"].endswith("@shop.test>")
    assert "/my/…" in row.body
    assert deliver() == 0


def test_a_server_that_refuses_half(shop, owe, mailbox, deliver, later):
    for name in ("A1", "A2", "A3", "A4"):
        owe(name)
    mailbox.refuses = {"a2@mail.test": "550 no such user", "a3@mail.test": "451 come again"}
    assert deliver() == 4
    assert states(shop) == {
        "a1@mail.test": ("sent", ""),
        "a2@mail.test": ("failed", "smtp_550"),
        "a3@mail.test": ("waiting", "smtp_451"),
        "a4@mail.test": ("sent", ""),
    }
    mailbox.refuses = {}
    later(minutes=1)
    assert deliver() == 1
    assert sorted(r for [r] in mailbox.recipients) == ["a1@mail.test", "a3@mail.test", "a4@mail.test"]


def test_no_for_now_after_the_words_is_tried_again_as_the_same_letter(shop, owe, mailbox, deliver, later):
    owe()
    mailbox.says = "452 full"
    deliver()
    assert only(shop) == ("waiting", "smtp_452")
    first = shop._of("notice", "A1", "id")[0].message_id
    mailbox.says = "250 taken"
    later(minutes=1)
    deliver()
    assert [seen["Message-ID"] for seen in mailbox.letters] == [first]


def test_no_for_good_after_the_words_is_the_end(shop, owe, mailbox, deliver):
    owe()
    mailbox.says = "554 spam"
    deliver()
    assert only(shop) == ("failed", "smtp_554")


def test_a_server_that_hangs_up_after_the_words_leaves_one_unsure_and_no_second_letter(
    shop, owe, mailbox, deliver, later
):
    owe()
    mailbox.hangs_up = True
    deliver()
    assert only(shop) == ("unsure", "no_answer")
    mailbox.hangs_up = False
    later(days=2)
    assert deliver() == 0
    assert len(mailbox.letters) == 1


def test_a_server_too_slow_to_answer_the_words_leaves_one_unsure(shop, owe, mailbox, deliver, context):
    owe()
    context.config["SMTP_TIMEOUT"] = 0.2
    mailbox.holding = True
    deliver()
    assert only(shop) == ("unsure", "no_answer")
    assert len(mailbox.letters) == 1


def test_a_dead_server_costs_a_try(shop, owe, mailbox, deliver, context):
    owe()
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        context.config.update(SMTP_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}", SMTP_TIMEOUT=0.2)
        deliver()
    assert only(shop) == ("waiting", "no_answer")
    context.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    owe("A2")
    deliver()
    assert states(shop)["a2@mail.test"] == ("waiting", "no_answer")


def test_a_password_that_nobody_asks_for_is_our_trouble_and_no_letter_is_lost(shop, owe, mailbox, deliver, context):
    owe()
    context.config["SMTP_URL"] = mailbox.url.replace("//", "//kim:p%40ss@")
    deliver()
    assert only(shop) == ("waiting", "login")


def test_a_letter_that_cannot_be_written_is_shown_and_not_sent(shop, owe, mailbox, deliver):
    owe(buyer_name="", receiver_name="")
    deliver()
    assert only(shop) == ("failed", "empty_placeholder:고객명")
    assert mailbox.letters == []


def test_an_address_that_is_none_fails_before_anybody_is_called(shop, owe, mailbox, deliver):
    owe(buyer_email="a@mail.test,b@mail.test")
    deliver()
    assert only(shop) == ("failed", "no_address")


def test_a_products_name_adds_no_header_and_no_recipient(shop, owe, mailbox, deliver):
    owe()
    shop.sql("UPDATE order_line SET name = '=?utf-8?q?x=0ABcc:_spy@mail.test?='")
    shop.do(shipments.send, "A1", {shop.line().id: 2}, LABEL, hand_over=True)
    shop.sql("UPDATE notice SET not_before = created_at")
    with_name = "[[가게이름]] [상품명] [주문번호]"
    letters.save("shipment_ship", "ko", letters.Words(with_name, "[상품명]", "[상품명]"))
    deliver()
    seen = mailbox.letters[-1]
    assert mailbox.recipients[-1] == ["a1@mail.test"]
    assert "Bcc" not in seen
    assert seen["Subject"] == "[달빛문구] x Bcc: spy@mail.test × 2 A1"


def test_a_hand_over_that_is_taken_back_is_never_announced(shop, owe, mailbox, deliver, later):
    owe()
    deliver()
    shop.do(shipments.send, "A1", {shop.line().id: 2}, LABEL, hand_over=True)
    assert deliver() == 0, "the undo window is open"
    shop.do(shipments.undo, "A1", shop.parcels()[0].id)
    later(minutes=2)
    assert deliver() == 0
    assert shop.notices()[-1] == ("shipment_ship", "suppressed")
    shop.do(shipments.send, "A1", {shop.line().id: 2}, LABEL, hand_over=True)
    later(seconds=31)
    assert deliver() == 1
    assert shop.notices()[-1] == ("shipment_ship", "sent")
    assert is_clean(audit())


def test_a_parcel_that_came_back_meanwhile_is_not_announced(shop, owe, mailbox, deliver, later):
    owe()
    shop.do(shipments.send, "A1", {shop.line().id: 2}, LABEL, hand_over=True)
    shop.do(astray.lose, "A1", shop.parcels()[0].id)
    later(minutes=1)
    deliver()
    ship = next(n for n in shop._of("notice", "A1", "id") if n.letter == "shipment_ship")
    assert (ship.state, ship.why) == ("suppressed", "not_shipped")


def test_the_last_moment_decides(shop, owe, mailbox, deliver, monkeypatch):
    """What happens between the claim and the hand-over counts too."""
    owe()
    write = letter.write

    def and_then(notice):
        switches.turn("mail", False)
        return write(notice)

    monkeypatch.setattr(letter, "write", and_then)
    deliver()
    assert only(shop) == ("suppressed", "off")
    assert mailbox.letters == []


def test_a_bug_of_ours_is_shown_and_says_nothing_of_people(shop, owe, mailbox, deliver, monkeypatch, caplog):
    def stumble(notice):
        raise ZeroDivisionError(notice.recipient)

    owe()
    monkeypatch.setattr(letter, "write", stumble)
    deliver()
    assert only(shop) == ("failed", "broke")
    assert "ZeroDivisionError" in caplog.text
    assert "a1@mail.test" not in caplog.text


def test_a_bug_after_the_words_left_leaves_one_unsure(shop, owe, mailbox, deliver, monkeypatch):
    def stumble(notice, words, hand):
        hand()
        raise ZeroDivisionError

    owe()
    monkeypatch.setitem(post.SEND, "email", stumble)
    deliver()
    assert only(shop) == ("unsure", "broke")


# ── the worker as a process of its own ──


@contextmanager
def worker(settings, mailbox):
    env = {
        **os.environ,
        "SELLERWEB_DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "SELLERWEB_DATA_DIR": str(settings.data_dir),
        "SELLERWEB_SMTP_URL": mailbox.url,
        "SELLERWEB_MAIL_FROM": "orders@shop.test",
        "SELLERWEB_SHOP_NAME": "달빛문구",
        "SELLERWEB_SECRET_KEY": "for tests alone",
    }
    with subprocess.Popen([sys.executable, "-m", "sellerweb", "worker"], env=env) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def until(fact, seconds=20):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "end"),
    [("before", ("sent", "")), ("meanwhile", ("unsure", "worker_died"))],
    ids=["before the words leave", "while they leave"],
)
def test_a_worker_that_is_killed_never_sends_a_letter_twice(shop, owe, mailbox, deliver, later, settings, moment, end):
    owe()
    with worker(settings, mailbox) as process:
        mailbox.holding = moment == "meanwhile"
        setattr(mailbox, moment, lambda: process.send_signal(signal.SIGKILL))
        process.wait(20)
    mailbox.holding = False
    setattr(mailbox, moment, lambda: None)
    assert only(shop) == ("sending", "")
    later(minutes=6)
    deliver()
    assert only(shop) == end
    assert len(mailbox.letters) == 1


@pytest.mark.slow
def test_a_slow_mail_server_keeps_no_file_waiting_and_a_stop_lets_the_letter_end(shop, owe, mailbox, settings):
    owe()
    mailbox.holding = True
    with worker(settings, mailbox) as process:
        until(lambda: mailbox.letters)
        line = LineIn("1", "노트", 1, "new", total=900)
        told = OrderIn("N1", "KRW", [line], ordered_at=clock.now(), address="서울특별시 마포구 1")
        file = imports.receive(FileIn("smartstore", 1, [told]).packed(), "orders.xlsx")
        until(lambda: shop.rows("SELECT state FROM import WHERE id = :id", id=file)[0].state == "done")
        assert only(shop) == ("sending", "")
        process.send_signal(signal.SIGTERM)
        mailbox.holding = False
        assert process.wait(20) == 0
    assert only(shop) == ("sent", "")


@pytest.mark.slow
@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_two_workers_and_a_server_that_hangs_up_now_and_then_send_nothing_twice(shop, owe, mailbox, settings):
    for n in range(8):
        owe(f"N{n}")
    taken = iter(range(1000))

    def now_and_then():
        mailbox.hangs_up = next(taken) % 4 == 3

    mailbox.meanwhile = now_and_then
    with worker(settings, mailbox), worker(settings, mailbox):
        until(lambda: {state for state, _why in states(shop).values()} <= {"sent", "unsure"})
    assert sorted(r for [r] in mailbox.recipients) == sorted(f"n{n}@mail.test" for n in range(8))
    assert [why for state, why in states(shop).values() if state == "unsure"] == ["no_answer"] * 2
    assert is_clean(audit())
