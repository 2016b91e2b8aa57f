"""Messages handled, each with the reply it got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.engine import Database
from storage.records import Turn
from storage.schema import conversations, inbox

_REPLY = select(inbox.c.reply_json).where(
    inbox.c.channel == bindparam("in_channel"), inbox.c.message_id == bindparam("in_message_id")
)
INSERT = insert(inbox)
_HANDLED = (
    inbox.c.channel,
    inbox.c.message_id,
    inbox.c.received_at,
    inbox.c.text,
    inbox.c.reply_json,
)


@dataclass(frozen=True, slots=True)
class Handled:
    """A message and its reply, for export to the person it concerns."""

    channel: str
    message_id: str
    received_at: datetime
    #: Masked; empty once forgotten.
    text: str
    reply_json: str


class Inbox:
    """Looks up and forgets handled messages; only ``Store.commit_turn`` adds them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_reply(self, channel: str, message_id: str) -> str | None:
        """The stored reply as JSON; None for a message not handled yet."""
        place = {"in_channel": channel, "in_message_id": message_id}
        return self._database.read(lambda connection: connection.scalar(_REPLY, place))

    def of_conversation(self, key: str) -> tuple[Handled, ...]:
        """The conversation's messages, oldest first."""
        query = select(*_HANDLED).where(inbox.c.conversation_key == key)
        ordered = query.order_by(inbox.c.received_at)
        rows = self._database.read(lambda connection: connection.execute(ordered).all())
        return tuple(Handled(**row._mapping) for row in rows)

    def latest(self, key: str, limit: int) -> tuple[int, tuple[Handled, ...]]:
        """How many messages the conversation has had, and its latest ``limit``, oldest first."""
        mine = inbox.c.conversation_key == key
        # One statement sees one moment, so that the count fits the messages. The version counts
        # the turns, those included whose messages are forgotten by now.
        version = select(conversations.c.version).where(conversations.c.key == key)
        left = select(func.count()).where(mine).scalar_subquery()
        count = func.coalesce(version.scalar_subquery(), left).label("total")
        newest = inbox.c.received_at.desc()
        last = select(*_HANDLED, count).where(mine).order_by(newest).limit(limit).subquery()
        ordered = select(last).order_by(last.c.received_at)
        rows = self._database.read(lambda connection: connection.execute(ordered).all())
        return (rows[0].total if rows else 0), tuple(Handled(*row[:-1]) for row in rows)


def forget(connection: Connection, turn: Turn) -> None:
    """Blank text and reply of the messages a turn leaves no trace of; their ids stay."""
    if not turn.forget:
        return
    named = (inbox.c.channel == turn.channel, inbox.c.message_id.in_(turn.forget))
    blank = {"text": "", "reply_json": turn.forgotten_reply_json}
    connection.execute(
        update(inbox).where(inbox.c.conversation_key == turn.key, *named).values(blank)
    )
