"""Tables of the console: who is logged in, who may do what, cards of cases in rooms."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table

from storage.columns import Json, Moment, Words
from storage.metadata import metadata, text

#: What a person may do wherever they are met; ``person`` is a row of ``people``.
grants = Table(
    "grants",
    metadata,
    text("person", key=True),
    Column("roles", Json, nullable=False),
    # Codes of organisations; null stands for all of them.
    Column("units", Json, nullable=False),
    # "login" is written anew at each login, "local" by a colleague.
    text("origin"),
    Column("updated_at", Moment, nullable=False),
)

logins = Table(
    "logins",
    metadata,
    # Of the cookie, which only the browser has.
    text("digest", key=True),
    text("person"),
    Column("roles", Json, nullable=False),
    Column("units", Json, nullable=False),
    text("origin"),
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index(None, "person"),
)

cards = Table(
    "cards",
    metadata,
    Column("number", Words, ForeignKey("cases.number"), primary_key=True),
    # The room, as the operator names it: "slack:C0123".
    text("place", key=True),
    # What the platform calls the message, so that it can be edited.
    Column("reference", Json, nullable=False),
    # A digest of what the card shows now.
    text("shown"),
    Column("updated_at", Moment, nullable=False),
)
