"""Slack against a Slack that is not ours: the npm package emulate, a person played by slack_sdk.

The whole application answers: signed event in, one turn, outbox, Web API out. Slash commands and
presses, which the package does not send, are signed and posted as Slack does.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import uvicorn
from slack_sdk import WebClient

from bot.app import App, build_app_in
from bot.channels.connections import Connection
from bot.channels.plain_text import words_of
from bot.channels.slack import slack_webhooks
from bot.channels.slack.cards import SlackCards
from bot.channels.slack.client import Client
from bot.channels.slack.manifest import SCOPES
from bot.channels.slack.messenger import Messenger
from bot.channels.slack.reading import Reader
from bot.channels.slack.webhook import SignatureCheck
from bot.web.application import build_web
from storage.cards import CARD, card_key
from storage.grants import Grant
from storage.people import first_id
from storage.records import NewCase, OutboxItem
from tests.slack_server import signed

SECRET = "hemligt"
SCRIPT = Path(__file__).parent / "e2e" / "emulated_slack.mjs"
PACKAGE = SCRIPT.parent / "node_modules" / "emulate"
#: Before it Node has no ``module.registerHooks``, which the package needs.
NODE = (22, 15)


@dataclass
class Workspace:
    """The emulated workspace with the bot in it."""

    app: App
    bot: str
    url: str

    def person(self, name: str) -> WebClient:
        """Somebody at their own client."""
        return WebClient(f"xoxp-{name}", base_url=f"{self.url}/api/")

    def press(self, button: dict[str, Any], person: str, channel: str, trigger: str) -> None:
        """A button as Slack tells of it."""
        payload = {
            "type": "block_actions", "user": {"id": person}, "trigger_id": trigger,
            "container": {"type": "message", "channel_id": channel},
            "actions": [{**button, "action_ts": str(time.time())}],
        }  # fmt: skip
        body = urlencode({"payload": json.dumps(payload)}).encode()
        self.send("interactivity", body, "application/x-www-form-urlencoded")

    def send(self, kind: str, body: bytes, media: str) -> None:
        """A request as Slack signs it."""
        headers = {"Content-Type": media, **signed(body, secret=SECRET)}
        with urlopen(Request(f"{self.bot}/api/slack/{kind}", body, headers)) as answer:
            assert answer.status == 200

    def views(self) -> str:
        """The modals and home pages the emulated Slack has taken."""
        with urlopen(f"{self.url}/?tab=views") as inspector:
            return str(inspector.read().decode())


@pytest.fixture(scope="module")
def workspace(node: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    if not PACKAGE.is_dir():
        pytest.skip("emulate is not installed: npm --prefix tests/e2e ci")
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, told.strip().removeprefix("v").split(".")[:2])) < NODE:
        pytest.skip(f"emulate needs Node 22.15 and this is {told.strip()}")
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        with emulated(node, address) as url, served(tmp_path_factory, door, url) as app:
            yield Workspace(app, address, url)


@contextmanager
def emulated(node: str, bot: str) -> Iterator[str]:
    """The address of the emulated Slack."""
    command = [node, str(SCRIPT), f"{bot}/api/slack/events", ",".join(SCOPES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


@contextmanager
def served(folders: pytest.TempPathFactory, door: socket.socket, url: str) -> Iterator[App]:
    """The application at its door, with its relay running."""
    app = build_app_in(folders.mktemp("slack"))
    client = Client("xoxb-bot", f"{url}/api/")
    webhooks = slack_webhooks(SignatureCheck(SECRET), Reader(app, client))
    cards = SlackCards(client, words_of(app, "slack", "sv"))
    app.connect(Connection("slack", Messenger(app, client), webhooks, cards=cards))
    web = build_web(app, connections=app.connections)
    server = uvicorn.Server(uvicorn.Config(web, log_level="error"))
    thread = Thread(target=server.run, args=([door],), daemon=True)
    thread.start()
    app.relay.start()
    try:
        yield app
    finally:
        server.should_exit = True
        thread.join(10)
        app.close()


def waited(look: Callable[[], Any]) -> Any:
    """What ``look`` finds within ten seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError("nothing came")


def answers(client: WebClient, channel: str) -> list[dict[str, Any]]:
    """What the bot has written there, newest first."""
    history = client.conversations_history(channel=channel)["messages"]
    return [each for each in history if each.get("user") == "UBOT" or each.get("bot_id")]


def labelled(message: dict[str, Any], label: str) -> dict[str, Any]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    [found] = [each for row in rows for each in row if each["text"]["text"] == label]
    return dict(found)


