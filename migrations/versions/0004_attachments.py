"""attachments

Photos of customers and of the shop: what they belong to. The pictures themselves are files.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("media", sa.String(length=20), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.CheckConstraint("message_id IS NOT NULL OR claim_id IS NOT NULL", name=op.f("ck_attachment_whose")),
        sa.CheckConstraint("\"by\" IN ('customer','staff')", name=op.f("ck_attachment_by")),
        sa.CheckConstraint("bytes > 0 AND width > 0 AND height > 0", name=op.f("ck_attachment_sizes")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_attachment_order_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attachment_message_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_attachment_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("key", name=op.f("uq_attachment_key")),
    )
    op.create_index("ix_attachment_order_id", "attachment", ["order_id"])
    op.create_index("ix_attachment_message_id", "attachment", ["message_id"])
    op.create_index("ix_attachment_claim_id", "attachment", ["claim_id"])


def downgrade() -> None:
    op.drop_table("attachment")
