"""Handing a letter to a mail server: the message as bytes, and the conversation. Knows no orders; decides nothing.

Nobody can be told twice by accident: `hand` commits that the words leave just before they do, and a server that goes
silent after them leaves it open.
"""

import re
import smtplib
import ssl
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.header import Header, decode_header
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from flask import current_app

from sellerweb.notices.outcomes import Later, Never, Unsure
from sellerweb.shop.letters import Words

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
LONGEST_SUBJECT = 200
SPECIAL_USE_DOMAIN_NAMES.clear()  # which domains there are is the mail server's to know
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=")
_WIRE = policy.compat32.clone(linesep="\r\n")


def send(notice: Any, words: Words, hand: Callable[..., None]) -> None:
    """Hand the words to the mail server for the notice's one recipient; raises what became of it instead of being taken."""
    to, sender = _address(notice.recipient), parseaddr(current_app.config["MAIL_FROM"])
    domain = sender[1].rpartition("@")[2]
    message_id = notice.message_id or f"<notice-{notice.id}.{int(notice.created_at.timestamp())}@{domain[:60]}>"
    message = build(
        sender=(sender[0] or current_app.config["SHOP_NAME"], sender[1]),
        to=to,
        words=words,
        message_id=message_id,
        at=notice.created_at,
    )
    with _server(domain) as server:
        _expect(250, server.mail(sender[1]))
        _expect(250, server.rcpt(to))
        hand(message_id=message_id)
        _expect(354, server.docmd("DATA"))
        try:
            server.send(re.sub(rb"(?m)^\.", b"..", message) + b".\r\n")
            answer = server.getreply()
        except OSError as silence:
            raise Unsure("no_answer") from silence
        if answer[0] < 0:
            raise Unsure("no_answer")
        _expect(250, answer)


def build(*, sender: tuple[str, str], to: str, words: Words, message_id: str, at: Any) -> bytes:
    """The message, read back and compared: what a receiver sees is what was meant, and not a header more.

    Not `EmailMessage`: in Python 3.11 it takes a line break out of an encoded word into a header of its own
    (CVE-2024-6923), and loses spaces where it folds a long Korean subject.
    """
    subject, body = plain(words.subject)[:LONGEST_SUBJECT], text(words.body).replace("\n", "\r\n") + "\r\n"
    message = MIMEText(body, "plain", "utf-8")
    message["Subject"] = Header(subject, "us-ascii" if _simple(subject) else "utf-8", header_name="Subject")  # type: ignore[assignment]
    message["From"] = formataddr((plain(sender[0]), sender[1]), "utf-8")
    message["To"] = to
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    wire = message.as_bytes(policy=_WIRE)
    seen = message_from_bytes(wire, policy=policy.default)
    meant = [*_MIME, ("Subject", subject), ("From", sender[1]), ("To", to), ("Date", format_datetime(at))]
    meant += [("Message-ID", message_id), ("Auto-Submitted", "auto-generated")]
    found = [(name, _said(name, header)) for name, header in seen.items()]
    if found != meant or seen.get_content() != body or seen.defects:
        raise Never("unsafe_words")
    return wire


def plain(words: str) -> str:
    """One line with nothing hidden in it: encoded words are decoded, as some reader on the way may do, then cleaned."""
    for _ in range(8):
        decoded = _ENCODED_WORD.sub(_decoded, words)
        if decoded == words:
            break
        words = decoded
    return " ".join(text(words).replace("=?", "= ?").split())


def text(words: str) -> str:
    """Text without control characters but its line breaks."""
    words = re.sub("\r\n?|[\u2028\u2029\u0085\v\f]", "\n", words)
    return "".join(c for c in words if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


_MIME = [
    ("Content-Type", 'text/plain; charset="utf-8"'),
    ("MIME-Version", "1.0"),
    ("Content-Transfer-Encoding", "base64"),
]


def _said(name: str, header: Any) -> str:
    """A header as a receiver reads it; of addresses, the addresses alone."""
    return ",".join(a.addr_spec for a in header.addresses) if name in ("From", "To") else str(header)


def _decoded(word: re.Match[str]) -> str:
    try:
        [(part, charset)] = decode_header(word[0])
        return part if isinstance(part, str) else part.decode(charset or "ascii", "replace")
    except (ValueError, LookupError):
        return ""  # nobody can read it


def _simple(subject: str) -> bool:
    return subject.isascii() and "=?" not in subject


def _address(recipient: str) -> str:
    """Exactly one address, as a mail server takes it; Never for anything else."""
    try:
        found = validate_email(recipient, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False)
    except EmailNotValidError as odd:
        raise Never("no_address") from odd
    return str(found.ascii_email)


@contextmanager
def _server(domain: str) -> Iterator[smtplib.SMTP]:
    """A conversation with the mail server of the settings, its certificate verified. What goes wrong before is Later."""
    url, patience = urlsplit(current_app.config["SMTP_URL"]), current_app.config["SMTP_TIMEOUT"]
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    try:
        # local_hostname: else smtplib asks the name service who we are, and may wait long for it.
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, domain, timeout=patience, context=_verified())
        else:
            server = smtplib.SMTP(host, port, domain, timeout=patience)
        try:
            server.ehlo_or_helo_if_needed()
            if url.scheme == "smtp+starttls":
                server.starttls(context=_verified())
                server.ehlo()
            if url.username:
                _log_in(server, unquote(url.username), unquote(url.password or ""))
            yield server
        finally:
            with suppress(OSError):
                server.putcmd("QUIT")  # its answer is waited for by nobody: what it took is to be marked first
            server.close()
    except (ssl.SSLError, smtplib.SMTPNotSupportedError) as no:
        raise Later("tls") from no
    except smtplib.SMTPResponseException as no:
        raise Later(f"smtp_{no.smtp_code}") from no
    except OSError as silence:  # of which smtplib's exceptions are
        raise Later("no_answer") from silence


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """A password that is not taken is our trouble, whatever the server's code: the letters wait until it is mended."""
    try:
        server.login(user, password)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as no:
        raise Later("login") from no


def _verified() -> ssl.SSLContext:
    return ssl.create_default_context()


def _expect(code: int, answer: tuple[int, bytes]) -> None:
    """A server that says 4xx may take it later, one that says 5xx never will. Its words are kept by nobody: they name people."""
    said = answer[0]
    if said // 100 == code // 100:
        return
    raise (Never if said // 100 == 5 else Later)(f"smtp_{said}")
