"""One transaction per turn: the message, the new state, the records and what is to be sent."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from storage import inbox
from storage.answers import save_answer, save_feedback, save_survey
from storage.attachments import attach_files, save_attachment
from storage.audit import Audit
from storage.cases import save_case, save_change, save_note
from storage.conversations import Conversations, advance, lock
from storage.engine import Database
from storage.errors import AlreadyHandled, Conflict, StaleConversation
from storage.model import Committed
from storage.outbox import save_items
from storage.people import forget_link, save_address, save_code, save_link
from storage.records import (
    AttachFiles,
    CaseChange,
    CaseNote,
    LinkIdentity,
    NewAnswer,
    NewAttachment,
    NewCase,
    NewFeedback,
    NewLinkCode,
    NewScreening,
    NewSurvey,
    Record,
    Turn,
    UnlinkIdentity,
)
from storage.screenings import link_screening, save_screening


class Turns:
    """Commits turns."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._inbox = inbox.Inbox(database)
        self._conversations = Conversations(database)
        self._audit = audit

    def commit(self, turn: Turn) -> Committed:
        """Store everything the turn leads to, or nothing; durable when it returns.

        Raises ``AlreadyHandled`` with the stored reply when the message id is known,
        ``StaleConversation`` when another turn came first, and what the records raise.
        """
        try:
            return self._database.write(lambda connection: self._store(connection, turn))
        except Conflict:
            self._explain(turn)
            raise

    def _store(self, connection: Connection, turn: Turn) -> Committed:
        lock(connection, turn.key)
        connection.execute(inbox.INSERT, _inbox_row(turn))
        inbox.forget(connection, turn)
        version = advance(connection, turn)
        if drafts := _common(turn):
            advance(connection, drafts)
        for record in turn.records:
            save_record(connection, record, turn)
        if turn.address is not None:
            save_address(connection, turn.key, turn.address, turn.received_at)
        save_items(connection, turn.outbox, turn.received_at)
        self._audit.save(connection, turn.audit, turn.received_at)
        return Committed(version)

    def _explain(self, turn: Turn) -> None:
        reply = self._inbox.find_reply(turn.channel, turn.message_id)
        if reply is not None:
            raise AlreadyHandled(reply)
        for row in filter(None, (turn, _common(turn))):
            if self._conversations.load(row.key).version != row.seen_version:
                raise StaleConversation


def save_record(connection: Connection, record: Record, turn: Turn) -> None:
    """Store one record of the turn in its table."""
    at = turn.received_at
    match record:
        case NewAttachment():
            save_attachment(connection, record, turn.key, at)
        case AttachFiles():
            attach_files(connection, record, turn.key)
        case NewAnswer():
            save_answer(connection, record, turn.key, at)
        case NewCase():
            save_case(connection, record, turn.key, at)
            link_screening(connection, record, turn.key)
        case CaseChange():
            save_change(connection, record, at)
        case CaseNote():
            save_note(connection, record, at)
        case NewScreening():
            save_screening(connection, record, turn.key, at)
        case NewFeedback():
            save_feedback(connection, record, at)
        case NewSurvey():
            save_survey(connection, record)
        case NewLinkCode():
            save_code(connection, record, at)
        case LinkIdentity():
            save_link(connection, record, at)
        case UnlinkIdentity():
            forget_link(connection, record)


def _common(turn: Turn) -> Turn | None:
    """The turn as it changes the drafts its person has in common."""
    drafts = turn.common
    if drafts is None:
        return None
    return replace(
        turn, key=drafts.key, seen_version=drafts.seen_version, state_json=drafts.state_json
    )


def _inbox_row(turn: Turn) -> dict[str, object]:
    return {
        "channel": turn.channel,
        "message_id": turn.message_id,
        "conversation_key": turn.key,
        "received_at": turn.received_at,
        "text": "" if turn.forget_text else turn.text,
        "reply_json": turn.reply_json,
    }
