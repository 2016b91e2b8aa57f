"""``hansyn serve`` as it is, with one more channel: in by a header's proof, out as JSON.

Arguments: the port, the address of the service that replies and alerts go to, and "measured" to
have questions encoded without end meanwhile and the event loop's lag written when it stops.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette

from bot.app import App
from bot.channels import connections
from bot.channels.connections import Alert, Connection, Delivery, Response
from bot.commands import serve
from bot.messages import Reply
from bot.outbox import Refused
from bot.serialise import reply_to_json
from bot.settings import Settings
from tests.test_channel_front import PlainWebhook

QUESTION = "Hur högt får vitet vara när leverantören inte har tagit emot praktikanter?"
TICK = 0.005


class Room(PlainWebhook):
    """Messages of a room, answered there."""

    def receive(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        delivery = super().receive(headers, body)
        assert delivery.envelope is not None
        envelope = delivery.envelope
        address = {"service": sys.argv[2], "conversation": envelope.key.conversation,
                   "reply_to": envelope.message_id, "shared": False}  # fmt: skip
        said = replace(envelope, address=address, received_at=datetime.now(UTC))
        return Delivery(said, lambda reply: Response(body=reply_to_json(reply)))


class Post:
    """A messenger that posts JSON, as the platforms' clients do."""

    def post(self, address: Mapping[str, Any], reply: Reply, *, repeated: bool) -> None:
        host = str(address["service"]).removeprefix("http://")
        body = json.dumps({"replyToId": address["reply_to"], "repeated": repeated})
        with closing(http.client.HTTPConnection(host, timeout=15)) as call:
            try:
                call.request("POST", f"/v3/conversations/{address['conversation']}", body)
                status = call.getresponse().status
            except OSError as error:
                raise Refused(type(error).__name__) from error
        if status >= 400:
            raise Refused(f"status {status}")

    def alert(self, place: str, alert: Alert) -> None:
        """No alerts go here."""


def connect(app: App, settings: Settings) -> Connection:
    """The channel."""
    if "measured" in sys.argv:
        threading.Thread(target=encode_on, args=(app,), daemon=True).start()
    return Connection("plain", Post(), (Room(),))


def encode_on(app: App) -> None:
    """Encodes questions without end."""
    while True:
        app.corpus.embedder().encode_queries([QUESTION])


@asynccontextmanager
async def measured(web: Starlette) -> AsyncIterator[None]:
    """Writes the lag of every tick, in ms, when the server stops."""
    lags: list[float] = []

    async def tick() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(TICK)
            lags.append((time.perf_counter() - start - TICK) * 1000)

    task = asyncio.create_task(tick())
    yield
    task.cancel()
    sys.stdout.write(json.dumps(lags) + "\n")


def main() -> int:
    """Serves until told to stop."""
    connections.CHANNELS["plain"] = ("host", "tests.serving_child:connect")
    if "measured" in sys.argv:
        build = serve.build_web

        def build_measured(*given: Any, **named: Any) -> Starlette:
            web = build(*given, **named)
            web.router.lifespan_context = measured
            return web

        serve.build_web = build_measured
    return serve.run("127.0.0.1", int(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
