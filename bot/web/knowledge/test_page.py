"""Test questions: what a right answer rests on, asked of the corpus again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.background import Progress, Works
from bot.channels.cleaning import clean
from bot.guidance.gold_runs import (
    Against,
    PastRun,
    Run,
    UnknownSource,
    add_question,
    end_question,
    is_born,
    past_runs,
    run_gold,
)
from bot.guidance.thresholds import all_gold
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.knowledge.review_page import OUTCOMES
from bot.web.paging import paged
from bot.web.working import found, under_way, unfinished
from intents.folding import fold
from knowledge.gold_questions import GoldQuestion

TESTS = "/stod/kunskap/testfragor"
Colour = Literal["right", "wrong", "unknown"]
#: Filters: all, those answered wrongly last, those written here.
QUEUES = ("alla", "fel", "egna")
#: Wrong answers shown of a run; whoever has more has another problem.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A test question with how it went, the latest run first."""

    question: GoldQuestion
    ours: bool
    colours: tuple[Colour, ...]


class TestPages:
    """The handlers of the test questions."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._works: Works[Run] = Works()

    async def list(self, visit: Visit) -> Response:
        """The questions that pass the filter; a post adds one or puts one aside."""
        fault = await run_in_threadpool(self._act, visit) if visit.posted else ""
        if visit.posted and not fault:
            return RedirectResponse(f"{TESTS}?lage=egna&gjort={visit.sent['act']}#gjort", 303)
        asked = visit.request.query_params
        queue = next((each for each in QUEUES if each == asked.get("lage")), "alla")
        words = asked.get("sok", "")
        runs = await run_in_threadpool(past_runs, self._app)
        rows = [row_of(each, runs) for each in await run_in_threadpool(all_gold, self._app.store)]
        live = await run_in_threadpool(self._app.store.guidance.published_documents)
        return visit.page(
            "knowledge_tests.html", 400 if fault else 200, fault=fault, sent=visit.sent, runs=runs,
            page_of=paged(_chosen(rows, queue, words), visit.request), queue=queue, queues=QUEUES,
            words=words, done=asked.get("gjort", ""),
            titles=sorted(each.document.title for each in live),
        )  # fmt: skip

    async def begin(self, visit: Visit) -> Response:
        """Begins to ask every question."""
        if not visit.posted:
            return RedirectResponse(TESTS, 303)
        against: Against = "drafts" if visit.sent.get("against") == "drafts" else "live"
        actor = visit.actor

        def job(progress: Progress) -> Run:
            return run_gold(self._app, actor, against, progress)

        return RedirectResponse(f"{TESTS}/korning/{self._works.begin(job).id}", 303)

    async def result(self, visit: Visit) -> Response:
        """How it went, against the run before."""
        work = await found(self._works, visit)
        if unfinished(visit, work):
            return under_way(visit, work, "knowledge_working.html", kind="tests")
        if work.result is None:
            raise Refused(500, "fault")
        runs = await run_in_threadpool(past_runs, self._app)
        before = runs[1].wrong if len(runs) > 1 else frozenset()
        run = work.result
        return visit.page(
            "knowledge_run.html", run=run, outcomes=OUTCOMES, most=MOST_SHOWN,
            broken=[each for each in run.wrong if each.question.id not in before],
            mended=len(before - {each.question.id for each in run.wrong}), earlier=len(runs) > 1,
        )  # fmt: skip

    def _act(self, visit: Visit) -> str:
        """Adds or ends a question; the name of a fault, or nothing."""
        sent = {name: clean(str(value)).strip() for name, value in visit.sent.items()}
        match sent.get("act"):
            case "end":
                ended = end_question(self._app, visit.actor, sent.get("id", ""))
                return "" if ended else "gone"
            case "add":
                return self._add(visit, sent)
        raise Refused(400, "incomplete")

    def _add(self, visit: Visit, sent: Mapping[str, str]) -> str:
        question, source = sent.get("question", ""), sent.get("expected", "")
        if not question:
            return "question"
        if not source and "none" not in sent:
            return "source"
        try:
            wanted = "" if "none" in sent else source
            add_question(self._app, visit.actor, question, wanted, sent.get("words", ""))
        except UnknownSource:
            return "unknown"
        return ""


def row_of(question: GoldQuestion, runs: Sequence[PastRun]) -> Row:
    """The question with its colour in each run of what was live."""
    colours = (_colour(question, run) for run in runs if run.against == "live")
    return Row(question, is_born(question), tuple(colours))


def _colour(question: GoldQuestion, run: PastRun) -> Colour:
    if not run.asked(question):
        return "unknown"
    return "wrong" if question.id in run.wrong else "right"


def _chosen(rows: Sequence[Row], queue: str, words: str) -> list[Row]:
    wanted = fold(words).split()
    return [
        row
        for row in rows
        if (queue != "fel" or "wrong" in row.colours[:1]) and (queue != "egna" or row.ours)
        if all(word in fold(row.question.question) for word in wanted)
    ]
