"""after delivery

Which parcels arrived when, for the letter some days after that.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_DELIVERED = sa.text("delivered_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_shipment_delivered_at",
        "shipment",
        ["delivered_at"],
        sqlite_where=_DELIVERED,
        postgresql_where=_DELIVERED,
    )


def downgrade() -> None:
    op.drop_index("ix_shipment_delivered_at", "shipment")
