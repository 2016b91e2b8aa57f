"""The corpus: documents with versions, of which at most one is live.

Publishing, retiring and rolling back raise ``corpus_version``; running servers poll it.
Nothing is ever overwritten, so an old answer can be read in its own version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select

from knowledge.model import Document
from storage import documents as rows_of
from storage.counters import CORPUS, counter, lock_counter
from storage.engine import Database, T
from storage.errors import NotFound, StaleCorpus
from storage.guidance_model import Published, StoredDocument
from storage.publishing import (
    Batch,
    add_version,
    discard,
    find_head,
    find_version,
    publish_version,
    retire,
)
from storage.schema import document_versions, documents
from storage.shipped import take_in

_LIVE = select(document_versions).join(
    documents,
    and_(
        documents.c.id == document_versions.c.document_id,
        documents.c.live_version == document_versions.c.version,
    ),
)


class Guidance:
    """Reads and publishes the corpus."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def corpus_version(self) -> int:
        """Rises with every change of what is live; one row, cheap to poll."""
        return self._database.read(lambda connection: counter(connection, CORPUS))

    def published_documents(self) -> tuple[StoredDocument, ...]:
        """Everything live, by id."""
        return self._database.read(lambda c: _stored(c, _LIVE.order_by(documents.c.id)))

    def document(self, document_id: str, version: int | None = None) -> StoredDocument | None:
        """One version, or the live one; None when there is none."""
        query = _LIVE.where(documents.c.id == document_id)
        if version is not None:
            query = _versions(document_id).where(document_versions.c.version == version)
        found = self._database.read(lambda connection: _stored(connection, query))
        return found[0] if found else None

    def versions(self, document_id: str) -> tuple[StoredDocument, ...]:
        """Every version, first to latest; empty for an unknown id."""
        query = _versions(document_id).order_by(document_versions.c.version)
        return self._database.read(lambda connection: _stored(connection, query))

    def drafts(self) -> tuple[StoredDocument, ...]:
        """Everything that waits to be published."""
        query = select(document_versions).where(document_versions.c.status == "draft")
        query = query.order_by(document_versions.c.document_id, document_versions.c.version)
        return self._database.read(lambda connection: _stored(connection, query))

    def retired(self) -> tuple[StoredDocument, ...]:
        """The last text of every document that was taken out of the corpus, by id."""
        query = (
            select(document_versions)
            .join(documents, documents.c.id == document_versions.c.document_id)
            .where(documents.c.live_version.is_(None), document_versions.c.status == "retired")
            .order_by(document_versions.c.document_id, document_versions.c.version)
        )
        found = self._database.read(lambda connection: _stored(connection, query))
        return tuple({each.document.id: each for each in found}.values())

    def publish_documents(self, batch: Iterable[Document], at: datetime, by: str = "") -> Published:
        """Make each document live as it stands; content that is live already changes nothing.

        One transaction and at most one step of ``corpus_version``. A retired document comes back.
        """

        def work(connection: Connection, step: Batch) -> Published:
            published, unchanged = [], []
            for document in batch:
                live = find_head(connection, document.id)
                if live is not None and live.live_hash == rows_of.content_hash(document):
                    unchanged.append(document.id)
                    continue
                version = add_version(connection, document, step, live, origin="local")
                publish_version(connection, document.id, version, step)
                published.append(document.id)
            return Published(tuple(published), tuple(unchanged))

        return self._change(work, at, by)

    def sync_shipped(self, batch: Iterable[Document], at: datetime) -> Published:
        """Take in the texts this release ships; the second time changes nothing.

        A changed text replaces the live one only where that still is the text shipped before;
        otherwise it waits as a draft. A retired document stays retired.
        """
        return self._change(lambda connection, step: take_in(connection, batch, step), at, "")

    def save_draft(self, document: Document, at: datetime, by: str) -> int:
        """Store a version that is not live yet and return its number."""

        def work(connection: Connection, step: Batch) -> int:
            head = find_head(connection, document.id)
            return add_version(connection, document, step, head, origin="local")

        return self._change(work, at, by)

    def publish_draft(self, document_id: str, version: int, at: datetime, by: str) -> None:
        """Make a draft live. Raises ``NotFound`` when it is none."""

        def work(connection: Connection, step: Batch) -> None:
            find_version(connection, document_id, version, "draft")
            publish_version(connection, document_id, version, step)

        self._change(work, at, by)

    def publish_versions(
        self, versions: Iterable[tuple[str, int]], at: datetime, by: str, seen: int
    ) -> tuple[tuple[str, int], ...]:
        """Make these versions of documents live in one step, and return what is live now.

        A version that was live before comes back as a new one. ``seen`` is the corpus version the
        decision was made on.

        Raises ``StaleCorpus`` and ``NotFound``; then nothing has changed.
        """

        def work(connection: Connection, step: Batch) -> tuple[tuple[str, int], ...]:
            if counter(connection, CORPUS) != seen:
                raise StaleCorpus
            return tuple((name, _go_live(connection, name, v, step)) for name, v in versions)

        return self._change(work, at, by)

    def discard_draft(self, document_id: str, version: int, at: datetime) -> None:
        """Put a draft away; it can still be read. Raises ``NotFound`` when it is none."""
        self._change(lambda c, step: discard(c, document_id, version, step), at, "")

    def roll_back(self, document_id: str, version: int, at: datetime, by: str) -> int:
        """Make an earlier content live again, as a new version whose number is returned.

        Raises ``NotFound``.
        """

        def work(connection: Connection, step: Batch) -> int:
            return _go_live(connection, document_id, version, step)

        return self._change(work, at, by)

    def retire(self, document_id: str, at: datetime, by: str) -> None:
        """Take a document out of the corpus; its versions stay. Raises ``NotFound``."""

        def work(connection: Connection, step: Batch) -> None:
            head = find_head(connection, document_id)
            if head is None or head.live_version is None:
                raise NotFound
            retire(connection, document_id, step)

        self._change(work, at, by)

    def _change(self, work: Callable[[Connection, Batch], T], at: datetime, by: str) -> T:
        def locked(connection: Connection) -> T:
            # Publishers take turns, also across servers.
            lock_counter(connection, CORPUS)
            return work(connection, Batch(at, by))

        return self._database.write(locked)


def _go_live(connection: Connection, document_id: str, version: int, step: Batch) -> int:
    """Make a draft live, or an earlier version's content as a new version; its number."""
    row = find_version(connection, document_id, version)
    if row.status != "draft":
        head = find_head(connection, document_id)
        earlier = rows_of.from_row(row).document
        version = add_version(connection, earlier, step, head, origin="local")
    publish_version(connection, document_id, version, step)
    return version


def _versions(document_id: str) -> Select[Any]:
    return select(document_versions).where(document_versions.c.document_id == document_id)


def _stored(connection: Connection, query: Select[Any]) -> tuple[StoredDocument, ...]:
    found: list[Row[Any]] = list(connection.execute(query))
    return tuple(map(rows_of.from_row, found))
