"""The web front put together: routes, headers and error pages around one application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from traceback import extract_tb

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.connections import Connection
from bot.channels.front import is_webhook, webhook_routes
from bot.errors import Busy
from bot.policy import Forbidden
from bot.port import App
from bot.web.chat import Chat
from bot.web.console import MENU, Console, Section
from bot.web.headers import SecurityHeaders
from bot.web.incoming import Refused, check_origin
from bot.web.login_page import LoginPage
from bot.web.logins import Logins
from bot.web.me_page import MePage
from bot.web.pages import STATIC, Pages
from bot.web.peers import Peers
from bot.web.probes import probe_routes
from bot.web.site import Site, refusal_of
from bot.web.statements import statement_routes
from bot.web.support import Support
from storage.errors import StorageError

log = structlog.get_logger()
KEPT_FILE = {"Cache-Control": "public, max-age=31536000, immutable"}
REASONS = {400: "incomplete", 404: "missing", 405: "method"}


def build_web(
    app: App,
    site: Site | None = None,
    connections: tuple[Connection, ...] = (),
    sections: Sequence[Section] = (),
) -> Starlette:
    """The web front as an ASGI application; ``site`` changes the clock or the limits.

    ``sections`` are the console's pages that one application has and another has not.
    """
    site = site or Site(app, Pages(app))
    console = Console(site, Logins(app.door), MENU)
    web = Starlette(
        routes=[
            *Chat(site).routes(),
            *LoginPage(site, console).routes(),
            *MePage().routes(console),
            *Support(site).routes(console),
            *(route for section in sections for route in section(console)),
            *probe_routes(site),
            *webhook_routes(app, connections),
            *statement_routes(site),
            Mount("/static", _KeptFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(Peers, door=app.door),
            Middleware(SecurityHeaders),
            Middleware(_Gate, site=site),
        ],
        exception_handlers={
            kind: _explain(site) for kind in (Refused, HTTPException, Forbidden, Busy, StorageError)
        },
    )
    web.state.site = site
    web.state.console = console
    return web


def _explain(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    """A handler that answers every error with a page in plain words."""

    async def explain(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            refusal = Refused(error.status_code, REASONS.get(error.status_code, "incomplete"))
        else:
            refusal = refusal_of(error)
        if refusal.status >= 500:
            log.error(
                "web", path=request.url.path, status=refusal.status, error=type(error).__name__
            )
        return site.refuse(request, refusal)

    return explain


class _Gate:
    """ASGI middleware: lets no other site's form in and no traceback out."""

    def __init__(self, inner: ASGIApp, site: Site) -> None:
        self._inner = inner
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        request, started = Request(scope, receive), False

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if not is_webhook(request.url.path):
                check_origin(request)
            await self._inner(scope, receive, send_noted)
        except Exception as error:
            if not isinstance(error, Refused):
                log.error("web fault", error=type(error).__name__, at=_places(error))
            if not started:
                page = self._site.refuse(request, refusal_of(error))
                await page(scope, receive, send)


def _places(error: Exception) -> list[str]:
    """Where the error came through; a full traceback could show what a person wrote."""
    frames = extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


class _KeptFiles(StaticFiles):
    """Static files a browser may keep, because their address changes with their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(KEPT_FILE)
        return response
