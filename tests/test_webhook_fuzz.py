"""Mutated payloads at every webhook: no 5xx, unsigned 401, signed nonsense 400, nothing stored.

A signed payload whose mutation happened to leave a message people could send is taken like one.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.channels.connections import Connection, Webhook
from bot.channels.slack.client import Client as SlackClient
from bot.channels.slack.client import Me, Member
from bot.channels.slack.reading import Reader as SlackReader
from bot.channels.slack.webhook import SignatureCheck, SlackWebhook, signature
from bot.channels.teams.reading import Reader as TeamsReader
from bot.channels.teams.tokens import Keys, TokenCheck
from bot.channels.teams.webhook import TeamsWebhook
from bot.channels.telegram.client import Client as TelegramClient
from bot.channels.telegram.reading import Reader as TelegramReader
from bot.channels.telegram.webhook import TelegramWebhook
from bot.web.application import build_web
from tests.fakes import ScriptedApp
from tests.slack_server import SECRET
from tests.teams_service import APP_ID, TENANT, key_set, token
from tests.telegram_server import TOKEN

SERVICE = "https://smba.trafficmanager.net/emea/"
PRESS = {"action": {"type": "Action.Execute", "verb": "choose",
                    "data": {"interaction": "steg-1", "picked": "annual"}}}  # fmt: skip
ROOM = {"id": "a:1", "conversationType": "personal", "tenantId": TENANT}
ACTIVITY = {"type": "message", "id": "1", "channelId": "msteams", "serviceUrl": SERVICE,
            "from": {"id": "29:a", "aadObjectId": "o"}, "recipient": {"id": "28:b"},
            "conversation": ROOM, "text": "Får vi ställa krav?"}  # fmt: skip
CHAT = {"id": 17, "type": "private"}
PERSON = {"id": 17, "is_bot": False, "first_name": "A"}
MESSAGE = {"message_id": 5, "date": 1, "chat": CHAT, "from": PERSON, "text": "Får vi?"}
QUERY = {"id": "q", "from": PERSON, "chat_instance": "c", "data": "aa:0", "message": MESSAGE}
EVENT = {"type": "message", "user": "U1", "channel": "D1", "ts": "1.1", "text": "Får vi?"}
BUTTON = {"type": "button", "action_id": "choose-0", "value": "aa:0|D1|", "action_ts": "1.1"}
FORM = {"type": "modal", "id": "V1", "callback_id": "form", "private_metadata": '["aa","D1",""]',
        "state": {"values": {}}}  # fmt: skip


class NoNetwork:
    """A Telegram client that reaches nobody."""

    bot_id, username = "4711", "hansyn_bot"

    def send(self, work: object) -> None:
        raise OSError


@dataclass
class Target:
    """A webhook, how its platform signs, and payloads it sends."""

    webhook: Callable[[ScriptedApp], Webhook]
    sign: Callable[[bytes], dict[str, str]]
    payloads: tuple[dict[str, Any], ...]


def teams(app: ScriptedApp) -> Webhook:
    hosts = ("trafficmanager.net",)
    reader = TeamsReader(app, APP_ID, TENANT, hosts, lambda *who: False)
    return TeamsWebhook(TokenCheck(APP_ID, Keys(key_set)), reader)


def telegram(app: ScriptedApp) -> Webhook:
    client: TelegramClient = NoNetwork()  # type: ignore[assignment]
    return TelegramWebhook(TOKEN, TelegramReader(app, client))


class NoSlack(SlackClient):
    """A Slack client that knows the team and reaches nobody."""

    me = Me("T1", "UBOT", "BBOT")

    def own_room(self, person: str) -> str:
        return "D1"

    def member(self, person: str) -> Member:
        return Member(outsider=False)

    def send(self, work: object) -> Any:
        raise OSError


def slack(app: ScriptedApp) -> Webhook:
    reader = SlackReader(app, NoSlack("xoxb-1"))
    return SlackWebhook("/api/slack/events", SignatureCheck(SECRET), reader)


def slack_signature(body: bytes) -> dict[str, str]:
    """Slack's own library cannot sign bytes that are no text."""
    stamp = str(int(time.time()))
    made = signature(SECRET.encode(), f"v0:{stamp}:".encode() + body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": made.decode()}


BEARER = token(SERVICE)
TARGETS = {
    "teams": Target(
        teams,
        lambda body: {"Authorization": f"Bearer {BEARER}"},
        (ACTIVITY, {**ACTIVITY, "type": "invoke", "name": "adaptiveCard/action", "value": PRESS}),
    ),
    "slack": Target(
        slack,
        slack_signature,
        (
            {"type": "event_callback", "team_id": "T1", "event": EVENT},
            {
                "type": "block_actions",
                "user": {"id": "U1"},
                "trigger_id": "t",
                "container": {"type": "message", "channel_id": "D1"},
                "actions": [BUTTON],
            },
            {"type": "view_submission", "user": {"id": "U1"}, "view": FORM},
            {
                "type": "message_action",
                "callback_id": "rapportera_avsteg",
                "trigger_id": "t",
                "user": {"id": "U1"},
                "message": {"text": "Kravet togs bort."},
            },
            {
                "command": "/hansyn",
                "text": "hej",
                "user_id": "U1",
                "channel_id": "C1",
                "trigger_id": "t",
            },
        ),
    ),
    "telegram": Target(
        telegram,
        lambda body: {"X-Telegram-Bot-Api-Secret-Token": TOKEN},
        ({"update_id": 1, "message": MESSAGE}, {"update_id": 2, "callback_query": QUERY}),
    ),
}
STRANGE: tuple[Any, ...] = (
    None, True, -1, 2**70, 1e308, "", "x" * 3000, [], {}, [[]], {"id": None}, "\x00", "\ud800",
    "ÅÄÖ", ["a"] * 50, {"a": {"b": {"c": []}}}, "2026-13-40", "<at></at>", "../../etc",
)  # fmt: skip


def mutated(payload: dict[str, Any], chance: random.Random) -> bytes:
    """The payload with something wrong in it, as bytes."""
    copy = json.loads(json.dumps(payload))
    for _ in range(chance.randint(1, 3)):
        _change(copy, chance)
    body = json.dumps(copy).encode()
    match chance.randrange(8):
        case 0:
            return body[: chance.randrange(len(body))]
        case 1:
            at = chance.randrange(len(body))
            return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
        case 2:
            return b"[" * chance.randrange(1, 30_000)
    return body


def _change(node: Any, chance: random.Random) -> None:
    while isinstance(node, dict) and node:
        name = chance.choice(list(node))
        if isinstance(node[name], dict) and node[name] and chance.random() < 0.6:
            node = node[name]
            continue
        if chance.random() < 0.3:
            del node[name]
        else:
            node[name] = deepcopy(chance.choice(STRANGE))
        return


@pytest.fixture(params=TARGETS, name="target")
def _target(request: pytest.FixtureRequest) -> Iterator[tuple[ScriptedApp, TestClient, Target]]:
    target = TARGETS[request.param]
    app = ScriptedApp()
    connection = Connection(request.param, None, (target.webhook(app),))  # type: ignore[arg-type]
    with TestClient(build_web(app, connections=(connection,))) as client:
        yield app, client, target


@pytest.fixture
def chance(seed: int) -> random.Random:
    return random.Random(seed)


def test_mutated_payloads_never_break_the_front(
    target: tuple[ScriptedApp, TestClient, Target], chance: random.Random, full: bool
) -> None:
    app, client, told = target
    [path] = [webhook.path for webhook in (told.webhook(app),)]
    seen: Counter[int] = Counter()
    for _ in range(1500 if full else 300):
        body = mutated(chance.choice(told.payloads), chance)
        assert client.post(path, content=body).status_code == 401
        known = len(app.received)
        answer = client.post(path, content=body, headers=told.sign(body))
        seen[answer.status_code] += 1
        assert answer.status_code in (200, 400, 401, 413, 501), answer.status_code
        if answer.status_code != 200:
            assert len(app.received) == known
    assert seen[400] > seen.total() / 10
    body = json.dumps(told.payloads[0]).encode()
    assert client.post(path, content=body, headers=told.sign(body)).is_success


def test_tampered_signatures_are_refused(
    target: tuple[ScriptedApp, TestClient, Target], chance: random.Random
) -> None:
    app, client, told = target
    [path] = [webhook.path for webhook in (told.webhook(app),)]
    body = json.dumps(told.payloads[0]).encode()
    for _ in range(200):
        headers = {}
        for name, value in told.sign(body).items():
            at = chance.randrange(len("Bearer ") if value.startswith("Bearer ") else 0, len(value))
            other = chance.choice([c for c in "abcXYZ019_-" if c != value[at]])
            headers[name] = value[:at] + other + value[at + 1 :]
        status = client.post(path, content=body, headers=headers).status_code
        # The last character of base64 holds bits that say nothing.
        assert status == 401 or "Authorization" in headers
    assert len(app.received) <= 12
