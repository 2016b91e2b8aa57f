"""What happens to the texts a release ships: the first release after an edit must neither
overwrite it nor fork it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection

from knowledge.model import Document
from storage.documents import content_hash
from storage.guidance_model import Published
from storage.publishing import (
    Batch,
    Head,
    add_version,
    find_heads,
    note_shipped,
    publish_version,
)

Fate = Literal["published", "unchanged", "drafted", "left_retired"]


def take_in(connection: Connection, shipped: Iterable[Document], batch: Batch) -> Published:
    """Take in shipped texts and say what became of each."""
    fates: dict[Fate, list[str]] = {
        "published": [],
        "unchanged": [],
        "drafted": [],
        "left_retired": [],
    }
    documents = tuple(shipped)
    heads = find_heads(connection, [document.id for document in documents])
    for document in documents:
        head = heads.get(document.id)
        fate = decide(head, content_hash(document))
        _carry_out(connection, document, batch, head, fate)
        fates[fate].append(document.id)
    return Published(**{fate: tuple(ids) for fate, ids in fates.items()})


def decide(head: Head | None, shipped: str) -> Fate:
    """What becomes of a shipped text with this hash."""
    if head is None:
        return "published"
    if head.live_version is None and head.published:
        return "left_retired"
    if shipped in (head.shipped_hash, head.live_hash):
        return "unchanged"
    return "published" if head.live_hash and head.live_hash == head.shipped_hash else "drafted"


def _carry_out(
    connection: Connection, document: Document, batch: Batch, head: Head | None, fate: Fate
) -> None:
    if fate in ("published", "drafted"):
        version = add_version(connection, document, batch, head, origin="shipped")
        if fate == "published":
            publish_version(connection, document.id, version, batch)
    if head is None or head.shipped_hash != content_hash(document):
        note_shipped(connection, document.id, content_hash(document))
