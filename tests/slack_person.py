"""A person in Slack, as Slack tells of them: signed requests in, Web API calls out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

from bot.channels.connections import Connection
from bot.channels.plain_text import words_of
from bot.channels.slack import slack_webhooks
from bot.channels.slack.cards import SlackCards
from bot.channels.slack.client import Client
from bot.channels.slack.messenger import Messenger
from bot.channels.slack.reading import Reader, to_text
from bot.channels.slack.webhook import SignatureCheck
from bot.web.application import build_web
from tests.fakes import AS_FORM, NOON, ScriptedApp
from tests.slack_server import SECRET, SlackServer, signed

OPEN = "Öppna formuläret"
ANNA, BO, ROOM = "UANNA", "UBO", "C0123"


class SlackDriver:
    """A person in Slack; buttons are pressed where they were shown last."""

    def __init__(self, server: SlackServer, app: Any = None, person: str = ANNA) -> None:
        self.app = app or ScriptedApp()
        self.server = server
        self.person = person
        client = Client("xoxb-1", server.url)
        self.reader = Reader(self.app, client, now=lambda: NOON)
        self.messenger = Messenger(self.app, client)
        webhooks = slack_webhooks(SignatureCheck(f"gammal, {SECRET}"), self.reader)
        cards = SlackCards(client, words_of(self.app, "slack", "sv"))
        connection = Connection("slack", self.messenger, webhooks, cards=cards)
        self.app.connect(connection)
        self.web = TestClient(build_web(self.app, connections=(connection,)))
        self.number = 0
        #: Messages seen so far.
        self.looked = len(server.shown())
        self.last: tuple[str, bytes] = ("", b"")
        self.pressed: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}

    # What Slack sends ----------------------------------------------------------------------------

    def say(self, text: str, **changes: Any) -> str:
        typed = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return self.event(type="message", text=typed, **changes)

    def event(self, **event: Any) -> str:
        self.number += 1
        stamp = f"1700000000.{self.number:06}"
        usual = {"user": self.person, "channel": f"D{self.person}", "ts": stamp}
        body = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{self.number}",
                "event": {**usual, **event}}  # fmt: skip
        return self.deliver("events", json.dumps(body).encode())

    def press(self, label: str, **changes: Any) -> str:
        message = self.server.shown()[-1]
        [self.pressed] = [each for each in buttons(message) if each["text"]["text"] == label]
        return self.press_again(label, **changes)

    def pick(self, label: str) -> str:
        """The option with this label, whether it is a button or an entry of a menu."""
        for each in buttons(self.server.shown()[-1]):
            for option in each.get("options", ()):
                if option["text"]["text"] == label:
                    self.pressed = {**each, "selected_option": option}
                    return self.press_again(label)
        return self.press(label)

    def fill(self, values: Mapping[str, str]) -> str:
        """Opens the form, fills it in, options by their labels, and sends it."""
        if not any(each["text"]["text"] == OPEN for each in buttons(self.server.shown()[-1])):
            self.press(AS_FORM)
        self.press(OPEN)
        opened = self.server.made("views.open")[-1]["view"]
        answer = self.interact(**filled_in(opened, values))
        return "\n".join((answer, *self.answer.get("errors", {}).values()))

    def press_again(self, label: str, **changes: Any) -> str:
        message = self.server.shown()[-1]
        container = {"type": "message", "channel_id": message.get("channel", ROOM),
                     "message_ts": "1.2", "is_ephemeral": "user" in message}  # fmt: skip
        self.number += 1
        blocks = [{**block, "block_id": f"b{n}"} for n, block in enumerate(message["blocks"])]
        row = [each["block_id"] for each in blocks if self.pressed in each.get("elements", ())]
        stamp = f"1700000009.{self.number}"
        action = {**self.pressed, "block_id": (row or ["b"])[0], "action_ts": stamp}
        return self.interact(
            type="block_actions", trigger_id=f"t{self.number}", container=container,
            message={"ts": "1.2", "text": "", "blocks": blocks}, actions=[action],
            response_url=f"{self.server.url}hook", **changes,
        )  # fmt: skip

    def interact(self, **payload: Any) -> str:
        body = {"user": {"id": self.person}, "team": {"id": "T1"}, **payload}
        return self.deliver("interactivity", urlencode({"payload": json.dumps(body)}).encode())

    def command(self, text: str, channel: str = ROOM) -> str:
        self.number += 1
        fields = {
            "command": "/hansyn",
            "text": text,
            "user_id": self.person,
            "channel_id": channel,
            "trigger_id": f"t{self.number}",
            "response_url": f"{self.server.url}hook",
        }
        return self.deliver("commands", urlencode(fields).encode())  # fmt: skip

    # What comes of it ----------------------------------------------------------------------------

    def deliver(self, kind: str, body: bytes) -> str:
        self.last = (kind, body)
        return self.redeliver()

    def redeliver(self) -> str:
        answer = self.post(*self.last)
        assert answer.status_code == 200, answer.status_code
        self.answer = answer.json() if answer.content else {}
        return self.look()

    def look(self) -> str:
        """What was sent since last time, or the latest message there is."""
        self.app.relay.deliver_due()
        shown = self.server.shown()
        new, self.looked = shown[self.looked :], len(shown)
        return "\n".join(seen(each) for each in new or shown[-1:])

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


def filled_in(view: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The modal sent back with these values, by field."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        written = values.get(block["block_id"].removeprefix("field-"), "")
        element = block["element"]
        value: dict[str, Any] = {"value": written or None}
        if element["type"] == "static_select":
            named = {each["text"]["text"]: each for each in element["options"]}
            value = {"selected_option": named.get(written)}
        elif element["type"] == "datepicker":
            value = {"selected_date": written or None}
        state[block["block_id"]] = {"value": value}
    given = {name: view[name] for name in ("type", "callback_id", "private_metadata")}
    identity = f"V{len(view['blocks'])}-{view['private_metadata'][:40]}"
    return {"type": "view_submission",
            "view": {"id": identity, "state": {"values": state}, **given}}  # fmt: skip


def submission(view: dict[str, Any], filled: dict[str, Any]) -> dict[str, Any]:
    """The modal sent back; the menu's second option is picked."""
    state = {f"field-{name}": {"value": {"value": value}} for name, value in filled.items()}
    state["field-kind"] = {"value": {"selected_option": {"value": "1"}}}
    given = {name: view[name] for name in ("type", "callback_id", "private_metadata")}
    return {"type": "view_submission", "view": {"id": "V1", "state": {"values": state}, **given}}
