"""The support function's first page: the queues, what could not be sent, a report by mail."""

from __future__ import annotations

from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.messages import Due, Envelope
from bot.port import CaseQuery, OutboxProblem
from bot.web.case_page import CasePage, guarded
from bot.web.console import Console, Visit
from bot.web.incoming import Refused
from bot.web.questions_page import QuestionsPage
from bot.web.sessions import Session, read_session, write_session
from bot.web.site import Site
from bot.web.view import STOCKHOLM

LIST, UNDELIVERED, REGISTER = "/stod", "/stod/utskick", "/stod/registrera"
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
    """The pages of the support function."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._case = CasePage(site)
        self._questions = QuestionsPage(site)

    def routes(self, console: Console) -> list[Route]:
        """Every address of the support function's own work."""
        return [
            console.route(LIST, self.list, "case.list"),
            console.route(REGISTER, self.register, "case.register", "case.register"),
            console.route(UNDELIVERED, self.undelivered, "outbox.read", "outbox.resend"),
            *self._questions.routes(console),
            *self._case.routes(console),
        ]

    async def list(self, visit: Visit) -> Response:
        """The cases that pass the filter."""
        wanted, kind = (visit.request.query_params.get(name, "") for name in ("lage", "slag"))
        today = self._site.now().astimezone(STOCKHOLM).date()
        query = query_for(wanted, kind, visit.actor.id, today)
        desk = self._site.app.support
        cases = await run_in_threadpool(desk.cases, visit.actor, query)
        problems: tuple[OutboxProblem, ...] = ()
        if visit.actor.may("outbox.read"):
            problems = await run_in_threadpool(desk.outbox_problems, visit.actor)
        return visit.page(
            "support_list.html", cases=cases, problems=len(problems), wanted=wanted or "oppna",
            kind=query.kind, queues=QUEUES, kinds=KINDS,
        )  # fmt: skip

    async def register(self, visit: Visit) -> Response:
        """Begins a report for somebody who has mailed, in the handler's own chat."""
        request, sent = visit.request, visit.sent
        if not visit.posted:
            return RedirectResponse(LIST, 303)
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

    async def undelivered(self, visit: Visit) -> Response:
        """What could not be sent; a post sends one of it again."""
        desk = self._site.app.support
        if visit.posted:
            # False means that somebody else was quicker, and the list says so.
            await run_in_threadpool(desk.send_again, visit.actor, visit.sent.get("problem", ""))
            return RedirectResponse(UNDELIVERED, 303)
        problems = await run_in_threadpool(desk.outbox_problems, visit.actor)
        return visit.page("support_undelivered.html", problems=problems, action=UNDELIVERED)
