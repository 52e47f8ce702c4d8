"""mail in

What comes by mail comes in once: by the digest of its Message-ID.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("message", sa.Column("mail_key", sa.String(length=64), nullable=True))
    op.create_index("ix_message_mail_key", "message", ["mail_key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_message_mail_key", "message")
    op.drop_column("message", "mail_key")
