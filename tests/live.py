"""The real thing: `sellerweb serve` as a process of its own, on a shop that tests can also reach inside."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from person import PASSWORD, Person
from sqlalchemy import insert, text

from sellerweb import config, create_app
from sellerweb.shop import clock, history, intake, passwords
from sellerweb.shop.db import db, reader, write
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Staff

if TYPE_CHECKING:
    from playwright.sync_api import Page

CAST = {"Alice": "owner", "Carol": "packer"}
PATIENCE = 60


class Live:
    """A server on loopback; `url` leads to it. Ended by its own process id.

    `database`: an empty SQLite file, which is copied, or the address of a fresh PostgreSQL database (then the web is
    as many processes as there are cores).
    """

    def __init__(self, folder: Path, database: Path | str, language: str = "ko") -> None:
        if isinstance(database, Path):
            database = f"sqlite:///{shutil.copy(database, folder / 'shop.db')}"
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        env = {
            "SELLERWEB_DATA_DIR": str(folder),
            "SELLERWEB_DATABASE_URL": database,
            "SELLERWEB_SECRET_KEY": "for browsers alone",
            "SELLERWEB_BASE_URL": self.url,
            "SELLERWEB_LANGUAGE": language,
            "SELLERWEB_SHOP_NAME": "달빛문구",
        }
        self.app = create_app(config.read(env))
        self._add_people()
        self._cookies: dict[str, str] = {}
        self._numbers = 0
        self.log = (folder / "server.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sellerweb", "serve", "--port", str(port)],
            env={**os.environ, **env},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self.log.close()
        with self.app.app_context():
            reader().dispose()
            db.engine.dispose()

    def order(
        self, code: str, *, state: str = "new", quantity: int = 1, channel: str = "smartstore", lines=None, **fields
    ) -> str:
        """An order that has just come in; its code, which no other test may use."""
        now = clock.now()
        known = {
            "currency": "KRW", "ordered_at": now - timedelta(hours=2), "paid_at": now - timedelta(hours=2),
            "receiver_name": "김서준", "phone": "010-1234-5678", "postcode": "06236", "country": "KR",
            "address": "서울특별시 강남구 테헤란로 152, 12층",
        }  # fmt: skip
        lines = lines or [
            LineIn(f"{code}-1", "크라프트 노트 A5", quantity, state, option="라인", total=12_400 * quantity)
        ]
        with self.app.app_context(), history.act(history.CHANNEL, "import") as act:
            return intake.place(act, channel, OrderIn(code, lines=lines, **known | fields)).order.code

    def rows(self, query: str, **values) -> list[tuple]:
        with self.app.app_context(), reader().connect() as conn:
            return [tuple(row) for row in conn.execute(text(query), values)]

    def person(self, name: str) -> Person:
        """The same person at another desk, without a browser."""
        person = Person(self.app.test_client(), name)
        assert person.sign_in().status == 303
        return person

    def sign_in(self, page: "Page", name: str = "Alice") -> "Page":
        """Puts the person's cookie into the page's browser; the sign-in form has tests of its own."""
        if name not in self._cookies:
            cookie = self.person(name).client.get_cookie("sellerweb")
            self._cookies[name] = cookie.value
        page.context.add_cookies([{"name": "sellerweb", "value": self._cookies[name], "url": self.url}])
        return page

    def number(self) -> str:
        """A CJ number that nobody has used: the last digit is the nine before it, modulo seven."""
        self._numbers += 1
        body = f"68{512_340_000 + self._numbers * 13:09}"
        return body + str(int(body[2:]) % 7)

    def _add_people(self) -> None:
        kept = passwords.keep(PASSWORD)
        rows = [
            {"name": name, "role": role, "password": kept, "created_at": clock.now(), "must_change": False}
            | {"language": "", "sound": False, "active": True}
            for name, role in CAST.items()
        ]
        with self.app.app_context(), write() as tx:
            tx.execute(insert(Staff), rows)

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self._process.poll() is None, Path(self.log.name).read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start:\n" + Path(self.log.name).read_text())


def wrong(number: str) -> str:
    """The number with a slip of the finger at its end."""
    return number[:-1] + str((int(number[-1]) + 1) % 7)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
