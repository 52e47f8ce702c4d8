"""import parts

A file is kept until the worker has read it, and its orders lie in parts: no process ever holds a big one whole.

Revision ID: 0016
Revises: 0015
"""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

PART = 50
_import = sa.table(
    "import",
    sa.column("id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("done", sa.Integer),
    sa.column("payload", sa.LargeBinary),
    sa.column("report", sa.JSON),
    sa.column("rejected", sa.JSON),
)
_part = sa.table(
    "import_part", sa.column("import_id", sa.Integer), sa.column("n", sa.Integer), sa.column("orders", sa.LargeBinary)
)


_STATES = "state IN ('waiting','running','done','failed')"
_STATES_NOW = "state IN ('unread','refused','waiting','running','done','failed')"


def upgrade() -> None:
    with op.batch_alter_table("import") as table:
        table.add_column(sa.Column("how", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("rejected", sa.JSON(), nullable=False, server_default="[]"))
        table.drop_constraint(op.f("ck_import_state"), type_="check")
        table.create_check_constraint(op.f("ck_import_state"), _STATES_NOW)
    op.create_table(
        "import_part",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("orders", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_part_import_id")),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("pk_import_part")),
    )
    _divide(op.get_bind())


def _divide(conn: sa.Connection) -> None:
    """What is on its way in is divided; rejected rows leave the report, which is read for every list."""
    for row in conn.execute(sa.select(_import)).all():
        rejected = row.report.get("rejected", [])
        values = {"rejected": rejected, "report": {**row.report, "rejected": len(rejected)}}
        if row.state in ("waiting", "running") and row.payload is not None:
            orders = json.loads(zlib.decompress(row.payload))["orders"][row.done :]
            parts = [orders[at : at + PART] for at in range(0, len(orders), PART)]
            packed = [
                {"import_id": row.id, "n": n, "orders": zlib.compress(json.dumps(part).encode(), 1)}
                for n, part in enumerate(parts)
            ]
            if packed:
                conn.execute(sa.insert(_part), packed)
            values["payload"] = None
        conn.execute(sa.update(_import).where(_import.c.id == row.id).values(**values))


def downgrade() -> None:
    """What is not taken in by then has to be dropped again: an older program cannot read it."""
    conn = op.get_bind()
    op.drop_table("import_part")
    unfinished = _import.c.state.in_(["unread", "refused", "waiting", "running"])
    conn.execute(sa.update(_import).where(unfinished).values(state="failed", payload=None))
    for row in conn.execute(sa.select(_import)).all():
        report = {**row.report, "rejected": row.rejected}
        conn.execute(sa.update(_import).where(_import.c.id == row.id).values(report=report))
    with op.batch_alter_table("import") as table:
        table.drop_column("how")
        table.drop_column("rejected")
        table.drop_constraint(op.f("ck_import_state"), type_="check")
        table.create_check_constraint(op.f("ck_import_state"), _STATES)
