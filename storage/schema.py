"""The tables. A change here needs a migration; a test compares the two on both databases."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    UniqueConstraint,
)

from storage.columns import Json, Moment, Words

#: Migrations in order; the last is the schema this code works with.
REVISIONS = ("0001", "0002", "0003")
#: Where alembic notes the revision; its name tells our databases from others'.
REVISION_TABLE = "hansyn_revision"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(name: str, *, key: bool = False) -> Column[str]:
    """A text column that is never NULL; empty means nothing."""
    return Column(name, Words, primary_key=key, nullable=False)


# SQLite gives out row numbers only for a plain INTEGER key.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")

# -- turns: 0001 ------------------------------------------------------------------------------

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

# -- records: 0002 ----------------------------------------------------------------------------

cases = Table(
    "cases",
    metadata,
    text("number", key=True),
    text("kind"),
    text("state"),
    text("report_status"),
    Column("version", Integer, nullable=False),
    text("owner_role"),
    text("owner_person"),
    Column("due_on", Date),
    text("conversation_key"),
    text("about"),
    text("registry_number"),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    CheckConstraint("state IN ('new', 'taken', 'closed')", "state"),
    CheckConstraint(
        "report_status IN ('', 'utkast', 'inskickad', 'komplettering', 'mottagen', 'redovisad')",
        "report_status",
    ),
    Index(None, "kind", "state"),
    Index(None, "conversation_key"),
    Index(None, "created_at"),
)

case_versions = Table(
    "case_versions",
    metadata,
    Column("number", Words, ForeignKey("cases.number"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("change"),
    text("organisation"),
    Column("year", Integer, nullable=False),
    Column("period_from", Date),
    Column("period_to", Date),
    Column("values", Json, nullable=False),
    text("form_version"),
    text("submitted_by"),
    Column("submitted_at", Moment, nullable=False),
    CheckConstraint("change IN ('filed', 'amended', 'withdrawn')", "change"),
    Index(None, "organisation", "year"),
    Index(None, "period_from"),
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("number", Words, ForeignKey("cases.number"), nullable=False),
    Column("at", Moment, nullable=False),
    text("actor"),
    text("kind"),
    Column("facts", Json, nullable=False),
    Index(None, "number"),
)

screenings = Table(
    "screenings",
    metadata,
    text("number", key=True),
    Column("at", Moment, nullable=False),
    text("conversation_key"),
    text("organisation"),
    text("input"),
    Column("facts", Json, nullable=False),
    text("verdict"),
    Column("reasons", Json, nullable=False),
    text("rule_version"),
    text("policy_version"),
    text("case_number"),
    CheckConstraint("verdict IN ('ja', 'nej', 'oklar')", "verdict"),
    Index(None, "at"),
    Index(None, "verdict"),
)

answers = Table(
    "answers",
    metadata,
    text("number", key=True),
    Column("at", Moment, nullable=False),
    text("conversation_key"),
    text("language"),
    text("question"),
    text("answer"),
    Column("quotes", Json, nullable=False),
    Column("documents", Json, nullable=False),
    text("outcome"),
    Column("corpus_version", Integer, nullable=False),
    Index(None, "at"),
    Index(None, "outcome", "at"),
    Index(None, "conversation_key"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("number", Words, ForeignKey("answers.number", ondelete="CASCADE"), primary_key=True),
    Column("at", Moment, nullable=False),
    text("vote"),
    text("comment"),
)

# The order of rows would tie an anonymous answer to a turn, so there is no row number.
surveys = Table(
    "surveys",
    metadata,
    text("id", key=True),
    text("period"),
    text("role"),
    Column("understanding", SmallInteger, nullable=False),
    Column("trust", SmallInteger, nullable=False),
    Column("engagement", SmallInteger, nullable=False),
    text("comment"),
    CheckConstraint("understanding BETWEEN 1 AND 5", "understanding"),
    CheckConstraint("trust BETWEEN 1 AND 5", "trust"),
    CheckConstraint("engagement BETWEEN 1 AND 5", "engagement"),
    Index(None, "period"),
    sqlite_with_rowid=False,
)

# -- guidance and settings: 0003 --------------------------------------------------------------

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
