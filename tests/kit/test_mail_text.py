"""A mail as text: who and what in any charset; machines are told apart; what is hostile becomes harmless words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerweb.kit import mail_text


def mail(body: bytes = b"hello", **headers: str) -> bytes:
    known = {"From": "Kim <kim@example.kr>", "Message_ID": "<1@kim>", "Subject": "Hi", **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in known.items() if value)
    return lines.encode() + b"\r\n" + body


def test_who_wrote_what_is_read():
    it = mail_text.read(
        mail(
            "언제 오나요?".encode("cp949"),
            From="=?euc-kr?B?sei8rcHY?= <Kim@Example.KR>",
            Content_Type="text/plain; charset=euc-kr",
        )
    )
    assert (it.name, it.address, it.subject, it.words, it.machine) == (
        "김서준",
        "kim@example.kr",
        "Hi",
        "언제 오나요?",
        False,
    )
    assert it.key == mail_text.digest("<1@kim>")


def test_an_answer_is_told_without_what_it_quotes():
    words = b"When?\r\n\r\nOn Mon, 1 Jan 2026 at 10:00, Shop <a@b.kr> wrote:\r\n> Hello\r\n> Bye\r\n"
    it = mail_text.read(mail(words, In_Reply_To="<7@shop>", References="<6@shop> <7@shop>"))
    assert it.words == "When?"
    assert set(it.answers) == {mail_text.digest("<6@shop>"), mail_text.digest("<7@shop>")}


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}, {"List_Id": "<x.y>"},
        {"Return_Path": "<>"}, {"From": "MAILER-DAEMON@example.kr"}, {"From": "no-reply@example.kr"},
        {"Content_Type": "multipart/report; boundary=x"},
    ],
)  # fmt: skip
def test_a_machine_is_told_from_a_person(headers):
    assert mail_text.read(mail(**headers)).machine


def test_a_person_who_says_so_is_none():
    assert not mail_text.read(mail(Auto_Submitted="no")).machine


def test_markup_becomes_words_and_scripts_nothing():
    page = b"<style>p{}</style><p>Hello <b>you</b><br>there</p><script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;"
    it = mail_text.read(mail(page, Content_Type="text/html"))
    assert it.words == "Hello you\nthere\n<b>"


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?B?SGkNCkJjYzogZXZpbEB4Lmty?=",
        "=?utf-8?q?Hi=0D=0ABcc:_evil@x.kr?=",
        "Hi\r\n Bcc: evil@x.kr",
        "=?x?y?z?=",
    ],
)
def test_a_subject_is_one_line(subject):
    assert "\n" not in mail_text.read(mail(Subject=subject)).subject
    assert "\r" not in mail_text.read(mail(Subject=subject)).subject


def test_a_name_with_hidden_lines_is_one_line_and_no_address_is_none():
    it = mail_text.read(mail(From="=?utf-8?B?S2ltDQpYOiB5?= <kim@example.kr>"))
    assert (it.name, it.address) == ("Kim X: y", "kim@example.kr")
    for odd in ("nobody", "", "<a@b@c>", "a b@c.kr", "@", "kim@example.kr\u202e"):
        assert "\n" not in mail_text.read(mail(From=odd)).address


def test_a_charset_that_is_none_is_guessed():
    assert (
        mail_text.read(mail("안녕하세요".encode(), Content_Type="text/plain; charset=x-nonsense")).words == "안녕하세요"
    )
    assert mail_text.read(mail(b"\xff\xfe\xff", Content_Type="text/plain; charset=utf-8")).words is not None


def test_ten_megabytes_and_a_thousand_boxes_in_boxes_are_over_soon():
    began = time.process_time()
    it = mail_text.read(mail(b"<p>word</p>" * 1_000_000, Content_Type="text/html"))
    assert (len(it.words) <= mail_text.LONGEST, it.cut) == (True, True)
    boxes = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000))
    it = mail_text.read(b"From: kim@example.kr\r\n" + boxes + b"\r\nhi")
    assert it.address == "kim@example.kr"
    deep = mail_text.read(mail(b'<div class="<a>">' * 11_000 + b"hi", Content_Type="text/html"))
    assert deep.words.endswith("hi")
    assert time.process_time() - began < 5


def test_other_files_stay_where_they_are():
    parts = b"--x\r\nContent-Type: text/plain\r\n\r\nlook\r\n--x\r\nContent-Type: image/png\r\n\r\n1\r\n--x\r\nContent-Disposition: attachment\r\n\r\n2\r\n--x--"
    it = mail_text.read(mail(parts, Content_Type="multipart/mixed; boundary=x"))
    assert (it.words, it.left_out) == ("look", 2)


@given(
    st.binary(max_size=2000),
    st.sampled_from([b"", b"From: a@b.kr\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"]),
)
def test_whatever_comes_is_bounded_text(noise, before):
    it = mail_text.read(before + noise)
    assert len(it.words) <= mail_text.LONGEST
    assert len(it.key) == 64
    assert not any(c in it.words for c in "\0\r\x1b")
    (it.words + it.subject + it.name).encode()
