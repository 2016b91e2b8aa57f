"""Unanswered questions in groups, and one answer to the ones a handler ticks."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from bot.port import OneAnswer
from bot.web.case_page import guarded
from bot.web.console import Console, Sent, Visit
from bot.web.site import Site

QUESTIONS = "/stod/fragor"
#: Prefix of the boxes that say whom an answer goes to.
TO = "till-"
LONGEST_TITLE = 150


class QuestionsPage:
    """The page of unanswered questions."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, console: Console) -> list[Route]:
        """One address: the list, and an answer posted to it."""
        return [console.route(QUESTIONS, self.questions, "question.read", "question.answer")]

    async def questions(self, visit: Visit) -> Response:
        """Shows the groups; a post answers the ticked questions first."""
        desk, sent = self._site.app.questions, visit.sent
        told, count = "", 0
        if visit.posted:
            chosen = _ticked(sent)
            title = guarded(sent.get("title", ""))[:LONGEST_TITLE]
            answer = OneAnswer(title, guarded(sent.get("answer", "")), sent["form_id"])
            told = "" if chosen and answer.title and answer.text else "questions_gaps"
            if not told:
                count = await run_in_threadpool(desk.answer, visit.actor, chosen, answer)
                told = "questions_sent" if count else "not_yours"
                sent = {} if count else sent
        groups = await run_in_threadpool(desk.groups, visit.actor)
        status = 400 if told == "questions_gaps" else 409 if told == "not_yours" else 200
        return visit.page(
            "support_questions.html", status, groups=groups, told=told, count=count, written=sent,
            action=QUESTIONS, ticked=_ticked(sent),
        )  # fmt: skip


def _ticked(sent: Sent) -> list[str]:
    return [name.removeprefix(TO) for name in sent if name.startswith(TO)]
