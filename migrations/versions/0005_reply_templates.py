"""reply templates

Words that the shop answers with again and again: its own, and what it put in place of those that came with the program.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "reply_template",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stages", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("language IN ('ko','ja','en')", name=op.f("ck_reply_template_language")),
        sa.CheckConstraint("version > 0", name=op.f("ck_reply_template_version")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reply_template_staff_id")),
        sa.PrimaryKeyConstraint("key", "language", name=op.f("pk_reply_template")),
    )


def downgrade() -> None:
    op.drop_table("reply_template")
