"""The pages behind the login: each address declares what a visitor must be allowed to do there.

The desks of the core check the same again; here it decides which pages and links are shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.login.admission import NoRoles
from bot.policy import Action, Actor
from bot.web.incoming import Refused, read_form
from bot.web.logins import Logins, write_login
from bot.web.repeats import Repeats, press_key
from bot.web.sessions import Session, read_session, write_session
from bot.web.site import Site

#: Fields of every form; the rest is what somebody wrote or chose.
OWN_FIELDS = {"form_id", "proof", "conversation"}
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
    Link("/stod/jag", "me", "login.own"),
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
    #: Person -> signature.
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def posted(self) -> bool:
        """Does the request change something?"""
        return self.request.method == "POST"

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page with the console's menu; ``actor``, ``path`` and the colleagues' ``names`` are
        there in every template.
        """
        html = self.console.site.pages.render(
            template, "sv", session=self.session, actor=self.actor, names=self.names,
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
    repeats: Repeats = field(default_factory=Repeats)

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
        """An address for those who may do ``action``; what is posted to it needs ``post``.

        A posted form carries ``proof(path)``, ``path`` being the address it is posted to.
        """
        self.declared.append(Declared(path, action, post))

        async def endpoint(request: Request) -> Response:
            handler = await run_in_threadpool(self.logins.handler, request)
            posted = request.method == "POST"
            if handler is None:
                # A stranger's files are not read at all.
                kept = await read_form(request) if posted and read is read_form else {}
                return await self._log_in_first(request, kept)
            if not handler.actor.may(post if posted and post else action):
                raise Refused(403, "forbidden")
            sent: Sent = await read(request) if posted else {}
            names = await run_in_threadpool(self.logins.names)
            visit = Visit(request, handler.actor, handler.session, sent, self, names)
            if posted and not handler.proves(request.url.path, sent):
                return offer_again(visit)
            if not posted:
                return await page(visit)
            key = press_key(handler.session.token, request.url.path, sent)
            return await self.repeats.once(key, lambda: page(visit))

        return Route(path, endpoint, methods=["GET", "POST"] if post else ["GET"])

    async def _log_in_first(self, request: Request, sent: Sent) -> Response:
        """Lets in whoever the proxy names; shows others the ways in, and what they had written."""
        if self.logins.proxied(request):
            return await self.let_in_by_proxy(request, sent)
        return await self.login_page(request, sent)

    async def let_in_by_proxy(self, request: Request, sent: Sent, to: str = "") -> Response:
        """A login for whoever the proxy names, and then the page asked for, or ``to``."""
        chat = read_session(request) or Session.begin()
        try:
            token = await run_in_threadpool(self.logins.begin_proxied, request, chat)
        except NoRoles:
            return await self.login_page(request, sent, told="no_roles")
        # What was posted is shown once more, as the new login was not given that form.
        response = await self.login_page(request, sent) if sent else _again(request, to)
        write_login(response, request, token)
        write_session(response, request, chat)
        return response

    async def login_page(
        self, request: Request, sent: Sent | None = None, told: str = "", to: str = ""
    ) -> HTMLResponse:
        """The ways in; ``told`` is why the last one failed, ``to`` the page wanted."""
        door, path = self.logins.door, request.url.path
        link = await run_in_threadpool(lambda: door.links.open)
        return self.site.respond(
            request, "login.html", status=403, told=told, oidc=door.oidc is not None,
            link=link, to=to or path, path=path, kept=kept_of(sent or {}),
            form_id=str((sent or {}).get("form_id", "")), out="ute" in request.query_params,
        )  # fmt: skip


def _again(request: Request, to: str) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(to or request.url.path + query, 303)


def offer_again(visit: Visit) -> HTMLResponse:
    """A form of another login, such as one that ran out: it is sent after one more look."""
    sent = visit.sent
    return visit.page(
        "sent_again.html", 403, kept=kept_of(sent), form_id=str(sent.get("form_id", ""))
    )


def kept_of(sent: Sent) -> dict[str, str]:
    """What somebody wrote or chose in a form."""
    return {
        name: value
        for name, value in sent.items()
        if name not in OWN_FIELDS and isinstance(value, str)
    }
