"""What each conversation is in the middle of."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, case, insert, select, update

from storage.columns import Moment
from storage.engine import Database
from storage.errors import StaleConversation
from storage.model import Conversation
from storage.records import Turn
from storage.schema import conversations

_LOAD = select(
    conversations.c.state_json,
    conversations.c.language,
    conversations.c.version,
    conversations.c.last_at,
).where(conversations.c.key == bindparam("in_key"))
_LOCK = (
    select(conversations.c.version)
    .where(conversations.c.key == bindparam("in_key"))
    .with_for_update()
)
_INSERT = insert(conversations)
_NOW = bindparam("new_last_at", type_=Moment)
_UPDATE = (
    update(conversations)
    .where(
        conversations.c.key == bindparam("in_key"),
        conversations.c.version == bindparam("in_version"),
    )
    .values(
        version=bindparam("new_version"),
        language=bindparam("new_language"),
        state_json=bindparam("new_state_json"),
        # A message that arrives late does not turn the clock back.
        last_at=case(
            (conversations.c.last_at > _NOW, conversations.c.last_at),
            else_=_NOW,
        ),
    )
)


class Conversations:
    """Reads conversations; only ``Store.commit_turn`` changes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, key: str) -> Conversation:
        """The conversation with this key; version 0 and no state when it is new."""
        row = self._database.read(lambda c: c.execute(_LOAD, {"in_key": key}).first())
        if row is None:
            return Conversation(key, None, "", 0, None)
        return Conversation(key, **row._mapping)

    def with_drafts(self) -> tuple[Conversation, ...]:
        """Conversations with a dialog left half done, by key; people's common drafts among them."""
        half_done = conversations.c.state_json.not_like('%"dialogs": []%')
        query = select(conversations).where(conversations.c.state_json.is_not(None), half_done)
        rows = self._database.read(lambda c: c.execute(query.order_by(conversations.c.key)).all())
        return tuple(Conversation(**row._mapping) for row in rows)


def lock(connection: Connection, key: str) -> None:
    """Make other servers' turns of this conversation wait; nothing to do on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"in_key": key})


def advance(connection: Connection, turn: Turn) -> int:
    """Store the turn's state as the next version, which is returned.

    Raises ``StaleConversation`` when the conversation is not at ``turn.seen_version``.
    """
    version = turn.seen_version + 1
    if turn.seen_version:
        _update(connection, turn, version)
    else:
        _create(connection, turn, version)
    return version


def _update(connection: Connection, turn: Turn, version: int) -> None:
    changed = connection.execute(
        _UPDATE,
        {
            "in_key": turn.key,
            "in_version": turn.seen_version,
            "new_version": version,
            "new_language": turn.language,
            "new_state_json": turn.state_json,
            "new_last_at": turn.received_at,
        },
    )
    if not changed.rowcount:
        raise StaleConversation


def _create(connection: Connection, turn: Turn, version: int) -> None:
    connection.execute(
        _INSERT,
        {
            "key": turn.key,
            "version": version,
            "language": turn.language,
            "state_json": turn.state_json,
            "last_at": turn.received_at,
        },
    )
