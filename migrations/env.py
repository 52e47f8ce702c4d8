"""How Alembic reaches the app's database. Run through `sellerweb migrate` or `flask db`."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]
db = migrate.db


def include_object(_object, name, kind, _reflected, _compare_to):
    """The gram table of SQLite is a virtual one with shadow tables: no model has it."""
    return not (kind == "table" and name.startswith("order_gram"))


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
