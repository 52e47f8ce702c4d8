"""A real PostgreSQL server for the tests: its own cluster in a temporary folder, gone when the tests are."""

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg
from psycopg import sql

# One shell owns the server's whole life. It ends it when its standard input closes, which happens even if the
# tests are killed without warning. pg_ctl stops only the process that this cluster's own folder names.
KEEP = r"""
set -eu
trap '' INT
dir=$(mktemp -d /tmp/sellerweb-pg-XXXXXX)
trap 'rm -rf "$dir"' EXIT
initdb -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/log" 2>&1 &&
    pg_ctl -D "$dir/data" -l "$dir/log" -w -t 60 -o "-k '$dir' $1" start >>"$dir/log" 2>&1 ||
    { cat "$dir/log"; exit 1; }
echo "ready $dir"
read -r _ || true
pg_ctl -D "$dir/data" -m fast -w stop >/dev/null 2>&1
"""


class PostgresMissing(RuntimeError):
    """No PostgreSQL server is installed."""


class PostgresServer:
    """Listens on a Unix socket alone: no port to be taken by somebody else, nothing that others can reach."""

    def __init__(self, *, fsync: bool = False, max_connections: int = 200) -> None:
        settings = {
            "listen_addresses": "",
            "max_connections": max_connections,
            "fsync": "on" if fsync else "off",
            "full_page_writes": "on" if fsync else "off",
            "synchronous_commit": "on" if fsync else "off",
            "autovacuum": "off",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._keeper = subprocess.Popen(
            ["sh", "-c", KEEP, "keep-postgres", options],
            env={"PATH": f"{programs()}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # initdb and postgres refuse to work as root; Debian's package brings this user
            **({"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}),
        )
        assert self._keeper.stdout is not None
        answer = self._keeper.stdout.readline()
        if not answer.startswith("ready "):
            answer += self._keeper.stdout.read()
            self.stop()
            raise RuntimeError(f"PostgreSQL did not start:\n{answer}")
        self.socket_dir = answer.removeprefix("ready ").strip()

    def url(self, dbname: str) -> str:
        """The address of a database, for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{quote(dbname, safe='')}?host={self.socket_dir}"

    def create(self, dbname: str, template: str = "template1") -> str:
        """Makes an empty database, or a copy of `template`, and gives its address."""
        with self._admin() as connection:
            # Copying files is eight times as fast as writing them to the log, where nothing is waited for anyway.
            how = " STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
            names = map(sql.Identifier, (dbname, template))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}" + how).format(*names))
        return self.url(dbname)

    def drop(self, dbname: str) -> None:
        """Removes a database, also from under those who are still connected."""
        with self._admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(dbname)))

    def stop(self) -> None:
        """Ends the server and removes its folder; harmless when done twice."""
        self._keeper.communicate()

    def __enter__(self) -> "PostgresServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(host=self.socket_dir, user="postgres", dbname="postgres", autocommit=True)


def programs() -> Path:
    """The folder of initdb, pg_ctl and postgres. Debian keeps it out of PATH, one folder a version."""
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).resolve().parent
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not found:
        raise PostgresMissing(
            "These tests start a PostgreSQL server, and none is installed: apt-get install postgresql"
        )
    return max(found, key=lambda folder: int(folder.parent.name))
