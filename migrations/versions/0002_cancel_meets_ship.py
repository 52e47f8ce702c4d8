"""cancel meets ship

Claims, refunds, customers' links and messages, letters and their sending.
Columns are added by plain ALTER TABLE: making `orders` anew on SQLite would break every foreign key to it.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)
_TIME = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
# (table, column, its type and default, the CHECK that comes with it)
_ADDED = (
    ("orders", "refunded", "BIGINT DEFAULT '0' NOT NULL",
     ("ck_orders_refunded", "refunded >= 0 AND refunded <= coalesce(total, 0) + shipping_fee")),
    ("orders", "claim_flag", "VARCHAR(20) DEFAULT '' NOT NULL", None),
    ("order_line", "asked", "INTEGER DEFAULT '0' NOT NULL",
     ("ck_order_line_asked", "asked >= 0 AND asked <= ordered - cancelled - shipped")),
    ("order_line", "claimed", "INTEGER DEFAULT '0' NOT NULL",
     ("ck_order_line_claimed", "claimed >= 0 AND claimed <= shipped")),
    ("order_line", "claim_id", "INTEGER CONSTRAINT fk_order_line_claim_id REFERENCES claim (id)", None),
    ("shipment", "stopped_at", "{time}", None),
    ("notice", "claim_id", "INTEGER CONSTRAINT fk_notice_claim_id REFERENCES claim (id)", None),
    ("notice", "values", "JSON DEFAULT '{}' NOT NULL", None),
    ("notice", "attempts", "INTEGER DEFAULT '0' NOT NULL",
     ("ck_notice_state", "state IN ('waiting','sending','sent','failed','suppressed','unsure')")),
    ("notice", "leased_until", "{time}", None),
    ("notice", "handed_at", "{time}", None),
    ("notice", "sent_at", "{time}", None),
    ("notice", "message_id", "VARCHAR(120) DEFAULT '' NOT NULL", None),
    ("notice", "why", "VARCHAR(40) DEFAULT '' NOT NULL", None),
    ("notice", "subject", "VARCHAR(300) DEFAULT '' NOT NULL", None),
    ("notice", "body", "VARCHAR(8000) DEFAULT '' NOT NULL", None),
)  # fmt: skip


def upgrade() -> None:
    _claims()
    _customers()
    _letters()
    for table, column, kind, check in _ADDED:
        kind = kind.format(time=_TIME[op.get_bind().dialect.name]) if "{time}" in kind else kind
        kind += f" CONSTRAINT {check[0]} CHECK ({check[1]})" if check else ""
        op.execute(sa.text(f'ALTER TABLE {table} ADD COLUMN "{column}" {kind}'.replace(":", "\\:")))
    op.create_index("ix_notice_state", "notice", ["state", "id"])
    op.create_index("ix_orders_ordered_at", "orders", ["ordered_at", "channel", "is_test"])
    where = sa.text("archived_at IS NOT NULL")
    op.create_index("ix_orders_archived", "orders", ["id"], sqlite_where=where, postgresql_where=where)
    where = sa.text("stopped_at IS NOT NULL")
    op.create_index("ix_shipment_stopped", "shipment", ["stopped_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_shipment_stopped", "shipment")
    op.drop_index("ix_orders_archived", "orders")
    op.drop_index("ix_orders_ordered_at", "orders")
    op.drop_index("ix_notice_state", "notice")
    for table, column, _kind, check in reversed(_ADDED):
        if check and op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(check[0], table)
        op.execute(sa.text(f'ALTER TABLE {table} DROP COLUMN "{column}"'))
    for table in ("letter", "setting", "message", "look_up_failure", "order_link", "refund", "claim_line", "claim"):
        op.drop_table(table)


def _claims() -> None:

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.String(length=12), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("received_at", TIME, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("undo_until", TIME, nullable=True),
        sa.Column("bearer", sa.String(length=12), nullable=False),
        sa.Column("ways", sa.Integer(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("goods", sa.BigInteger(), nullable=False),
        sa.Column("refund", sa.BigInteger(), nullable=False),
        sa.Column("restock", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("photo", sa.Boolean(), nullable=False),
        sa.Column("option", sa.String(length=1000), nullable=False),
        sa.Column("wants", sa.String(length=8), nullable=False),
        sa.Column("held_at", TIME, nullable=True),
        sa.Column("hold_reason", sa.String(length=500), nullable=False),
        sa.Column("account", sa.String(length=1000), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('cancel','return','exchange','redelivery')", name=op.f("ck_claim_kind")),
        sa.CheckConstraint(
            "state IN ('requested','accepted','collecting','received','inspected','resent','reported','checking','refunded','found','refused','withdrawn','undone','done')",
            name=op.f("ck_claim_state"),
        ),
        sa.CheckConstraint("fee >= 0 AND goods >= 0 AND refund >= 0", name=op.f("ck_claim_money")),
        sa.CheckConstraint("ways BETWEEN 0 AND 2", name=op.f("ck_claim_ways")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_claim_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_asked_at", "claim", ["asked_at"], unique=False)
    op.create_index(
        "ix_claim_live",
        "claim",
        ["kind", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_claim_order_id"), "claim", ["order_id"], unique=False)

    op.create_table(
        "claim_line",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("resellable", sa.Integer(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_claim_line_quantity")),
        sa.CheckConstraint("received BETWEEN 0 AND quantity", name=op.f("ck_claim_line_received")),
        sa.CheckConstraint("resellable + damaged + wrong + missing <= quantity", name=op.f("ck_claim_line_inspected")),
        sa.CheckConstraint(
            "resellable >= 0 AND damaged >= 0 AND wrong >= 0 AND missing >= 0", name=op.f("ck_claim_line_found")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_line_claim_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_claim_line_line_id")),
        sa.PrimaryKeyConstraint("claim_id", "line_id", name=op.f("pk_claim_line")),
    )
    op.create_index(op.f("ix_claim_line_line_id"), "claim_line", ["line_id"], unique=False)

    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("account", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("state IN ('due','manual','sent','done','failed')", name=op.f("ck_refund_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_amount")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_refund_claim_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refund_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
    )
    op.create_index(op.f("ix_refund_claim_id"), "refund", ["claim_id"], unique=False)
    op.create_index(op.f("ix_refund_order_id"), "refund", ["order_id"], unique=False)
    op.create_index(
        "ix_refund_unpaid",
        "refund",
        ["state", "not_before"],
        unique=False,
        sqlite_where=sa.text("state IN ('due','sent','manual')"),
        postgresql_where=sa.text("state IN ('due','sent','manual')"),
    )


def _customers() -> None:

    op.create_table(
        "order_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_link_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_order_link_digest")),
    )
    op.create_index(op.f("ix_order_link_order_id"), "order_link", ["order_id"], unique=False)

    op.create_table(
        "look_up_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_up_failure")),
    )
    op.create_index("ix_look_up_failure_key", "look_up_failure", ["key", "at"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("sender", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.CheckConstraint("sender IN ('customer','staff')", name=op.f("ck_message_sender")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_message_order_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_message_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_order_id"), "message", ["order_id"], unique=False)
    op.create_index(
        "ix_message_unanswered",
        "message",
        ["at"],
        unique=False,
        sqlite_where=sa.text("sender = 'customer' AND answered_at IS NULL"),
        postgresql_where=sa.text("sender = 'customer' AND answered_at IS NULL"),
    )


def _letters() -> None:

    op.create_table(
        "letter",
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_letter_staff_id")),
        sa.PrimaryKeyConstraint("letter", "language", name=op.f("pk_letter")),
    )

    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
