"""The Bot Connector's side for tests: keys and tokens of its own, and a service that remembers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP_ID = "0f5a1c9e-0000-4000-8000-00000000b07a"
TENANT = "7d1f4e22-0000-4000-8000-0000000c1707"
ISSUER = "https://api.botframework.com"


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """A key of the service's, or of a stranger's."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set() -> dict[str, Any]:
    """What the service publishes."""
    public = json.loads(RSAAlgorithm.to_jwk(private_key("ours").public_key()))
    return {"keys": [{**public, "kid": "k1", "use": "sig"}]}


def token(service: str, *, key: str = "ours", kid: str = "k1", **claims: Any) -> str:
    """A bearer token as the service makes it."""
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": APP_ID, "exp": now + 3600, "nbf": now - 10}
    told = {name: value for name, value in {**usual, "serviceurl": service, **claims}.items()
            if value is not None}  # fmt: skip
    return jwt.encode(told, private_key(key), algorithm="RS256", headers={"kid": kid})


@dataclass
class TeamsService:
    """Messages sent to it, and what it answers next."""

    url: str = ""
    #: (conversation, activity) of every message created.
    created: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    #: Id of a message -> what stands there now; None where somebody has deleted it.
    messages: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    #: Person -> role in the roster.
    roles: dict[str, str] = field(default_factory=dict)
    #: Person -> the tenant they are from, where it is not ours.
    tenants: dict[str, str] = field(default_factory=dict)
    #: (status, headers) given instead of an answer, in order.
    faults: list[tuple[int, dict[str, str]]] = field(default_factory=list)


@contextmanager
def teams_service() -> Iterator[TeamsService]:
    """The service on a loopback port."""
    state = TeamsService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if state.faults:
                return self.answer(*state.faults.pop(0), {})
            if self.path == "/v3/conversations":
                [member] = body["members"]
                return self.answer(201, {}, {"id": f"a:{member['id']}"})
            conversation = unquote(self.path.split("/")[3])
            state.created.append((conversation, body))
            identity = f"m{len(state.created)}"
            state.messages[identity] = body
            return self.answer(201, {}, {"id": identity})

        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if state.faults:
                return self.answer(*state.faults.pop(0), {})
            identity = unquote(self.path.rsplit("/", 1)[1])
            if state.messages.get(identity) is None:
                return self.answer(403, {}, {"error": {"code": "ServiceError"}})
            state.messages[identity] = body
            return self.answer(200, {}, {"id": identity})

        def do_GET(self) -> None:
            person = unquote(self.path.rsplit("/", 1)[1])
            role = state.roles.get(person, "user")
            home = state.tenants.get(person, TENANT)
            self.answer(200, {}, {"id": person, "name": "x", "userRole": role, "tenantId": home})

        def answer(self, status: int, headers: dict[str, str], body: object) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content)),
                                "content-type": "application/json"}.items():  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
