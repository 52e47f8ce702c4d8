"""customers

By which phone and e-mail an order is somebody's, for all orders that are here; and notes about customers.

Revision ID: 0006
Revises: 0005
"""

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

CHUNK = 1000


def upgrade() -> None:
    op.create_table(
        "customer_key",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=254), nullable=False),
        sa.Column("order_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.CheckConstraint("kind IN ('phone','email')", name=op.f("ck_customer_key_kind")),
        sa.CheckConstraint("role IN ('buyer','receiver')", name=op.f("ck_customer_key_role")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_customer_key_order_id")),
        sa.PrimaryKeyConstraint("kind", "value", "order_id", name=op.f("pk_customer_key")),
    )
    op.create_index(op.f("ix_customer_key_order_id"), "customer_key", ["order_id"])
    op.create_table(
        "customer_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_customer_note_version")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_customer_note_order_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_customer_note_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_note")),
    )
    op.create_index("ix_customer_note_order_id", "customer_note", ["order_id", "id"])
    _fill(op.get_bind())


def downgrade() -> None:
    op.drop_table("customer_note")
    op.drop_table("customer_key")


def _fill(conn: sa.Connection) -> None:
    """The keys of all orders, as `shop.contacts` spelled them when this was written."""
    names = ("id", "country", "currency", "buyer_phone", "buyer_email", "phone", "phone2")
    orders = sa.table("orders", *(sa.column(name) for name in names))
    keys = sa.table("customer_key", *(sa.column(name) for name in ("kind", "value", "order_id", "role")))
    after = 0
    while rows := conn.execute(
        sa.select(orders).where(orders.c.id > after).order_by(orders.c.id).limit(CHUNK)
    ).all():
        after = rows[-1].id
        if found := [key for row in rows for key in _keys(row)]:
            conn.execute(sa.insert(keys), found)


def _keys(order: Any) -> list[dict[str, Any]]:
    home = {"KR": "82", "JP": "81", "US": "1", "CA": "1"}.get(order.country) or {"KRW": "82", "JPY": "81"}.get(
        order.currency, ""
    )
    found = [("phone", _phone(order.buyer_phone, home), "buyer"), ("email", _email(order.buyer_email), "buyer")]
    found = [key for key in found if key[1]]
    if not found:
        theirs = next(filter(None, (_phone(p, home) for p in (order.phone, order.phone2))), "")
        found = [("phone", theirs, "receiver")] if theirs else []
    return [{"kind": kind, "value": value, "order_id": order.id, "role": role} for kind, value, role in found]


def _phone(typed: str, home: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).strip()
    digits = re.sub(r"[^0-9]", "", plain)
    abroad = plain.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    known = {"82": 10, "81": 11, "1": 11}
    code = next((c for c, fewest in known.items() if digits.startswith(c) and len(digits) >= fewest), None)
    if code is None and abroad:
        code = ""
    digits = digits.removeprefix(code or "").lstrip("0")
    if "*" in typed or len(digits) < 7 or len(set(digits)) < 3:
        return ""
    if code is None:
        code = "82" if len(digits) == 10 and digits.startswith("10") and home in ("82", "81", "") else home
    return "" if code == "82" and digits.startswith("50") else f"{code}{digits}"[:40]


def _email(typed: str) -> str:
    word = unicodedata.normalize("NFKC", typed).strip().casefold()
    return word[:254] if re.fullmatch(r"[^@\s*]+@[^@\s*]+\.[^@\s*]+", word) else ""
