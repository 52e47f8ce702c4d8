"""told conflicts

Disagreements with a channel are told by an order's events, with two more ways to end. Those that stand there already get one event
each, which says how they are now.

Revision ID: 0017
Revises: 0016
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_OPEN = sa.text("state = 'open'")
_BEFORE = "state IN ('open','kept','taken','agreed')"
_NOW = "state IN ('open','kept','taken','apart','agreed','over')"
_VERB = {"open": "disagree", "agreed": "agree", "kept": "keep", "taken": "follow"}
_ROWS = sa.text(
    "SELECT c.id, c.order_id, c.line_id, c.code, c.state, c.staff_id, coalesce(c.answered_at, c.seen_at) AS at, o.version"
    " FROM conflict c JOIN orders o ON o.id = c.order_id ORDER BY c.id"
)
_ACTION = sa.text("INSERT INTO action (id, verb, body, staff_id, at) VALUES (:action, :verb, '', :staff_id, :at)")
_EVENT = sa.text(
    "INSERT INTO event (order_id, seq, at, thing, verb, actor, staff_id, action_id, changes, note)"
    " VALUES (:order_id, :seq, :at, 'order', :verb, :actor, :staff_id, :action, :changes, '')"
)
_VERSION = sa.text("UPDATE orders SET version = :seq WHERE id = :order_id")


def upgrade() -> None:
    _allow(_NOW)
    conn = op.get_bind()
    versions: dict[int, int] = {}
    for row in conn.execute(_ROWS).all():
        facts = {"code": [None, row.code], "line_id": [None, row.line_id], "state": [None, row.state]}
        if row.line_id is None:
            del facts["line_id"]
        seq = versions[row.order_id] = versions.get(row.order_id, row.version) + 1
        verb = _VERB[row.state]
        said = {
            "action": f"0017-conflict-{row.id}", "verb": verb, "staff_id": row.staff_id, "at": row.at, "seq": seq,
            "order_id": row.order_id, "actor": "staff" if verb in ("keep", "follow") else "channel",
            "changes": json.dumps({"conflicts": {str(row.id): facts}}),
        }  # fmt: skip
        for statement in (_ACTION, _EVENT, _VERSION):
            conn.execute(statement, said)


def downgrade() -> None:
    conn = op.get_bind()
    conn.execute(sa.text("UPDATE conflict SET state = 'kept' WHERE state = 'apart'"))
    conn.execute(sa.text("UPDATE conflict SET state = 'agreed' WHERE state = 'over'"))
    _allow(_BEFORE)


def _allow(states: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_conflict_state"), "conflict", type_="check")
        op.create_check_constraint(op.f("ck_conflict_state"), "conflict", states)
        return
    # Made anew by hand: a batch would write its keys in any order.
    op.create_table(
        "conflict_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("ours", sa.String(length=300), nullable=False),
        sa.Column("theirs", sa.String(length=300), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(states, name=op.f("ck_conflict_state")),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_conflict_answered")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_conflict_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_conflict_order_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_conflict_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.execute("INSERT INTO conflict_anew SELECT * FROM conflict")
    op.drop_table("conflict")
    op.rename_table("conflict_anew", "conflict")
    op.create_index("ix_conflict_order_id", "conflict", ["order_id"])
    op.create_index("ix_conflict_open", "conflict", ["seen_at", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
