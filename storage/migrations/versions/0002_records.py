"""Records: cases, screenings, answers with feedback, surveys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

#: SQLite keeps instants as ISO text.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _cases()
    _case_versions()
    _case_events()
    _screenings()
    _answers()
    _feedback()
    _surveys()


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "surveys",
        "feedback",
        "answers",
        "screenings",
        "case_events",
        "case_versions",
        "cases",
    ):
        op.drop_table(table)


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("report_status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_role", sa.Text(), nullable=False),
        sa.Column("owner_person", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("conversation_key", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("registry_number", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "report_status IN "
            "('', 'utkast', 'inskickad', 'komplettering', 'mottagen', 'redovisad')",
            name=op.f("ck_cases_report_status"),
        ),
        sa.CheckConstraint("state IN ('new', 'taken', 'closed')", name=op.f("ck_cases_state")),
        sa.PrimaryKeyConstraint("number", name="pk_cases"),
    )
    op.create_index("ix_cases_conversation_key", "cases", ["conversation_key"])
    op.create_index("ix_cases_created_at", "cases", ["created_at"])
    op.create_index("ix_cases_kind_state", "cases", ["kind", "state"])


def _case_versions() -> None:
    op.create_table(
        "case_versions",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "change IN ('filed', 'amended', 'withdrawn')", name=op.f("ck_case_versions_change")
        ),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name="fk_case_versions_number"),
        sa.PrimaryKeyConstraint("number", "version", name="pk_case_versions"),
    )
    op.create_index("ix_case_versions_organisation_year", "case_versions", ["organisation", "year"])
    op.create_index("ix_case_versions_period_from", "case_versions", ["period_from"])


def _case_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name="fk_case_events_number"),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
    )
    op.create_index("ix_case_events_number", "case_events", ["number"])


def _screenings() -> None:
    op.create_table(
        "screenings",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("conversation_key", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('ja', 'nej', 'oklar')", name=op.f("ck_screenings_verdict")),
        sa.PrimaryKeyConstraint("number", name="pk_screenings"),
    )
    op.create_index("ix_screenings_at", "screenings", ["at"])
    op.create_index("ix_screenings_verdict", "screenings", ["verdict"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("conversation_key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("quotes", sa.Text(), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("corpus_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_answers"),
    )
    op.create_index("ix_answers_at", "answers", ["at"])
    op.create_index("ix_answers_conversation_key", "answers", ["conversation_key"])
    op.create_index("ix_answers_outcome_at", "answers", ["outcome", "at"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("vote", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["answers.number"], name="fk_feedback_number", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_feedback"),
    )


def _surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("understanding", sa.SmallInteger(), nullable=False),
        sa.Column("trust", sa.SmallInteger(), nullable=False),
        sa.Column("engagement", sa.SmallInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("engagement BETWEEN 1 AND 5", name=op.f("ck_surveys_engagement")),
        sa.CheckConstraint("trust BETWEEN 1 AND 5", name=op.f("ck_surveys_trust")),
        sa.CheckConstraint("understanding BETWEEN 1 AND 5", name=op.f("ck_surveys_understanding")),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_surveys_period", "surveys", ["period"])
