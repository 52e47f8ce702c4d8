"""Whether the program is up (/healthz) and may be sent people (/readyz). Says nothing about the shop."""

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError

from sellerweb.config import ROOT
from sellerweb.shop.db import read


def init_app(app: Flask) -> None:
    heads = ScriptDirectory.from_config(_alembic()).get_heads()

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    def readyz() -> Response:
        """The database answers and has the schema that this program was written for."""
        try:
            there = MigrationContext.configure(read()).get_current_heads()
        except SQLAlchemyError:
            return Response("the database does not answer\n", 503, mimetype="text/plain")
        if set(there) != set(heads):
            return Response("the schema is another one: run `sellerweb migrate`\n", 503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
