"""The shop's mailbox: what has come since the last look goes to `shop.mail_in`. Changes nothing in the mailbox itself.

Which mails were seen is kept here, by the mailbox's own numbers, so that people may read in it as they like.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import parseaddr
from imaplib import IMAP4
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from sqlalchemy import select

from sellerweb.kit import mail_text
from sellerweb.shop import clock, mail_in, switches, talk
from sellerweb.shop.db import forget, read, write
from sellerweb.shop.models import Setting
from sellerweb.shop.refused import Refused

log = logging.getLogger("sellerweb.mailbox")
SETTING = "mailbox"
PORTS = {"imap": 143, "imaps": 993, "imap+starttls": 143}
# At the first look nobody wants the mails of years.
FIRST = timedelta(days=2)
AT_ONCE, SECONDS = 50, 20
# Of a bigger mail only so much is fetched: its words are at its beginning.
MOST_BYTES = mail_text.MOST_BYTES


def look() -> int:
    """Take in what has come; returns how many mails were let in. Says so in the log where the mailbox cannot be read."""
    url = current_app.config["IMAP_URL"]
    if not url:
        return 0
    try:
        with _opened(url) as box:
            return _take_in(box)
    except (ImapToolsError, IMAP4.error, OSError, KeyError, TypeError, ValueError) as error:
        log.warning(
            "the mailbox cannot be read (%s); trying again", type(error).__name__
        )  # its address holds a password
        return 0


def _take_in(box: BaseMailBox) -> int:
    valid, seen = _kept()
    told = box.folder.status(box.folder.get())
    now_valid = str(told["UIDVALIDITY"])
    if valid != now_valid:
        since = (clock.now() - FIRST).strftime("%d-%b-%Y")
        wanted = f"SINCE {since}"
    else:
        wanted = f"UID {seen + 1}:*"
    uids = sorted(int(uid) for uid in box.uids(wanted) if uid.isdecimal())
    ours, let_in = parseaddr(current_app.config["MAIL_FROM"])[1], 0
    for uid in [uid for uid in uids if uid > seen or valid != now_valid][:AT_ONCE]:
        raw = _fetched(box, uid)
        if raw is not None:
            try:
                let_in += mail_in.take(mail_text.read(raw), ours, mail_text.digest)
            except (
                Refused,
                talk.NotThere,
            ):  # its thread was tied elsewhere or deleted at this moment: at the next look
                break
        _keep(now_valid, uid)
        valid = now_valid
    if valid != now_valid:  # the first look, and nothing new: from now on, all that comes
        _keep(now_valid, max(int(told["UIDNEXT"]) - 1, 0))
    return let_in


def _fetched(box: BaseMailBox, uid: int) -> bytes | None:
    """The beginning of a mail, unread as it was."""
    _ok, data = box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
    return next((part[1] for part in data if isinstance(part, tuple) and len(part) > 1), None)


def _kept() -> tuple[str, int]:
    """UIDVALIDITY and the last UID that was looked at."""
    kept: Any = read().scalar(select(Setting.value).where(Setting.name == SETTING))
    forget()
    return (str(kept["valid"]), int(kept["uid"])) if isinstance(kept, dict) else ("", 0)


def _keep(valid: str, uid: int) -> None:
    with write() as tx:
        switches.put(tx, SETTING, {"valid": valid, "uid": uid})


@contextmanager
def _opened(url: str) -> Iterator[BaseMailBox]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    kind = {"imap": MailBoxUnencrypted, "imaps": MailBox, "imap+starttls": MailBoxStartTls}[parts.scheme]
    box = kind(host, port, timeout=SECONDS)
    try:
        box.login(unquote(parts.username or ""), unquote(parts.password or ""), initial_folder=None)
        box.folder.set(unquote(parts.path.strip("/")) or "INBOX", readonly=True)
        yield box
    finally:
        with suppress(ImapToolsError, IMAP4.error, OSError):  # whatever happened before is what is to be told
            box.logout()
