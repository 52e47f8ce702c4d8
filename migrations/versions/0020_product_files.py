"""product files

A table of products is kept until it is taken in, a part a transaction: a big one no longer keeps everybody waiting.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_ON_ITS_WAY = sa.text("state IN ('waiting','running')")


def upgrade() -> None:
    op.create_table(
        "product_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("rejected", sa.JSON(), nullable=False),
        sa.Column("action_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting','running','done','failed')", name=op.f("ck_product_file_state")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_product_file_action_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_product_file_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_file")),
        sa.UniqueConstraint("action_id", name=op.f("uq_product_file_action_id")),
    )
    op.create_index(
        "ix_product_file_on_its_way",
        "product_file",
        ["id"],
        unique=False,
        sqlite_where=_ON_ITS_WAY,
        postgresql_where=_ON_ITS_WAY,
    )
    op.create_table(
        "product_file_part",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["product_file.id"], name=op.f("fk_product_file_part_file_id")),
        sa.PrimaryKeyConstraint("file_id", "n", name=op.f("pk_product_file_part")),
    )


def downgrade() -> None:
    op.drop_table("product_file_part")
    op.drop_index("ix_product_file_on_its_way", table_name="product_file")
    op.drop_table("product_file")
