"""The way into the pages behind the login: a link that works once, and one for a colleague."""

from __future__ import annotations

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.web.console import Console, Visit
from bot.web.incoming import Refused, read_form
from bot.web.logins import COOKIE, SESSION_SECONDS, Logins
from bot.web.site import Site

LINK, COLLEAGUE = "/stod/oppna", "/stod/kollega"


class LoginPage:
    """Lets people in."""

    def __init__(self, site: Site, logins: Logins) -> None:
        self._site = site
        self._logins = logins

    def routes(self, console: Console) -> list[Route]:
        """The address of the link, which anybody may open, and the one that makes more of them."""
        return [
            Route(LINK, self.link, methods=["GET", "POST"]),
            console.route(COLLEAGUE, self.colleague, "login.invite", "login.invite"),
        ]

    async def link(self, request: Request) -> Response:
        """Uses up the link's token; a scanner that only opens the link does not."""
        if request.method != "POST":
            token = request.query_params.get("nyckel", "")
            return self._site.respond(request, "support_login.html", token=token)
        sent = await read_form(request)
        if not await run_in_threadpool(self._site.app.support_login, sent.get("token", "")):
            await anyio.sleep(1)
            raise Refused(403, "support_link")
        response = RedirectResponse("/stod", 303)
        secure = request.url.scheme == "https"
        cookie = self._logins.begin(clean(sent.get("signature", "")))
        response.set_cookie(
            COOKIE, cookie, max_age=SESSION_SECONDS, path="/stod",
            httponly=True, samesite="lax", secure=secure,
        )  # fmt: skip
        return response

    async def colleague(self, visit: Visit) -> Response:
        """Shows a link that works once, for a colleague."""
        if not visit.posted:
            return RedirectResponse("/stod", 303)
        link = str(visit.request.base_url).rstrip("/") + self._site.app.support_link
        return visit.page("support_colleague.html", link=link)
