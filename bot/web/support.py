"""The support function's page: the queues, what could not be sent, and the way in.

It opens by a link that works once; whoever is in can make one for a colleague.
"""

from __future__ import annotations

from datetime import date

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.messages import Due, Envelope
from bot.port import CaseQuery
from bot.web.case_page import CasePage, guarded
from bot.web.incoming import Refused, read_form
from bot.web.logins import COOKIE, SESSION_SECONDS, Logins
from bot.web.questions_page import QuestionsPage
from bot.web.sessions import Session, read_session, write_session
from bot.web.site import Site
from bot.web.view import STOCKHOLM

LOGIN, UNDELIVERED, COLLEAGUE = "/stod/oppna", "/stod/utskick", "/stod/kollega"
REGISTER = "/stod/registrera"
#: Kinds of case one can filter by; ``alert.kind`` names them.
KINDS = (
    "handover", "deviation", "deviation_annual", "grosslist", "unclear_screening", "unanswered",
    "consultation", "visit", "procurement_help", "example", "matching", "annual_missing",
)  # fmt: skip
QUEUES = ("oppna", "sena", "nya", "mina", "stangda", "alla")


def query_for(queue: str, kind: str, person: str, today: date) -> CaseQuery:
    """The cases of a queue; all open ones for a name that is none."""
    kind = kind if kind in KINDS else ""
    match queue:
        case "sena":
            return CaseQuery(("new", "taken"), kind, due_before=today)
        case "nya":
            return CaseQuery(("new",), kind)
        case "mina":
            return CaseQuery(("taken",), kind, person)
        case "stangda":
            return CaseQuery(("closed",), kind)
        case "alla":
            return CaseQuery((), kind)
    return CaseQuery(("new", "taken"), kind)


class Support:
    """The handlers of the support page."""

    def __init__(self, site: Site, logins: Logins) -> None:
        self._site = site
        self._logins = logins
        self._case = CasePage(site, self._logins)
        self._questions = QuestionsPage(site, self._logins)

    def routes(self) -> list[Route]:
        """Every address of the support page."""
        return [
            Route("/stod", self.list),
            Route(LOGIN, self.login, methods=["POST"]),
            Route(COLLEAGUE, self.colleague, methods=["POST"]),
            Route(REGISTER, self.register, methods=["POST"]),
            Route(UNDELIVERED, self.undelivered, methods=["GET", "POST"]),
            *self._questions.routes(),
            *self._case.routes(),
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
        cookie = self._logins.begin(clean(sent.get("signature", "")))
        response.set_cookie(
            COOKIE, cookie, max_age=SESSION_SECONDS, path="/stod",
            httponly=True, samesite="lax", secure=secure,
        )  # fmt: skip
        return response

    async def colleague(self, request: Request) -> Response:
        """Shows a link that works once, for a colleague."""
        handler, sent = self._logins.handler(request), await read_form(request)
        handler.prove(COLLEAGUE, sent)
        link = str(request.base_url).rstrip("/") + self._site.app.support_link
        html = self._site.pages.render("support_colleague.html", link=link)
        return Response(html, media_type="text/html")

    async def list(self, request: Request) -> Response:
        """The cases that pass the filter; with the link's token, first the button to log in."""
        if token := request.query_params.get("nyckel", ""):
            return self._site.respond(request, "support_login.html", token=token)
        handler = self._logins.handler(request)
        wanted = request.query_params.get("lage", "oppna")
        today = self._site.now().astimezone(STOCKHOLM).date()
        query = query_for(wanted, request.query_params.get("slag", ""), handler.person, today)
        desk = self._site.app.support
        cases = await run_in_threadpool(desk.cases, query)
        problems = await run_in_threadpool(desk.outbox_problems)
        html = self._site.pages.render(
            "support_list.html", session=handler.session, person=handler.person, cases=cases,
            problems=len(problems), wanted=wanted, kind=query.kind, queues=QUEUES, kinds=KINDS,
        )  # fmt: skip
        return Response(html, media_type="text/html")

    async def register(self, request: Request) -> Response:
        """Begins a report for somebody who has mailed, in the handler's own chat."""
        handler, sent = self._logins.handler(request), await read_form(request)
        handler.prove(REGISTER, sent)
        reporter = guarded(sent.get("reporter", ""))[:120]
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
        handler, desk = self._logins.handler(request), self._site.app.support
        if request.method == "POST":
            sent = await read_form(request)
            handler.prove(UNDELIVERED, sent)
            # False means that somebody else was quicker, and the list says so.
            await run_in_threadpool(desk.send_again, sent.get("problem", ""), handler.person)
            return RedirectResponse(UNDELIVERED, 303)
        problems = await run_in_threadpool(desk.outbox_problems)
        html = self._site.pages.render(
            "support_undelivered.html", session=handler.session, problems=problems,
            action=UNDELIVERED,
        )  # fmt: skip
        return Response(html, media_type="text/html")
