"""rules of one's own

Who changed a channel's rules, and what: a history that nobody rewrites.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INSERT_ONLY = {
    "sqlite": "CREATE TRIGGER policy_change_no_{verb} BEFORE {VERB} ON policy_change"
    " BEGIN SELECT RAISE(ABORT, 'policy_change is insert-only'); END",
    "postgresql": "CREATE TRIGGER policy_change_no_{verb} BEFORE {VERB} ON policy_change"
    " FOR EACH ROW EXECUTE FUNCTION insert_only()",
}


def upgrade() -> None:
    op.create_table(
        "policy_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_policy_change_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_change")),
    )
    op.create_index("ix_policy_change_channel", "policy_change", ["channel", "at"])
    statement = _INSERT_ONLY[op.get_bind().dialect.name]
    for verb in ("update", "delete"):
        op.execute(statement.format(verb=verb, VERB=verb.upper()))


def downgrade() -> None:
    op.drop_table("policy_change")
