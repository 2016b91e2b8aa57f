"""What the support function writes in a case: letters to the asker, and notes that stay inside.

A letter is a line of the case's history with a row in the outbox that carries its id alone; the
words are read from the history when it is sent. A note has no such row, so it cannot leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.messages import ConversationKey
from bot.port import Letter
from storage.model import Case, CaseEvent
from storage.records import CaseNote, OutboxItem
from storage.store import Store

Delivery = Literal["", "waiting", "delivered", "read", "failed"]
LETTER = "letter"
#: Kinds of event that carry a letter, by the letter's kind.
EVENTS = {"answer": "answered", "completion": "asked_back"}
#: What the asker does with a letter; whoever did any of it has read it.
ASKER_ACTS = {"confirmed", "not_right", "asker_wrote"}
#: What wants another word from the support function.
UNHEARD = ("not_right", "asker_wrote", "amended")
#: Channels that show a stored turn by themselves.
SHOWN_AT_ONCE = {"web", "terminal"}


def letter_key(number: str, identity: str) -> str:
    """Key of the outbox row that takes the letter to the asker's conversation."""
    return f"letter:{number}:{identity}"


def find_letter(events: Sequence[CaseEvent], identity: str) -> CaseEvent | None:
    """The line of the history that holds the letter."""
    letters = (e for e in events if e.kind in EVENTS.values() and e.facts["letter"] == identity)
    return next(letters, None)


def standing(events: Sequence[CaseEvent]) -> tuple[bool, bool]:
    """Does the asker wait for another word, and has the support function written last?"""
    replied = max((e.id for e in events if e.kind in EVENTS.values()), default=0)
    waiting = any(e.kind in UNHEARD and e.id > replied for e in events)
    return waiting, bool(replied) and not waiting


class Letters:
    """Writes letters into the history and the outbox, and tells how far they have come."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, case: Case, letter: Letter, person: str, at: datetime) -> None:
        """Queue the letter; the same one sent twice is one. Call it within ``Store.write``."""
        if find_letter(self._store.cases.events(case.number), letter.identity):
            return
        facts: dict[str, object] = {"letter": letter.identity, "text": letter.text}
        note = CaseNote(case.number, EVENTS[letter.kind], person, facts)
        item = OutboxItem(
            letter_key(case.number, letter.identity),
            "conversation",
            LETTER,
            {"number": case.number, "letter": letter.identity, "key": case.conversation_key},
        )
        self._store.cases.note(note, at)
        self._store.outbox.add([item], at)

    def delivery(self, case: Case, event: CaseEvent, events: Sequence[CaseEvent]) -> Delivery:
        """How far the letter of an event has come; empty for other events."""
        if event.kind not in EVENTS.values():
            return ""
        if any(later.kind in ASKER_ACTS and later.id > event.id for later in events):
            return "read"
        key = letter_key(case.number, str(event.facts["letter"]))
        channel = ConversationKey.parse(case.conversation_key).channel
        row = self._store.outbox.status(key)
        if not row:
            # Of a case closed since: what was sent is not remembered for ever.
            return ""
        turn = f"outbox:{key}"
        handled = self._store.find_reply(channel, turn) is not None
        sent_on = "sent" if channel in SHOWN_AT_ONCE else f"reply:{channel}:{turn}"
        if channel not in SHOWN_AT_ONCE:
            sent_on = self._store.outbox.status(sent_on) or "sent"
        return delivery_of(row, sent_on, handled=handled)


def delivery_of(row: str, sent_on: str, *, handled: bool) -> Delivery:
    """From the status of the letter's row and of the channel's own message.

    ``handled``: does the letter stand in the asker's conversation?
    """
    if "dead" in (row, sent_on if handled else ""):
        return "failed"
    return "delivered" if handled and sent_on == "sent" else "waiting"
