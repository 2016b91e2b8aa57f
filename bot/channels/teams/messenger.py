"""Sends replies and alerts to Teams conversations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.channels.connections import Alert, Place
from bot.channels.plain_text import Words
from bot.channels.teams.activities import to_activity
from bot.channels.teams.cards import alert_card, attachment
from bot.channels.teams.client import Client
from bot.messages import ConversationKey, Language, Reply, Text
from bot.outbox import Refused


class Messenger:
    """See ``bot.channels.connections.Messenger``."""

    def __init__(
        self,
        client: Client,
        words: Callable[[Language], Words],
        find_room: Callable[[str], Mapping[str, object] | None],
    ) -> None:
        self._client = client
        self._words = words
        self._find_room = find_room

    def post(self, address: Mapping[str, Any], reply: Reply, *, repeated: bool) -> None:
        """Sends a reply; in a channel into the thread of the message it answers."""
        words = self._words(reply.language)
        if repeated:
            reply = replace(
                reply, parts=(*reply.parts, Text(words("repeated"), reply.language, "note"))
            )
        activity = to_activity(reply, words, shared=bool(address["shared"]))
        if address.get("reply_to"):
            activity["replyToId"] = address["reply_to"]
        self._client.create(str(address["service"]), str(address["conversation"]), activity)

    def open_private(self, room: Mapping[str, Any], key: ConversationKey) -> Place:
        """The person's personal chat with the bot."""
        service, person = str(room["service"]), str(room["person"])
        conversation = self._client.open_private(service, key.tenant, person)
        address = {"service": service, "conversation": conversation, "shared": False,
                   "reply_to": "", "person": person}  # fmt: skip
        return Place(conversation, address)

    def alert(self, place: str, alert: Alert) -> None:
        """Sends an alert to a conversation the bot has been added to."""
        room = self._find_room(place)
        if room is None:
            raise Refused("the bot has not been added there", sure=True)
        words = self._words("sv")
        activity = {
            "type": "message",
            "summary": f"{alert.number} {alert.line}",
            "attachments": [attachment(alert_card(alert, words))],
        }
        self._client.create(str(room["service"]), place, activity)
