"""Slack: the channel contract, signatures, threads, modals, and blocks Slack would take.

The Web API is ours; requests are signed and calls made by Slack's own library, whose models check
the blocks. ``test_channel_slack_emulated.py`` has a counterpart that is not ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import settings as sizes
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.socket_mode.request import SocketModeRequest
from starlette.testclient import TestClient

from bot.app import build_app
from bot.channels.connections import Alert, Connection, Unsigned
from bot.channels.slack import check, slack_webhooks
from bot.channels.slack.blocks import Origin, alert_blocks, to_messages
from bot.channels.slack.client import Client
from bot.channels.slack.manifest import to_manifest
from bot.channels.slack.messenger import Messenger, words_of
from bot.channels.slack.modals import form_view, home_view
from bot.channels.slack.reading import Reader, to_text
from bot.channels.slack.socket_mode import SocketMode
from bot.channels.slack.webhook import SignatureCheck
from bot.errors import SettingsError
from bot.messages import Chose, Command, File, Form, Opened, Reply, Said, Submitted
from bot.outbox import Refused, Unreachable
from bot.settings import Settings
from bot.texts import load_texts
from bot.web.application import build_web
from storage.errors import DatabaseFull
from tests.contracts import ChannelContract, contents
from tests.fakes import FORM, KIND, NOON, RECORD, ScriptedApp, say
from tests.reply_strategies import replies
from tests.slack_server import SECRET, SlackServer, signed, slack_server

ANNA, BO, ROOM = "UANNA", "UBO", "C0123"


@pytest.fixture(scope="module")
def server() -> Iterator[SlackServer]:
    with slack_server() as running:
        yield running


@pytest.fixture(autouse=True)
def forget(server: SlackServer) -> None:
    for remembered in (server.calls, server.uploads, server.people, server.faults):
        remembered.clear()  # type: ignore[attr-defined]


class SlackDriver:
    """A person in Slack; buttons are pressed where they were shown last."""

    def __init__(self, server: SlackServer) -> None:
        self.app = ScriptedApp()
        self.server = server
        client = Client("xoxb-1", server.url)
        self.reader = Reader(self.app, client, now=lambda: NOON)
        self.messenger = Messenger(self.app, client)
        webhooks = slack_webhooks(SignatureCheck(f"gammal, {SECRET}"), self.reader)
        connection = Connection("slack", self.messenger, webhooks)
        self.web = TestClient(build_web(self.app, connections=(connection,)))
        self.number = 0
        self.last: tuple[str, bytes] = ("", b"")
        self.pressed: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}

    # What Slack sends ----------------------------------------------------------------------------

    def say(self, text: str, **changes: Any) -> str:
        typed = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return self.event(type="message", text=typed, **changes)

    def event(self, **event: Any) -> str:
        self.number += 1
        usual = {"user": ANNA, "channel": f"D{ANNA}", "ts": f"1700000000.{self.number:06}"}
        body = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{self.number}",
                "event": {**usual, **event}}  # fmt: skip
        return self.deliver("events", json.dumps(body).encode())

    def press(self, label: str, **changes: Any) -> str:
        message = self.server.shown()[-1]
        [self.pressed] = [each for each in buttons(message) if each["text"]["text"] == label]
        return self.press_again(label, **changes)

    def press_again(self, label: str, **changes: Any) -> str:
        message = self.server.shown()[-1]
        container = {"type": "message", "channel_id": message.get("channel", ROOM),
                     "message_ts": "1.2", "is_ephemeral": "user" in message}  # fmt: skip
        self.number += 1
        action = {**self.pressed, "block_id": "b0", "action_ts": f"1700000009.{self.number}"}
        blocks = [{**block, "block_id": f"b{n}"} for n, block in enumerate(message["blocks"])]
        return self.interact(
            type="block_actions", trigger_id=f"t{self.number}", container=container,
            message={"ts": "1.2", "text": "", "blocks": blocks}, actions=[action],
            response_url=f"{self.server.url}hook", **changes,
        )  # fmt: skip

    def interact(self, **payload: Any) -> str:
        body = {"user": {"id": ANNA}, "team": {"id": "T1"}, **payload}
        return self.deliver("interactivity", urlencode({"payload": json.dumps(body)}).encode())

    def command(self, text: str, channel: str = ROOM) -> str:
        self.number += 1
        fields = {
            "command": "/hansyn",
            "text": text,
            "user_id": ANNA,
            "channel_id": channel,
            "trigger_id": f"t{self.number}",
            "response_url": f"{self.server.url}hook",
        }
        return self.deliver("commands", urlencode(fields).encode())  # fmt: skip

    def fill_in(self, values: dict[str, Any]) -> str:
        """Sends the modal opened last."""
        view = self.server.made("views.open")[-1]["view"]
        state = {f"field-{name}": {"value": value} for name, value in values.items()}
        sent = {
            "id": "V1",
            "callback_id": view["callback_id"],
            "private_metadata": view["private_metadata"],
            "state": {"values": state},
        }
        return self.interact(type="view_submission", view=sent)  # fmt: skip

    # What comes of it ----------------------------------------------------------------------------

    def deliver(self, kind: str, body: bytes) -> str:
        self.last = (kind, body)
        return self.redeliver()

    def redeliver(self) -> str:
        known, sent = len(self.app.received), len(self.server.shown())
        answer = self.post(*self.last)
        assert answer.status_code == 200, answer.status_code
        self.answer = answer.json() if answer.content else {}
        for envelope in self.app.received[known:]:
            reply = self.app.turns(envelope.key, 1)[0].reply
            assert envelope.address is not None
            if not envelope.in_band:
                self.messenger.post(envelope.address, reply, repeated=False)
        shown = self.server.shown()
        return "\n".join(seen(each) for each in shown[sent:] or shown[-1:])

    def post(self, kind: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
        form = "application/x-www-form-urlencoded" if kind != "events" else "application/json"
        told = {"Content-Type": form, **(signed(body) if headers is None else headers)}
        return self.web.post(f"/api/slack/{kind}", content=body, headers=told)

    def save(self, label: str) -> bytes:
        self.press(label)
        return self.server.uploads[-1]


def seen(message: dict[str, Any]) -> str:
    """What a person reads in a message, in order."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if node.get("type") in ("plain_text", "mrkdwn"):
                text = str(node["text"])
                plain = to_text(text, "UBOT") if node["type"] == "mrkdwn" else text
                links = (
                    text.split("|", maxsplit=1)[0].partition("<")[2]
                    if node["type"] == "mrkdwn"
                    else ""
                )
                found.append(f"{plain} {links}".strip())
                return
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(message.get("blocks", ()))
    return "\n".join(found) or str(message.get("text", ""))


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [block for block in message.get("blocks", ()) if block["type"] == "actions"]
    return [element for row in rows for element in row["elements"]]


@pytest.fixture
def driver(server: SlackServer) -> SlackDriver:
    return SlackDriver(server)


class TestContract(ChannelContract):
    @pytest.fixture
    def driver(self, server: SlackServer) -> SlackDriver:
        return SlackDriver(server)
