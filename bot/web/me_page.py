"""One's own login, and everybody's: signature, roles, a code for other channels, log out."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.login.colleagues import is_stand_in
from bot.login.links import link_path
from bot.policy import ROLES
from bot.web.console import Console, Visit
from bot.web.incoming import Refused
from storage.logins import Login

ME, EVERYBODY, COLLEAGUE = "/stod/jag", "/stod/inloggade", "/stod/kollega"


class MePage:
    """The pages about logins."""

    def routes(self, console: Console) -> list[Route]:
        """One's own, everybody's, and a link for a colleague."""
        return [
            console.route(ME, self.me, "login.own", "login.own"),
            console.route(EVERYBODY, self.everybody, "login.end", "login.end"),
            console.route(COLLEAGUE, self.colleague, "login.invite", "login.invite"),
        ]

    async def me(self, visit: Visit) -> Response:
        """Who one is here; a post signs, asks for a code, or logs out everywhere."""
        door, actor = visit.console.logins.door, visit.actor
        told, code, signed = "", "", ""
        match visit.sent.get("act", ""):
            case "sign":
                signed = clean(visit.sent.get("signature", ""))
                done = await run_in_threadpool(door.colleagues.sign, actor, signed)
                told = "signed" if done else "not_signed"
            case "code":
                code = await run_in_threadpool(door.colleagues.code, actor)
            case "end":
                await run_in_threadpool(door.sessions.end_own, actor)
                return RedirectResponse("/stod/logga-in?ute=ja", 303)
            case _ if visit.posted:
                raise Refused(400, "incomplete")
        names = await run_in_threadpool(visit.console.logins.names)
        return visit.page(
            "me.html", told=told, code=code, signed=signed or names.get(actor.id, ""),
            stand_in=is_stand_in(actor.id), span=door.sessions.span, everybody=EVERYBODY,
            all_roles=len(ROLES),
        )  # fmt: skip

    async def everybody(self, visit: Visit) -> Response:
        """Who is logged in; a post logs one person or everybody out."""
        sessions = visit.console.logins.door.sessions
        if visit.posted:
            # An empty name is everybody, so it must have been meant.
            person = visit.sent.get("person", "")
            if not person and visit.sent.get("act") != "all":
                raise Refused(400, "incomplete")
            await run_in_threadpool(sessions.end_all, visit.actor, person)
            return RedirectResponse(EVERYBODY, 303)
        by_person: dict[str, list[Login]] = {}
        for login in await run_in_threadpool(sessions.present):
            by_person.setdefault(login.person, []).append(login)
        links = visit.console.logins.door.links
        may_invite = visit.actor.roles >= set(ROLES) and await run_in_threadpool(lambda: links.open)
        return visit.page(
            "logins.html", present=by_person.items(), may_invite=may_invite, invite=COLLEAGUE,
            all_roles=len(ROLES),
        )  # fmt: skip

    async def colleague(self, visit: Visit) -> Response:
        """Shows a link that works once, for a colleague."""
        links = visit.console.logins.door.links
        if not visit.posted:
            return RedirectResponse(EVERYBODY, 303)
        if not await run_in_threadpool(lambda: links.open):
            raise Refused(403, "support_link")
        token = await run_in_threadpool(links.make, visit.actor)
        base = str(visit.request.base_url).rstrip("/")
        return visit.page("support_colleague.html", link=f"{base}{link_path(token)}")
