"""Turns: messages, conversations, numbers, what is to be sent, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

#: SQLite keeps instants as ISO text.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _inbox()
    _conversations()
    _numbers()
    _outbox()
    _audit()
    _change_counters()
    _protect_audit()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("change_counters", "audit", "outbox", "numbers", "conversations", "inbox"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("conversation_key", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_json", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "message_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_conversation_key", "inbox", ["conversation_key"])
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state_json", sa.Text(), nullable=True),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_conversations"),
    )
    op.create_index("ix_conversations_last_at", "conversations", ["last_at"])


def _numbers() -> None:
    op.create_table(
        "numbers",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="pk_numbers"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("idem", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("conversation_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_token", sa.Text(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "status IN ('new', 'leased', 'sent', 'dead')", name=op.f("ck_outbox_status")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("idem", name="uq_outbox_idem"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_conversation_key_status", "outbox", ["conversation_key", "status"])
    op.create_index("ix_outbox_status_due_at", "outbox", ["status", "due_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("position", ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit"),
    )
    op.create_index("ix_audit_object", "audit", ["object"])


def _change_counters() -> None:
    op.create_table(
        "change_counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_change_counters"),
    )


def _protect_audit() -> None:
    """Refuse every change of the audit log but a new row, whoever asks."""
    triggers = _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE
    for statement in triggers:
        op.execute(statement)


_SQLITE = (
    """CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_keeps_content BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    """CREATE TRIGGER audit_keeps_content BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()""",
    """CREATE TRIGGER audit_keeps_rows BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
)
