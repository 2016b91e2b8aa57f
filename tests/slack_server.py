"""Slack's side for tests: a Web API that remembers, and requests signed with Slack's own code."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM = "T1"
#: In the place of a message somebody has deleted.
DELETED: dict[str, Any] = {}
SCOPES = (
    "app_mentions:read,channels:history,chat:write,commands,files:read,files:write,"
    "groups:history,im:history,im:write,mpim:history,users:read"
)


def signed(body: bytes, *, secret: str = SECRET, stamp: str = "") -> dict[str, str]:
    """The headers Slack sends with a body."""
    stamp = stamp or str(int(time.time()))
    made = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(made)}


@dataclass
class SlackServer:
    """What was asked of it, and what it answers next."""

    url: str = ""
    #: (method, arguments) of every call, lists and objects read.
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    #: Contents uploaded as files.
    uploads: list[bytes] = field(default_factory=list)
    #: (channel, ts) -> what stands there now.
    messages: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    #: Person -> flags of users.info.
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: (status, headers, body) given instead of an answer, in order.
    faults: list[tuple[int, dict[str, str], dict[str, Any]]] = field(default_factory=list)

    def made(self, *methods: str) -> list[dict[str, Any]]:
        """The arguments of the calls of these methods."""
        return [arguments for method, arguments in self.calls if method in methods]

    def shown(self) -> list[dict[str, Any]]:
        """Everything a person could see, oldest first."""
        return self.made("chat.postMessage", "chat.postEphemeral", "hook")

    def answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        """What Slack would answer."""
        user = {
            "id": given.get("user"),
            "team_id": TEAM,
            **self.people.get(given.get("user", ""), {}),
        }
        known: dict[str, dict[str, Any]] = {
            "auth.test": {"team_id": TEAM, "team": "Staden", "user_id": "UBOT", "user": "hansyn",
                          "bot_id": "BBOT"},
            "conversations.open": {"channel": {"id": f"D{given.get('users')}"}},
            "users.info": {"user": user},
            "files.getUploadURLExternal": {"upload_url": f"{self.url}upload", "file_id": "F1"},
            "files.completeUploadExternal": {"files": [{"id": "F1"}]},
            "apps.connections.open": {"url": "wss://127.0.0.1:1/"},
        }  # fmt: skip
        if method in known:
            return known[method]
        place = (str(given.get("channel", "")), f"1700000001.{len(self.calls):06}")
        if method == "chat.postMessage":
            self.messages[place] = given
        if method == "chat.update":
            place = (place[0], str(given["ts"]))
            if self.messages.get(place, given) == DELETED:
                return {"ok": False, "error": "message_not_found"}
            self.messages[place] = given
        return {"ts": place[1], "channel": place[0]}


@contextmanager
def slack_server() -> Iterator[SlackServer]:
    """The server on a loopback port."""
    state = SlackServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"] or 0))
            method = self.path.removeprefix("/api/").partition("?")[0]
            if method == "upload":
                state.uploads.append(body)
                return self.reply(200, {}, {})
            given = read_arguments(body)
            if state.faults and method != "auth.test":
                return self.reply(*state.faults.pop(0))
            state.calls.append((method, given))
            return self.reply(200, {"x-oauth-scopes": SCOPES},
                              {"ok": True, **state.answer(method, given)})  # fmt: skip

        def do_GET(self) -> None:
            """A file somebody has uploaded, for the bot's token alone."""
            if self.headers["authorization"] != "Bearer xoxb-1":
                return self.reply(302, {"location": "/login"}, {})
            return self.reply(200, {}, {"file": self.path})

        def reply(self, status: int, headers: dict[str, str], body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            told = {"content-type": "application/json", "content-length": str(len(content))}
            for name, value in (told | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/api/"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def read_arguments(body: bytes) -> dict[str, Any]:
    """A call's arguments, sent as JSON or as a form whose values may be JSON."""
    if body.startswith(b"{"):
        return dict(json.loads(body))
    given = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    return {
        name: json.loads(value) if value[:1] in ("[", "{") else value
        for name, value in given.items()
    }
