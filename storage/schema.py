"""The tables. A change here needs a migration; a test compares the two on both databases."""

from __future__ import annotations

from storage.metadata import REVISION_TABLE, REVISIONS, metadata
from storage.schema_console import cards, grants, logins
from storage.schema_files import attachments
from storage.schema_guidance import (
    document_versions,
    documents,
    gold_questions,
    policy_values,
    terms,
)
from storage.schema_people import addresses, identities, link_codes, people
from storage.schema_records import (
    answers,
    case_events,
    case_versions,
    cases,
    feedback,
    screenings,
    surveys,
)
from storage.schema_turns import audit, change_counters, conversations, inbox, numbers, outbox

__all__ = [
    "REVISIONS",
    "REVISION_TABLE",
    "addresses",
    "answers",
    "attachments",
    "audit",
    "cards",
    "case_events",
    "case_versions",
    "cases",
    "change_counters",
    "conversations",
    "document_versions",
    "documents",
    "feedback",
    "gold_questions",
    "grants",
    "identities",
    "inbox",
    "link_codes",
    "logins",
    "metadata",
    "numbers",
    "outbox",
    "people",
    "policy_values",
    "screenings",
    "surveys",
    "terms",
]
