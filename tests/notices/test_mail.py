"""A message as bytes: what was meant and not a header more, whatever stands in names and words."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sellerweb.notices import mail
from sellerweb.notices.outcomes import Never
from sellerweb.shop.letters import Words

AT = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
HEADERS = [
    "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
    "Auto-Submitted",
]  # fmt: skip
LONG = "달빛문구에서 " * 20


def built(subject="보냈어요", body="안녕하세요", to="kim@mail.test", name="달빛문구"):
    wire = mail.build(
        sender=(name, "orders@shop.test"), to=to, words=Words(subject, body, ""), message_id="<n-1@shop.test>", at=AT
    )
    return message_from_bytes(wire, policy=policy.default)


def test_a_letter_as_its_receiver_reads_it():
    seen = built("상품을 보냈어요 · 주문 A1", "고마워요.\n끝", name='달빛 "문구", 서울')
    assert seen.keys() == HEADERS
    assert seen["Subject"] == "상품을 보냈어요 · 주문 A1"
    assert seen["From"].addresses[0].display_name == '달빛 "문구", 서울'
    assert (seen["To"], seen["Message-ID"], seen["Auto-Submitted"]) == (
        "kim@mail.test", "<n-1@shop.test>", "auto-generated",
    )  # fmt: skip
    assert seen.get_content() == "고마워요.\r\n끝\r\n"


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("=?utf-8?q?hello=0ABcc:_x@y?=", "hello Bcc: x@y"),
        ("노트 =?utf-8?b?QQpCY2M6IHhAeQ==?= 끝", "노트 A Bcc: x@y 끝"),
        ("=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3D0ABcc=3F=3D?=", "a Bcc"),
        ("=?utf-8?q?=0D=0A=0D=0ABody?=", "Body"),
        ("=?nonsense?b?!!?=", ""),
        ("노트\r\nBcc: x@y", "노트 Bcc: x@y"),
        ("노트\x00\x1b[31m\u2028x", "노트[31m x"),
        ("a =? b", "a = ? b"),
    ],
)
def test_a_line_break_hidden_in_a_products_name_stays_in_the_subject(name, read):
    seen = built(subject=f"{name} 보냈어요", name=name)
    assert seen.keys() == HEADERS
    assert seen["Subject"] == f"{read} 보냈어요".strip()
    assert len(seen["To"].addresses) == len(seen["From"].addresses) == 1


def test_a_long_korean_subject_keeps_its_spaces():
    """Python 3.11's own EmailMessage loses them where it folds."""
    assert built(subject=LONG)["Subject"] == " ".join(LONG.split())[:200]


def test_the_wire_is_plain_ascii_in_short_lines():
    wire = mail.build(
        sender=("달빛문구", "orders@shop.test"), to="kim@mail.test", words=Words(LONG, f"{LONG}\n.\n..x\nFrom y", ""),
        message_id="<n-1@shop.test>", at=AT,
    )  # fmt: skip
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 78
    assert b"\n" not in wire.replace(b"\r\n", b"")


@given(st.text(max_size=120), st.text(max_size=200), st.text(max_size=40))
@example("=?utf-8?q?a=0ABcc:_b?=" * 9, "\r\n.\r\nQUIT", '",x@y,"')
@example("=?" * 60, "\ud800\x00", "\n")
def test_whatever_is_written_is_read_as_it_was_meant(subject, body, name):
    seen = built(subject, body, name=name)
    assert seen.keys() == HEADERS
    assert seen["Subject"] == mail.plain(subject)[:200]
    assert [a.addr_spec for a in seen["To"].addresses + seen["From"].addresses] == ["kim@mail.test", "orders@shop.test"]
    assert seen.get_content() == mail.text(body).replace("\n", "\r\n") + "\r\n"


@pytest.mark.parametrize(
    "recipient",
    [
        "", "nobody", "a@x.kr,b@x.kr", "a@x.kr;b@x.kr", "a@x.kr\r\nBcc: b@x.kr", "Kim <a@x.kr>", '"a\r\nb"@x.kr',
        "a@x.kr\x00", "김@x.kr", "a" * 250 + "@x.kr", "a@x.kr>", "<a@x.kr", "@x.kr", "a b@x.kr",
    ],
)  # fmt: skip
def test_what_is_not_exactly_one_address_gets_nothing(recipient):
    with pytest.raises(Never, match="no_address"):
        mail._address(recipient)


@pytest.mark.parametrize(
    ("recipient", "wire"), [("kim@한국.test", "kim@xn--3e0b707e.test"), ("a.b+c@x.kr", "a.b+c@x.kr")]
)
def test_an_address_is_said_as_mail_servers_say_it(recipient, wire):
    assert mail._address(recipient) == wire


def test_a_message_that_would_be_read_otherwise_is_not_sent(monkeypatch):
    """The last fence, should the others have a hole."""
    monkeypatch.setattr(mail, "_said", lambda name, header: "Bcc" if name == "Subject" else str(header))
    with pytest.raises(Never, match="unsafe_words"):
        built()