def test_a_question_is_answered_and_its_record_fetched(workspace: Workspace) -> None:
    anna = workspace.person("anna")
    me = anna.auth_test()["user_id"]
    room = anna.conversations_open(users="UBOT")["channel"]["id"]
    anna.chat_postMessage(channel=room, text="Måste vi ställa sociala krav?")
    [answer] = waited(lambda: answers(anna, room))
    assert "sociala" in json.dumps(answer["blocks"], ensure_ascii=False)

    workspace.press(labelled(answer, "Spara till akten"), me, room, "t")
    files = waited(lambda: anna.files_list(channel=room)["files"])
    assert [each["name"].endswith(".txt") for each in files] == [True]

    workspace.press(labelled(answer, "Nej"), me, room, "t")
    asked = waited(lambda: [each for each in answers(anna, room) if "Öppna formul" in str(each)])
    bot = WebClient("xoxb-bot", base_url=f"{workspace.url}/api/")
    trigger = bot.api_call("views.generateTriggerId", json={"user_id": me})["trigger_id"]
    workspace.press(labelled(asked[0], "Öppna formuläret"), me, room, trigger)
    event = {"type": "app_home_opened", "user": me, "channel": room, "tab": "home"}
    told = json.dumps({"type": "event_callback", "event": event}).encode()
    workspace.send("events", told, "application/json")
    views = workspace.views()
    assert "Vad saknades?" in views
    assert "No App Home views" not in views


def test_in_a_room_only_mentions_and_what_follows_them_is_answered(workspace: Workspace) -> None:
    anna, bo = workspace.person("anna"), workspace.person("bo")
    rooms = anna.conversations_list()["channels"]
    [room] = [each["id"] for each in rooms if each["name"] == "inkop"]
    anna.conversations_invite(channel=room, users="UBOT")
    asked = anna.chat_postMessage(channel=room, text="Får vi ställa krav?")["ts"]
    bo.chat_postMessage(channel=room, thread_ts=asked, text="Det får vi?")
    own = bo.conversations_open(users="UBOT")["channel"]["id"]
    bo.chat_postMessage(channel=own, text="Vad är bruttolistan?")
    waited(lambda: answers(bo, own))
    assert answers(anna, room) == []

    mention = anna.chat_postMessage(channel=room, text="<@UBOT> Vad är bruttolistan?")["ts"]
    thread = {"channel": room, "ts": mention}
    waited(lambda: anna.conversations_replies(**thread)["messages"][1:])
    anna.chat_postMessage(channel=room, thread_ts=mention, text="Måste vi ställa krav?")
    said = waited(lambda: anna.conversations_replies(**thread)["messages"][3:])
    assert said[0]["user"] == "UBOT"


def test_a_cases_card_is_one_message_that_is_edited_and_sent_anew_when_deleted(
    workspace: Workspace,
) -> None:
    anna, app = workspace.person("anna"), workspace.app
    me = anna.auth_test()
    rooms = anna.conversations_list()["channels"]
    [room] = [each["id"] for each in rooms if each["name"] == "stod"]
    anna.conversations_invite(channel=room, users="UBOT")
    person = first_id(f"slack:{me['team_id']}", me["user_id"])
    app.store.grants.save(Grant(person, ("handlaggare",), None, "local", app.now()))
    app.store.cases.file(NewCase("H-1", "handover", {}, 2026), app.now(), "slack|T|D|1|U")
    place = f"slack:{room}"
    row = OutboxItem("card", place, CARD, {"number": "H-1"}, card_key("H-1", place))
    app.store.outbox.add([row], app.now())
    app.relay.wake()

    def cards(state: str) -> list[dict[str, Any]]:
        return [each for each in answers(anna, room) if state in str(each.get("blocks"))]

    [first] = waited(lambda: cards("Ingen har tagit"))
    workspace.press(labelled(first, "Ta ärendet"), me["user_id"], room, "t")
    [taken] = waited(lambda: cards("Handläggs av"))
    assert (taken["ts"], cards("Ingen har tagit")) == (first["ts"], [])
    bot = WebClient("xoxb-bot", base_url=f"{workspace.url}/api/")
    trigger = bot.api_call("views.generateTriggerId", json={"user_id": me["user_id"]})
    workspace.press(labelled(taken, "Svara"), me["user_id"], room, trigger["trigger_id"])
    assert "Svara i H-1" in workspace.views()
    bot.chat_delete(channel=room, ts=taken["ts"])
    app.store.cases.close("H-1", person, app.now())
    app.relay.wake()
    [closed] = waited(lambda: cards("Avslutat"))
    assert closed["ts"] != first["ts"]
