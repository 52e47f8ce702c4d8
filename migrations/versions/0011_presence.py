"""presence and drafts

Who has which order or conversation open just now, so that two people do not answer it twice; and what they began to write.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=140), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("typing", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presence_staff_id")),
        sa.PrimaryKeyConstraint("tab", "place", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])
    op.create_table(
        "draft",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=140), nullable=False),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_draft_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "place", name=op.f("pk_draft")),
    )


def downgrade() -> None:
    op.drop_table("draft")
    op.drop_table("presence")
