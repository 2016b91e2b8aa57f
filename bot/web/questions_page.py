"""Unanswered questions in groups, and one answer to the ones a handler ticks."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.port import OneAnswer
from bot.web.case_page import guarded
from bot.web.incoming import read_form
from bot.web.logins import Logins
from bot.web.site import Site

QUESTIONS = "/stod/fragor"
#: Prefix of the boxes that say whom an answer goes to.
TO = "till-"
LONGEST_TITLE = 150


class QuestionsPage:
    """The handlers of the page of unanswered questions."""

    def __init__(self, site: Site, logins: Logins) -> None:
        self._site = site
        self._logins = logins

    def routes(self) -> list[Route]:
        """One address: the list, and an answer posted to it."""
        return [Route(QUESTIONS, self.questions, methods=["GET", "POST"])]

    async def questions(self, request: Request) -> Response:
        """Shows the groups; a post answers the ticked questions first."""
        handler, desk = self._logins.handler(request), self._site.app.questions
        sent: dict[str, str] = {}
        told, count = "", 0
        if request.method == "POST":
            sent = await read_form(request)
            handler.prove(QUESTIONS, sent)
            chosen = _ticked(sent)
            title = guarded(sent.get("title", ""))[:LONGEST_TITLE]
            answer = OneAnswer(title, guarded(sent.get("answer", "")), sent["form_id"])
            told = "" if chosen and answer.title and answer.text else "questions_gaps"
            if not told:
                count = await run_in_threadpool(desk.answer, chosen, handler.person, answer)
                told = "questions_sent" if count else "not_yours"
                sent = {} if count else sent
        groups = await run_in_threadpool(desk.groups)
        html = self._site.pages.render(
            "support_questions.html", session=handler.session, groups=groups, told=told,
            count=count, written=sent, action=QUESTIONS, ticked=_ticked(sent),
        )  # fmt: skip
        status = 400 if told == "questions_gaps" else 409 if told == "not_yours" else 200
        return Response(html, status, media_type="text/html")


def _ticked(sent: dict[str, str]) -> list[str]:
    return [name.removeprefix(TO) for name in sent if name.startswith(TO)]
