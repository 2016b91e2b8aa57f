"""The support function's first page: the queues, what could not be sent, a report by mail."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.cases.queues import LIMITS, OPEN, ORDERS, QUEUES, Wanted, ordered, passes, tallies
from bot.channels.cleaning import clean
from bot.messages import Due, Envelope
from bot.policy import Actor
from bot.port import CaseQuery, CaseRow, OutboxProblem
from bot.web.case_page import CasePage, guarded
from bot.web.console import Console, Visit
from bot.web.incoming import Refused
from bot.web.paging import paged
from bot.web.questions_page import QuestionsPage
from bot.web.sessions import Session, read_session, write_session
from bot.web.site import Site
from bot.web.view import STOCKHOLM

LIST, UNDELIVERED, REGISTER = "/stod", "/stod/utskick", "/stod/registrera"
LONGEST_SEARCH = 100
#: Kinds of case one can filter by; ``alert.kind`` names them.
KINDS = (
    "handover", "deviation", "deviation_annual", "grosslist", "unclear_screening", "unanswered",
    "consultation", "visit", "procurement_help", "example", "matching", "annual_missing",
)  # fmt: skip


class Support:
    """The pages of the support function."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._questions = QuestionsPage(site)

    def routes(self, console: Console) -> list[Route]:
        """Every address of the support function's own work."""
        return [
            console.route(LIST, self.list, "case.list"),
            console.route(REGISTER, self.register, "case.register", "case.register"),
            console.route(UNDELIVERED, self.undelivered, "outbox.read", "outbox.resend"),
            *self._questions.routes(console),
            *CasePage(self._site, console.logins).routes(console),
        ]

    async def list(self, visit: Visit) -> Response:
        """The cases of a queue that pass the filter, and how many stand in the other queues."""
        wanted = read_query(visit.request.query_params)
        today = self._site.now().astimezone(STOCKHOLM).date()
        cases, open_cases = await run_in_threadpool(self._rows, visit.actor, wanted)
        chosen = [row for row in cases if passes(row, wanted, visit.actor.id, today)]
        problems: tuple[OutboxProblem, ...] = ()
        if visit.actor.may("outbox.read"):
            problems = await run_in_threadpool(self._site.app.support.outbox_problems, visit.actor)
        return visit.page(
            "support_list.html", wanted=wanted, today=today, problems=len(problems),
            page_of=paged(ordered(chosen, wanted.order), visit.request),
            tallies=tallies(open_cases, visit.actor.id, today), queues=QUEUES, kinds=KINDS,
            limits=LIMITS, orders=ORDERS,
            owners=sorted({row.owner for row in open_cases if row.owner}),
            organisations=sorted({row.organisation for row in (*cases, *open_cases)} - {""}),
        )  # fmt: skip

    def _rows(self, actor: Actor, wanted: Wanted) -> tuple[Sequence[CaseRow], Sequence[CaseRow]]:
        """The cases that may pass, and all open ones."""
        desk = self._site.app.support
        found = desk.cases(actor, wanted.query)
        every_open = CaseQuery(OPEN)
        return found, found if wanted.query == every_open else desk.cases(actor, every_open)

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
        write_session(response, request, chat)
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


def read_query(query: QueryParams) -> Wanted:
    """What the address asks for; a word that is none of the choices asks for nothing."""

    def one_of(name: str, choices: Sequence[str], usual: str = "") -> str:
        told = query.get(name, "")
        return told if told in choices else usual

    return Wanted(
        queue=one_of("lage", QUEUES, QUEUES[0]),
        kind=one_of("slag", KINDS),
        owner=query.get("vem", ""),
        organisation=query.get("organisation", ""),
        limit=one_of("tid", LIMITS),
        words=clean(query.get("ord", "")).strip()[:LONGEST_SEARCH],
        order=one_of("ordning", ORDERS, ORDERS[0]),
    )
