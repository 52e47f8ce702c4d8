"""tellings

Files made for the channels are remembered, and what became of each item in them. Parcels of orders that no channel knows
have nobody to be told.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_UNTOLD = sa.text("channel_told_at IS NULL AND state IN ('shipped','in_transit','delivered')")
_TABLES = ("batch", "telling")


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('dispatch','promise')", name=op.f("ck_batch_kind")),
        sa.CheckConstraint("rows >= 1", name=op.f("ck_batch_rows")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_batch_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_table(
        "telling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.Integer(), nullable=True),
        sa.Column("word", sa.String(length=8), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.String(length=64), nullable=False),
        sa.CheckConstraint("word IN ('written','told','failed','by_hand')", name=op.f("ck_telling_word")),
        sa.CheckConstraint("kind IN ('dispatch','promise')", name=op.f("ck_telling_kind")),
        sa.CheckConstraint("(kind = 'dispatch') = (shipment_id IS NOT NULL)", name=op.f("ck_telling_parcel")),
        sa.CheckConstraint("(kind = 'promise') = (day IS NOT NULL)", name=op.f("ck_telling_day")),
        sa.CheckConstraint("word <> 'written' OR batch_id IS NOT NULL", name=op.f("ck_telling_written")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_telling_action_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_telling_batch_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_telling_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_telling_order_id")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_telling_shipment_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_telling_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
    )
    for column in ("batch_id", "order_id", "shipment_id", "action_id"):
        op.create_index(f"ix_telling_{column}", "telling", [column])
    op.create_index("ix_telling_line_id", "telling", ["line_id", "kind", "id"])
    op.create_index("ix_shipment_untold", "shipment", ["order_id"], sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)
    _insert_only()
    op.execute(
        "UPDATE shipment SET channel_told_at = shipped_at WHERE channel_told_at IS NULL AND shipped_at IS NOT NULL"
        " AND order_id IN (SELECT id FROM orders WHERE channel = 'manual' OR is_test)"
    )


def downgrade() -> None:
    op.drop_index("ix_shipment_untold", "shipment")
    op.drop_table("telling")
    op.drop_table("batch")


def _insert_only() -> None:
    """Words of a test order alone may go: with it."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    test_order = "EXISTS (SELECT 1 FROM orders WHERE id = OLD.order_id AND is_test)"
    for table in _TABLES:
        for what in ("UPDATE", "DELETE"):
            head = f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}"
            may = (table, what) == ("telling", "DELETE")
            if is_sqlite:
                when = f" WHEN NOT {test_order}" if may else ""
                op.execute(f"{head}{when} BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END")
            else:
                op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION {'test_order_only' if may else 'insert_only'}()")
