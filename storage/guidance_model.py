"""Guidance as the database keeps it: documents with all their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from knowledge.model import Document

VersionStatus = Literal["draft", "published", "replaced", "retired", "discarded"]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One version of a document."""

    document: Document
    #: Counts from 1 within the document.
    version: int
    status: VersionStatus
    #: Of the content; equal content has an equal hash.
    hash: str
    created_at: datetime
    created_by: str
    #: None for a draft.
    published_at: datetime | None
    published_by: str
    #: When it stopped being quotable; None while it is live or a draft.
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """What a batch did; ids in the order given."""

    #: New documents and new versions, now live.
    published: tuple[str, ...] = ()
    #: Content equal to what is live or was shipped before.
    unchanged: tuple[str, ...] = ()
    #: Shipped texts that wait as drafts because the live text was edited here.
    drafted: tuple[str, ...] = ()
    #: Shipped texts that were retired here and stay so.
    left_retired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with its right answer, born in operation."""

    id: int
    question: str
    language: str
    #: What a right answer cites, in the form evaluation reads.
    expected: dict[str, object]
    created_by: str
    created_at: datetime
