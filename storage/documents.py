"""Documents to rows and back; the content hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row

from knowledge.model import Document, Section
from storage.columns import storable
from storage.guidance_model import StoredDocument

#: Fields with a column of their own; the others go into ``metadata``.
_COLUMNS = ("kind", "title", "body", "valid_from", "valid_to", "sections")
_METADATA = tuple(field.name for field in fields(Document) if field.name not in (*_COLUMNS, "id"))
_LISTS = ("tags", "questions")


def content_hash(document: Document) -> str:
    """sha256 of the document's content.

    Empty fields do not count, so a field added to ``Document`` later changes no hash.
    """
    content = {name: value for name, value in asdict(document).items() if value}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(storable(text).encode()).hexdigest()


def to_row(document: Document) -> dict[str, object]:
    """The content columns of a version."""
    content = asdict(document)
    row = {name: content[name] for name in _COLUMNS}
    row["metadata"] = {name: content[name] for name in _METADATA if content[name]}
    return row | {"hash": content_hash(document)}


def from_row(row: Row[Any]) -> StoredDocument:
    """A version as it was stored."""
    # A field this release no longer has is left out.
    content = {name: value for name, value in row.metadata.items() if name in _METADATA}
    for name in _LISTS:
        content[name] = tuple(content.get(name, ()))
    document = Document(
        id=row.document_id,
        kind=row.kind,
        title=row.title,
        body=row.body,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        sections=tuple(Section(**section) for section in row.sections),
        **{"source": "", "source_date": "", **content},
    )
    return StoredDocument(
        document,
        row.version,
        row.status,
        row.hash,
        row.created_at,
        row.created_by,
        row.published_at,
        row.published_by,
        row.retired_at,
    )
