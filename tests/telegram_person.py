"""A person in Telegram, as Telegram tells of them: updates in, calls of the bot API out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.testclient import TestClient

from bot.channels.connections import Connection
from bot.channels.telegram.client import Client
from bot.channels.telegram.messenger import Messenger
from bot.channels.telegram.reading import Reader
from bot.channels.telegram.webhook import TelegramWebhook
from bot.web.application import build_web
from tests.fakes import NOON, ScriptedApp
from tests.telegram_server import TelegramServer

SECRET = "hemligt-nog"


class TelegramDriver:
    """A person in a private chat, reached by webhook."""

    def __init__(
        self, server: TelegramServer, client: Client, app: Any = None, person: int = 17
    ) -> None:
        self.app = app or ScriptedApp()
        self.server = server
        self.person = {"id": person, "is_bot": False, "first_name": "A"}
        self.messenger = Messenger(self.app, client)
        reader = Reader(self.app, client, now=lambda: NOON)
        connection = Connection("telegram", self.messenger, (TelegramWebhook(SECRET, reader),))
        self.app.connect(connection)
        self.web = TestClient(build_web(self.app, connections=(connection,)))
        #: Messages seen so far.
        self.looked = len(server.messages)
        #: Updates of all people are numbered in one series.
        self.number = person * 1000
        self.last: dict[str, Any] = {}
        self.buttons: dict[str, str] = {}

    def say(self, text: str, **changes: Any) -> str:
        return self.deliver(message=self.message(text, **changes))

    def message(self, text: str, **changes: Any) -> dict[str, Any]:
        plain = {"message_id": 1000 + self.number, "date": 1}
        return {**plain, "chat": self.chat, "from": self.person, "text": text, **changes}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.person["id"], "type": "private"}

    def press(self, label: str) -> str:
        self.buttons = dict(self.server.messages[-1]["buttons"])
        return self.press_again(label)

    def press_again(self, label: str) -> str:
        place = {"message_id": self.server.messages[-1]["id"], "date": 1}
        query = {"id": "q", "from": self.person, "chat_instance": "c", "data": self.buttons[label],
                 "message": {**place, "chat": self.chat}}  # fmt: skip
        return self.deliver(callback_query=query)

    pick = press

    def fill(self, values: Mapping[str, str]) -> str:
        """Answers question by question, since no form can be shown here."""
        return [self.say(value or "hoppa över") for value in values.values()][-1]

    def deliver(self, **content: Any) -> str:
        self.number += 1
        self.last = {"update_id": self.number, **content}
        return self.redeliver()

    def redeliver(self) -> str:
        assert self.post(self.last).status_code == 200
        return self.look()

    def look(self) -> str:
        """What was sent since last time, or the latest message there is."""
        self.app.relay.deliver_due()
        sent = self.server.messages[self.looked :] or self.server.messages[-1:]
        self.looked = len(self.server.messages)
        return "\n".join("\n".join((each["text"], *each["buttons"])) for each in sent)

    def post(self, body: object, secret: str = SECRET) -> Any:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.web.post("/api/telegram", content=content, headers=headers)

    def save(self, label: str) -> bytes:
        self.press(label)
        return self.server.documents[-1][1]
