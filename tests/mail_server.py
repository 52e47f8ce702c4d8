"""A real mail server on loopback for the tests: it keeps what it takes, and misbehaves as it is told."""

import asyncio
import socket
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class MailServer:
    """`letters` is what it said 250 to, and what it took before it hung up. Set an attribute to make it misbehave.

    `refuses` {recipient: reply to RCPT}; `says` is the reply after the words; `hangs_up`: it takes them and is gone;
    `holding`: it has the words, and says nothing while this is true; `meanwhile()` is called then, `before()` at RCPT.
    """

    def __init__(self, port: int = 0, **more) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuses: dict[str, str] = {}
        self.says, self.hangs_up, self.holding = "250 taken", False, False
        self.before = self.meanwhile = lambda: None
        self.port = port or free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **more)
        self._controller.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.holding = False
        self._controller.stop(no_assert=True)

    async def handle_RCPT(self, server: SMTP, session, envelope, address, options) -> str:
        self.before()
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session, envelope) -> str:
        self.meanwhile()
        if self.says.startswith("2"):
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients.append(envelope.rcpt_tos)
        if self.hangs_up:
            server.transport.abort()
        while self.holding:
            await asyncio.sleep(0.02)
        return self.says


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
