"""The table of files that people send along."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from storage.columns import Content, Moment
from storage.metadata import metadata, text

attachments = Table(
    "attachments",
    metadata,
    text("id", key=True),
    text("conversation_key"),
    # Empty until the report it belongs to is filed.
    text("number"),
    text("name"),
    text("media_type"),
    Column("size", Integer, nullable=False),
    Column("content", Content, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "conversation_key"),
    Index(None, "number", "created_at"),
)
