"""promised days

Days that were promised and not told to the channel yet are counted beside the parcels: a cache on the order says which.

Revision ID: 0018
Revises: 0017
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_WHERE = sa.text("day_untold")
_ORDERS = sa.text(
    "SELECT id, promised_on, channel_due_at FROM orders WHERE channel = 'qoo10' AND promised_on IS NOT NULL"
    " AND stage IN ('new','preparing','ready','partly_shipped') AND NOT is_test"
    " AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = orders.id AND l.claim_id IS NULL"
    " AND l.cancelled + l.shipped < l.ordered AND NOT EXISTS (SELECT 1 FROM telling t WHERE t.line_id = l.id"
    " AND t.kind = 'promise' AND t.word IN ('told','by_hand') AND t.day = orders.promised_on"
    " AND NOT EXISTS (SELECT 1 FROM telling n WHERE n.line_id = l.id AND n.kind = 'promise' AND n.id > t.id)))"
).columns(sa.column("id", sa.Integer), sa.column("promised_on", sa.Date), sa.column("channel_due_at", sa.DateTime))


def upgrade() -> None:
    op.add_column("orders", sa.Column("day_untold", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_orders_day_untold", "orders", ["id"], sqlite_where=_WHERE, postgresql_where=_WHERE)
    connection = op.get_bind()
    untold = [{"id": row.id} for row in connection.execute(_ORDERS).all() if not _says_so(row)]
    if untold:
        connection.execute(sa.text("UPDATE orders SET day_untold = (1 = 1) WHERE id = :id"), untold)


def downgrade() -> None:
    op.drop_index("ix_orders_day_untold", "orders")
    op.drop_column("orders", "day_untold")


def _says_so(row: sa.Row) -> bool:
    """The channel's own date is the end of the promised day."""
    due = row.channel_due_at
    if due is None:
        return False
    due = due.replace(tzinfo=due.tzinfo or ZoneInfo("UTC")).astimezone(ZoneInfo("Asia/Tokyo"))
    return (due - timedelta(seconds=1)).date() == row.promised_on
