"""Tables of who writes from where: persons, their channel identities, ways back to them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table

from storage.columns import Json, Moment, Words
from storage.metadata import metadata, text

people = Table(
    "people",
    metadata,
    text("id", key=True),
    text("organisation"),
    Column("created_at", Moment, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    text("issuer", key=True),
    text("subject", key=True),
    Column("person", Words, ForeignKey("people.id"), nullable=False),
    Column("linked_at", Moment, nullable=False),
    Index(None, "person"),
)

link_codes = Table(
    "link_codes",
    metadata,
    text("digest", key=True),
    Column("person", Words, ForeignKey("people.id"), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

addresses = Table(
    "addresses",
    metadata,
    text("conversation_key", key=True),
    Column("address", Json, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
