"""Telegram's updates as envelopes (core.telegram.org/bots/api#update)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update, User
from telegram.constants import ChatType

from bot.channels.buttons import LOOK_BACK, read_button
from bot.channels.cleaning import clean
from bot.channels.connections import Delivery, Unreadable, reading
from bot.channels.plain_text import Words, words_for
from bot.channels.telegram.client import Client
from bot.channels.telegram.rendering import FILE
from bot.messages import (
    Command,
    Content,
    ConversationKey,
    Envelope,
    Form,
    Opened,
    Said,
    Submitted,
)
from bot.port import App
from intents.questions import looks_like_question

_COMMAND = re.compile(r"/(\w{1,32})(@\w+)?(?:\s+(.*))?", re.DOTALL)


def _mention(name: str) -> re.Pattern[str]:
    """Somebody's name as it is mentioned, and not the beginning of a longer one."""
    return re.compile(rf"@{re.escape(name)}(?!\w)", re.IGNORECASE)


def _is_private(message: MaybeInaccessibleMessage) -> bool:
    """Does nobody else read the chat?"""
    return bool(message.chat.type == ChatType.PRIVATE)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Reader:
    """Reads one update at a time, so that a bad one never holds back the next."""

    def __init__(self, app: App, client: Client, now: Callable[[], datetime] = _utc_now) -> None:
        self._app = app
        self._client = client
        self._now = now

    def read(self, raw: object) -> Delivery:
        """What an update asks for; nothing for edits, bots and other people's talk.

        Raises:
            Unreadable: python-telegram-bot cannot read it.
        """
        with reading():
            if not isinstance(raw, dict) or type(raw.get("update_id")) is not int:
                raise Unreadable("no update")
            return self._update(Update.de_json(raw, None))

    def _update(self, update: Update) -> Delivery:
        identity = f"u{update.update_id}"
        if update.callback_query is not None:
            return self._pressed(identity, update.callback_query)
        if update.message is not None:
            return self._message(identity, update.message)
        return Delivery()

    def _message(self, identity: str, message: Message) -> Delivery:
        person, private = message.from_user, _is_private(message)
        if person is None or person.is_bot or not (private or self._addressed(message)):
            return Delivery()
        key = self._key(message, str(person.id))
        text = clean(self._own_name_removed(message.text or message.caption or ""))
        if not text:
            return Delivery(before=lambda: self._only_text(key, message))
        return Delivery(self._envelope(identity, key, self._content(key, text), message))

    def _pressed(self, identity: str, query: CallbackQuery) -> Delivery:
        message = query.message
        # A message older than 48 hours comes without its content; the chat is still known.
        if message is None or query.from_user.is_bot:
            return Delivery()
        key = self._key(message, str(query.from_user.id))
        data = query.data or ""
        if data.startswith(FILE):
            return Delivery(before=lambda: self._send_file(query, key))
        turns = self._app.turns(key, LOOK_BACK)
        chosen, is_dialog = read_button(data, turns)
        if not chosen.value and not _is_private(message):
            return Delivery(before=lambda: self._for_another(query, key))
        # A vote can be changed and an offer taken later, so only a dialog's buttons go.
        done = message.message_id if is_dialog else 0
        envelope = self._envelope(identity, key, chosen, message, replaces=done)
        return Delivery(envelope, before=lambda: self._acknowledge(query))

    def _key(self, message: Any, person: str) -> ConversationKey:
        thread = getattr(message, "message_thread_id", None)
        in_topic = getattr(message, "is_topic_message", None)
        topic = str(thread) if thread and in_topic else ""
        return ConversationKey("telegram", self._client.bot_id, str(message.chat.id), topic, person)

    def _content(self, key: ConversationKey, text: str) -> Content:
        command = _COMMAND.fullmatch(text)
        if command and command[1].lower() == "start":
            # What a link carries along was not written by the person.
            return Opened()
        if command:
            return Command(command[1].lower(), command[3] or "")
        return self._form_answer(key, text) or Said(text)

    def _form_answer(self, key: ConversationKey, text: str) -> Submitted | None:
        """The text as the answer to a form of one field, when that is what was asked last."""
        if looks_like_question(text) != "no":
            return None
        for turn in self._app.turns(key, 1):
            for part in turn.reply.parts:
                if isinstance(part, Form) and len(part.fields) == 1:
                    return Submitted(part.interaction, {part.fields[0].name: text})
        return None

    def _envelope(
        self, identity: str, key: ConversationKey, content: Content, message: Any, replaces: int = 0
    ) -> Envelope:
        private = _is_private(message)
        address = {"chat": message.chat.id, "topic": key.thread, "key": str(key),
                   "shared": not private}  # fmt: skip
        if replaces:
            address["replaces"] = replaces
        return Envelope(
            key, identity, self._now(), content, private=private, address=address, in_band=False
        )

    def _addressed(self, message: Message) -> bool:
        """Is a message in a group meant for the bot?"""
        text, name = message.text or message.caption or "", self._client.username
        if command := _COMMAND.fullmatch(text):
            return command[2] is None or command[2].lower() == f"@{name}".lower()
        replied = message.reply_to_message
        to_us = bool(replied and replied.from_user and replied.from_user.username == name)
        return to_us or bool(name and _mention(name).search(text))

    def _own_name_removed(self, text: str) -> str:
        name = self._client.username if "@" in text else ""
        return _mention(name).sub("", text, count=1) if name and text[0] != "/" else text

    def _words(self, key: ConversationKey, person: User | None) -> Words:
        return words_for(self._app, key, lambda: (person and person.language_code) or "")

    def _only_text(self, key: ConversationKey, message: Message) -> None:
        text = self._words(key, message.from_user)("only_text")
        self._client.send(lambda bot: bot.send_message(message.chat.id, text))

    def _for_another(self, query: CallbackQuery, key: ConversationKey) -> None:
        """A word to whoever pressed somebody else's button, or one nobody remembers."""
        text = self._words(key, query.from_user)("for_another")
        self._client.send(lambda bot: bot.answer_callback_query(query.id, text))

    def _acknowledge(self, query: CallbackQuery) -> None:
        self._client.send(lambda bot: bot.answer_callback_query(query.id))

    def _send_file(self, query: CallbackQuery, key: ConversationKey) -> None:
        opened = self._app.open_file((query.data or "").removeprefix(FILE), key)
        if opened is None:
            text = self._words(key, query.from_user)("file_missing")
            self._client.send(lambda bot: bot.answer_callback_query(query.id, text))
            return
        self._acknowledge(query)
        # Their private chat, wherever they pressed; a person's id is that of the chat with them.
        chat = int(key.person)
        self._client.send(lambda bot: bot.send_document(chat, opened.content, filename=opened.name))
