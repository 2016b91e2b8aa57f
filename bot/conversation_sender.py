"""Takes to a conversation what comes by itself: letters of the support function, reminders.

Each becomes a turn there. Its message id is that of the outbox row, so a repeat is harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.administration.rescreening import RESCREENED
from bot.cases.letters import EVENTS, LETTER, SHOWN_AT_ONCE, find_letter
from bot.messages import ConversationKey, Due, Envelope
from bot.outbox import Refused
from intents.outcomes import LATER
from storage.model import Case, OutboxRow
from storage.store import Store

_KINDS = {event: kind for kind, event in EVENTS.items()}


class ConversationSender:
    """Sends rows bound for "conversation" (``bot.outbox.Sender``)."""

    def __init__(
        self, store: Store, receive: Callable[[Envelope], object], now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._receive = receive
        self._now = now

    def send(self, row: OutboxRow) -> None:
        """Returns when the turn is stored, or when there is nothing left to say."""
        content = self._content(row)
        if content is None:
            return
        key = ConversationKey.parse(str(row.payload["key"]))
        address = self._store.people.address(str(key))
        if address is None and row.kind == LETTER and key.channel not in SHOWN_AT_ONCE:
            raise Refused("the conversation has no address")
        message_id = f"outbox:{row.idem}"
        self._receive(
            Envelope(
                key, message_id, self._now(), content, address=address, in_band=address is None
            )
        )

    def _content(self, row: OutboxRow) -> Due | None:
        if row.kind == RESCREENED:
            return Due(RESCREENED, row.payload)
        case = self._store.cases.find(str(row.payload["number"]))
        if case is None:
            return None
        return self._letter(row, case) if row.kind == LETTER else _reminder(row, case)

    def _letter(self, row: OutboxRow, case: Case) -> Due | None:
        event = find_letter(self._store.cases.events(case.number), str(row.payload["letter"]))
        if event is None:
            return None
        about = {"case_kind": case.kind, "question": case.values.get("question") or ""}
        facts = {"number": case.number, "kind": _KINDS[event.kind], **about}
        return Due("letter", {**facts, **event.facts})


def _reminder(row: OutboxRow, case: Case) -> Due | None:
    """Starts a dialog; what is known by now, or was taken back, is not asked about."""
    if case.withdrawn or case.values.get("results") != LATER:
        return None
    begin = {"dialog": row.payload["dialog"], "values": row.payload["values"]}
    return Due("begin", {**begin, "amends": case.number})
