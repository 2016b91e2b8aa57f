"""The support function's page: the list of cases and one case at a time.

It opens by the one-time link printed at start. Every shown case is an audited read.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.messages import Due, Envelope
from bot.port import CaseQuery
from bot.web.incoming import Refused, read_form
from bot.web.sessions import Session, read_session, write_session
from bot.web.site import Site, download
from intents.personal_data import ALL_KINDS, mask

COOKIE = "hansyn_stod"
#: No time-out within a working day and a night (WCAG 2.2.1 counts 20 hours as no limit).
SESSION_SECONDS = 20 * 3600
#: Until people log in as themselves, the link stands for the function.
PERSON = "stodfunktionen"
LOGIN, ACT, UNDELIVERED = "/stod/oppna", "/stod/arende", "/stod/utskick"
REGISTER = "/stod/registrera"
#: A mailbox of a unit may be named as who reported.
OTHERS = ALL_KINDS - {"phone", "email"}
#: Kinds one can filter by; ``alert.kind`` names them.
KINDS = ("deviation", "deviation_annual", "grosslist", "unclear_screening", "handover")
QUERIES: dict[str, CaseQuery] = {
    "oppna": CaseQuery(("new", "taken")),
    "nya": CaseQuery(("new",)),
    "mina": CaseQuery(("taken",), owner=PERSON),
    "stangda": CaseQuery(("closed",)),
    "alla": CaseQuery(),
}


@dataclass(slots=True)
class Logins:
    """Who is logged in, by the hash of the cookie; a restart logs everybody out."""

    clock: Callable[[], float] = monotonic
    _until: dict[bytes, float] = field(default_factory=dict)

    def begin(self) -> str:
        """A cookie for somebody who has shown the token."""
        token = secrets.token_urlsafe(32)
        now = self.clock()
        self._until = {key: until for key, until in self._until.items() if until > now}
        self._until[_digest(token)] = now + SESSION_SECONDS
        return token

    def knows(self, token: str) -> bool:
        """Is this cookie logged in?"""
        return self._until.get(_digest(token), 0.0) > self.clock()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Support:
    """The handlers of the support page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._logins = Logins()

    def routes(self) -> list[Route]:
        """Every address of the support page."""
        return [
            Route("/stod", self.list),
            Route(LOGIN, self.login, methods=["POST"]),
            Route(REGISTER, self.register, methods=["POST"]),
            Route(UNDELIVERED, self.undelivered, methods=["GET", "POST"]),
            Route("/stod/bilaga/{identity}", self.file),
            Route(ACT + "/{number}", self.case, methods=["GET", "POST"]),
        ]

    async def login(self, request: Request) -> Response:
        """Uses up the link's token; a scanner that only opens the link does not."""
        sent = await read_form(request)
        token = sent.get("token", "")
        if not await run_in_threadpool(self._site.app.support_login, token):
            await anyio.sleep(1)
            raise Refused(403, "support_link")
        response = RedirectResponse("/stod", 303)
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, self._logins.begin(), max_age=SESSION_SECONDS, path="/stod",
            httponly=True, samesite="lax", secure=secure,
        )  # fmt: skip
        return response

    async def list(self, request: Request) -> Response:
        """The cases that pass the filter; with the link's token, first the button to log in."""
        if token := request.query_params.get("nyckel", ""):
            return self._site.respond(request, "support_login.html", token=token)
        session = self._session(request)
        wanted = request.query_params.get("lage", "oppna")
        query = QUERIES.get(wanted, QUERIES["oppna"])
        kind = request.query_params.get("slag", "")
        chosen = CaseQuery(query.states, kind if kind in KINDS else "", query.owner)
        desk = self._site.app.support
        cases = await run_in_threadpool(desk.cases, chosen)
        problems = await run_in_threadpool(desk.outbox_problems)
        html = self._site.pages.render(
            "support_list.html", session=session, cases=cases, problems=len(problems),
            wanted=wanted, kind=chosen.kind, states=tuple(QUERIES), kinds=KINDS,
        )  # fmt: skip
        return Response(html, media_type="text/html")

    async def register(self, request: Request) -> Response:
        """Begins a report for somebody who has mailed, in the handler's own chat."""
        session, sent = self._session(request), await read_form(request)
        self._prove(session, REGISTER, sent)
        reporter = mask(clean(sent.get("reporter", "")).strip()[:120], kinds=OTHERS).text
        if not reporter:
            raise Refused(400, "incomplete")
        story = clean(sent.get("story", ""))
        facts = {"dialog": "deviation", "values": {"registered_for": reporter}, "text": story}
        chat = read_session(request) or Session.begin()
        identity = chat.message_id(sent["form_id"], reporter, story)
        envelope = Envelope(chat.key, identity, self._site.now(), Due("begin", facts))
        await run_in_threadpool(self._site.app.receive, envelope)
        response = RedirectResponse("/", 303)
        write_session(response, chat, secure=request.url.scheme == "https")
        return response

    async def undelivered(self, request: Request) -> Response:
        """What could not be sent; a post sends one of it again."""
        session, desk = self._session(request), self._site.app.support
        if request.method == "POST":
            sent = await read_form(request)
            self._prove(session, UNDELIVERED, sent)
            # False means that somebody else was quicker, and the list says so.
            await run_in_threadpool(desk.send_again, sent.get("problem", ""), PERSON)
            return RedirectResponse(UNDELIVERED, 303)
        problems = await run_in_threadpool(desk.outbox_problems)
        html = self._site.pages.render(
            "support_undelivered.html", session=session, problems=problems, action=UNDELIVERED
        )
        return Response(html, media_type="text/html")

    async def case(self, request: Request) -> Response:
        """Shows the whole case; a post takes, releases or closes it first."""
        session, number = self._session(request), request.path_params["number"]
        refused = ""
        if request.method == "POST":
            refused = await self._act(request, session, number)
            if not refused:
                return RedirectResponse(f"{ACT}/{number}", 303)
        view = await run_in_threadpool(self._site.app.support.case, number, PERSON)
        if view is None:
            raise Refused(404, "missing")
        html = self._site.pages.render(
            "support_case.html", session=session, view=view, person=PERSON,
            action=f"{ACT}/{number}", refused=refused,
        )  # fmt: skip
        return Response(html, 409 if refused else 200, media_type="text/html")

    async def file(self, request: Request) -> Response:
        """A file sent along with a case, always as a download."""
        self._session(request)
        identity = request.path_params["identity"]
        opened = await run_in_threadpool(self._site.app.support.file, identity, PERSON)
        if opened is None:
            raise Refused(404, "missing")
        return download(opened)

    async def _act(self, request: Request, session: Session, number: str) -> str:
        """Does what the pressed button says; returns the key of a refusal, or nothing."""
        sent = await read_form(request)
        self._prove(session, f"{ACT}/{number}", sent)
        desk = self._site.app.support
        acts = {"take": desk.take, "release": desk.release, "close": desk.close,
                "publish": desk.publish}  # fmt: skip
        act = acts.get(sent.get("act", ""))
        if act is None:
            raise Refused(400, "incomplete")
        done = await run_in_threadpool(act, number, PERSON)
        return "" if done else "not_yours"

    @staticmethod
    def _prove(session: Session, action: str, sent: Mapping[str, str]) -> None:
        if not session.proves(action, sent.get("form_id", ""), sent.get("proof", "")):
            raise Refused(403, "stale_page")

    def _session(self, request: Request) -> Session:
        """The login as a session for form proofs; ``Refused`` (403) without one."""
        token = request.cookies.get(COOKIE, "")
        if not self._logins.knows(token):
            raise Refused(403, "support_login")
        return Session(token)
