"""The front of all webhooks: what is refused, and that nothing is acknowledged before the commit.

``PlainWebhook`` is the smallest channel there can be; the platforms' own run the same rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from bot.app import App, build_app
from bot.channels.connections import (
    Alert,
    Connection,
    Delivery,
    Place,
    Response,
    Unreadable,
    Unsigned,
)
from bot.channels.listening import listening
from bot.errors import Busy
from bot.messages import ConversationKey, Envelope, Reply, Said
from bot.outbox import Refused
from bot.settings import Settings
from bot.web.application import build_web
from storage.errors import DatabaseFull
from tests.fakes import NOON, ScriptedApp


@dataclass
class PlainWebhook:
    """A channel whose proof is one header."""

    path: str = "/api/plain"

    def receive(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        if headers.get("x-proof") != "hemligt":
            raise Unsigned("proof")
        try:
            told = json.loads(body)
            key = ConversationKey("plain", "t", told["room"], "", told["person"])
            address = {"room": told["room"]}
            envelope = Envelope(
                key, told["id"], NOON, Said(told["text"]), address=address, in_band=False
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(type(error).__name__) from error
        return Delivery(envelope, lambda reply: Response(body={"ok": bool(reply.parts)}))


@dataclass
class Recorder:
    """A messenger that remembers, and fails when told to."""

    posts: list[tuple[Mapping[str, Any], Reply, bool]] = field(default_factory=list)
    alerts: list[tuple[str, Alert]] = field(default_factory=list)
    fault: Exception | None = None

    def post(self, address: Mapping[str, Any], reply: Reply, *, repeated: bool) -> None:
        if self.fault:
            raise self.fault
        self.posts.append((address, reply, repeated))

    def open_private(self, room: Mapping[str, Any], key: ConversationKey) -> Place:
        return Place(key.person, {"room": key.person})

    def alert(self, place: str, alert: Alert) -> None:
        self.alerts.append((place, alert))


HELLO = {"room": "R1", "person": "P1", "id": "1", "text": "hej"}
PROOF = {"x-proof": "hemligt"}


@pytest.fixture
def scripted() -> Iterator[tuple[ScriptedApp, TestClient]]:
    app = ScriptedApp()
    web = build_web(app, connections=(Connection("plain", Recorder(), (PlainWebhook(),)),))
    with TestClient(web) as client:
        yield app, client


def post(client: TestClient, body: object = HELLO, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/api/plain", content=content, headers={**PROOF, **headers})


def test_a_signed_message_is_taken_and_answered(scripted: tuple[ScriptedApp, TestClient]) -> None:
    app, client = scripted
    assert post(client).json() == {"ok": True}
    assert [envelope.content for envelope in app.received] == [Said("hej")]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (HELLO, {"x-proof": "fel"}, 401),
        (b"\xff{", {"x-proof": "fel"}, 401),
        (b"\xff{", {}, 400),
        ([], {}, 400),
        ({"room": "R1"}, {}, 400),
        (b"x" * (256 * 1024 + 1), {}, 413),
        (b"x" * (256 * 1024 + 1), {"x-proof": "fel"}, 413),
    ],
)
def test_what_is_unsigned_unreadable_or_too_large_never_reaches_the_application(
    scripted: tuple[ScriptedApp, TestClient], body: object, headers: dict[str, str], status: int
) -> None:
    app, client = scripted
    response = post(client, body, **headers)
    assert (response.status_code, response.text) == (status, "")
    assert app.received == []


@pytest.mark.parametrize("fault", [Busy(), DatabaseFull()])
def test_what_could_not_be_stored_is_not_acknowledged(
    scripted: tuple[ScriptedApp, TestClient], fault: Exception
) -> None:
    app, client = scripted
    app.fault = fault
    response = post(client)
    assert response.status_code == 503
    assert response.headers["Retry-After"]


def test_another_sites_headers_do_not_stop_a_platform(
    scripted: tuple[ScriptedApp, TestClient],
) -> None:
    _, client = scripted
    assert post(client, origin="https://slack.com").status_code == 200


@pytest.fixture
def clock() -> list[datetime]:
    """The time is the last of these."""
    return [NOON]


@pytest.fixture
def real(tmp_path: Path, clock: list[datetime]) -> Iterator[tuple[App, Recorder]]:
    settings = Settings(data=tmp_path, alert_to=("plain:stod",))
    recorder = Recorder()
    app = build_app(settings, now=lambda: clock[-1])
    app.connect(Connection("plain", recorder, (PlainWebhook(),)))
    yield app, recorder
    app.close()


def say(app: App, text: str, number: int) -> None:
    body = json.dumps({**HELLO, "text": text, "id": str(number)}).encode()
    envelope = PlainWebhook().receive(PROOF, body).envelope
    assert envelope is not None
    app.receive(envelope)


def test_the_reply_is_sent_after_the_commit_and_once_for_a_repeated_message(
    real: tuple[App, Recorder],
) -> None:
    app, recorder = real
    say(app, "Vad är ett avsteg?", 1)
    say(app, "Vad är ett avsteg?", 1)
    assert recorder.posts == []
    app.relay.deliver_due()
    [(address, reply, repeated)] = recorder.posts
    assert (address, repeated) == ({"room": "R1"}, False)
    assert reply.facts["outcome"] == "answered"
    key = str(ConversationKey("plain", "t", "R1", "", "P1"))
    assert app.store.people.address(key) == {"room": "R1"}


def test_a_reply_that_was_refused_is_sent_later_and_says_that_it_may_be_a_repeat(
    real: tuple[App, Recorder], clock: list[datetime]
) -> None:
    app, recorder = real
    recorder.fault = Refused("ratelimited")
    say(app, "hej", 1)
    app.relay.deliver_due()
    recorder.fault = None
    assert recorder.posts == []
    clock.append(NOON + timedelta(minutes=1))
    app.relay.deliver_due()
    assert [repeated for _, _, repeated in recorder.posts] == [True]


def test_an_alert_goes_to_the_rooms_the_operator_has_named(real: tuple[App, Recorder]) -> None:
    app, recorder = real
    asked = "Kan vi kräva lärlingar i ett litet avtal?"
    said = ("fråga stödfunktionen", asked, "hoppa över", "hoppa över", "ja, skicka")
    for number, text in enumerate(said):
        say(app, text, number)
    app.relay.deliver_due()
    [(place, alert)] = recorder.alerts
    assert (place, alert.kind, alert.line) == ("stod", "handover", "Fråga")


def test_a_listener_that_fails_is_started_again() -> None:
    tries, enough = [], Event()

    def listen(stopping: Event) -> None:
        tries.append(stopping)
        if len(tries) == 3:
            enough.set()
        raise OSError

    with listening((Connection("plain", Recorder(), listen=listen),), pause=0.01):
        assert enough.wait(5)
