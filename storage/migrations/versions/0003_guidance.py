"""Guidance with its versions, vocabularies and policy values."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

#: SQLite keeps instants as ISO text.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _documents()
    _document_versions()
    _gold_questions()
    _terms()
    _policy_values()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("policy_values", "terms", "gold_questions", "document_versions", "documents"):
        op.drop_table(table)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("live_version", sa.Integer(), nullable=True),
        sa.Column("shipped_hash", sa.Text(), nullable=False),
        sa.Column("changed_in", sa.Integer(), nullable=False),
        sa.CheckConstraint("origin IN ('shipped', 'local')", name=op.f("ck_documents_origin")),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )


def _document_versions() -> None:
    op.create_table(
        "document_versions",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'replaced', 'retired', 'discarded')",
            name=op.f("ck_document_versions_status"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_document_versions_document_id"
        ),
        sa.PrimaryKeyConstraint("document_id", "version", name="pk_document_versions"),
    )
    op.create_index("ix_document_versions_status", "document_versions", ["status"])


def _gold_questions() -> None:
    op.create_table(
        "gold_questions",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_gold_questions"),
    )


def _terms() -> None:
    op.create_table(
        "terms",
        sa.Column("vocabulary", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("synonyms", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("meta", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("shipped_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("origin IN ('shipped', 'local')", name=op.f("ck_terms_origin")),
        sa.PrimaryKeyConstraint("vocabulary", "code", "valid_from", name="pk_terms"),
    )


def _policy_values() -> None:
    op.create_table(
        "policy_values",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("stored_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy_values"),
    )
    op.create_index("ix_policy_values_key_valid_from", "policy_values", ["key", "valid_from"])
