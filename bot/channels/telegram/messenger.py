"""Sends replies and alerts to Telegram chats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.channels.buttons import for_room
from bot.channels.connections import Alert, Place
from bot.channels.plain_text import words_of
from bot.channels.telegram.client import Client
from bot.channels.telegram.rendering import Keyboard, Message, alert_html, to_messages
from bot.messages import ConversationKey, Reply, Text
from bot.outbox import send_in_order
from bot.port import App

log = structlog.get_logger()

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Messenger:
    """See ``bot.channels.connections.Messenger``."""

    def __init__(self, app: App, client: Client) -> None:
        self._app = app
        self._client = client

    def post(self, address: Mapping[str, Any], reply: Reply, *, repeated: bool) -> None:
        """Sends the reply's messages in order; a pressed question loses its buttons first."""
        if "replaces" in address:
            self._take_buttons(int(address["chat"]), int(address["replaces"]))
        if address.get("shared"):
            reply = replace(reply, parts=for_room(reply.parts))
        words = words_of(self._app, "telegram", reply.language)
        if repeated:
            reply = replace(
                reply, parts=(*reply.parts, Text(words("repeated"), reply.language, "note"))
            )
        send_in_order(
            partial(self._send, int(address["chat"]), str(address.get("topic") or ""), message)
            for message in to_messages(reply, words)
        )

    def open_private(self, room: Mapping[str, Any], key: ConversationKey) -> Place:
        """The person's private chat; its id is theirs."""
        own = replace(key, conversation=key.person, thread="")
        return Place(key.person, {"chat": int(key.person), "topic": "", "key": str(own)})

    def alert(self, place: str, alert: Alert) -> None:
        """Sends an alert to the chat with this id."""
        self._send(
            int(place), "", Message(alert_html(alert, words_of(self._app, "telegram", "sv")))
        )

    def _send(self, chat: int, topic: str, message: Message) -> None:
        self._client.send(
            lambda bot: bot.send_message(
                chat,
                message.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=int(topic) if topic else None,
                link_preview_options=_NO_PREVIEW,
                reply_markup=_markup(message.keyboard),
            )
        )

    def _take_buttons(self, chat: int, message: int) -> None:
        """Best effort: an old message may be gone, and the answer counts all the same."""
        try:
            self._client.call(
                lambda bot: bot.edit_message_reply_markup(chat_id=chat, message_id=message)
            )
        except (TelegramError, TimeoutError) as error:
            log.info("buttons left", channel="telegram", error=type(error).__name__)


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    rows = [
        [InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in keyboard
    ]
    return InlineKeyboardMarkup(rows)
