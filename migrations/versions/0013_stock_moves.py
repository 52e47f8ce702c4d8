"""stock moves

Stock becomes the sum of its moves, knows what waits for it, and lies in several places. Lines that were imported before
their product was known find it.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ADDED = (
    ("product", "home_id", "INTEGER CONSTRAINT fk_product_home_id REFERENCES location (id)"),
    ("product", "photo", "VARCHAR(32) DEFAULT '' NOT NULL"),
    ("product", "version", "INTEGER DEFAULT '1' NOT NULL"),
    ("location", "closed", "BOOLEAN DEFAULT false NOT NULL"),
    ("location", "version", "INTEGER DEFAULT '1' NOT NULL"),
    ("stock", "reserved", "INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_stock_reserved CHECK (reserved >= 0)"),
    ("stock", "version", "INTEGER DEFAULT '0' NOT NULL"),
    ("order_line", "location_id", "INTEGER CONSTRAINT fk_order_line_location_id REFERENCES location (id)"),
)
_INDEXES = (
    ("ix_product_name", "product", ["name", "id"], None),
    ("ix_stock_short", "stock", ["product_id"], "reserved > on_hand"),
    ("ix_order_line_waiting", "order_line", ["product_id"], "product_id IS NOT NULL AND ordered > cancelled + shipped"),
    ("ix_stock_move_product", "stock_move", ["product_id", "id"], None),
    ("ix_stock_move_order", "stock_move", ["order_id"], "order_id IS NOT NULL"),
    ("ix_stock_move_action", "stock_move", ["action_id"], None),
)
_INSERT_ONLY = {
    "sqlite": "CREATE TRIGGER stock_move_no_{verb} BEFORE {VERB} ON stock_move"
    " BEGIN SELECT RAISE(ABORT, 'stock_move is insert-only'); END",
    "postgresql": "CREATE TRIGGER stock_move_no_{verb} BEFORE {VERB} ON stock_move"
    " FOR EACH ROW EXECUTE FUNCTION insert_only()",
}
# Lines with an SKU that no product had; what was on hand as each shelf's first move; what paid orders wait for.
_BEGIN = (
    "INSERT INTO product (sku, name, option, barcode, shelf, carrier)"
    " SELECT sku, max(name), max(option), '', '', '' FROM order_line"
    " WHERE sku <> '' AND sku NOT IN (SELECT sku FROM product) GROUP BY sku",
    "UPDATE order_line SET product_id = (SELECT id FROM product WHERE product.sku = order_line.sku)"
    " WHERE product_id IS NULL AND sku <> ''",
    "UPDATE product SET home_id = (SELECT min(location_id) FROM stock WHERE stock.product_id = product.id)",
    "INSERT INTO stock_move (product_id, location_id, quantity, after, kind, reason, note, at)"
    " SELECT product_id, location_id, on_hand, on_hand, 'count', 'begin', '', CURRENT_TIMESTAMP FROM stock",
    "UPDATE stock SET version = 1, reserved = coalesce((SELECT sum(l.ordered - l.cancelled - l.shipped) FROM order_line l"
    " JOIN orders o ON o.id = l.order_id JOIN product p ON p.id = l.product_id WHERE l.product_id = stock.product_id"
    " AND p.home_id = stock.location_id AND NOT o.is_test"
    " AND o.stage IN ('new','preparing','ready','partly_shipped')), 0)",
)


def upgrade() -> None:
    for table, column, kind in _ADDED:
        op.execute(sa.text(f"ALTER TABLE {table} ADD COLUMN {column} {kind}"))
    op.create_table(
        "stock_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint("after >= 0", name=op.f("ck_stock_move_after")),
        sa.CheckConstraint("quantity <> 0 OR kind = 'count'", name=op.f("ck_stock_move_quantity")),
        sa.CheckConstraint(
            "kind IN ('count','carry','found','ship','unship','elsewhere','cancel','uncancel','come_back','inspect')",
            name=op.f("ck_stock_move_kind"),
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_stock_move_product_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_stock_move_location_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_stock_move_staff_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_stock_move_order_id")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_stock_move_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_move")),
    )
    for name, table, columns, where in _INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    for statement in _BEGIN:
        op.execute(sa.text(statement))
    statement = _INSERT_ONLY[op.get_bind().dialect.name]
    for verb in ("update", "delete"):
        op.execute(statement.format(verb=verb, VERB=verb.upper()))


def downgrade() -> None:
    for name, table, _columns, _where in reversed(_INDEXES):
        op.drop_index(name, table)
    op.drop_table("stock_move")
    for table, column, _kind in reversed(_ADDED):
        op.execute(sa.text(f"ALTER TABLE {table} DROP COLUMN {column}"))
