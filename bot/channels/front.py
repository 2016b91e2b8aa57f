"""One front for all webhooks: size, signature, reading, one turn, and only then the answer.

The vendors' own webhook servers are not used: they parse before they verify, answer 500 to bodies
they cannot read and acknowledge before anything is stored.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

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
#: Handed to ``Delivery.answer`` where there was no message.
NOTHING = Reply(())
Handler = Callable[[Request], Awaitable[HttpResponse]]


class TooLarge(Exception):
    """A body past the limit; answered with 413."""


def webhook_routes(app: App, connections: Iterable[Connection]) -> list[Route]:
    """The addresses the platforms post to."""
    return [
        Route(webhook.path, _handler(app, connection.name, webhook), methods=["POST"])
        for connection in connections
        for webhook in connection.webhooks
    ]


def is_webhook(path: str) -> bool:
    """Is this an address of the front's? Signatures, not browser rules, guard those."""
    return path.startswith("/api/")


def _handler(app: App, name: str, webhook: Webhook) -> Handler:
    async def handle(request: Request) -> HttpResponse:
        try:
            body = await _body(request)
            delivery = await run_in_threadpool(webhook.receive, _headers(request), body)
        except (Unsigned, Unreadable, TooLarge) as error:
            status = {Unsigned: 401, Unreadable: 400, TooLarge: 413}[type(error)]
            log.warning("webhook refused", channel=name, status=status, reason=str(error))
            return PlainTextResponse("", status)
        try:
            return to_http(await run_in_threadpool(partial(take, app, delivery)))
        except (Busy, StorageError) as error:
            log.error("webhook put off", channel=name, error=type(error).__name__)
            return PlainTextResponse("", 503, {"Retry-After": RETRY_SECONDS})

    return handle


def take(app: App, delivery: Delivery) -> Response:
    """The turn and its answer; nothing is acknowledged before the commit."""
    delivery.prepare()
    if delivery.envelope is None:
        return delivery.answer(NOTHING)
    return delivery.answer(app.receive(delivery.envelope))


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
