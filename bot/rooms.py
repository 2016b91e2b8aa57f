"""Rooms others can read: rules and verdicts are answered there, what is filed goes on in private.

The private conversation is opened by an outbox row, so that a restart in between loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.channels.connections import Messenger
from bot.decision import Decision, Moment, Services
from bot.messages import Choices, ConversationKey, Due, Envelope, Part, Reply, Text
from bot.outbox import Refused
from bot.thread import Thread
from intents.exchange import Begin
from storage.model import OutboxRow
from storage.records import OutboxItem

#: Kind of the outbox row that begins a dialog in private.
PRIVATE = "private"
#: Dialog -> the slots it may ask for in a room; one that is missing never begins there.
OPEN: Mapping[str, frozenset[str]] = {
    "screening": frozenset(
        ("duration", "start_date", "year", "option", "call_off", "workers", "register")
    )
}


def moved(name: str, begin: Begin, thread: Thread, services: Services, moment: Moment) -> Decision:
    """Says that the dialog goes on in private, and queues its beginning there."""
    text = services.texts.render("common.room.moved", moment.language)
    payload: dict[str, object] = {
        "key": str(moment.key),
        "outsider": moment.outsider,
        "begin": {
            "dialog": name, "text": begin.text, "values": dict(begin.values),
            "amends": begin.amends,
        },
    }  # fmt: skip
    item = OutboxItem(
        f"{PRIVATE}:{moment.key}:{moment.now.isoformat()}",
        moment.key.channel,
        PRIVATE,
        payload,
        conversation_key=str(moment.key),
    )
    facts: dict[str, object] = {"outcome": "dialog"}
    return Decision((Text(text, moment.language),), thread, facts, outbox=(item,))


def without_offers(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """A reply to somebody from outside: what the buttons of offers begin is not for them."""
    return tuple(
        part
        for part in parts
        if not (isinstance(part, Choices) and part.interaction.startswith("offer:"))
    )


@dataclass(frozen=True, slots=True)
class PrivateStart:
    """Begins a dialog in the person's own conversation, once per row."""

    receive: Callable[[Envelope], Reply]
    #: Conversation key -> where it was last reached.
    find_address: Callable[[str], Mapping[str, Any] | None]
    now: Callable[[], datetime]

    def begin(self, row: OutboxRow, messenger: Messenger) -> None:
        """Takes the beginning as a turn; its message id makes a repeat harmless."""
        room = ConversationKey.parse(str(row.payload["key"]))
        address = self.find_address(str(room))
        if address is None:
            raise Refused("the room is not known")
        own = messenger.open_private(address, room)
        begin: Any = row.payload["begin"]
        self.receive(
            Envelope(
                replace(room, conversation=own.conversation, thread=""),
                f"outbox:{row.idem}",
                self.now(),
                Due("begin", begin),
                outsider=bool(row.payload.get("outsider")),
                address=own.address,
                in_band=False,
            )
        )
