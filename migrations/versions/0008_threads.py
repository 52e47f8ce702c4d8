"""threads

Conversations stand for themselves: with an order or without one, with a clock and a history. What customers and the shop
have written about an order becomes its first thread.

Revision ID: 0008
Revises: 0007
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# What was promised to everybody before there was a rule for it.
HOURS = timedelta(hours=24)
_ITS_THREAD = "(SELECT id FROM thread WHERE thread.order_id = message.order_id)"
_UNANSWERED = "sender = 'customer' AND answered_at IS NULL"
_TIMED = "due_at IS NOT NULL"
_TICKING = "due_at IS NOT NULL AND state = 'open'"
_INSERT_ONLY = {
    "sqlite": (
        "CREATE TRIGGER thread_event_no_update BEFORE UPDATE ON thread_event"
        " BEGIN SELECT RAISE(ABORT, 'thread_event is insert-only'); END",
        "CREATE TRIGGER thread_event_no_delete BEFORE DELETE ON thread_event"
        " WHEN NOT EXISTS (SELECT 1 FROM thread t JOIN orders o ON o.id = t.order_id WHERE t.id = OLD.thread_id AND o.is_test)"
        " BEGIN SELECT RAISE(ABORT, 'thread_event is insert-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION test_thread_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT 1 FROM thread t JOIN orders o ON o.id = t.order_id WHERE t.id = OLD.thread_id AND o.is_test)"
        " THEN RETURN OLD; END IF; RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME; END $$",
        "CREATE TRIGGER thread_event_no_update BEFORE UPDATE ON thread_event"
        " FOR EACH ROW EXECUTE FUNCTION insert_only()",
        "CREATE TRIGGER thread_event_no_delete BEFORE DELETE ON thread_event"
        " FOR EACH ROW EXECUTE FUNCTION test_thread_only()",
    ),
}


def upgrade() -> None:
    _make_threads()
    waiting = _begin_threads()
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        _widen()
    op.create_index("ix_message_thread_id", "message", ["thread_id"])
    op.create_index("ix_message_timed", "message", ["answered_at"], **_where(_TIMED))
    _start_clocks(waiting)


def downgrade() -> None:
    _forget_what_has_no_order()
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(new=False)
    else:
        _narrow()
    op.drop_table("thread_event")
    op.drop_table("thread")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION test_thread_only()")


def _make_threads() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("joined_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_seconds", sa.Integer(), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_words", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "source IN ('page','mail','talktalk','phone','note','import')", name=op.f("ck_thread_source")
        ),
        sa.CheckConstraint("state IN ('open','snoozed','solved')", name=op.f("ck_thread_state")),
        sa.CheckConstraint("due_at IS NULL OR left_seconds IS NULL", name=op.f("ck_thread_clock")),
        sa.CheckConstraint(
            "state <> 'solved' OR (due_at IS NULL AND left_seconds IS NULL)", name=op.f("ck_thread_solved")
        ),
        sa.CheckConstraint("(state = 'snoozed') = (snoozed_until IS NOT NULL)", name=op.f("ck_thread_snoozed")),
        sa.CheckConstraint("joined_id IS NULL OR state = 'solved'", name=op.f("ck_thread_joined")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_thread_order_id")),
        sa.ForeignKeyConstraint(["joined_id"], ["thread.id"], name=op.f("fk_thread_joined_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_thread_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index("ix_thread_order_id", "thread", ["order_id"])
    op.create_index("ix_thread_joined_id", "thread", ["joined_id"])
    op.create_index("ix_thread_due", "thread", ["due_at", "id"], **_where(_TICKING))
    op.create_index("ix_thread_state", "thread", ["state", "last_at", "id"])
    op.create_table(
        "thread_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.String(length=64), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_thread_event_thread_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_thread_event_staff_id")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_thread_event_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_event")),
        sa.UniqueConstraint("thread_id", "seq", name=op.f("uq_thread_event_thread_id_seq")),
    )
    op.create_index("ix_thread_event_action_id", "thread_event", ["action_id"])
    for statement in _INSERT_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _rebuild(*, new: bool = True) -> None:
    """SQLite changes no column: `message` is made again, and `attachment` with it, for it points there."""
    for index in ("ix_message_order_id", "ix_message_unanswered", *(() if new else ("ix_message_thread_id", "ix_message_timed"))):
        op.drop_index(index, "message")
    for index in ("order_id", "message_id", "claim_id"):
        op.drop_index(f"ix_attachment_{index}", "attachment")
    op.rename_table("message", "message_before")
    op.rename_table("attachment", "attachment_before")
    _make_message(new)
    kept = "id, order_id, at, sender, staff_id, words, answered_at"
    more = ("", "") if not new else (", internal, noted, thread_id", f", false, false, {_ITS_THREAD}")
    op.execute(f"INSERT INTO message ({kept}{more[0]}) SELECT {kept}{more[1]} FROM message_before message")
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
    columns = 'id, order_id, message_id, claim_id, key, media, bytes, width, height, sha256, at, "by"'
    op.execute(f"INSERT INTO attachment ({columns}) SELECT {columns} FROM attachment_before")
    op.drop_table("attachment_before")
    op.drop_table("message_before")
    for index in ("order_id", "message_id", "claim_id"):
        op.create_index(f"ix_attachment_{index}", "attachment", [index])
    op.create_index("ix_message_order_id", "message", ["order_id"])
    op.create_index("ix_message_unanswered", "message", ["at"], **_where(_UNANSWERED))


def _make_message(new: bool) -> None:
    added: list[sa.schema.SchemaItem] = []
    if new:
        added = [
            sa.Column("thread_id", sa.Integer(), nullable=False),
            sa.Column("internal", sa.Boolean(), nullable=False),
            sa.Column("noted", sa.Boolean(), nullable=False),
            sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
            sa.CheckConstraint("internal = false OR sender = 'staff'", name=op.f("ck_message_internal")),
            sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_message_thread_id")),
        ]
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=new),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *added,
        sa.CheckConstraint("sender IN ('customer','staff')", name=op.f("ck_message_sender")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_message_order_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_message_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )


def _widen() -> None:
    op.alter_column("message", "order_id", nullable=True)
    op.add_column("message", sa.Column("thread_id", sa.Integer(), nullable=True))
    for name in ("internal", "noted"):
        op.add_column("message", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        op.alter_column("message", name, server_default=None)
    op.add_column("message", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_message_internal"), "message", "internal = false OR sender = 'staff'")
    op.create_foreign_key(op.f("fk_message_thread_id"), "message", "thread", ["thread_id"], ["id"])
    op.execute(f"UPDATE message SET thread_id = {_ITS_THREAD}")
    op.alter_column("message", "thread_id", nullable=False)


def _narrow() -> None:
    for name in ("thread_id", "internal", "noted", "due_at"):
        op.drop_column("message", name)
    op.alter_column("message", "order_id", nullable=False)


def _begin_threads() -> dict[int, datetime]:
    """An order's messages become a thread. Returns {message: when its answer is due}: a day after it was written."""
    bind, meta = op.get_bind(), sa.MetaData()
    names = ("message", "thread", "thread_event")
    message, thread, event = (sa.Table(name, meta, autoload_with=bind) for name in names)
    written: dict[int, list[sa.Row]] = {}
    waiting: dict[int, datetime] = {}
    for row in bind.execute(sa.select(message).order_by(message.c.id)):
        written.setdefault(row.order_id, []).append(row)
    for order, said in written.items():
        waits = next((m for m in said if m.sender == "customer" and m.answered_at is None), None)
        due = waits.at + HOURS if waits else None
        values = {
            "order_id": order, "source": "page", "kind": "other", "state": "open" if waits else "solved", "version": 1,
            "began_at": said[0].at, "due_at": due, "name": "", "contact": "", "subject": "",
            "last_at": said[-1].at, "last_words": " ".join(said[-1].words.split())[:200],
        }  # fmt: skip
        key = bind.execute(sa.insert(thread).values(values)).inserted_primary_key[0]
        if waits:
            waiting[waits.id] = due
        first = {"thread_id": key, "seq": 1, "at": said[0].at, "verb": "begin", "actor": "clock", "changes": {}}
        bind.execute(sa.insert(event).values(first))
    return waiting


def _start_clocks(waiting: dict[int, datetime]) -> None:
    bind = op.get_bind()
    message = sa.Table("message", sa.MetaData(), autoload_with=bind)
    for key, due in waiting.items():
        bind.execute(sa.update(message).where(message.c.id == key).values(due_at=due))


def _forget_what_has_no_order() -> None:
    """The desk before knew no conversation without an order, and no note that only staff see."""
    gone = "SELECT id FROM message WHERE order_id IS NULL OR internal OR noted"
    op.execute(f"UPDATE attachment SET message_id = NULL WHERE claim_id IS NOT NULL AND message_id IN ({gone})")
    op.execute(f"DELETE FROM attachment WHERE message_id IN ({gone})")
    op.execute("DELETE FROM message WHERE order_id IS NULL OR internal OR noted")


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
