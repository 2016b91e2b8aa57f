"""The single steps of publishing; callers hold the corpus counter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, func, insert, select, update

from knowledge.model import Document
from storage.counters import CORPUS, raise_counter
from storage.documents import to_row
from storage.errors import NotFound
from storage.schema import document_versions, documents


@dataclass(slots=True)
class Batch:
    """One change of the corpus, whatever the number of documents in it."""

    at: datetime
    by: str
    #: The corpus version it makes; 0 until something live changes.
    corpus_version: int = 0

    def count(self, connection: Connection) -> int:
        """The corpus version this batch makes, counted once."""
        if not self.corpus_version:
            self.corpus_version = raise_counter(connection, CORPUS)
        return self.corpus_version


@dataclass(frozen=True, slots=True)
class Head:
    """Where a document stands."""

    live_version: int | None
    #: Hash of the live version; empty when none is live.
    live_hash: str
    #: Hash of the text last shipped under this id; empty for a local document.
    shipped_hash: str
    #: The latest version number, drafts included.
    last_version: int
    #: Has it been live before?
    published: bool


_HEADS = (
    select(
        documents.c.id,
        documents.c.live_version,
        documents.c.shipped_hash,
        func.max(document_versions.c.version).label("last"),
        func.count(document_versions.c.published_at).label("published"),
        func.max(
            case(
                (document_versions.c.version == documents.c.live_version, document_versions.c.hash)
            )
        ).label("live_hash"),
    )
    .join_from(
        documents,
        document_versions,
        document_versions.c.document_id == documents.c.id,
        isouter=True,
    )
    .where(documents.c.id.in_(bindparam("in_ids", expanding=True)))
    .group_by(documents.c.id, documents.c.live_version, documents.c.shipped_hash)
)


def find_heads(connection: Connection, ids: Sequence[str]) -> dict[str, Head]:
    """Where the documents stand; an unknown id is left out."""
    return {
        row.id: Head(
            row.live_version,
            row.live_hash or "",
            row.shipped_hash,
            row.last or 0,
            row.published > 0,
        )
        for row in connection.execute(_HEADS, {"in_ids": list(ids)})
    }


def find_head(connection: Connection, document_id: str) -> Head | None:
    """Where the document stands; None for an unknown id."""
    return find_heads(connection, [document_id]).get(document_id)


def find_version(
    connection: Connection, document_id: str, version: int, status: str = ""
) -> Row[Any]:
    """The version's row. Raises ``NotFound``, also when it has another status."""
    query = select(document_versions).where(
        document_versions.c.document_id == document_id, document_versions.c.version == version
    )
    row = connection.execute(query).first()
    if row is None or (status and row.status != status):
        raise NotFound
    return row


def add_version(
    connection: Connection, document: Document, batch: Batch, head: Head | None, *, origin: str
) -> int:
    """Store the content as a draft and return its number; a new id becomes a document."""
    if head is None:
        row = {
            "id": document.id,
            "origin": origin,
            "live_version": None,
            "shipped_hash": "",
            "changed_in": 0,
        }
        connection.execute(insert(documents), row)
    version = 1 if head is None else head.last_version + 1
    facts = {
        "document_id": document.id,
        "version": version,
        "status": "draft",
        "created_at": batch.at,
        "created_by": batch.by,
        "published_by": "",
    }
    connection.execute(insert(document_versions), to_row(document) | facts)
    return version


def publish_version(connection: Connection, document_id: str, version: int, batch: Batch) -> None:
    """Make a stored version live in place of the one before."""
    _end_live(connection, document_id, "replaced", batch)
    published = {"status": "published", "published_at": batch.at, "published_by": batch.by}
    _set_version(connection, document_id, version, published)
    _set_document(
        connection,
        document_id,
        {"live_version": version, "changed_in": batch.count(connection)},
    )


def retire(connection: Connection, document_id: str, batch: Batch) -> None:
    """Take the document out of the corpus."""
    _end_live(connection, document_id, "retired", batch)
    changed = {"live_version": None, "changed_in": batch.count(connection)}
    _set_document(connection, document_id, changed)


def discard(connection: Connection, document_id: str, version: int, batch: Batch) -> None:
    """Put a draft away. Raises ``NotFound`` when it is none."""
    find_version(connection, document_id, version, "draft")
    discarded = {"status": "discarded", "retired_at": batch.at}
    _set_version(connection, document_id, version, discarded)


def note_shipped(connection: Connection, document_id: str, shipped_hash: str) -> None:
    """Remember which text was shipped last."""
    _set_document(connection, document_id, {"shipped_hash": shipped_hash})


def _end_live(connection: Connection, document_id: str, status: str, batch: Batch) -> None:
    change = update(document_versions).where(
        document_versions.c.document_id == document_id,
        document_versions.c.status == "published",
    )
    connection.execute(change.values(status=status, retired_at=batch.at))


def _set_version(
    connection: Connection, document_id: str, version: int, values: Mapping[str, object]
) -> None:
    change = update(document_versions).where(
        document_versions.c.document_id == document_id, document_versions.c.version == version
    )
    connection.execute(change.values(values))


def _set_document(connection: Connection, document_id: str, values: Mapping[str, object]) -> None:
    connection.execute(update(documents).where(documents.c.id == document_id).values(values))
