"""Slack's requests as envelopes: messages, mentions, the slash command, the shortcut, App Home."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.cleaning import clean
from bot.channels.connections import Delivery, Response, Unreadable, reading
from bot.channels.plain_text import words_of
from bot.channels.slack.addressing import Addressing, Spot
from bot.channels.slack.blocks import Origin, to_messages
from bot.channels.slack.client import Client
from bot.channels.slack.listeners import Body, Listeners, Read
from bot.channels.slack.manifest import COMMAND, SHORTCUT
from bot.channels.slack.modals import home_view
from bot.channels.slack.pressing import Presses
from bot.files.attachments import LARGEST_FILE
from bot.messages import Command, Content, Envelope, Opened, Reply, Said, Uploaded
from bot.port import App

#: Messages a person has written; all other subtypes are edits, notices and bots.
SUBTYPES = (None, "file_share", "thread_broadcast")
#: Files of one message that are fetched.
MOST_FILES = 5
_MARKED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_TO_SOMEBODY = re.compile(r"\s*<@\w+")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Reader:
    """Reads what one workspace sends, by Socket Mode or webhook."""

    def __init__(self, app: App, client: Client, now: Callable[[], datetime] = _utc_now) -> None:
        self._app = app
        self._client = client
        self._at = Addressing(client, now)
        presses = Presses(app, client, self._at)
        #: Kind of request -> who reads it.
        self.readers: dict[str, Read] = {
            "event:message": self._message,
            "event:app_mention": self._mention,
            "event:app_home_opened": self._home,
            f"command:{COMMAND}": self._command,
            f"shortcut:{SHORTCUT}": self._shortcut,
            "action": presses.pressed,
            "view": presses.submitted,
        }
        self._listeners = Listeners(client, self.readers)

    def read(self, payload: str | Body) -> Delivery:
        """What a request asks for; nothing for other people's talk.

        Raises:
            Unreadable: no request Slack would send.
        """
        with reading():
            return self._listeners.find(payload)

    # Messages ------------------------------------------------------------------------------------

    def _message(self, body: Body) -> Delivery:
        event = body["event"]
        if not _written_by_person(event):
            return Delivery()
        spot = self._spot(event)
        return Delivery() if spot.shared and not self._is_ours(spot, event) else self._said(event)

    def _mention(self, body: Body) -> Delivery:
        event = body["event"]
        return self._said(event, greeted=True) if _written_by_person(event) else Delivery()

    def _is_ours(self, spot: Spot, event: Body) -> bool:
        """In a room: does it mention us, or is it the asker's next word in a thread with us?

        Not every kind of room sends mentions as events of their own.
        """
        text, own = str(event.get("text") or ""), self._client.me.user
        if f"<@{own}>" in text:
            return True
        if not event.get("thread_ts") or _TO_SOMEBODY.match(text):
            return False
        return self._app.revision(self._at.key(spot)) > 0

    def _said(self, event: Body, *, greeted: bool = False) -> Delivery:
        spot = self._spot(event)
        # A mention comes as two events with ids of their own; room and time are the message's.
        identity = f"{_word(event, 'channel')}:{_word(event, 'ts')}"
        text = to_text(str(event.get("text") or ""), self._client.me.user)
        contents: list[tuple[str, Content]] = [(identity, Said(text))] if text else []
        if not spot.shared:
            contents += [(f"{identity}:{name}", file) for name, file in self._files(event)]
        if greeted and not contents:
            contents = [(identity, Opened())]
        return self._in_turn([self._at.envelope(name, each, spot) for name, each in contents])

    def _in_turn(self, envelopes: list[Envelope]) -> Delivery:
        """Words and files of one message, each a turn; all are stored before it is acknowledged."""

        def answer(reply: Reply) -> Response:
            for envelope in envelopes[1:]:
                self._app.receive(envelope)
            return Response()

        return Delivery(envelopes[0], answer) if envelopes else Delivery()

    def _files(self, event: Body) -> Iterator[tuple[str, Uploaded]]:
        for file in (event.get("files") or ())[:MOST_FILES]:
            name = clean(str(file.get("name") or ""))
            content = self._client.download(str(file.get("url_private") or ""), LARGEST_FILE)
            # What is kept elsewhere comes empty, which the application explains.
            yield _word(file, "id"), Uploaded(name, content or b"")

    def _spot(self, event: Body) -> Spot:
        room, thread = _word(event, "channel"), str(event.get("thread_ts") or "")
        if not room.startswith("D"):
            thread = thread or _word(event, "ts")
        return self._at.room(room, thread, _word(event, "user"))

    # Commands, shortcuts, App Home ---------------------------------------------------------------

    def _command(self, body: Body) -> Delivery:
        person, room = _word(body, "user_id"), _word(body, "channel_id")
        text = to_text(str(body.get("text") or ""), self._client.me.user)
        content: Content = Said(text) if text else Opened()
        identity = f"command:{_word(body, 'trigger_id')}"
        direct = self._at.direct(person)
        if room == direct.channel:
            return Delivery(self._at.envelope(identity, content, direct))
        # What comes later by itself goes to the direct messages; we may be no member of the room.
        spot = replace(direct, origin=Origin(room), shared=True)
        envelope = self._at.envelope(identity, content, spot, in_band=True)
        url = str(body.get("response_url") or "")
        return Delivery(envelope, lambda reply: self._shown(spot, url, reply))

    def _shown(self, spot: Spot, url: str, reply: Reply) -> Response:
        """The answer to a command, for the asker's eyes only."""
        words = words_of(self._app, "slack", reply.language)
        messages = to_messages(reply.parts, spot.origin, words)
        for message in messages[1:]:
            self._client.respond(url, response_type="ephemeral", **_words_and_blocks(message))
        if not messages:
            return Response()
        return Response(200, {"response_type": "ephemeral", **_words_and_blocks(messages[0])})

    def _shortcut(self, body: Body) -> Delivery:
        """Somebody's message as the story of a report, in the direct messages."""
        text = to_text(str(body["message"].get("text") or ""), self._client.me.user)
        direct = self._at.direct(_word(body["user"], "id"))
        identity = f"shortcut:{_word(body, 'trigger_id')}"
        return Delivery(self._at.envelope(identity, Command("avsteg", text), direct))

    def _home(self, body: Body) -> Delivery:
        event = body["event"]
        person = _word(event, "user")
        if event["tab"] != "home":
            return Delivery()
        return Delivery(before=lambda: self._publish(person))

    def _publish(self, person: str) -> None:
        direct = self._at.direct(person)
        own = self._app.belongings(self._at.key(direct))
        words = self._at.words(self._app, direct)
        privacy = self._app.settings.privacy_url
        view = home_view(own, direct.channel, words, privacy)
        self._client.send(lambda web: web.views_publish(user_id=person, view=view))


def to_text(text: str, own: str) -> str:
    """A message as it was written: links and mentions by name, the bot's own left out."""

    def shown(marked: re.Match[str]) -> str:
        target, label = marked[1], marked[2]
        if target == f"@{own}":
            return ""
        return label or (f"{target[0]}…" if target[:1] in ("@", "#", "!") else target)

    plain = _MARKED.sub(shown, text)
    return clean(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _written_by_person(event: Body) -> bool:
    bot = event.get("bot_id") or event.get("bot_profile")
    return not bot and event.get("subtype") in SUBTYPES and "edited" not in event


def _word(body: Body, name: str) -> str:
    """An id of Slack's. Raises ``Unreadable`` for anything else."""
    found = body.get(name)
    if not isinstance(found, str) or not found or len(found) > 255:
        raise Unreadable(name)
    return found


def _words_and_blocks(message: dict[str, Any]) -> dict[str, Any]:
    return {"text": message["text"], "blocks": message["blocks"]}
