"""A consistent copy of the database while it runs. Putting one back is the machine's business (README)."""

import os
import subprocess
from pathlib import Path

from flask_babel import lazy_gettext as _l

from sellerweb.shop.db import db, reader
from sellerweb.shop.refused import Refused


def to(file: Path) -> None:
    """Write the copy: an SQLite file, or what `pg_restore` reads. Raises Refused where the file exists or it fails."""
    if file.exists():
        raise Refused(_l("This file exists already, and a backup never writes over one. Choose another name."))
    file.touch(mode=0o600)  # it holds people's addresses
    if db.engine.dialect.name == "sqlite":
        # Not SQLite's backup API: it begins anew at each foreign write and may never end.
        with reader().connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("VACUUM INTO ?", (str(file),))
        return
    url = db.engine.url
    where = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
    }
    env = {**os.environ, **{name: str(value) for name, value in where.items() if value}}
    done = subprocess.run(["pg_dump", "--format=custom", f"--file={file}", str(url.database)], env=env, check=False)
    if done.returncode:
        file.unlink()
        raise Refused(_l("pg_dump failed; what it said stands above. Nothing was written."))
