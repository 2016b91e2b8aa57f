"""Tables of the turns: messages, conversations, numbers, outbox, audit, counters."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, UniqueConstraint

from storage.columns import Json, Moment, Words
from storage.metadata import RowNumber, metadata, text

inbox = Table(
    "inbox",
    metadata,
    text("channel", key=True),
    text("message_id", key=True),
    text("conversation_key"),
    Column("received_at", Moment, nullable=False),
    text("text"),
    text("reply_json"),
    Index(None, "conversation_key"),
    Index(None, "received_at"),
)

conversations = Table(
    "conversations",
    metadata,
    text("key", key=True),
    Column("version", Integer, nullable=False),
    text("language"),
    Column("state_json", Words),
    Column("last_at", Moment, nullable=False),
    Index(None, "last_at"),
)

numbers = Table(
    "numbers",
    metadata,
    text("series", key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    text("idem"),
    text("destination"),
    text("kind"),
    Column("payload", Json, nullable=False),
    text("conversation_key"),
    text("status"),
    Column("attempts", Integer, nullable=False),
    # Attempts of which the destination said that it took nothing.
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    text("lease_token"),
    text("last_error"),
    Column("sent_at", Moment),
    UniqueConstraint("idem"),
    CheckConstraint("status IN ('new', 'leased', 'sent', 'dead')", "status"),
    Index(None, "status", "due_at"),
    Index(None, "conversation_key", "status"),
    # Ids order a conversation's rows, so a deleted row's id must never come back.
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("position", RowNumber, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text("actor"),
    text("action"),
    text("object"),
    Column("facts", Json, nullable=False),
    text("hash"),
    Index(None, "object"),
)

change_counters = Table(
    "change_counters",
    metadata,
    text("name", key=True),
    Column("value", Integer, nullable=False),
)
