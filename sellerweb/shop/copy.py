"""A consistent copy of the database while it runs. Putting one back is the machine's business (README)."""

import os
import subprocess
from pathlib import Path
from sqlite3 import Error

from flask_babel import lazy_gettext as _l

from sellerweb.shop.db import db, reader
from sellerweb.shop.refused import Refused


def to(file: Path) -> None:
    """Write the copy: an SQLite file, or what `pg_restore` reads. Raises Refused where the file exists or it fails."""
    if file.exists():
        raise Refused(_l("This file exists already, and a backup never writes over one. Choose another name."))
    try:
        file.touch(mode=0o600)  # it holds people's addresses
        _write(file)
    except (OSError, Error, subprocess.CalledProcessError) as error:
        file.unlink(missing_ok=True)
        raise Refused(_l("The copy could not be written: %(why)s. Nothing was kept of it.", why=str(error))) from error


def _write(file: Path) -> None:
    if db.engine.dialect.name == "sqlite":
        _vacuum_into(file)
        return
    url = db.engine.url
    where = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
    }
    env = {**os.environ, **{name: str(value) for name, value in where.items() if value}}
    subprocess.run(["pg_dump", "--format=custom", f"--file={file}", str(url.database)], env=env, check=True)


def _vacuum_into(file: Path) -> None:
    # Not SQLite's backup API: it begins anew at each foreign write and may never end. Past SQLAlchemy, for a
    # VACUUM stands in no transaction.
    connection = reader().raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(file),))
    finally:
        connection.close()
