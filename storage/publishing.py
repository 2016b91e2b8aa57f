"""The single steps of publishing; callers hold the corpus counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

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


def find_head(connection: Connection, document_id: str) -> Head | None:
    """Where the document stands; None for an unknown id."""
    row = connection.execute(select(documents).where(documents.c.id == document_id)).first()
    if row is None:
        return None
    mine = document_versions.c.document_id == document_id
    live = select(document_versions.c.hash).where(
        mine, document_versions.c.version == row.live_version
    )
    counts = select(
        func.max(document_versions.c.version), func.count(document_versions.c.published_at)
    ).where(mine)
    last, published = connection.execute(counts).one()
    live_hash = connection.scalar(live) or ""
    return Head(row.live_version, live_hash, row.shipped_hash, last or 0, published > 0)


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
