"""Unanswered questions by theme: one answer to those a handler ticks, an article, or neither."""

from __future__ import annotations

from typing import get_args

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.cleaning import clean
from bot.policy import Actor
from bot.port import OneAnswer, QuestionQuery, Reason, Theme
from bot.web.case_page import guarded
from bot.web.console import Console, Sent, Visit
from bot.web.paging import Paged, paged
from bot.web.site import Site

QUESTIONS = "/stod/fragor"
#: Prefix of the boxes that say whom an answer goes to.
TO = "till-"
LONGEST_TITLE = 150
#: Days back one can look.
SPANS = (7, 30, 90)
REASONS: tuple[Reason, ...] = get_args(Reason)
THEMES = 10
#: Outcome of a post -> status of the page that tells it.
STATUS = {"gaps": 400, "no_reason": 400, "taken": 409}


class QuestionsPage:
    """The page of unanswered questions."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, console: Console) -> list[Route]:
        """One address: the list, and what is done with the ticked questions."""
        return [console.route(QUESTIONS, self.questions, "question.read", "question.answer")]

    async def questions(self, visit: Visit) -> Response:
        """Shows the themes; a post first does what its button says with the ticked questions."""
        desk, sent = self._site.app.questions, visit.sent
        told, count = "", 0
        if visit.posted:
            told, count = await run_in_threadpool(self._act, visit.actor, sent)
            sent = {} if count else sent
        query = read_query({**visit.request.query_params, **visit.sent})
        themes = await run_in_threadpool(desk.themes, visit.actor, query)
        page_of = paged(themes, visit.request, THEMES)
        known = await run_in_threadpool(self._answered, visit.actor, page_of)
        return visit.page(
            "support_questions.html", STATUS.get(told, 200), page_of=page_of, known=known,
            query=query, told=told, count=count, written=sent, ticked=_ticked(sent),
            action=QUESTIONS, spans=SPANS, reasons=REASONS,
        )  # fmt: skip

    def _act(self, actor: Actor, sent: Sent) -> tuple[str, int]:
        """What is told of it, and how many questions it concerned."""
        if sent.get("act") == "aside":
            return self._set_aside(actor, sent)
        title = guarded(sent.get("title", ""))[:LONGEST_TITLE]
        answer = OneAnswer(title, guarded(sent.get("answer", "")), sent["form_id"])
        if not (_ticked(sent) and answer.title and answer.text):
            return "gaps", 0
        count = self._site.app.questions.answer(actor, _ticked(sent), answer)
        return ("sent" if count else "taken"), count

    def _set_aside(self, actor: Actor, sent: Sent) -> tuple[str, int]:
        reason = next((each for each in REASONS if each == sent.get("reason")), None)
        if reason is None or not _ticked(sent):
            return "no_reason", 0
        note = guarded(sent.get("note", ""))
        count = self._site.app.questions.set_aside(actor, _ticked(sent), reason, note)
        return ("aside" if count else "taken"), count

    def _answered(self, actor: Actor, page_of: Paged[Theme]) -> list[bool]:
        """For each theme shown: does the assistant answer it by now?"""
        return [self._site.app.questions.answers_now(actor, theme) for theme in page_of.items]


def read_query(told: dict[str, str]) -> QuestionQuery:
    """Which questions the address or the form asks for."""
    days = next((days for days in SPANS if str(days) == told.get("dagar")), SPANS[1])
    return QuestionQuery(days, clean(told.get("ord", "")).strip()[:100])


def _ticked(sent: Sent) -> list[str]:
    return [name.removeprefix(TO) for name in sent if name.startswith(TO)]
