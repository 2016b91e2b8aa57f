"""Sends replies and alerts to Slack, and what is for the asker alone to the asker alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from bot.channels.connections import Alert, Place
from bot.channels.plain_text import words_of
from bot.channels.slack.blocks import (
    Origin,
    alert_blocks,
    asker_only,
    summary,
    to_messages,
)
from bot.channels.slack.client import Client
from bot.channels.slack.modals import faults
from bot.messages import ConversationKey, Form, Reply, Text
from bot.outbox import Refused, send_in_order
from bot.port import App

log = structlog.get_logger()


class Messenger:
    """See ``bot.channels.connections.Messenger``.

    An address has ``channel`` and ``thread`` to post to, the ``user`` to whom votes and files are
    shown there, whether others read along (``shared``), the ``origin`` whose conversation it is,
    ``url`` where Slack lends one to answer a press, and ``modal`` when a form was sent.
    """

    def __init__(self, app: App, client: Client) -> None:
        self._app = app
        self._client = client

    def post(self, address: Mapping[str, Any], reply: Reply, *, repeated: bool) -> None:
        """Sends the reply; a form sent back with faults stays in its modal."""
        if address.get("modal") and form_faults(reply):
            return
        words = words_of(self._app, "slack", reply.language)
        origin = Origin(*address["origin"])
        if address.get("url") and self._answered(address, to_messages(reply.parts, origin, words)):
            return
        own = [part for part in reply.parts if address["shared"] and asker_only(part)]
        seen = [part for part in reply.parts if part not in own]
        if repeated and seen:
            seen.append(Text(words("repeated"), reply.language, "note"))
        send_in_order(
            partial(self._post, address["channel"], address["thread"], message)
            for message in to_messages(seen, origin, words)
        )
        for message in to_messages(own, origin, words):
            self._show_asker(address, message)

    def open_private(self, room: Mapping[str, Any], key: ConversationKey) -> Place:
        """The direct messages with somebody."""
        channel = self._client.own_room(key.person)
        address = {"channel": channel, "thread": "", "user": key.person, "shared": False,
                   "origin": [channel, ""]}  # fmt: skip
        return Place(channel, address)

    def alert(self, place: str, alert: Alert) -> None:
        """Sends an alert to a room the bot has been invited to."""
        blocks = alert_blocks(alert, words_of(self._app, "slack", "sv"))
        self._post(place, "", {"text": summary(blocks), "blocks": blocks})

    def _post(self, channel: str, thread: str, message: Mapping[str, Any]) -> None:
        self._client.send(
            lambda web: web.chat_postMessage(channel=channel, thread_ts=thread or None, **message)
        )

    def _show_asker(self, address: Mapping[str, Any], message: Mapping[str, Any]) -> None:
        """Best effort: the answer itself has arrived and is not sent again for its buttons."""
        shown = {name: message[name] for name in ("text", "blocks")}
        where = {"channel": address["channel"], "user": address["user"]}
        thread = address["thread"] or None
        try:
            self._client.send(
                lambda web: web.chat_postEphemeral(**where, thread_ts=thread, **shown)
            )
        except Refused as error:
            log.info("buttons not shown", channel="slack", error=str(error))

    def _answered(self, address: Mapping[str, Any], messages: list[dict[str, Any]]) -> bool:
        """Through the address lent for half an hour; afterwards the direct message is left."""
        thread = {"thread_ts": address["url_thread"]} if address.get("url_thread") else {}
        return all(
            self._client.respond(
                address["url"], response_type="ephemeral", replace_original=False, **thread,
                text=message["text"], blocks=message["blocks"],
            )
            for message in messages
        )  # fmt: skip


def form_faults(reply: Reply) -> dict[str, str]:
    """Block -> what is wrong with its field, when the reply sends a form back."""
    return {block: fault for part in reply.parts if isinstance(part, Form)
            for block, fault in faults(part).items()}  # fmt: skip
