"""Tables of the records: cases, screenings, answers, feedback, surveys."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
)

from storage.columns import Json, Moment, Words
from storage.metadata import RowNumber, metadata, text

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
