"""One app for all the tests of a process, as it was made, on the database of the one that runs. Makes no database.

A new app costs thirty thousandths of a second, and then compiles each statement and reads each template again.
"""

from dataclasses import replace
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import event, make_url

from sellerweb import create_app
from sellerweb.config import Config
from sellerweb.desk import door
from sellerweb.shop.db import db, reader


def strict_app(settings: Config) -> Flask:
    app = create_app(settings)
    app.testing = True
    app.jinja_env.undefined = StrictUndefined  # a misspelt name in a template is a failure, not a gap
    return app


def close(app: Flask) -> None:
    with app.app_context():
        reader().dispose()
        db.engine.dispose()


class KeptApp:
    """An app for one kind of database. Routes cannot be added to it: who needs that takes `app_alone`."""

    def __init__(self, settings: Config) -> None:
        self.app = strict_app(settings)
        self._settings, self._url = settings, make_url(settings.database_url)
        self._config, self._extensions = dict(self.app.config), dict(self.app.extensions)
        with self.app.app_context():
            self._engines = {db.engine, reader()}
        for engine in self._engines:
            event.listen(engine, "do_connect", self._connect)
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _hurry)

    def on(self, settings: Config) -> Flask:
        """The app as a new one for these settings would be."""
        own = {"data_dir": settings.data_dir, "database_url": settings.database_url, "files_url": settings.files_url}
        assert settings == replace(self._settings, **own), "made for other settings: take app_alone"
        self._url = make_url(settings.database_url)
        for engine in self._engines:
            engine.url = self._url
        self.app.config.clear()
        self.app.config.update(
            self._config, SQLALCHEMY_DATABASE_URI=settings.database_url, FILES_URL=settings.files_url
        )
        self.app.extensions.clear()
        self.app.extensions.update(self._extensions)
        self.app.extensions["sellerweb_static"] = {}
        door.limiter.reset()
        return self.app

    def _connect(self, dialect: Any, _record: object, _args: object, _more: object) -> Any:
        args, more = dialect.create_connect_args(self._url)
        return dialect.connect(*args, **more)


def _hurry(connection: Any, _record: object) -> None:
    """No test pulls the plug of the machine: nothing is waited for until it lies on the disk."""
    connection.execute("PRAGMA synchronous=OFF")
