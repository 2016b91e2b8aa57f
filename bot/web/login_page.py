"""The addresses anybody may open: a one-time link, the way to the provider and back, and out."""

from __future__ import annotations

import anyio
import structlog
from anyio import to_thread
from prometheus_client import Counter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.login.admission import NoRoles
from bot.login.journey import our_page
from bot.login.oidc import NotShown
from bot.policy import ROLES, Actor
from bot.web.console import Console
from bot.web.incoming import Refused, read_form
from bot.web.logins import COOKIE, Failures, person_of, write_login
from bot.web.sessions import COOKIE as CHAT
from bot.web.sessions import (
    Session,
    drop_cookie,
    host_cookie,
    read_session,
    set_cookie,
    write_session,
)
from bot.web.site import Site

log = structlog.get_logger()
LINK, LOGIN, START = "/stod/oppna", "/stod/logga-in", "/stod/logga-in/start"
ANSWER, LOGOUT, CASES = "/stod/logga-in/svar", "/stod/logga-ut", "/stod"
#: Carries the journey to the provider and back.
JOURNEY = "hansyn_vag"
JOURNEY_SECONDS = 600
#: Logins that wait for the provider at once: a silent one must not take everybody's threads.
MOST_AT_PROVIDER = 8
FAILED = Counter("hansyn_login_failures", "Logins that were refused", ["way"])


class LoginPage:
    """Lets people in and out."""

    def __init__(self, site: Site, console: Console) -> None:
        self._site = site
        self._console = console
        self._door = console.logins.door
        self._failures = Failures()
        self._few = anyio.CapacityLimiter(MOST_AT_PROVIDER)

    def routes(self) -> list[Route]:
        """Every address that needs no login."""
        return [
            Route(LINK, self.link, methods=["GET", "POST"]),
            Route(LOGIN, self.ways),
            Route(START, self.start),
            Route(ANSWER, self.answer),
            Route(LOGOUT, self.out, methods=["POST"]),
        ]

    async def ways(self, request: Request) -> Response:
        """The ways in."""
        response = await self._console.login_page(request, to=CASES)
        response.status_code = 200
        return response

    async def link(self, request: Request) -> Response:
        """Uses up the link's token; a scanner that only opens the link does not."""
        if request.method != "POST":
            token = request.query_params.get("nyckel", "")
            return self._site.respond(request, "support_login.html", token=token)
        sent = await read_form(request)
        if not await run_in_threadpool(self._door.links.use, sent.get("token", "")):
            await self._failed(request, "link", "token")
            raise Refused(403, "support_link")
        actor = Actor(person_of(clean(sent.get("signature", ""))), frozenset(ROLES))
        return await self._let_in(request, actor, "link", CASES)

    async def start(self, request: Request) -> Response:
        """Sends the browser to the provider; whoever the proxy names is in at once."""
        to, back = our_page(request.query_params.get("till", "")), self._back(request)
        if self._console.logins.proxied(request):
            return await self._console.let_in_by_proxy(request, {}, to)
        if self._door.oidc is None:
            raise Refused(404, "missing")
        try:
            start = self._door.oidc.start
            address, cookie = await to_thread.run_sync(start, back, to, limiter=self._few)
        except NotShown as error:
            await self._failed(request, "oidc", str(error))
            return await self._console.login_page(request, told="unreachable", to=CASES)
        response = RedirectResponse(address, 303)
        set_cookie(response, request, JOURNEY, cookie, JOURNEY_SECONDS)
        return response

    async def answer(self, request: Request) -> Response:
        """Takes the provider's answer, once."""
        if self._door.oidc is None:
            raise Refused(404, "missing")
        cookie = request.cookies.get(host_cookie(request, JOURNEY), "")
        answer = dict(request.query_params)
        finish = self._door.oidc.finish
        try:
            shown = (self._back(request), cookie, answer)
            actor, to = await to_thread.run_sync(finish, *shown, limiter=self._few)
            response = await self._let_in(request, actor, "oidc", to)
        except (NotShown, NoRoles) as error:
            told = "no_roles" if isinstance(error, NoRoles) else "not_shown"
            await self._failed(request, "oidc", str(error) if told == "not_shown" else told)
            response = await self._console.login_page(request, told=told, to=CASES)
        drop_cookie(response, request, JOURNEY)
        return response

    async def out(self, request: Request) -> Response:
        """Ends the login of this browser."""
        logins = self._console.logins
        handler, sent = await run_in_threadpool(logins.handler, request), await read_form(request)
        if handler is not None:
            if not handler.proves(LOGOUT, sent):
                raise Refused(403, "stale_page")
            await run_in_threadpool(logins.end, request)
        response = RedirectResponse(f"{LOGIN}?ute=ja", 303)
        # Whoever comes next to the same machine shall not see what was said here either.
        for name in (COOKIE, CHAT):
            drop_cookie(response, request, name)
        return response

    async def _let_in(self, request: Request, actor: Actor, origin: str, to: str) -> Response:
        """A new login, whatever the browser had before."""
        logins = self._console.logins
        chat = read_session(request) or Session.begin()
        token = await run_in_threadpool(logins.begin, request, actor, origin, chat)
        response = RedirectResponse(self._landing(actor, to), 303)
        write_login(response, request, token)
        write_session(response, request, chat)
        return response

    def _landing(self, actor: Actor, to: str) -> str:
        """The page wanted, or the first one they may open."""
        if actor.roles == {"anvandare"}:
            return "/"
        if to != CASES or actor.may("case.list"):
            return to
        return next((link.path for link in self._console.menu_of(actor)), CASES)

    async def _failed(self, request: Request, way: str, reason: str) -> None:
        peer = request.client.host if request.client else ""
        log.warning("login refused", way=way, reason=reason)
        FAILED.labels(way).inc()
        await anyio.sleep(self._failures.note(peer))

    def _back(self, request: Request) -> str:
        """Where the provider sends the browser: the same address each time."""
        base = self._door.public_url or str(request.base_url)
        return base.rstrip("/") + ANSWER
