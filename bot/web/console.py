"""The pages behind the login: each address declares what a visitor must be allowed to do there.

The desks of the core check the same again; here it decides which pages and links are shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.policy import Action, Actor
from bot.web.incoming import Refused, read_form
from bot.web.logins import Logins
from bot.web.sessions import Session
from bot.web.site import Site

Page = Callable[["Visit"], Awaitable[Response]]
Sent = Mapping[str, Any]
#: Makes the routes of some pages.
Section = Callable[["Console"], Iterable[Route]]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the console's menu."""

    path: str
    #: Its name is ``web.menu.<name>``.
    name: str
    action: Action


#: Every entry; a visitor sees those they may open.
MENU = (
    Link("/stod", "cases", "case.list"),
    Link("/stod/fragor", "questions", "question.read"),
    Link("/stod/kunskap", "knowledge", "kb.read"),
    Link("/stod/installningar", "settings", "settings.read"),
    Link("/stod/logg", "log", "audit.read"),
    Link("/stod/drift", "health", "health.read"),
)


@dataclass(frozen=True, slots=True)
class Declared:
    """What an address asks of whoever opens it, and of whoever posts to it."""

    path: str
    action: Action
    #: None where nothing can be posted.
    post: Action | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One allowed request."""

    request: Request
    actor: Actor
    session: Session
    #: The fields of a posted form whose proof was right; empty for a plain read.
    sent: Sent
    console: Console

    @property
    def posted(self) -> bool:
        """Does the request change something?"""
        return self.request.method == "POST"

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page with the console's menu; ``actor`` and ``path`` are there in every template."""
        html = self.console.site.pages.render(
            template, "sv", session=self.session, actor=self.actor,
            path=self.request.url.path, menu=self.console.menu_of(self.actor), **values,
        )  # fmt: skip
        return HTMLResponse(html, status)


@dataclass(slots=True)
class Console:
    """Makes routes that let in only those who may."""

    site: Site
    logins: Logins
    menu: tuple[Link, ...] = ()
    declared: list[Declared] = field(default_factory=list)

    def menu_of(self, actor: Actor) -> tuple[Link, ...]:
        """What the person may open."""
        opened = {declared.path for declared in self.declared}
        return tuple(e for e in self.menu if e.path in opened and actor.may(e.action))

    def route(
        self,
        path: str,
        page: Page,
        action: Action,
        post: Action | None = None,
        read: Callable[[Request], Awaitable[Sent]] = read_form,
    ) -> Route:
        """An address for those who may do ``action``; what is posted to it also needs ``post``.

        A posted form carries ``proof(path)``, ``path`` being the address it is posted to.
        """
        self.declared.append(Declared(path, action, post))

        async def endpoint(request: Request) -> Response:
            handler = self.logins.handler(request)
            needed = post if request.method == "POST" and post else action
            if not handler.actor.may(needed):
                raise Refused(403, "forbidden")
            sent: Sent = {}
            if request.method == "POST":
                sent = await read(request)
                handler.prove(request.url.path, sent)
            return await page(Visit(request, handler.actor, handler.session, sent, self))

        return Route(path, endpoint, methods=["GET", "POST"] if post else ["GET"])
