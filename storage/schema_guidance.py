"""Tables of the guidance and the settings: documents, gold, vocabularies, policy."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table

from storage.columns import Json, Moment, Words
from storage.metadata import RowNumber, metadata, text

documents = Table(
    "documents",
    metadata,
    text("id", key=True),
    text("origin"),
    Column("live_version", Integer),
    text("shipped_hash"),
    Column("changed_in", Integer, nullable=False),
    CheckConstraint("origin IN ('shipped', 'local')", "origin"),
)

document_versions = Table(
    "document_versions",
    metadata,
    Column("document_id", Words, ForeignKey("documents.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("status"),
    text("kind"),
    text("title"),
    text("body"),
    Column("metadata", Json, nullable=False),
    Column("sections", Json, nullable=False),
    text("valid_from"),
    text("valid_to"),
    text("hash"),
    Column("created_at", Moment, nullable=False),
    text("created_by"),
    Column("published_at", Moment),
    text("published_by"),
    Column("retired_at", Moment),
    CheckConstraint(
        "status IN ('draft', 'published', 'replaced', 'retired', 'discarded')", "status"
    ),
    Index(None, "status"),
)

gold_questions = Table(
    "gold_questions",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    text("question"),
    text("language"),
    Column("expected", Json, nullable=False),
    text("created_by"),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

terms = Table(
    "terms",
    metadata,
    text("vocabulary", key=True),
    text("code", key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    text("name"),
    Column("synonyms", Json, nullable=False),
    text("successor"),
    Column("meta", Json, nullable=False),
    text("origin"),
    text("shipped_hash"),
    CheckConstraint("origin IN ('shipped', 'local')", "origin"),
)

policy_values = Table(
    "policy_values",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    text("key"),
    Column("value", Json, nullable=False),
    text("decided_by"),
    text("source"),
    Column("valid_from", Date, nullable=False),
    Column("stored_at", Moment, nullable=False),
    Index(None, "key", "valid_from"),
)
