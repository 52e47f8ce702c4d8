"""A mail as plain text: who, what, answering what, and whether a machine wrote it. Knows no orders, opens no connection.

Whatever comes in, what goes out is bounded and harmless: no markup, no control characters, nothing that is not text.
"""

import hashlib
import html
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

import charset_normalizer
import nh3

from sellerweb.kit.text import clean

LONGEST, LONGEST_SUBJECT = 4000, 300
# So much of a mail is looked at: more of it is no question, and a parser's time is worth something.
MOST_BYTES, MOST_MARKUP, MOST_HEAD, MOST_PARTS, MOST_REFERENCES = 1_000_000, 200_000, 64_000, 50, 20
_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^<>]{0,200}>")
# Tags whose content is no text are left to nh3; without the others nothing is nested, for deep nesting costs it the depth squared.
_TAGS = re.compile(r"(?i)</?(?!(?:script|style|title|textarea|template|noscript|iframe|svg|math)\b)[a-z](?:[^<>\"']++|\"[^\"]{0,1000}+\"|'[^']{0,1000}+'){0,60}+>")  # fmt: skip
_ADDRESS = re.compile(r"[^\s<>@,;\"']{1,64}@[^\s<>@,;\"']{1,180}")
_ID = re.compile(r"<[^<>\s]{1,500}>")
_ATTRIBUTION = re.compile(r"(?im)^[ \t]*(?:-{3,} ?(?:original message|원본 메일|원본메시지|元のメッセージ).*|(?:on|el) .{5,120} wrote:|.{5,120}(?:님이 작성|이\(가\) 작성).{0,10}:?|.{5,120}のメール:)\s*$")  # fmt: skip
_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "bounce", "bounces")


@dataclass(frozen=True, slots=True)
class Mail:
    """`key` and `answers` are digests of Message-IDs. `machine`: no person wrote it. `left_out`: files that stay in the mailbox."""

    key: str
    answers: tuple[str, ...]
    name: str
    address: str
    subject: str
    words: str
    machine: bool
    left_out: int = 0
    cut: bool = False


def read(raw: bytes) -> Mail:
    """The mail in these bytes. Never raises: what cannot be read is a mail without words."""
    head = raw[:MOST_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    for part, cut in ((raw[:MOST_BYTES], len(raw) > MOST_BYTES), (head, True)):
        try:
            # The old policy keeps headers as they are: the new one follows broken ones into errors of its own.
            return _mail(raw, message_from_bytes(part, policy=policy.compat32), cut)
        except (ArithmeticError, AttributeError, LookupError, MessageError, RecursionError, TypeError, ValueError):
            continue
    return Mail(digest(raw), (), "", "", "", "", machine=False, cut=True)


def digest(said: bytes | str) -> str:
    return hashlib.sha256(said if isinstance(said, bytes) else said.strip().encode("utf-8", "replace")).hexdigest()


def _mail(raw: bytes, message: Message, cut: bool) -> Mail:
    name, address = _sender(message)
    words, left_out = _body(message)
    said = _unquoted(clean(words)) or clean(words)
    ids = _ID.findall(_header(message, "Message-ID"))
    answers = _ID.findall(_header(message, "In-Reply-To") + " " + _header(message, "References"))
    return Mail(
        key=digest(ids[0]) if ids else digest(raw),
        answers=tuple(dict.fromkeys(digest(one) for one in answers[-MOST_REFERENCES:])),
        name=name,
        address=address,
        subject=_line(_header(message, "Subject"))[:LONGEST_SUBJECT],
        words=said[:LONGEST],
        machine=_machine(message, address),
        left_out=left_out,
        cut=cut or len(said) > LONGEST,
    )


def _sender(message: Message) -> tuple[str, str]:
    """Name and address of the one who says that they wrote it; the address is empty where it is none."""
    # Taken apart before it is decoded: what hides in an encoded word is part of the name.
    found = getaddresses([" ".join(str(message.get("From", ""))[:2000].split())])
    name, address = found[0] if found else ("", "")
    return _line(_said(name))[:200], address.lower() if _ADDRESS.fullmatch(address) and address.isprintable() else ""


def _machine(message: Message, address: str) -> bool:
    """Auto-replies, bounces, lists and letters of programs: nobody waits for an answer to them."""
    auto = _header(message, "Auto-Submitted").strip().lower()
    bulk = _header(message, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply")
    marked = any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "List-Id", "X-Failed-Recipients"))
    bounce = _header(message, "Return-Path").strip() == "<>" or message.get_content_type() == "multipart/report"
    return bool(auto and auto != "no") or bulk or marked or bounce or address.partition("@")[0] in _MACHINES


def _body(message: Message) -> tuple[str, int]:
    """The first plain text, else the first HTML without its markup; and how many other files there are."""
    plain, markup, files = "", "", 0
    for n, part in enumerate(message.walk()):
        if n >= MOST_PARTS:
            break
        if part.is_multipart():
            continue
        kind, attached = part.get_content_type(), part.get_content_disposition() == "attachment"
        if attached or not kind.startswith("text/"):
            files += 1
        elif kind == "text/html":
            markup = markup or _text(part)
        else:
            plain = plain or _text(part)
    return plain if plain.strip() else _without_markup(markup), files


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    return _decoded(data, part.get_content_charset() or "")


def _decoded(data: bytes, charset: str) -> str:
    for name in dict.fromkeys((charset, "utf-8")):
        try:
            return data.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    best = charset_normalizer.from_bytes(data[:50_000]).best()
    return data.decode(best.encoding if best else "ascii", "replace")


def _without_markup(markup: str) -> str:
    flat = _TAGS.sub("", _BREAKS.sub("\n", markup[:MOST_MARKUP]))
    return html.unescape(nh3.clean(flat, tags=set(), attributes={}))


def _unquoted(words: str) -> str:
    """What was written anew: the mail that it answers is known already."""
    found = _ATTRIBUTION.search(words)
    lines = (words[: found.start()] if found else words).rstrip().split("\n")
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines).strip()


def _header(message: Message, name: str) -> str:
    """A header decoded, without the line breaks that somebody may have hidden in it."""
    value = message.get(name)
    return "" if value is None else _line(_said(str(value)[:20_000]))


def _said(value: str) -> str:
    """Encoded words decoded, in whatever charset they say or are; as they stand where they are broken."""
    try:
        parts = decode_header(value)
    except MessageError:
        return value
    return "".join(_decoded(said, charset or "") if isinstance(said, bytes) else said for said, charset in parts)


def _line(text: str) -> str:
    return " ".join(clean(text).split())
