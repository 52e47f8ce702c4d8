"""manuals

Pages for staff: the shop's own, and what it put in place of those that came with the program.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "manual",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("kinds", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("language IN ('ko','ja','en')", name=op.f("ck_manual_language")),
        sa.CheckConstraint("version > 0", name=op.f("ck_manual_version")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_manual_staff_id")),
        sa.PrimaryKeyConstraint("key", "language", name=op.f("pk_manual")),
    )


def downgrade() -> None:
    op.drop_table("manual")
