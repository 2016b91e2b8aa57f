"""One front for all webhooks: size, signature, reading, one turn, and only then the answer.

The vendors' own webhook servers are not used: they parse before they verify, answer 500 to bodies
they cannot read and acknowledge before anything is stored.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial

import anyio
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.responses import Response as HttpResponse
from starlette.routing import Route

from bot.channels.connections import (
    LARGEST_BODY,
    Connection,
    Delivery,
    Response,
    Unreadable,
    Unsigned,
    Webhook,
)
from bot.errors import Busy
from bot.messages import Reply
from bot.port import App
from storage.errors import StorageError

log = structlog.get_logger()

RETRY_SECONDS = "2"
# Turns compute: more at once only get in each other's way, and in that of the event loop. Under the
# load of ``dev.py bench hold`` p99 was at most 240 ms with four and 155-765 with eight.
TOGETHER = 4
# Whoever would come later than that is better told to try again.
WAITING = 64
#: Handed to ``Delivery.answer`` where there was no message.
NOTHING = Reply(())
Handler = Callable[[Request], Awaitable[HttpResponse]]


class TooLarge(Exception):
    """A body past the limit; answered with 413."""


def webhook_routes(app: App, connections: Iterable[Connection]) -> list[Route]:
    """The addresses the platforms post to."""
    turns = Turns(app)
    return [
        Route(webhook.path, _handler(turns, connection.name, webhook), methods=["POST"])
        for connection in connections
        for webhook in connection.webhooks
    ]


def is_webhook(path: str) -> bool:
    """Is this an address of the front's? Signatures, not browser rules, guard those."""
    return path.startswith("/api/")


class Turns:
    """The turns of all webhooks; reading waits for other services and has threads of its own."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._limiter = anyio.CapacityLimiter(TOGETHER)

    async def take(self, delivery: Delivery) -> Response:
        """The turn and its answer, after the commit; raises ``Busy`` when too many wait."""
        if self._limiter.statistics().tasks_waiting >= WAITING:
            raise Busy
        take = partial(self._take, delivery)
        return await anyio.to_thread.run_sync(take, limiter=self._limiter)

    def _take(self, delivery: Delivery) -> Response:
        if delivery.envelope is None:
            return delivery.answer(NOTHING)
        return delivery.answer(self._app.receive(delivery.envelope))


def _handler(turns: Turns, name: str, webhook: Webhook) -> Handler:
    async def handle(request: Request) -> HttpResponse:
        try:
            body = await _body(request)
            delivery = await run_in_threadpool(_read, webhook, _headers(request), body)
            return to_http(await turns.take(delivery))
        except (Unsigned, Unreadable, TooLarge) as error:
            status = {Unsigned: 401, Unreadable: 400, TooLarge: 413}[type(error)]
            log.warning("webhook refused", channel=name, status=status, reason=str(error))
            return PlainTextResponse("", status)
        except (Busy, StorageError) as error:
            log.error("webhook put off", channel=name, error=type(error).__name__)
            return PlainTextResponse("", 503, {"Retry-After": RETRY_SECONDS})

    return handle


def _read(webhook: Webhook, headers: Mapping[str, str], body: bytes) -> Delivery:
    delivery = webhook.receive(headers, body)
    delivery.prepare()
    return delivery


async def _body(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise TooLarge
        chunks.append(chunk)
    return b"".join(chunks)


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def to_http(response: Response) -> HttpResponse:
    """The response as Starlette sends it."""
    match response.body:
        case None:
            return PlainTextResponse("", response.status)
        case str(text):
            return PlainTextResponse(text, response.status)
        case body:
            return JSONResponse(body, response.status)
